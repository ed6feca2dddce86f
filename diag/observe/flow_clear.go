package observe

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// clearTraffic sums up what a capture shows beside ESP and AH. What a gateway
// decrypts shows a second time, in the clear, right after the packet that it
// was in; what it is about to encrypt may show right before. Neither is
// traffic in the clear.
type clearTraffic struct {
	pairs map[[2]netip.Addr]*clearPair
	// recent holds the latest packets of ESP, ahead the latest in the clear.
	recent [recentKept]sealedPacket
	ahead  [recentKept]clearPacket
	n, m   int
}

// Bounds of clear traffic.
const (
	recentKept    = 32
	maxClearPairs = 256
	clearShown    = 16
)

// A sealedPacket is one of ESP that a packet in the clear may have been in.
type sealedPacket struct {
	t      *track
	time   time.Time
	octets int
	came   bool // to the host that recorded it, as far as its hops tell
}

// A clearPacket is one that may be about to go into ESP.
type clearPacket struct {
	p      *clearPair
	time   time.Time
	octets int
}

// clearPair is the traffic in the clear from one host to another.
type clearPair struct {
	body  diag.Flow
	spans [2]place
	near  diag.Side
}

// Around a packet, ESP adds its header, vector, padding, trailer and check
// value, and in transport mode it takes the IP header away.
const (
	leastAdded = 10 - 40
	mostAdded  = 100
	// soon is how long decryption or encryption takes at most.
	soon = 50 * time.Millisecond
)

// fits reports whether a packet may be in one of ESP or AH by its length, which
// a text may not tell: 0.
func fits(sealed, inner int) bool {
	return sealed == 0 || sealed >= inner+leastAdded && sealed <= inner+mostAdded
}

func close2(a, b time.Time) bool { d := a.Sub(b); return d <= soon && d >= -soon }

// sealed notes a packet of ESP or AH.
func (c *clearTraffic) sealed(d *exchange.Datagram, t *track, length int) {
	for i := range min(c.m, recentKept) {
		a := &c.ahead[i]
		if a.p != nil && fits(length, a.octets) && close2(d.Time, a.time) {
			a.p.body.Packets--
			a.p = nil
			return
		}
	}
	c.recent[c.n%recentKept] = sealedPacket{t, d.Time, length, nearBy(d) == diag.Responder}
	c.n++
}

// packet notes a datagram that is neither IKE nor ESP nor AH.
func (c *clearTraffic) packet(d *exchange.Datagram) {
	src, dst := d.Source.Addr(), d.Destination.Addr()
	if d.Inner || !travels(src) || !travels(dst) || !private(dst) && !private(src) {
		return
	}
	inner := int(octets(d))
	if d.Protocol == exchange.ProtocolTCP {
		inner = d.WireLen + 20
	}
	if c.opens(d, inner, true) || c.opens(d, inner, false) {
		return
	}
	key := [2]netip.Addr{src, dst}
	p := c.pairs[key]
	if p == nil {
		if len(c.pairs) >= maxClearPairs {
			return
		}
		if c.pairs == nil {
			c.pairs = make(map[[2]netip.Addr]*clearPair)
		}
		p = &clearPair{spans: [2]place{{d.Frame, d.Time}}, near: nearBy(d)}
		p.body = diag.Flow{Clear: true, Anywhere: d.Direction != exchange.DirectionUnknown, Source: src, Destination: dst}
		c.pairs[key] = p
	}
	p.body.Packets++
	p.body.Largest = max(p.body.Largest, uint16(min(inner, 1<<16-1)))
	p.spans[1] = place{d.Frame, d.Time}
	c.ahead[c.m%recentKept] = clearPacket{p, d.Time, inner}
	c.m++
}

// opens finds the packet of ESP that one in the clear was in: the oldest that
// fits, since what was decrypted first came first, and of those that came
// before those that the host may have sent itself.
func (c *clearTraffic) opens(d *exchange.Datagram, inner int, came bool) bool {
	for i := range recentKept {
		r := &c.recent[(c.n+i)%recentKept]
		if r.t != nil && r.came == came && fits(r.octets, inner) && close2(d.Time, r.time) {
			r.t.body.Opened++
			r.t.body.MSS = max(r.t.body.MSS, segmentSize(d))
			r.t.body.Sealed = 0
			r.t = nil
			return true
		}
	}
	return false
}

// segmentSize returns the maximum segment size that the first segment of a TCP
// connection announces (RFC 9293, section 3.2), 0 where none does.
func segmentSize(d *exchange.Datagram) uint16 {
	b := d.Payload
	if d.Protocol != exchange.ProtocolTCP || len(b) < 20 || b[13]&2 == 0 {
		return 0
	}
	b = b[20:max(20, min(int(b[12]>>4)*4, len(b)))]
	for len(b) > 0 && b[0] != 0 {
		n := 1
		if b[0] != 1 {
			if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
				return 0
			}
			n = int(b[1])
		}
		if b[0] == 2 && n == 4 {
			return binary.BigEndian.Uint16(b[2:])
		}
		b = b[n:]
	}
	return 0
}

// travels reports whether an address is one that gateways forward.
func travels(a netip.Addr) bool {
	return a.IsValid() && !a.IsMulticast() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// private reports whether an address is of a network of one's own (RFC 1918,
// RFC 4193), as those behind gateways mostly are.
func private(a netip.Addr) bool { return a.Unmap().IsPrivate() }

// shown returns the pairs with the most packets.
func (c *clearTraffic) shown() (all []*clearPair) {
	for _, p := range c.pairs {
		if p.body.Packets > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *clearPair) int {
		return cmp.Or(cmp.Compare(b.body.Packets, a.body.Packets), a.body.Source.Compare(b.body.Source), a.body.Destination.Compare(b.body.Destination))
	})
	return all[:min(len(all), clearShown)]
}
