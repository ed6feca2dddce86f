package observe

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/esp"
)

// tell observes what there is of flows at the end of the capture.
func (p *Packets) tell() {
	p.flows.now = p.ended
	p.Flush()
	p.tellClear()
}

// due tells flows anew where Every is over.
func (p *Packets) due(now time.Time) {
	switch f := &p.flows; {
	case p.Every <= 0 || now.IsZero():
	case f.told.IsZero():
		f.told = now
	case now.Sub(f.told) >= p.Every:
		f.told = now
		p.Flush()
	}
}

// Flush observes what the packets of ESP and AH come to so far. Read does so
// at its end; who calls Step calls Flush whenever the sums are wanted, and
// once at the end. Each telling has all packets from the first on and takes
// the place of the one before. What passes in the clear is told by Read alone,
// at its end: only what follows shows whether it had been in a tunnel.
func (p *Packets) Flush() {
	f := &p.flows
	for g := range f.table.All() {
		t := f.tracks[g.FlowKey]
		if t == nil {
			continue
		}
		b := &t.body
		b.SPI, b.AH, b.InUDP = g.SPI, g.AH, g.UDP
		b.First, b.Last = uint32(g.Lowest), uint32(g.Highest)
		b.Packets, b.Lost, b.Repeated = g.Packets, g.Missing(), g.Duplicates
		b.Restarts, b.Moves = uint32(g.Restarts), uint32(g.Moves)
		b.Seconds, b.Silence, b.Since = wholeSeconds(g.Last.Sub(g.First)), wholeSeconds(g.Silence), wholeSeconds(f.now.Sub(g.Last))
		if t.keys.Handle == 0 { // and stays with it, should a negotiation follow
			t.keys = t.pair.strand(t.keys.Near)
		}
		k := t.keys
		k.SPI = g.SPI
		sender := t.pair.hosts[t.way]
		b.From = diag.OfInitiator
		if sender == k.Remote.Addr() {
			b.From = diag.OfResponder
			k.Near = k.Near.Other()
		}
		p.tellSpan(k, t.spans, flowText(sender, g, b), b)
	}
}

// tellClear observes what passed in the clear.
func (p *Packets) tellClear() {
	f := &p.flows
	// Of several pairs of gateways the addresses within do not tell which.
	sole := f.sole()
	for _, c := range f.plain.shown() {
		k := diag.Keys{}
		if sole != nil {
			k = sole.strand(diag.SideUnknown)
		}
		text := fmt.Appendf(nil, "%s > %s: in the clear, %d packets", c.body.Source, c.body.Destination, c.body.Packets)
		p.tellSpan(k, c.spans, text, &c.body)
	}
}

// tellSpan observes a body at its first and at its last packet.
func (p *Packets) tellSpan(k diag.Keys, spans [2]place, text []byte, b diag.Body) {
	for i, at := range spans {
		if i > 0 && at.frame == spans[0].frame {
			return
		}
		// After what the frame itself shows, in an order of its own.
		p.o = diag.Observation{Source: p.Source, Where: diag.Where{Frame: at.frame, Index: flowIndex}, Text: text, Basis: diag.Unauthenticated, Keys: k, Body: b}
		if !at.time.IsZero() {
			p.o.Time = diag.Time{Value: at.time.UTC(), Precision: 1000}
		}
		p.To.Observe(&p.o)
	}
}

// flowIndex is behind the indices of what one message shows.
const flowIndex = 1 << 10

// strand returns the keys of a flow whose negotiation was not seen: by the
// pair alone, its negotiation's where one was seen later.
func (p *pair) strand(near diag.Side) diag.Keys {
	if p.known {
		k := p.keys
		k.Near = near
		return k
	}
	return diag.Keys{
		Handle: pairHandle(p.hosts[0], p.hosts[1]), Observer: true, Near: near,
		Local: netip.AddrPortFrom(p.hosts[0], 0), Remote: netip.AddrPortFrom(p.hosts[1], 0),
	}
}

// sole returns the only pair there is, nil where there are none or several.
func (f *flows) sole() (only *pair) {
	if len(f.pairs) == 1 {
		for _, p := range f.pairs {
			return p
		}
	}
	return nil
}

func wholeSeconds(d time.Duration) uint32 { return uint32(max(d, 0) / time.Second) }

func flowText(sender netip.Addr, g *esp.Flow, b *diag.Flow) []byte {
	name := "ESP"
	switch {
	case g.AH:
		name = "AH"
	case g.UDP:
		name = "ESP in UDP"
	}
	text := fmt.Appendf(nil, "%s > %s: %s, SPI %08x, sequence numbers %d to %d, %d packets of up to %d octets", sender, g.Destination, name, g.SPI, g.Lowest, g.Highest, b.Packets, b.Largest)
	if i := slices.IndexFunc(b.Behind[:], func(n uint32) bool { return n > 0 }); i >= 0 {
		text = fmt.Appendf(text, ", out of order")
	}
	return text
}
