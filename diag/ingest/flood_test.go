package ingest_test

import (
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/isakmp"
)

// A datagram is one of IKE, to be recorded.
type datagram struct {
	at       time.Duration
	src, dst [4]byte
	ttl      byte
	cookies  [16]byte
	exchange isakmp.ExchangeType
	flags    isakmp.Flags
	id       uint32
	fill     byte
	size     int
	first    isakmp.PayloadType // 0: a vendor ID
	piece    []byte             // an IKE fragment: identifier, number, whether it is the last, data
	ports    [2]uint16          // none: both 500
	protocol byte               // other than UDP: nothing of the above is in it
	payload  []byte             // what is in it instead
}

// pcapHeader begins a capture of raw IPv4 packets (link type 228).
func pcapHeader() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint32(b, 2|4<<16)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, 65535)
	return le.AppendUint32(b, 228)
}

// record appends a datagram as a capture's record.
func (d *datagram) record(b []byte) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	size := max(d.size, 28)
	n := 20 + 8 + size
	if d.payload != nil {
		n = 20 + len(d.payload)
	}
	at := 1_700_000_000*time.Second + d.at
	b = le.AppendUint32(b, uint32(at/time.Second))
	b = le.AppendUint32(b, uint32(at%time.Second/time.Microsecond))
	b = le.AppendUint32(le.AppendUint32(b, uint32(n)), uint32(n))
	b = append(b, 0x45, 0, byte(n>>8), byte(n), 0, 0, 0x40, 0, d.ttl, cmp.Or(d.protocol, 17), 0, 0)
	b = append(append(b, d.src[:]...), d.dst[:]...)
	if d.payload != nil {
		return append(b, d.payload...)
	}
	if d.protocol != 0 {
		return append(b, make([]byte, 8+size)...)
	}
	ports := d.ports
	if ports == [2]uint16{} {
		ports = [2]uint16{500, 500}
	}
	b = be.AppendUint16(be.AppendUint16(b, ports[0]), ports[1])
	b = be.AppendUint16(be.AppendUint16(b, uint16(8+size)), 0)
	b = append(b, d.cookies[:]...)
	next := cmp.Or(d.first, isakmp.PayloadVendorID)
	if d.flags&isakmp.FlagEncryption != 0 {
		next = isakmp.PayloadHash
	}
	if d.piece != nil {
		next = isakmp.PayloadFragment
	}
	b = append(b, byte(next), 0x10, byte(d.exchange), byte(d.flags))
	b = be.AppendUint32(be.AppendUint32(b, d.id), uint32(size))
	body := size - 28
	if d.piece != nil {
		b = append(append(b, 0, 0, byte(body>>8), byte(body)), d.piece...)
		return b
	}
	if body >= 4 && d.flags&isakmp.FlagEncryption == 0 {
		b = append(b, 0, 0, byte(body>>8), byte(body))
		body -= 4
	}
	for range body {
		b = append(b, d.fill)
	}
	return b
}

var west, east = [4]byte{192, 0, 2, 1}, [4]byte{198, 51, 100, 2}

// negotiation is a main mode and a quick mode that succeed, begun at a time.
func negotiation(at time.Duration, from, to [4]byte, cookie byte) (all []datagram) {
	add := func(n int, x isakmp.ExchangeType, flags isakmp.Flags, id uint32, size int) {
		d := datagram{at: at + time.Duration(len(all))*10*time.Millisecond, src: from, dst: to, ttl: 64, exchange: x, flags: flags, id: id, fill: cookie ^ byte(n), size: size}
		if n%2 == 0 {
			d.src, d.dst, d.ttl = to, from, 60
		}
		if x == isakmp.ExchangeMain {
			d.first = [7]isakmp.PayloadType{1: isakmp.PayloadSA, 2: isakmp.PayloadSA, 3: isakmp.PayloadKE, 4: isakmp.PayloadKE}[n]
		}
		d.cookies[0] = cookie
		if x != isakmp.ExchangeMain || n > 1 {
			d.cookies[8] = cookie + 1
		}
		all = append(all, d)
	}
	for n, size := range []int{180, 140, 396, 396} {
		add(n+1, isakmp.ExchangeMain, 0, 0, size)
	}
	add(5, isakmp.ExchangeMain, isakmp.FlagEncryption, 0, 124)
	add(6, isakmp.ExchangeMain, isakmp.FlagEncryption, 0, 108)
	for n, size := range []int{204, 188, 76} {
		add(n+1, isakmp.ExchangeQuick, isakmp.FlagEncryption, 0x1000+uint32(cookie), size)
	}
	return all
}

