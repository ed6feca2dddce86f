package observe

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike/exchange"
)

// Bounds of what a capture makes flows keep.
const (
	maxFlows = 4096
	maxPairs = 1024
)

// flows sums up a capture's ESP, AH and clear traffic. Its zero value is
// ready. A packet costs a few look-ups and, once its flow is known, no memory.
type flows struct {
	table  esp.Flows
	tracks map[esp.FlowKey]*track
	// nameless holds what a text has of ESP and AH without SPIs.
	nameless map[direction]*track
	pairs    map[[2]netip.Addr]*pair
	plain    clearTraffic
	now      time.Time // of the last packet
	seen     uint64    // packets of ESP and AH so far
	// once and twice count packets that the capture has once so far, and those
	// that it has again at the same moment.
	once, twice int
}

// direction is what tells packets apart that have no SPI.
type direction struct {
	src, dst netip.Addr
	ah       bool
}

// track is what is kept of a flow beside its sequence numbers.
type track struct {
	body  diag.Flow
	keys  diag.Keys
	pair  *pair
	way   int    // the pair's host that sends
	top   uint32 // the highest sequence number, as a receiver has it
	again uint64 // the duplicates so far
	spans [2]place
	open  bool // the last packet waits for one that comes back
	class int  // of the last packet
	size  uint16
	// lately holds the last packets' numbers and times, the next at n.
	lately [4]moment
	n      uint8
}

// moment is when a sequence number was seen.
type moment struct {
	seq uint32
	at  time.Time
}

// place is where and when a packet was seen.
type place struct {
	frame int
	time  time.Time
}

// pair is two hosts that exchange IKE, ESP or AH.
type pair struct {
	hosts [2]netip.Addr
	keys  diag.Keys // of their latest negotiation
	known bool
	last  [2]*track // the latest flow of each host
}

// pairOf finds the pair of two hosts and which of them the first is, nil where
// there is no room for another.
func (f *flows) pairOf(a, b netip.Addr) (p *pair, way int) {
	if p, way = f.lookUp(a, b); p == nil && len(f.pairs) < maxPairs {
		if f.pairs == nil {
			f.pairs = make(map[[2]netip.Addr]*pair)
		}
		p = &pair{hosts: [2]netip.Addr{a, b}}
		if way == 1 {
			p.hosts = [2]netip.Addr{b, a}
		}
		f.pairs[p.hosts] = p
	}
	return p, way
}

// lookUp finds the pair of two hosts, nil where there is none.
func (f *flows) lookUp(a, b netip.Addr) (p *pair, way int) {
	if b.Less(a) {
		return f.pairs[[2]netip.Addr{b, a}], 1
	}
	return f.pairs[[2]netip.Addr{a, b}], 0
}

// negotiate notes the negotiation that a pair's SAs belong to from now on.
func (f *flows) negotiate(k *diag.Keys) {
	if p, _ := f.pairOf(k.Local.Addr(), k.Remote.Addr()); p != nil {
		p.keys = diag.Keys{Handle: k.Handle, Observer: true, Local: k.Local, Remote: k.Remote, Cookies: k.Cookies}
		p.known = true
	}
}

// of returns the keys of the negotiation of two hosts.
func (f *flows) of(a, b netip.Addr) (diag.Keys, bool) {
	if p, _ := f.lookUp(a, b); p != nil && p.known {
		return p.keys, true
	}
	return diag.Keys{}, false
}

// unsent reports whether a report quotes a packet of an SA that the capture has
// not, of hosts whose other SAs it has: whoever makes such a report up knows the
// hosts and guesses the SPI.
func (f *flows) unsent(r *exchange.Report) bool {
	if r.SPI == 0 || len(f.tracks) >= maxFlows {
		return false
	}
	p, way := f.lookUp(r.Source.Addr(), r.Destination.Addr())
	if p == nil || p.last[way] == nil {
		return false
	}
	return f.tracks[esp.FlowKey{Destination: r.Destination.Addr(), SPI: r.SPI, AH: r.Protocol == exchange.ProtocolAH}] == nil
}

// packet adds a datagram of ESP or AH.
func (f *flows) packet(d *exchange.Datagram, s *exchange.Step) {
	f.seen++
	key := esp.FlowKey{Destination: d.Destination.Addr(), SPI: s.SPI, AH: s.Class == exchange.AH}
	t := f.tracks[key]
	if t == nil {
		if t = f.begin(key, d, s); t == nil {
			return
		}
	}
	if f.copied(t.isCopy(s.Sequence, d.Time)) {
		f.plain.sealed(d, t, s.Length) // what it holds shows again as well
		return
	}
	g := f.table.Observe(&esp.Arrival{
		Time: d.Time, Source: d.Source, Destination: d.Destination, SPI: s.SPI, Sequence: s.Sequence, Length: s.Length, AH: key.AH, UDP: s.Class == exchange.ESPInUDP,
	})
	t.number(s.Sequence, g.Duplicates > t.again)
	t.again = g.Duplicates
	f.count(t, d, s.Length)
}

