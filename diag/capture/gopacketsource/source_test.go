package gopacketsource

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/gopacket"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
)

// frames is a source of what a capture file holds, with errors in between.
type frames struct {
	file   []byte
	copies int
	errs   map[int]error // before the frame of a number
	count  int
}

func (f *frames) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	f.copies++
	b, info, err := f.next()
	return bytes.Clone(b), info, err
}

func (f *frames) next() ([]byte, gopacket.CaptureInfo, error) {
	f.count++
	if err := f.errs[f.count]; err != nil {
		delete(f.errs, f.count)
		f.count--
		return nil, gopacket.CaptureInfo{}, err
	}
	if len(f.file) < 16 {
		return nil, gopacket.CaptureInfo{}, io.EOF
	}
	le := binary.LittleEndian
	n := int(le.Uint32(f.file[8:]))
	b := f.file[16 : 16+n]
	info := gopacket.CaptureInfo{
		Timestamp:     time.Unix(int64(le.Uint32(f.file)), int64(le.Uint32(f.file[4:]))*1000).UTC(),
		CaptureLength: n, Length: int(le.Uint32(f.file[12:])),
	}
	f.file = f.file[16+n:]
	return b, info, nil
}

// lending lends its buffer.
type lending struct{ frames }

func (l *lending) ZeroCopyReadPacketData() ([]byte, gopacket.CaptureInfo, error) { return l.next() }

func recording(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSameAsFile: a live source gives the same datagrams as the file.
func TestSameAsFile(t *testing.T) {
	for _, name := range []string{"nat.pcap", "fragments.pcap", "ah.pcap"} {
		file := recording(t, name)
		r, err := capture.NewReader(bytes.NewReader(file), capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		plain := &frames{file: file[24:]}
		one := New(plain, capture.LinkEthernet, Options{})
		two := New(&lending{frames{file: file[24:]}}, capture.LinkEthernet, Options{})
		var got, lent exchange.Datagram
		for want := range r.All() {
			if !one.Next(&got) || !two.Next(&lent) {
				t.Fatalf("%s: ends before frame %d", name, want.Frame)
			}
			for _, d := range []*exchange.Datagram{&got, &lent} {
				if d.Source != want.Source || d.Frame != want.Frame || !d.Time.Equal(want.Time) || d.Fragments != want.Fragments || !bytes.Equal(d.Payload, want.Payload) {
					t.Errorf("%s: got %+v, want %+v", name, d, want)
				}
			}
		}
		if one.Next(&got) || two.Next(&lent) || one.Err() != nil || two.Err() != nil {
			t.Errorf("%s: no end", name)
		}
		want := r.Coverage()
		if c := one.Coverage(); c.Frames != want.Frames || c.Datagrams != want.Datagrams || c.NotIP != want.NotIP || c.Fragments != want.Fragments || c.Last != want.Last {
			t.Errorf("%s: coverage %+v, want %+v", name, c, want)
		}
		if plain.copies == 0 {
			t.Error("not asked for copies")
		}
	}
}

func TestErrors(t *testing.T) {
	file := recording(t, "nat.pcap")
	timeout, broken := errors.New("timeout"), errors.New("interface gone")
	src := &frames{file: file[24:], errs: map[int]error{1: timeout, 3: timeout, 9: broken}}
	idle := 0
	s := New(src, capture.LinkEthernet, Options{
		Retry: func(err error) bool { return err == timeout },
		Idle:  func() time.Time { idle++; return time.Time{} },
	})
	n := 0
	var last error
	for d, err := range s.All() {
		if err != nil {
			last = err
			break
		}
		n += len(d.Payload[:0]) + 1
	}
	if !errors.Is(last, broken) || !errors.Is(s.Err(), broken) || idle != 2 || s.Coverage().Frames != 8 || n == 0 {
		t.Errorf("%d datagrams, %v, idle %d, %+v", n, last, idle, s.Coverage())
	}
}

// TestIdle: fragments on a silent interface are given up by the caller's clock.
func TestIdle(t *testing.T) {
	file := recording(t, "fragments.pcap")
	timeout := errors.New("timeout")
	src := &frames{file: file[24:], errs: map[int]error{10: timeout}} // behind a first fragment
	var now time.Time
	s := New(src, capture.LinkEthernet, Options{Retry: func(err error) bool { return err == timeout }, Idle: func() time.Time { return now }})
	var d exchange.Datagram
	for range 3 {
		if !s.Next(&d) {
			t.Fatal(s.Err())
		}
		now = d.Time.Add(time.Minute)
	}
	incomplete := false
	for s.Next(&d) && !incomplete {
		incomplete = d.Incomplete
		now = d.Time.Add(time.Minute)
	}
	if !incomplete {
		t.Error("nothing was given up")
	}
}

// TestNoAllocations: a source that lends its buffer costs nothing per frame.
func TestNoAllocations(t *testing.T) {
	file := recording(t, "nat.pcap")
	var d exchange.Datagram
	src := &lending{}
	s := New(src, capture.LinkEthernet, Options{})
	if n := testing.AllocsPerRun(100, func() {
		src.file = file[24:]
		for range 10 {
			if !s.Next(&d) {
				t.Fatal(s.Err())
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
