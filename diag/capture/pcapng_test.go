package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// sample is a file with everything that is read.
func sample(o order) []byte {
	n := ng{o: o}
	n.section(n.option(1, []byte("two gateways")), n.option(3, []byte("Linux 6.1")), n.option(4, []byte("dumpcap")))
	n.iface(LinkEthernet, 2000, n.option(2, []byte("eth0")), n.option(11, []byte("\x00udp port 500")), n.option(0, nil))
	n.iface(LinkRaw, 0, n.option(2, []byte("tun0")), n.option(9, []byte{9}), n.option(14, n.u64(3600)))
	n.block(blockNames, n.u16(1), n.u16(9), []byte{192, 0, 2, 1}, []byte("gw-a\x00"), make([]byte, 3), n.u16(0), n.u16(0))
	n.packet(0, 1700000000_123456, ether(0x800, ike4()), len(ether(0x800, ike4())), n.option(2, n.u32(2)), n.option(1, []byte("the first message")))
	n.block(0x0bad, []byte("custom block"))
	n.packet(1, 1700000000_123456789, ike6()[:60], len(ike6()), n.option(2, n.u32(1)), n.option(4, n.u64(5)))
	n.block(blockSimple, n.u32(uint32(len(ether(0x800, ike4())))), ether(0x800, ike4()))
	n.block(blockPacketOld, n.u16(1), n.u16(3), n.u32(0), n.u32(0), n.u32(uint32(len(ike4()))), n.u32(uint32(len(ike4()))), ike4())
	n.block(blockStatistics, n.u32(0), n.time(1700000060_000000), n.option(2, n.time(1699999990_000000)), n.option(4, n.u64(2)), n.option(5, n.u64(7)), n.option(7, n.u64(1<<64-1)))
	return n.b
}

func TestPcapNG(t *testing.T) {
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		all, r := read(t, sample(o), Options{})
		if len(all) != 4 || r.Err() != nil || r.Format() != FormatPcapNG {
			t.Fatalf("%v: %d datagrams, %v", o, len(all), r.Err())
		}
		checkIKE(t, all[0], false)
		if want := time.Unix(1700000000, 123456000).UTC(); all[0].Time != want || all[0].Direction != exchange.Outgoing {
			t.Errorf("first: %+v", all[0])
		}
		// Nanoseconds and an offset of an hour; cut to 12 of 28 bytes.
		if want := time.Unix(1700003600, 123456789).UTC(); all[1].Time != want || all[1].Direction != exchange.Incoming || len(all[1].Payload) != 12 || all[1].WireLen != 28 {
			t.Errorf("second: %+v", all[1])
		}
		checkIKE(t, all[2], false)
		if !all[2].Time.IsZero() || !all[3].Time.IsZero() || all[3].Frame != 4 {
			t.Errorf("no times: %+v, %+v", all[2], all[3])
		}
		c := r.Coverage()
		if c.Dropped != 15 || c.CutFrames != 1 || c.SnapLength != 2000 || c.CutEnd || c.Last != all[1].Time {
			t.Errorf("coverage %+v", c)
		}
		want := []Interface{
			{Name: "eth0", Link: LinkEthernet, SnapLength: 2000, Filter: "udp port 500", Frames: 2, Started: time.Unix(1699999990, 0).UTC(), Ended: time.Unix(1700000060, 0).UTC(), Received: 2},
			{Name: "tun0", Link: LinkRaw, Frames: 2},
		}
		if len(c.Interfaces) != 2 || c.Interfaces[0] != want[0] || c.Interfaces[1] != want[1] {
			t.Errorf("interfaces %+v", c.Interfaces)
		}
		notes := []Note{
			{NoteComment, 0, netip.Addr{}, "two gateways"},
			{NoteRecorder, 0, netip.Addr{}, "Linux 6.1"},
			{NoteRecorder, 0, netip.Addr{}, "dumpcap"},
			{NoteName, 0, hostA, "gw-a"},
			{NoteComment, 1, netip.Addr{}, "the first message"},
		}
		if len(r.Notes()) != len(notes) {
			t.Fatalf("notes %+v", r.Notes())
		}
		for i, n := range r.Notes() {
			if n != notes[i] {
				t.Errorf("note %d: %+v", i, n)
			}
		}
	}
}