// unnamed adds a datagram of ESP or AH of which all is known that it passed.
func (f *flows) unnamed(d *exchange.Datagram) {
	f.seen++
	key := direction{d.Source.Addr(), d.Destination.Addr(), d.Protocol == exchange.ProtocolAH}
	t := f.nameless[key]
	if t == nil {
		if t = f.track(d); t == nil {
			return
		}
		if f.nameless == nil {
			f.nameless = make(map[direction]*track)
		}
		f.nameless[key] = t
	}
	t.body.Packets++
	f.count(t, d, d.WireLen)
}

// count adds a datagram to its flow's sums.
func (f *flows) count(t *track, d *exchange.Datagram, length int) {
	size := octets(d)
	t.spans[1] = place{d.Frame, d.Time}
	t.body.Whole = t.body.Whole && d.DontFragment
	if d.Fragments > 1 {
		t.body.Fragmented++
	}
	if d.Incomplete {
		t.body.Partial++
		return
	}
	f.answer(t)
	if r := uint8(max(length-8, 0) % 16); t.size == 0 {
		t.body.Residue = r
	} else if r != t.body.Residue {
		t.body.Residue = diag.ResidueMixed
	}
	t.size, t.class, t.open = size, diag.SizeClass(int(size)), true
	t.body.Sizes[t.class]++
	t.body.Largest = max(t.body.Largest, size)
	if t.body.Unanswered == 0 || size < t.body.UnansweredLeast {
		t.body.UnansweredLeast = size
	}
	t.body.Unanswered++
	t.body.Sealed++
	f.plain.sealed(d, t, length)
}

// isCopy reports whether a packet was there just now: faster than any attacker
// or path that takes time would bring it again.
func (t *track) isCopy(seq uint32, at time.Time) bool {
	for _, m := range t.lately {
		if !at.IsZero() && m.seq == seq && !m.at.IsZero() && at.Sub(m.at).Abs() < copyWindow {
			return true
		}
	}
	t.lately[t.n] = moment{seq, at}
	t.n = (t.n + 1) % uint8(len(t.lately))
	return false
}

// copyWindow is that of package exchange.
const copyWindow = 20 * time.Millisecond

// copied counts a packet and reports whether it is the recorder's doing that it
// is there again: then nearly all of them are, as on a bridge and its port.
func (f *flows) copied(again bool) bool {
	if !again {
		f.once++
		return false
	}
	f.twice++
	return f.twice*2 > f.once
}

// begin makes room for a flow.
func (f *flows) begin(key esp.FlowKey, d *exchange.Datagram, s *exchange.Step) *track {
	if len(f.tracks) >= maxFlows {
		// Those that the table has given up for want of room are few packets
		// of a made-up SPI each.
		for k := range f.tracks {
			if f.table.Get(k) == nil {
				delete(f.tracks, k)
			}
		}
		if len(f.tracks) >= maxFlows {
			return nil
		}
	}
	if f.tracks == nil {
		f.tracks = make(map[esp.FlowKey]*track)
		f.table.MaxFlows = maxFlows / 2
	}
	t := f.track(d)
	if t == nil {
		return nil
	}
	t.top = s.Sequence
	f.tracks[key] = t
	return t
}

// track begins a flow between two hosts, nil where there is no room.
func (f *flows) track(d *exchange.Datagram) *track {
	p, way := f.pairOf(d.Source.Addr(), d.Destination.Addr())
	if p == nil {
		return nil
	}
	t := &track{pair: p, way: way}
	t.body.Whole = true
	t.spans[0] = place{d.Frame, d.Time}
	if p.known {
		t.keys = p.keys
	}
	t.keys.Near = nearBy(d)
	return t
}

// number follows the sequence numbers as a receiver's window does: only a
// number above all before moves it, whatever its size.
func (t *track) number(seq uint32, again bool) {
	switch distance := t.top - seq; {
	case int32(distance) < 0:
		t.top = seq
	case distance > 0 && !again:
		t.body.Behind[diag.BehindClass(distance)]++
	}
}

// answer notes that a host sent something: what the other sent last was
// answered, as far as can be told without keys.
func (f *flows) answer(t *track) {
	o := t.pair.last[1-t.way]
	t.pair.last[t.way] = t
	if o == nil {
		return
	}
	if o.open {
		o.open = false
		o.body.Answered[o.class]++
		o.body.LargestAnswered = max(o.body.LargestAnswered, o.size)
	}
	o.body.Unanswered = 0
}

// octets returns the length of a datagram with its headers.
func octets(d *exchange.Datagram) uint16 {
	n := d.WireLen + 20
	if d.Source.Addr().Is6() {
		n += 20
	}
	if d.Protocol == exchange.ProtocolUDP {
		n += 8
	}
	return uint16(min(n, 1<<16-1))
}

// nearBy tells from a datagram alone which end of it recorded it: as a side
// that stands for the sender (Initiator) or the receiver (Responder).
func nearBy(d *exchange.Datagram) diag.Side {
	switch d.Direction {
	case exchange.Outgoing:
		return diag.Initiator
	case exchange.Incoming:
		return diag.Responder
	}
	switch d.TTL {
	case 64, 128, 255:
		return diag.Initiator
	case 0:
		return diag.SideUnknown
	}
	return diag.Responder
}