func record(all []datagram) []byte {
	b := pcapHeader()
	for i := range all {
		b = all[i].record(b)
	}
	return b
}

// flood is a capture of a negotiation that succeeds, then of n first messages
// of hosts that do not exist.
type flood struct {
	n, next int
	buf     []byte
	sample  func()
}

func (f *flood) Read(b []byte) (int, error) {
	if len(f.buf) == 0 && f.next == 0 {
		f.buf = record(negotiation(0, west, east, 7))
	}
	for len(f.buf) < len(b) && f.next < f.n {
		i := f.next
		f.next++
		d := datagram{at: time.Second + time.Duration(i)*time.Microsecond, src: [4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}, dst: east, ttl: 50, exchange: isakmp.ExchangeMain, size: 84}
		binary.BigEndian.PutUint64(d.cookies[:], uint64(i)*0x9e3779b97f4a7c15|1)
		if f.buf = d.record(f.buf); f.next%(f.n/4) == 0 {
			f.sample()
		}
	}
	if len(f.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(b, f.buf)
	f.buf = append(f.buf[:0], f.buf[n:]...)
	return n, nil
}

// A million half-open negotiations from forged addresses take bounded memory,
// push out no established tunnel, and are reported.
func TestFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("a million messages")
	}
	n := 1_000_000
	if raceEnabled {
		n /= 10
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := heap(), uint64(0)
	in := ingest.Input{Name: "a/flood.pcap", Group: "a", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(&flood{n: n, sample: func() { most = max(most, heap()) }}), nil
	}}
	e := newEngine(t)
	if err := ingest.Read(context.Background(), e, ingest.Options{}, slices.Values([]ingest.Input{in})); err != nil {
		t.Fatal(err)
	}
	r := finish(e)
	most = max(most, heap())
	runtime.KeepAlive(e)
	if used := int64(most) - int64(before); used > 64<<20 {
		t.Errorf("%d MiB", used>>20)
	}
	up := 0
	for _, tunnel := range r.Tunnels {
		if tunnel.Outcome == diag.OutcomeEstablished {
			up++
		}
	}
	if up != 1 || !found(r, diag.EvidCapturePartial) {
		t.Errorf("%d tunnels up of %d, reported: %v", up, len(r.Tunnels), found(r, diag.EvidCapturePartial))
	}
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Verdict == diag.Confirmed {
			t.Errorf("%s is confirmed", f.Code)
		}
	}
}

// Both ends begin at once: two negotiations of one tunnel, which disturb each
// other no more than their daemons let them.
func TestBothInitiate(t *testing.T) {
	all := append(negotiation(0, west, east, 7), negotiation(3*time.Millisecond, east, west, 9)...)
	slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
	r := read(t, memory("a/gw.pcap", "a", record(all)))
	if c, ok := r.Cause(); ok || len(r.Tunnels) != 1 || r.Tunnels[0].Outcome != diag.OutcomeEstablished || r.Tunnels[0].Attempts != 2 {
		t.Errorf("%s\n%s", c.Code, diagtest.Summary(r))
	}
	// One of them is given up, as daemons do that notice: still no fault.
	all = append(negotiation(0, west, east, 7), negotiation(3*time.Millisecond, east, west, 9)[:3]...)
	slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
	r = read(t, memory("a/gw.pcap", "a", record(all)))
	if c, ok := r.Cause(); ok && c.Severity >= diag.Error {
		t.Errorf("%s\n%s", c.Code, diagtest.Summary(r))
	}
}