// TestSections: a section may have another byte order than the one before it,
// and its interfaces are its own.
func TestSections(t *testing.T) {
	one, two := sample(binary.LittleEndian), sample(binary.BigEndian)
	all, r := read(t, join(one, two, one), Options{})
	if len(all) != 12 || r.Err() != nil || len(r.Coverage().Interfaces) != 6 {
		t.Errorf("%d datagrams, %v", len(all), r.Err())
	}
	for _, i := range []int{0, 4, 8} {
		checkIKE(t, all[i], false)
	}
	// A packet of an interface that only the last section had is no packet.
	n := ng{o: binary.BigEndian}
	n.section()
	n.packet(0, 1, ike4(), len(ike4()))
	all, r = read(t, join(one, n.b, two), Options{})
	if len(all) != 8 || r.Coverage().Malformed != 1 || r.Coverage().Frames != 9 || r.Err() != nil {
		t.Errorf("%d datagrams, %+v, %v", len(all), r.Coverage(), r.Err())
	}
}

// TestPcapNGCut cuts at every byte, between blocks and inside of them.
func TestPcapNGCut(t *testing.T) {
	file := sample(binary.LittleEndian)
	whole := map[int]bool{}
	for at := 0; at < len(file); {
		at += int(binary.LittleEndian.Uint32(file[at+4:]))
		whole[at] = true
	}
	last := 0
	for n := 4; n <= len(file); n++ {
		all, r := read(t, file[:n], Options{})
		if r.Err() != nil || r.Coverage().CutEnd == whole[n] || len(all) < last {
			t.Errorf("cut at %d: %d datagrams, cut %v, %v", n, len(all), r.Coverage().CutEnd, r.Err())
		}
		last = len(all)
	}
}

// TestPcapNGLengths puts absurd numbers in each place of a file: no panic, no
// memory for claims, an error that names the place or a sensible reading.
func TestPcapNGLengths(t *testing.T) {
	values := []uint32{0, 1, 3, 4, 8, 11, 12, 13, 16, 28, 32, 0xffff, 0x10000, 16 << 20, 16<<20 + 4, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count := 0
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		file := sample(o)
		for at := 4; at+4 <= len(file); at += 4 {
			for _, v := range values {
				b := bytes.Clone(file)
				o.PutUint32(b[at:], v)
				r, err := NewReader(bytes.NewReader(b), Options{})
				if err != nil {
					t.Fatal(err)
				}
				var d exchange.Datagram
				for r.Next(&d) {
				}
				count++
				var e *ParseError
				if err := r.Err(); err != nil && (!errors.As(err, &e) || e.Offset > int64(at) || e.Error() == "") {
					t.Errorf("%d at %d: %+v", v, at, err)
				}
			}
		}
	}
	runtime.ReadMemStats(&after)
	if per := (after.TotalAlloc - before.TotalAlloc) / uint64(count); per > 200<<10 {
		t.Errorf("%d bytes allocated for each file of %d bytes", per, len(sample(binary.LittleEndian)))
	}
}

