package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

func TestPcap(t *testing.T) {
	frames := [][]byte{ether(0x800, ike4()), ether(0x86dd, ike6())}
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		for magic, want := range map[uint32]time.Duration{
			0xa1b2c3d4: 123456 * time.Microsecond,
			0xa1b23c4d: 123456 * time.Nanosecond,
		} {
			all, r := read(t, pcapFile(o, magic, LinkEthernet, frames...), Options{})
			if r.Err() != nil || len(all) != 2 || r.Format() != FormatPcap {
				t.Fatalf("%v %x: %d datagrams, %v", o, magic, len(all), r.Err())
			}
			checkIKE(t, all[0], false)
			checkIKE(t, all[1], true)
			first := time.Unix(1700000000, 0).UTC().Add(want)
			if !all[0].Time.Equal(first) || all[1].Frame != 2 {
				t.Errorf("time %v, frame %d", all[0].Time, all[1].Frame)
			}
			c := r.Coverage()
			if c.Frames != 2 || c.Datagrams != 2 || !c.First.Equal(first) || !c.Last.Equal(first.Add(time.Second)) || c.CutEnd || c.SnapLength != 262144 || len(c.Interfaces) != 1 || c.Interfaces[0].Frames != 2 || c.Interfaces[0].Link != LinkEthernet {
				t.Errorf("coverage %+v", c)
			}
		}
	}
}

// TestPcapVariants: checksum flags in the link type, records with an interface
// and a direction, lengths swapped by old writers.
func TestPcapVariants(t *testing.T) {
	le := binary.LittleEndian
	b := pcapFile(le, 0xa1b2c3d4, LinkRaw, ike4())
	le.PutUint32(b[20:], 0x44000000|uint32(LinkRaw))
	all, _ := read(t, b, Options{})
	checkIKE(t, all[0], false)

	b = pcapFile(le, 0xa1b2cd34, LinkRaw)
	b = pcapRecord(b, le, 1, 0, ike4(), len(ike4()))
	b = bytes.Replace(b, ike4(), join([]byte{1, 0, 0, 0, 0, 8, 4, 0}, ike4()), 1)
	all, _ = read(t, b, Options{})
	checkIKE(t, all[0], false)
	if all[0].Direction != exchange.Outgoing {
		t.Error("direction", all[0].Direction)
	}

	b = pcapFile(le, 0xa1b2c3d4, LinkRaw)
	le.PutUint16(b[6:], 2)
	b = pcapRecord(b, le, 1, 0, ike4(), len(ike4()))
	le.PutUint32(b[24+8:], 9000) // the wire length stands first
	le.PutUint32(b[24+12:], uint32(len(ike4())))
	all, r := read(t, b, Options{})
	checkIKE(t, all[0], false)
	if r.Coverage().CutFrames != 1 {
		t.Error("not seen as cut")
	}
}

// TestPcapCut cuts a file at every byte: what is whole is delivered, the rest is
// a fact and no fault.
func TestPcapCut(t *testing.T) {
	file := pcapFile(binary.LittleEndian, 0xa1b2c3d4, LinkRaw, ike4(), ike6(), ike4())
	record := func(n int) int { return 16 + n }
	ends := []int{24, 24 + record(len(ike4())), 24 + record(len(ike4())) + record(len(ike6())), len(file)}
	for n := 4; n <= len(file); n++ {
		all, r := read(t, file[:n], Options{})
		want, whole := 0, false
		for i, end := range ends {
			if n >= end {
				want = i
			}
			whole = whole || n == end
		}
		if len(all) != want || r.Err() != nil || r.Coverage().CutEnd == whole {
			t.Errorf("cut at %d: %d datagrams (want %d), cut %v, %v", n, len(all), want, r.Coverage().CutEnd, r.Err())
		}
	}
}

// TestPcapLengths puts absurd numbers into the header of the second record: the
// first is delivered, nothing is allocated for the claim.
func TestPcapLengths(t *testing.T) {
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		for _, v := range []uint32{0, 1, 19, 20, 0x7fff, 256 << 10, 256<<10 + 1, 0x7fffffff, 0x80000000, 0xffffffff} {
			file := pcapFile(o, 0xa1b2c3d4, LinkRaw, ike4(), ike4())
			second := 24 + 16 + len(ike4())
			o.PutUint32(file[second+8:], v)
			all, r := read(t, file, Options{})
			if len(all) < 1 {
				t.Errorf("%d: first record lost", v)
			}
			if v < 0x7fff {
				continue // what follows is read from a wrong place
			}
			if tooLarge := v > 256<<10; tooLarge != errors.Is(r.Err(), ErrTooLarge) {
				t.Errorf("%d: %v", v, r.Err())
			}
			var e *ParseError
			if errors.As(r.Err(), &e) && (e.Offset != int64(second) || e.Frame != 1 || e.Value != uint64(v)) {
				t.Errorf("%d: %+v", v, e)
			}
			o.PutUint32(file[second+8:], uint32(len(ike4())))
			o.PutUint32(file[second+12:], v)
			if all, r = read(t, file, Options{}); len(all) != 2 || r.Err() != nil {
				t.Errorf("wire length %d: %d datagrams, %v", v, len(all), r.Err())
			}
		}
	}
}

