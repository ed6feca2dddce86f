package observe

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// undelivered counts what routers and hosts say of packets that they could not
// deliver, of those that a tunnel may carry.
type undelivered struct {
	all map[complaint]*complained
}

// maxComplaints bounds what is counted.
const maxComplaints = 256

type complaint struct {
	why        diag.UndeliveredReason
	router, to netip.Addr
}

type complained struct {
	count uint32
	from  netip.Addr
	spans [2]place
}

// datagram counts a report. One about the gateways themselves is for others.
func (u *undelivered) datagram(d *exchange.Datagram) {
	r, ok := exchange.ReadReport(d)
	if !ok {
		return
	}
	k := complaint{router: r.Router, to: r.Destination.Addr()}
	switch r.Reason {
	case exchange.HostUnreachable:
		k.why = diag.HostSilent
	case exchange.NetUnreachable:
		k.why = diag.RouteMissing
	case exchange.Prohibited:
		k.why = diag.FirewallSays
	default:
		return
	}
	from := r.Source.Addr()
	if !travels(k.to) || !travels(from) || !private(k.to) && !private(from) {
		return
	}
	c := u.all[k]
	if c == nil {
		if len(u.all) >= maxComplaints {
			return
		}
		if u.all == nil {
			u.all = map[complaint]*complained{}
		}
		c = &complained{from: from, spans: [2]place{{d.Frame, d.Time}}}
		u.all[k] = c
	}
	c.count++
	c.spans[1] = place{d.Frame, d.Time}
}

// tellUndelivered observes them: of the only pair of gateways that the capture
// shows, else of the host that recorded it.
func (p *Packets) tellUndelivered() {
	type one struct {
		complaint
		*complained
	}
	var all []one
	for k, c := range p.undelivered.all {
		all = append(all, one{k, c})
	}
	slices.SortFunc(all, func(a, b one) int {
		return cmp.Or(a.spans[0].frame-b.spans[0].frame, a.router.Compare(b.router), a.to.Compare(b.to), cmp.Compare(a.why, b.why))
	})
	k := diag.Keys{}
	if sole := p.flows.sole(); sole != nil {
		k = sole.strand(diag.SideUnknown)
	}
	for _, c := range all {
		text := fmt.Appendf(nil, "%s reports %s, of packets from %s to %s, %d times", c.router, c.why, c.from, c.to, c.count)
		p.tellSpan(k, c.spans, text, &diag.Undelivered{Why: c.why, Router: c.router, To: c.to, From: c.from, Count: c.count})
	}
	p.undelivered = undelivered{}
}