// TestGreedyFile: 76 bytes that claim gigabytes cost nothing and give an error
// that says so.
func TestGreedyFile(t *testing.T) {
	le := binary.LittleEndian
	claims := map[string]func(b []byte){
		"packet":    func(b []byte) { le.PutUint32(b[48+20:], 0xee6b2800) },
		"block":     func(b []byte) { le.PutUint32(b[48+4:], 0xee6b2800) },
		"interface": func(b []byte) { le.PutUint32(b[28+4:], 0xee6b2800) },
	}
	for name, claim := range claims {
		n := ng{o: le}
		n.section()
		n.iface(LinkEthernet, 0)
		b := join(n.b, make([]byte, 28))
		le.PutUint32(b[48:], blockEnhanced)
		le.PutUint32(b[48+4:], 28)
		le.PutUint32(b[48+24:], 28)
		claim(b)
		if len(b) != 76 {
			t.Fatal(len(b))
		}
		r, err := NewReader(bytes.NewReader(b), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var d exchange.Datagram
		if allocs := testing.AllocsPerRun(1, func() {
			if r.Next(&d) {
				t.Error("a datagram?")
			}
		}); allocs > 1 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
		if r.Err() == nil || len(r.w.buf) > firstWindow {
			t.Errorf("%s: %v, window of %d", name, r.Err(), len(r.w.buf))
		}
	}
}

func TestTicks(t *testing.T) {
	at := time.Unix(1700000000, 123456789).UTC()
	for res, ticks := range map[tick]uint64{
		0: 1700000000, 3: 1700000000_123, 6: 1700000000_123456, 9: 1700000000_123456789, 10: 1700000000_1234567891,
		0x80: 1700000000, 0x80 | 10: 1700000000<<10 | 126, 0x80 | 32: 1700000000<<32 | 530242871,
	} {
		got := res.time(ticks, 0)
		if d := got.Sub(at); d > 0 || d < -time.Second || res == 9 && d != 0 || res == 10 && d != 0 || res == 0x80|32 && d < -time.Nanosecond {
			t.Errorf("resolution %#x: %v, off by %v", res, got, d)
		}
	}
	for res := range 256 {
		for _, ticks := range []uint64{0, 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
			for _, offset := range []int64{0, 1, -1, 1<<63 - 1, -1 << 63} {
				got := tick(res).time(ticks, offset)
				if y := got.Year(); y > 9999 || got.Nanosecond() < 0 || ticks == 0 && !got.IsZero() {
					t.Errorf("resolution %#x, %d ticks: %v", res, ticks, got)
				}
			}
		}
	}
}

func TestTooManyInterfaces(t *testing.T) {
	n := ng{o: binary.LittleEndian}
	n.section()
	for range 5 {
		n.iface(LinkRaw, 0)
	}
	if _, r := read(t, n.b, Options{Limits: Limits{Interfaces: 4}}); !errors.Is(r.Err(), ErrTooMany) {
		t.Error(r.Err())
	}
	n.section()
	if _, r := read(t, n.b, Options{Limits: Limits{Interfaces: 5}}); r.Err() != nil {
		t.Error(r.Err())
	}
}

func TestByteOrderMagic(t *testing.T) {
	b := sample(binary.LittleEndian)
	b[8] = 0x55
	if _, r := read(t, b, Options{}); !errors.Is(r.Err(), ErrByteOrder) {
		t.Error(r.Err())
	}
}

// TestSpan: statistics tell that the recorder was running where no frame does.
func TestSpan(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0).UTC() }
	const began, ended = 1700000000, 1700000060
	span := func(when ...uint64) (o []byte) { // start, end and frames received; 0: not told
		var n ng
		n.o = binary.LittleEndian
		if when[0] != 0 {
			o = append(o, n.option(2, n.time(when[0]*1e6))...)
		}
		if when[1] != 0 {
			o = append(o, n.option(3, n.time(when[1]*1e6))...)
		}
		return append(o, n.option(4, n.u64(when[2]))...)
	}
	for _, test := range []struct {
		name       string
		statistics [][]byte // of interface 0, of interface 1
		from, to   time.Time
	}{
		{"none", nil, time.Time{}, time.Time{}},
		{"both", [][]byte{span(began, ended, 1), span(began, ended, 0)}, at(began), at(ended)},
		{"of one interface", [][]byte{span(began, ended, 1)}, time.Time{}, time.Time{}},
		{"what both cover", [][]byte{span(began+5, ended, 1), span(began, ended-5, 0)}, at(began + 5), at(ended - 5)},
		{"one after the other", [][]byte{span(began, began+9, 1), span(began+20, ended, 0)}, time.Time{}, time.Time{}},
		{"the end alone", [][]byte{span(0, ended, 1), span(began, ended, 0)}, time.Time{}, at(ended)},
		{"when they were written", [][]byte{span(0, 0, 1), span(0, 0, 0)}, time.Time{}, at(began + 30)},
		{"frames taken out", [][]byte{span(began, ended, 4), span(began, ended, 0)}, time.Time{}, time.Time{}},
	} {
		n := ng{o: binary.LittleEndian}
		n.section()
		n.iface(LinkRaw, 0)
		n.iface(LinkRaw, 0)
		n.packet(0, (began+1)*1e6, ike4(), len(ike4()))
		for i, o := range test.statistics {
			n.block(blockStatistics, n.u32(uint32(i)), n.time((began+30)*1e6), o)
		}
		n.block(blockStatistics, n.u32(7), n.time((began+30)*1e6), span(1, 2, 3)) // of no interface
		_, r := read(t, n.b, Options{})
		c := r.Coverage()
		if from, to := c.Span(); r.Err() != nil || from != test.from || to != test.to {
			t.Errorf("%s: from %v to %v, %v", test.name, from, to, r.Err())
		}
	}
}
