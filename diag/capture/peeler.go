package capture

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// Frame is what a recorder hands over: raw bytes and what is known of them.
type Frame struct {
	// Data is what was kept of the frame, from the link header on.
	Data []byte
	// WireLen is the length that the frame had, at least len(Data); 0 means
	// len(Data).
	WireLen int
	// Link is the type of the link header.
	Link LinkType
	// Time is zero where the source has no clock.
	Time time.Time
	// Number is the number of the frame in its source, from 1.
	Number int
	// Direction is what the recorder says of it; a link header that says it
	// too has precedence.
	Direction exchange.Direction
}

// Header is an IP header around a datagram.
type Header struct {
	// Source and Destination are the addresses of the header.
	Source, Destination netip.Addr
	// Protocol is the tunnel's IP protocol number: 4, 41, 47 or 137, or 1 or
	// 58 for the ICMP error that quotes a packet.
	Protocol uint8
}

// Result says what a Peeler made of a frame.
type Result uint8

// The results of Peel.
const (
	// Delivered: the datagram has been filled in.
	Delivered Result = iota
	// Held: the frame is a fragment, the rest of its datagram is missing so
	// far.
	Held
	// NotIP: the frame holds no IP packet.
	NotIP
	// Truncated: the recorder kept too little of the frame to tell.
	Truncated
	// Malformed: headers contradict each other or end too early.
	Malformed
	// UnknownLink: the link type is not one of those in [LinkType].
	UnknownLink
)

// Peeler takes the headers off frames and puts fragments together. Its zero
// value is ready to use. A [Reader] has one of its own; a source of live frames
// needs one for itself.
type Peeler struct {
	// Limits bound the fragments that are held. They are read at the first
	// Peel.
	Limits Limits

	ready   bool
	partial bool // the datagram being peeled lacks fragments
	cut     bool // the frame being peeled lacks bytes
	headers int  // left for this frame
	outer   [maxTunnels]Header
	tunnels int // used of outer
	frags   fragments
}

// maxTunnels is how many IP headers may be around a datagram.
const maxTunnels = 8

// Peel finds the datagram in a frame and fills in *d, which aliases f.Data or,
// where it came in fragments, a buffer of the Peeler's until the next call of
// Peel, Expired or Flush.
func (p *Peeler) Peel(f *Frame, d *exchange.Datagram) Result {
	if !p.ready {
		p.Limits = p.Limits.withDefaults()
		p.frags.limit = p.Limits.Assemblies
		p.frags.wait = p.Limits.AssemblyTime
		p.ready = true
	}
	wire := max(f.WireLen, len(f.Data))
	p.headers = p.Limits.Headers
	p.tunnels = 0
	p.partial = false
	p.cut = wire > len(f.Data)
	if p.frags.live > 0 {
		p.frags.release()
		if !f.Time.Before(p.frags.deadline) && !f.Time.IsZero() {
			p.frags.expire(f.Time)
		}
	}
	d.Time = f.Time
	d.Frame = f.Number
	d.Direction = f.Direction
	d.Fragments = 0
	d.Incomplete = false
	d.Inner = false
	return p.link(f.Link, f.Data, wire, d)
}

// Expired fills in *d with a datagram whose fragments have not all come within
// [Limits.AssemblyTime] or that had to make room, and reports whether there was
// one. It is called until it returns false before each Peel: of a caller who does
// not, the oldest are forgotten.
func (p *Peeler) Expired(d *exchange.Datagram) bool {
	a := p.frags.nextGivenUp()
	if a == nil {
		return false
	}
	p.deliverPartial(a, d)
	return true
}

// Expire gives up what has waited longer than [Limits.AssemblyTime] at an
// instant, as the next frame would: for live sources that are silent. Expired
// then returns it.
func (p *Peeler) Expire(now time.Time) { p.frags.expire(now) }

// CountFragments sets the numbers of fragments in *c to those that the Peeler
// has seen.
func (p *Peeler) CountFragments(c *Coverage) {
	c.Fragments = p.frags.seen
	c.RefusedFragments = p.frags.refused
	c.Incomplete = p.frags.incomplete
	c.Evicted = p.frags.evicted
}

// Flush gives up all fragments that are still held: at the end of a recording.
// Expired then returns what there was of their datagrams.
func (p *Peeler) Flush() { p.frags.giveUpAll() }

// Enclosing returns the IP headers around the datagram that was delivered
// last, outermost first: those of its tunnels. The slice is valid until the
// next call of Peel, Expired or Flush.
func (p *Peeler) Enclosing() []Header { return p.outer[:p.tunnels] }

// enter notes that the headers around the datagram go one IP header deeper. It
// refuses the nesting that no network has.
func (p *Peeler) enter(d *exchange.Datagram) bool {
	if p.tunnels == maxTunnels {
		return false
	}
	p.outer[p.tunnels] = Header{d.Source.Addr(), d.Destination.Addr(), d.Protocol}
	p.tunnels++
	d.Inner = true
	return true
}

// short is the result for headers that end too early.
func (p *Peeler) short() Result {
	if p.cut || p.partial {
		return Truncated
	}
	return Malformed
}

// spend takes one header of the limit.
func (p *Peeler) spend() bool {
	p.headers--
	return p.headers >= 0
}
