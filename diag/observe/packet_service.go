package observe

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
)

// services counts requests to the servers that a tunnel rests on, to tell at
// the end of a capture which of them did not answer.
type services struct {
	asked map[asking]*asked
	order []asking
	ends  map[netip.Addr]diag.Keys // the latest negotiation of each host
	last  time.Time

	denials map[asking]*denial
	denied  []*denial // in order
}

// Bounds of what is counted.
const (
	maxAsked = 1 << 10
	maxEnds  = 1 << 12
)

type asking struct {
	what   diag.Service
	client netip.Addr
	server netip.AddrPort
}

type asked struct {
	requests uint32
	answered bool
	first    time.Time
	frame    int
}

// served names the service that has a port, as registered, or for 1645 and 1646
// as RADIUS had it first (RFC 2865, section 3).
func served(port uint16) diag.Service {
	switch port {
	case 53:
		return diag.ServiceDNS
	case 80:
		return diag.ServiceHTTP
	case 137:
		return diag.ServiceWINS
	case 389, 636:
		return diag.ServiceLDAP
	case 1645, 1646, 1812, 1813:
		return diag.ServiceRADIUS
	}
	return 0
}

// aWhile is the time in which every client of these services asks again.
const aWhile = 3 * time.Second

// datagram counts what goes to a server, and what comes from one.
func (v *services) datagram(d *exchange.Datagram) {
	if d.Protocol != exchange.ProtocolUDP && d.Protocol != exchange.ProtocolTCP {
		return
	}
	v.seen(d.Time)
	if what := denied(d); what != 0 {
		v.refused(d, what)
	}
	if what := served(d.Source.Port()); what != 0 {
		// Servers of NetBIOS names ask and answer from one port.
		if a := v.asked[asking{what, d.Destination.Addr(), d.Source}]; a != nil {
			a.answered = a.answered || !refuses(d)
			return
		}
	}
	what := served(d.Destination.Port())
	if what == 0 || !single(d.Destination.Addr()) || d.Source.Addr() == d.Destination.Addr() {
		return
	}
	k := asking{what, d.Source.Addr(), d.Destination}
	a := v.asked[k]
	if a == nil {
		if len(v.asked) >= maxAsked {
			return
		}
		if v.asked == nil {
			v.asked = map[asking]*asked{}
		}
		a = &asked{first: d.Time, frame: d.Frame}
		v.asked[k] = a
		v.order = append(v.order, k)
	}
	a.requests++
}

func (v *services) seen(t time.Time) {
	if t.After(v.last) {
		v.last = t
	}
}

// refuses reports whether a TCP segment only says that nobody listens (RFC 9293,
// section 3.5.2): RST is the third bit of the flags.
func refuses(d *exchange.Datagram) bool {
	return d.Protocol == exchange.ProtocolTCP && len(d.Payload) > 13 && d.Payload[13]&4 != 0
}

// single reports whether an address is one host's, as far as it shows.
func single(a netip.Addr) bool {
	return !a.IsMulticast() && !a.IsLoopback() && !a.IsUnspecified() && !(a.Is4() && a.As4()[3] == 255)
}

// peers notes the hosts of a negotiation.
func (v *services) peers(k *diag.Keys) {
	if v.ends == nil {
		v.ends = map[netip.Addr]diag.Keys{}
	}
	for _, a := range [...]netip.Addr{k.Local.Addr(), k.Remote.Addr()} {
		if _, known := v.ends[a]; a.IsValid() && (known || len(v.ends) < maxEnds) {
			v.ends[a] = *k
		}
	}
}

// of returns the negotiation that a client's requests have to do with: its own,
// else the only one that there is.
func (v *services) of(client netip.Addr) (k diag.Keys, by diag.Party, ok bool) {
	if k, ok = v.ends[client]; ok {
		by = diag.OfResponder
		if k.Local.Addr() == client {
			by = diag.OfInitiator
		}
		return k, by, true
	}
	if len(v.ends) != 2 {
		return k, by, false
	}
	for _, k = range v.ends {
		ok = true
	}
	return k, by, ok
}

// end observes which servers did not answer.
func (v *services) end(p *Packets) {
	v.seen(p.ended)
	slices.SortFunc(v.order, func(x, y asking) int { return v.asked[x].frame - v.asked[y].frame })
	for _, q := range v.order {
		a := v.asked[q]
		lasted := !a.first.IsZero() && v.last.Sub(a.first) >= aWhile
		if a.answered || a.requests < 2 && !lasted {
			continue
		}
		k, by, ok := v.of(q.client)
		if !ok {
			continue
		}
		k.Near, k.Child, k.MessageID = diag.SideUnknown, 0, 0
		p.text = fmt.Appendf(p.text[:0], "%s > %s: %s, asked %d times and not answered", q.client, q.server, q.what, a.requests)
		p.o = diag.Observation{Source: p.Source, Where: diag.Where{Frame: a.frame}, Text: p.text, Basis: diag.Unauthenticated, Keys: k}
		if !a.first.IsZero() {
			p.o.Time = diag.Time{Value: a.first.UTC(), Precision: 1000}
		}
		p.body.unanswered = diag.Unanswered{By: by, What: q.what, Server: q.server, Requests: a.requests, Lasted: lasted}
		p.send(&p.body.unanswered)
	}
	v.endDenials(p)
	*v = services{}
}