func TestGzip(t *testing.T) {
	file := pcapFile(binary.BigEndian, 0xa1b2c3d4, LinkRaw, ike4(), ike6())
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	all, r := read(t, z.Bytes(), Options{})
	if len(all) != 2 || r.Err() != nil || r.Coverage().CutEnd {
		t.Errorf("%d datagrams, %v", len(all), r.Err())
	}
	// A compressed file that was cut is a file that was cut.
	all, r = read(t, z.Bytes()[:z.Len()-4], Options{})
	if len(all) != 2 || r.Err() != nil || !r.Coverage().CutEnd {
		t.Errorf("cut: %d datagrams, %v", len(all), r.Err())
	}
	// One that was damaged is a fault.
	damaged := bytes.Clone(z.Bytes())
	damaged[len(damaged)-8] ^= 0xff
	if _, r = read(t, damaged, Options{}); !errors.Is(r.Err(), gzip.ErrChecksum) {
		t.Errorf("damaged: %v", r.Err())
	}
	if _, err := NewReader(bytes.NewReader(z.Bytes()[:5]), Options{}); err == nil {
		t.Error("a cut gzip header is no recording")
	}
}

func TestNoRecording(t *testing.T) {
	for _, s := range []string{"", "x", "\xa1\xb2", "Nov 21 10:00:00 gw charon: 01[IKE] started\n", strings.Repeat("a", 100000)} {
		_, err := NewReader(strings.NewReader(s), Options{})
		var e *ParseError
		if !errors.Is(err, ErrFormat) || !errors.As(err, &e) {
			t.Errorf("%.20q: %v", s, err)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := NewReader(iotest.ErrReader(broken), Options{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	version := pcapFile(binary.LittleEndian, 0xa1b2c3d4, LinkRaw)
	version[4] = 9
	if _, err := NewReader(bytes.NewReader(version), Options{}); !errors.Is(err, ErrVersion) {
		t.Error(err)
	}
}

// TestReadError: an error of the source ends the reading as itself, after what
// came before it.
func TestReadError(t *testing.T) {
	broken := errors.New("cable pulled")
	file := pcapFile(binary.LittleEndian, 0xa1b2c3d4, LinkRaw, ike4(), ike4())
	r, err := NewReader(io.MultiReader(bytes.NewReader(file[:len(file)-3]), iotest.ErrReader(broken)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d exchange.Datagram
	if !r.Next(&d) || r.Next(&d) || r.Next(&d) {
		t.Error("want one datagram")
	}
	if !errors.Is(r.Err(), broken) || r.Coverage().CutEnd {
		t.Error(r.Err())
	}
	if s := r.Err().Error(); !strings.Contains(s, "offset 96 (after frame 1): cable pulled") {
		t.Error(s)
	}
}

// TestSlowReader: how a source splits its bytes changes nothing.
func TestSlowReader(t *testing.T) {
	var frames [][]byte
	for i := range 400 {
		frames = append(frames, ip4(hostA, hostB, 17, uint16(i), 0, udp(500, 500, long()[:i*7])))
	}
	file := pcapFile(binary.LittleEndian, 0xa1b2c3d4, LinkRaw, frames...)
	for name, src := range map[string]io.Reader{
		"byte":            iotest.OneByteReader(bytes.NewReader(file)),
		"half":            iotest.HalfReader(bytes.NewReader(file)),
		"data with error": iotest.DataErrReader(bytes.NewReader(file)),
	} {
		r, err := NewReader(src, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for d := range r.All() {
			if len(d.Payload) != n*7 || !bytes.Equal(d.Payload, long()[:n*7]) {
				t.Fatalf("%s: datagram %d has %d bytes", name, n, len(d.Payload))
			}
			n++
		}
		if n != len(frames) || r.Err() != nil || r.Coverage().CutEnd {
			t.Errorf("%s: %d datagrams, %v", name, n, r.Err())
		}
	}
}
