package exchange

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/ikediag/ikediag/isakmp"
)

// TestSlotSize: a tracked tunnel takes less than 2 KiB.
func TestSlotSize(t *testing.T) {
	if n := unsafe.Sizeof(slot{}); n > 1800 {
		t.Errorf("%d octets", n)
	}
}

// TestMemory: a million forged first messages take bounded memory, with the
// limits that a Tracker has by itself.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("a million messages")
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var tr Tracker
	var s Step
	d := newWire().mm(1)
	for i := range uint32(1_000_000) {
		binary.BigEndian.PutUint32(d.Payload, i+1)
		d.Source = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 500)
		tr.Observe(&d, &s)
	}
	if used := int64(heap()) - int64(before); used > 32<<20 {
		t.Errorf("%d octets", used)
	}
	if st := tr.Stats(); st.EvictedHalfOpen != 1_000_000-defaultHalfOpen {
		t.Errorf("%+v", st)
	}
}

// conversation is a whole negotiation with traffic, as raw bytes to be sent
// again with other cookies.
func conversation() []Datagram {
	w := newWire()
	var ds []Datagram
	for n := 1; n <= 4; n++ {
		ds = append(ds, w.mm(n))
	}
	w.float()
	ds = append(ds, w.mm(5), w.mm(6))
	for n := 1; n <= 3; n++ {
		ds = append(ds, w.qm(Initiator, 5, n))
	}
	ds = append(ds, w.info(Responder, 6, 64))
	for _, p := range w.cut(w.message(w.r, isakmp.ExchangeMain, 0, 300), 1, 200) {
		ds = append(ds, w.send(Initiator, p))
	}
	return ds
}

// TestAllocations: in the steady state a message costs no memory, new or
// repeated, and nor does a new quick mode or a new attempt.
func TestAllocations(t *testing.T) {
	ds := conversation()
	var tr Tracker
	var s Step
	round := uint32(0)
	all := func() {
		round++
		for i := range ds {
			d := &ds[i]
			d.Time = d.Time.Add(time.Hour)
			b := d.Payload
			if d.Source.Port() == 4500 {
				b = b[4:]
			}
			if id := b[20:24]; round%2 == 0 && binary.BigEndian.Uint32(id) != 0 {
				binary.BigEndian.PutUint32(id, round<<8|uint32(id[3]))
			}
			tr.Observe(d, &s)
		}
	}
	for range 20 {
		all()
	}
	if n := testing.AllocsPerRun(200, all); n != 0 {
		t.Errorf("%v allocations in %d messages", n, len(ds))
	}
	attempt := func() {
		round++
		for i := range ds {
			b := ds[i].Payload
			if ds[i].Source.Port() == 4500 {
				b = b[4:]
			}
			binary.BigEndian.PutUint32(b[1:], round)
			tr.Observe(&ds[i], &s)
		}
	}
	tr = Tracker{Limits: Limits{HalfOpen: 10, Established: 10}}
	for range 1000 {
		attempt()
	}
	if n := testing.AllocsPerRun(2000, attempt); n > 1 {
		t.Errorf("%v allocations for a new attempt", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	ds := conversation()
	var tr Tracker
	var s Step
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		tr.Observe(&ds[n], &s)
		if n++; n == len(ds) {
			n = 0
		}
	}
}

func BenchmarkObserveESP(b *testing.B) {
	d := Datagram{Protocol: ProtocolESP, Source: hostA, Destination: hostB, Payload: make([]byte, 100), WireLen: 100}
	var tr Tracker
	var s Step
	b.ReportAllocs()
	for b.Loop() {
		tr.Observe(&d, &s)
	}
}

// FuzzTracker feeds datagrams cut from one input: length, ports and direction,
// bytes. It must keep its bounds and its word.
func FuzzTracker(f *testing.F) {
	var seed []byte
	for _, d := range conversation() {
		how := byte(0)
		if d.Source.Port() == 4500 {
			how |= 1
		}
		if d.Source.Addr() == hostB.Addr() {
			how |= 2
		}
		seed = append(seed, byte(len(d.Payload)>>8), byte(len(d.Payload)), how)
		seed = append(seed, d.Payload...)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		tr := Tracker{Limits: Limits{HalfOpen: 4, Established: 3, Fragmented: 2, FragmentBytes: 500}, Opener: echo{}}
		var s Step
		for frame := 1; len(b) >= 3; frame++ {
			n, how := min(int(binary.BigEndian.Uint16(b)), len(b)-3), b[2]
			w := newWire()
			if how&1 != 0 {
				w.float()
			}
			w.mark = false
			d := w.send(Side(1+how>>1&1), b[3:3+n])
			d.Frame = frame
			d.Time = start.Add(time.Duration(frame*int(how)) * time.Millisecond)
			d.Protocol = []uint8{ProtocolUDP, ProtocolUDP, ProtocolUDP, ProtocolUDP, ProtocolESP, ProtocolAH, ProtocolICMP, ProtocolICMPv6}[how>>2&7]
			if how&0x20 != 0 {
				d.WireLen += 100
			}
			b = b[3+n:]
			before := tr.Stats().Attempts
			if ok := tr.Observe(&d, &s); ok != (s.Class != Other) {
				t.Fatal("Observe and Class disagree")
			}
			if s.New != (tr.Stats().Attempts > before) {
				t.Fatal("New is wrong")
			}
			if isMessage := s.Class == Message || s.Class == MessageV2; isMessage != (s.Message != nil) || isMessage && s.Attempt == 0 {
				t.Fatalf("%+v", s)
			}
			if s.Number < 0 || s.Number > 255 || s.Copy && s.First() || (s.From == SideUnknown) != (s.Roles == RoleUnknown) && s.Attempt != 0 && s.Class != Unreachable {
				t.Fatalf("%+v", s)
			}
			if s.Class.String() == "" || s.NAT[0].String() == "" {
				t.Fatal("no name")
			}
		}
		n := 0
		for a := range tr.Attempts() {
			if got, ok := tr.Attempt(a.ID); !ok || got.ID != a.ID {
				t.Fatal("an attempt is listed and not found")
			}
			n++
		}
		if n > 7 || n != len(tr.byID) || len(tr.byCookies) > 3 {
			t.Fatalf("%d attempts, %d, %d", n, len(tr.byID), len(tr.byCookies))
		}
	})
}

// echo is an Opener that takes every body for its own plaintext.
type echo struct{}

func (echo) Open(dst, _ []byte, m *isakmp.Message, _ bool) ([]byte, bool) {
	return append(dst, m.Encrypted...), len(m.Encrypted) > 0
}
