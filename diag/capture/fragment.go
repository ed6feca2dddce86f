package capture

import (
	"bytes"
	"math/bits"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// fragment is one part of an IP datagram.
type fragment struct {
	id       uint32
	protocol uint8
	v6       bool
	more     bool // not the last
	offset   int
	data     []byte
	wire     int // its length on the wire, at least len(data)
}

// fragmentKey is what the fragments of one datagram share: RFC 791 section
// 3.2, RFC 8200 section 4.5 (where the protocol is no part of it).
type fragmentKey struct {
	source, destination netip.Addr
	id                  uint32
	protocol            uint8
	depth               uint8 // of tunnels: outer and inner fragments never mix
}

// maxDatagram is the length of the largest IP datagram without its header.
const maxDatagram = 65535

// assembly is a datagram of which fragments are held. Presence is counted in
// units of eight bytes, as fragments are, in a fixed bitmap: neither the number
// of fragments nor their order costs more than their bytes.
type assembly struct {
	key      fragmentKey
	datagram exchange.Datagram // headers of the first fragment, time of the last
	v6       bool
	outer    [maxTunnels]Header
	tunnels  int
	deadline time.Time

	present [(maxDatagram + 1) / 8 / 64]uint64
	units   int // set in present
	total   int // length of the whole, -1 while the last fragment is missing
	end     int // of the fragment that reaches farthest
	known   int // from here on bytes are missing because a recorder cut them
	count   int
	buf     []byte

	first   bool // the first fragment is there
	refused bool // fragments contradict each other
	done    bool // delivered; stays to know repetitions by
	again   bool // a repetition of a datagram that has been delivered
	busy    bool // lent to the datagram that is being delivered
}

// fragment adds one part and goes on with the whole where it is the last that
// was missing.
func (p *Peeler) fragment(f fragment, d *exchange.Datagram) Result {
	if p.partial {
		// Inside of what is incomplete: this part is all there will be.
		d.Payload, d.WireLen = nil, 0
		if f.offset > 0 {
			return Delivered
		}
		return p.whole(f.v6, f.protocol, f.data, f.wire, d)
	}
	a := p.frags.add(f, uint8(p.tunnels), d)
	if a == nil {
		return Held
	}
	if a.count == 1 || f.offset == 0 {
		a.outer, a.tunnels = p.outer, p.tunnels
	}
	if a.refused || a.total < 0 || a.units != (a.total+7)/8 {
		return Held
	}
	a.done, a.busy, p.frags.lending = true, true, true
	last := *d
	*d = a.datagram
	d.Time, d.Frame, d.Direction = last.Time, last.Frame, last.Direction
	d.Fragments = a.count
	p.cut = a.known < a.total
	return p.whole(a.v6, a.datagram.Protocol, a.buf[:min(a.total, a.known)], a.total, d)
}

// whole goes on behind the fragment header.
func (p *Peeler) whole(v6 bool, protocol uint8, b []byte, wire int, d *exchange.Datagram) Result {
	if v6 {
		return p.ipv6Next(protocol, b, wire, d, true)
	}
	d.Protocol = protocol
	return p.transport(b, wire, d)
}

// deliverPartial fills in *d with what there is of a datagram that was given
// up: its first fragments up to the first gap, or nothing but its addresses.
func (p *Peeler) deliverPartial(a *assembly, d *exchange.Datagram) {
	p.headers = p.Limits.Headers
	p.partial = true
	p.outer, p.tunnels = a.outer, a.tunnels
	*d = a.datagram
	d.Fragments = a.count
	b := a.buf[:a.prefix()]
	if a.first {
		outer, tunnels := *d, p.tunnels
		if r := p.whole(a.v6, a.datagram.Protocol, b, max(a.total, a.end), d); r != Delivered {
			*d, p.tunnels = outer, tunnels
			d.Payload, d.WireLen = b, max(a.total, a.end)
		}
	}
	d.Incomplete = true
}

// possible says whether a fragment has a length that fragments have: whole
// units but for the last, none of them beyond the largest datagram.
func (f *fragment) possible() bool {
	return f.wire > 0 && (!f.more || f.wire%8 == 0) && f.offset+f.wire <= maxDatagram
}

// units returns the units that a fragment takes.
func (f *fragment) units() (lo, hi int) {
	return f.offset / 8, (f.offset + f.wire + 7) / 8
}

// repeats says whether a fragment is there already: the same frame recorded
// twice. Bytes that a recorder cut cannot be compared and count as the same.
func (a *assembly) repeats(f fragment) bool {
	lo, hi := f.units()
	if a.countSet(lo, hi) != hi-lo || !f.more && a.total != f.offset+f.wire {
		return false
	}
	n := min(f.offset+len(f.data), len(a.buf), a.known)
	return n <= f.offset || bytes.Equal(a.buf[f.offset:n], f.data[:n-f.offset])
}

// contradicts says whether a fragment overlaps others, or another end of the
// datagram than the one that is known would follow from it. RFC 5722 wants such
// datagrams discarded; nobody but an attacker sends them.
func (a *assembly) contradicts(f fragment) bool {
	if a.countSet(f.units()) > 0 {
		return true
	}
	end := f.offset + f.wire
	if f.more {
		return a.total >= 0 && end > a.total
	}
	return a.total >= 0 || a.end > end
}

// put takes a fragment in.
func (a *assembly) put(f fragment) {
	lo, hi := f.units()
	a.set(lo, hi)
	a.units += hi - lo
	a.end = max(a.end, f.offset+f.wire)
	if !f.more {
		a.total = a.end
	}
	a.count++
	a.first = a.first || f.offset == 0
	have := f.offset + len(f.data)
	if len(f.data) < f.wire {
		a.known = min(a.known, have)
	}
	a.grow(have)
	copy(a.buf[f.offset:], f.data)
}

// grow makes room for n bytes. What lies between fragments is never shown, so
// that it needs no clearing.
func (a *assembly) grow(n int) {
	if n <= len(a.buf) {
		return
	}
	if n > cap(a.buf) {
		b := make([]byte, len(a.buf), max(2048, 1<<bits.Len(uint(n-1))))
		copy(b, a.buf)
		a.buf = b
	}
	a.buf = a.buf[:n]
}

// mask returns the bits of word w that lie in [lo, hi).
func mask(w, lo, hi int) uint64 {
	m := ^uint64(0)
	if w == lo/64 {
		m <<= lo % 64
	}
	if w == (hi-1)/64 {
		m &= ^uint64(0) >> (63 - (hi-1)%64)
	}
	return m
}

func (a *assembly) countSet(lo, hi int) int {
	n := 0
	for w := lo / 64; w <= (hi-1)/64; w++ {
		n += bits.OnesCount64(a.present[w] & mask(w, lo, hi))
	}
	return n
}

func (a *assembly) set(lo, hi int) {
	for w := lo / 64; w <= (hi-1)/64; w++ {
		a.present[w] |= mask(w, lo, hi)
	}
}

// prefix is the number of bytes from the start that are there without a gap.
func (a *assembly) prefix() int {
	units := len(a.present) * 64
	for w, v := range a.present {
		if v != ^uint64(0) {
			units = w*64 + bits.TrailingZeros64(^v)
			break
		}
	}
	return min(units*8, a.end, a.known, len(a.buf))
}
