package observe

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// tell observes what there is of flows at the end of the capture.
func (p *Packets) tell() {
	p.flows.now = p.ended
	p.Flush()
	p.tellClear()
	p.tellUndelivered()
}

// clock flushes now and then what has come, until it is stopped. What reads
// packets holds the lock meanwhile, and not while it waits for one: the last of
// them are told as well where none follows.
func (p *Packets) clock() (stop func()) {
	end := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(p.Every)
		defer tick.Stop()
		for told := uint64(0); ; {
			select {
			case <-end:
				return
			case <-tick.C:
			}
			p.lock.Lock()
			if n := p.flows.seen; n != told {
				told = n
				p.Flush()
			}
			p.lock.Unlock()
		}
	})
	return func() {
		close(end)
		done.Wait()
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
		b.SilenceMillis = uint32(min((max(g.Silence, 0)+time.Millisecond-1)/time.Millisecond, math.MaxUint32))
		p.tellFlow(t)
	}
	ways := slices.SortedFunc(maps.Keys(f.nameless), func(x, y direction) int {
		return cmp.Or(x.src.Compare(y.src), x.dst.Compare(y.dst), f.nameless[x].spans[0].frame-f.nameless[y].spans[0].frame)
	})
	for _, way := range ways {
		t := f.nameless[way]
		t.body.AH = way.ah
		t.body.Seconds, t.body.Since = wholeSeconds(t.spans[1].time.Sub(t.spans[0].time)), wholeSeconds(f.now.Sub(t.spans[1].time))
		p.tellFlow(t)
	}
}

// tellFlow observes what a flow comes to.
func (p *Packets) tellFlow(t *track) {
	if t.keys.Handle == 0 { // and stays with it, should a negotiation follow
		t.keys = t.pair.strand(t.keys.Near)
	}
	k, b := t.keys, &t.body
	k.SPI = b.SPI
	from, to := t.pair.hosts[t.way], t.pair.hosts[1-t.way]
	b.From = diag.OfInitiator
	if from == k.Remote.Addr() {
		b.From = diag.OfResponder
		k.Near = k.Near.Other()
	}
	p.tellSpan(k, t.spans, flowText(from, to, b), b)
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

func flowText(from, to netip.Addr, b *diag.Flow) []byte {
	name := "ESP"
	switch {
	case b.AH:
		name = "AH"
	case b.InUDP:
		name = "ESP in UDP"
	}
	text := fmt.Appendf(nil, "%s > %s: %s, ", from, to, name)
	if b.SPI != 0 {
		text = fmt.Appendf(text, "SPI %08x, sequence numbers %d to %d, ", b.SPI, b.First, b.Last)
	}
	text = fmt.Appendf(text, "%d packets of up to %d octets", b.Packets, b.Largest)
	if slices.ContainsFunc(b.Behind[:], func(n uint32) bool { return n > 0 }) {
		text = append(text, ", out of order"...)
	}
	return text
}
