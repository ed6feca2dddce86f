package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// What becomes of packets at a gateway before they get into the tunnel and
// after they come out of it, by its settings, routes and counters.

// IPForwardOff finds a gateway that does not forward.
var IPForwardOff = &diag.Rule{
	Code: diag.ESPIpforwardOff,
	Doc: diag.Doc{
		Meaning:    "The host at one end of the tunnel is to be a gateway for a network, and its kernel does not forward packets: what comes out of the tunnel goes no further, and what the network sends does not get in.",
		Explains:   []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     4,
		Remedy:     "turn forwarding on: sysctl -w net.ipv4.ip_forward=1, and in the file that sets it when the host starts",
		References: []diag.Reference{rfc(1812, "5.2.1", "Forwarding Algorithm"), linuxSettings()},
	},
	Needs: 1 << diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		eachEnd(v, func(e *endOf) {
			off := diag.HostFact(v, e.end, func(h *diag.Host) bool { return h.Event == diag.ForwardingOff })
			if !off.OK || e.passes() || !e.network() {
				return
			}
			f := diag.Finding{FixAt: e.side.End(), Evidence: off.As(diag.Strong), Summary: fmt.Sprintf("%s does not forward packets, and its tunnel is for a network behind it", e.a.NameOf(e.side))}
			if ev := e.swallows(); len(ev) > 0 {
				f.Evidence = slices.Concat(off.As(diag.Proof), weighed(ev, diag.Strong))
				f.Summary += ": it takes packets out of the tunnel and sends none back"
			}
			out.AddTo(e.a, f)
		})
	},
}

// RPFilter finds a gateway whose reverse-path filter drops what came out of
// the tunnel.
var RPFilter = &diag.Rule{
	Code: diag.ESPRpfilter,
	Doc: diag.Doc{
		Meaning: "The kernel drops packets whose sender it would not reach by the interface on which they came (RFC 3704). What comes out of a tunnel seems to come by the outer interface, and the route to the other network may go elsewhere.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.ESPFirewallInner,
				Excluded: []diag.Exclusion{{If: filterGrows, Reason: "the filter's own counter rises"}},
				Ask:      diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "two listings of nstat with traffic between them show whether the filter drops it"},
			},
		},
		Explains:   []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     6, // where its counter speaks
		Remedy:     "set rp_filter of the outer interface, and that of all, to 2 or 0",
		References: []diag.Reference{rfc(3704, "2.2", "Strict Reverse Path Forwarding"), linuxSettings()},
	},
	Needs: 1 << diag.BodyCounter,
	Check: func(v *diag.View, out *diag.Sink) {
		eachEnd(v, func(e *endOf) {
			k := v.Counted(e.end, reversePathFilter)
			if !k.OK || k.V.Value < enough || e.passes() && !k.V.Delta ||
				diag.HostFact(v, e.end, func(h *diag.Host) bool { return h.Event == diag.ReversePathLoose }).OK {
				return
			}
			strict := diag.HostFact(v, e.end, func(h *diag.Host) bool { return h.Event == diag.ReversePathStrict })
			ev := e.swallows()
			f := diag.Finding{FixAt: e.side.End(), Severity: diag.Critical, Summary: fmt.Sprintf("the reverse-path filter of %s drops packets (%s)", e.a.NameOf(e.side), tally(k.V))}
			switch {
			case len(ev) > 0 && k.V.Delta && strict.OK:
				f.Evidence = slices.Concat(k.As(diag.Proof), strict.As(diag.Strong), weighed(ev, diag.Strong))
			case len(ev) > 0 && (k.V.Delta || strict.OK):
				f.Evidence = slices.Concat(k.As(diag.Strong), strict.As(diag.Strong), weighed(ev, diag.Strong))
			default:
				f.Evidence = slices.Concat(k.As(diag.Hint), strict.As(diag.Hint)) // which packets it drops does not show
				f.Severity = diag.Warning
			}
			out.AddTo(e.a, f)
		})
	},
}

// NoRoute finds a gateway that has no route to the network behind its peer.
var NoRoute = &diag.Rule{
	Code: diag.ESPNoRoute,
	Doc: diag.Doc{
		Meaning: "A gateway has the SAs of the tunnel and no route for the network behind its peer: a packet for it is refused before a policy is asked. Or its configuration has no route into the interface of the tunnel, so that nothing asks for one.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.ESPNATBeforeIpsec, Ask: diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "ip route get for an address behind the peer tells which table answers, and by which interface"}},
		},
		Explains:   []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     6, // where the routes are known
		Remedy:     "add a route for the peer's network by the outer interface or the tunnel's, or let the daemon install it",
		References: []diag.Reference{rfc(4301, "5.1", "Outbound IP Traffic Processing"), rfc(1812, "5.2.4", "Determining the Next Hop Address")},
	},
	Needs: 1<<diag.BodyRoutes | 1<<diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s has no route into %s: nothing goes through the tunnel", name, diag.Quote(x.Subject))
			f.Remedies = []diag.Remedy{{Action: "add a route for the peer's network"}}
			return diag.Strong, true
		}, diag.FaultNotRouted)
		eachEnd(v, func(e *endOf) {
			k := diag.HostFact(v, e.end, func(r *diag.Routes) bool { return !r.Partial })
			asked := diag.HostFact(v, e.end, func(r *diag.Routes) bool { return r.Partial })
			if !k.OK && !asked.OK || e.passes() || e.sends() {
				return
			}
			for _, remote := range e.selectors(false) {
				to := remote.From
				if !to.IsValid() || to.IsUnspecified() {
					continue
				}
				k := k
				if asked.OK {
					if r := askedFor(asked.V, remote); r != nil {
						k, to = asked, r.To.Addr()
					}
				}
				if !k.OK {
					continue
				}
				ev := k.First()
				r := k.V.For(to)
				what := "has no route to"
				switch {
				case r == nil && !k.V.Partial && hasFamily(k.V, to):
				case r != nil && r.Rejects:
					what, ev.Where.Line = "refuses packets for", r.Line
				default:
					continue
				}
				out.AddTo(e.a, diag.Finding{FixAt: e.side.End(), Evidence: weighed([]diag.Evidence{ev}, diag.Strong),
					Summary:  fmt.Sprintf("%s %s %s, which is behind its peer", e.a.NameOf(e.side), what, remote),
					Remedies: []diag.Remedy{{End: e.side.End(), Action: fmt.Sprintf("add a route to %s", remote), Source: diag.NoSource}}})
				return
			}
		})
	},
}

// askedFor returns what the kernel answers for an address of a network, nil where
// it was asked for none.
func askedFor(r *diag.Routes, network ike.Selector) *diag.Route {
	for i := range r.List {
		if a := r.List[i].To.Addr(); network.From.Is4() == a.Is4() && network.From.Compare(a) <= 0 && a.Compare(network.To) <= 0 {
			return &r.List[i]
		}
	}
	return nil
}

// hasFamily reports whether a listing of routes is one of the address's family.
func hasFamily(r *diag.Routes, a netip.Addr) bool {
	for i := range r.List {
		if r.List[i].To.Addr().Is4() == a.Is4() {
			return true
		}
	}
	return false
}

// endOf is an end of a tunnel that is up.
type endOf struct {
	a    *diag.Attempt
	t    *traffic
	end  int
	side diag.Side
}

// eachEnd looks at the ends of a tunnel that came up and was not lost since.
func eachEnd(v *diag.View, check func(e *endOf)) {
	a := v.Last()
	if a == nil || !childUp(v) {
		return
	}
	t := trafficOf(a)
	for _, side := range bothSides {
		if end := a.EndOf(side); end >= 0 {
			check(&endOf{a, t, end, side})
		}
	}
}

// passes reports whether traffic goes both ways.
func (e *endOf) passes() bool {
	return e.t.way(e.side).arrived > 0 && e.t.way(e.side.Other()).arrived > 0
}

// sends reports whether the end puts packets into the tunnel.
func (e *endOf) sends() bool { return e.t.way(e.side).left > 0 }

// swallows shows that the end takes packets out of the tunnel and sends none
// back.
func (e *endOf) swallows() []diag.Evidence {
	w := e.t.way(e.side.Other())
	if w.arrived < enough || !w.takenByState || e.sends() || !e.t.silent(e.side) {
		return nil
	}
	return w.arrEv
}

// selectors returns what the tunnel is for on the end's own or on its peer's
// side, by what its SAs say, else by its configuration.
func (e *endOf) selectors(own bool) (all []ike.Selector) {
	for _, h := range e.a.SAs() {
		switch {
		case h.SA.Half || h.At == diag.SideUnknown:
		case (h.At == e.side) == own:
			all = append(all, h.SA.Local...)
		default:
			all = append(all, h.SA.Remote...)
		}
	}
	c := e.a.View().Connection(e.end)
	if len(all) > 0 || !c.OK {
		return all
	}
	for i := range c.V.Children {
		if own {
			all = append(all, c.V.Children[i].Local...)
		} else {
			all = append(all, c.V.Children[i].Remote...)
		}
	}
	return all
}

// policies returns those of the end's kernel, and the address that its tunnel
// leads to.
func (e *endOf) policies() (p diag.Known[*diag.Policies], to netip.Addr, ok bool) {
	p = diag.HostFact(e.a.View(), e.end, func(*diag.Policies) bool { return true })
	_, to = e.a.Addresses(e.side)
	return p, to, p.OK && to.IsValid()
}

// streams returns the directions of traffic that the SAs of the end are for.
func (e *endOf) streams(p *diag.Policies) (all []stream) {
	for _, h := range e.a.SAs() {
		if h.At != e.side || h.SA.Half || h.SA.Partial || h.SA.State != diag.SAEstablished || h.SA.Mode != ike.ModeTunnel {
			continue
		}
		for _, local := range h.SA.Local {
			for _, remote := range h.SA.Remote {
				all = append(all, streams(local, remote, p.Forwards)...)
			}
		}
	}
	return all
}

// network reports whether the end is a gateway for more than itself.
func (e *endOf) network() bool {
	for _, s := range e.selectors(true) {
		if s.From != s.To {
			return true
		}
	}
	return false
}

// filterGrows: the reverse-path filter drops packets now.
func filterGrows(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for _, side := range bothSides {
		if k := c.View.Counted(c.Attempt.EndOf(side), reversePathFilter); c.Finding.FixAt == side.End() && k.OK && k.V.Delta {
			return k.First(), true
		}
	}
	return diag.Evidence{}, false
}

// forwards: the end to be fixed forwards packets.
func forwards(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for _, side := range bothSides {
		k := diag.HostFact(c.View, c.Attempt.EndOf(side), func(h *diag.Host) bool { return h.Event == diag.ForwardingOn })
		if c.Finding.FixAt == side.End() && k.OK {
			return k.First(), true
		}
	}
	return diag.Evidence{}, false
}

// reversePathFilter is Linux's name of the counter of what the filter drops.
const reversePathFilter = "TcpExtIPReversePathFilter"

// linuxSettings is where the meaning of the settings stands.
func linuxSettings() diag.Reference {
	return diag.Reference{Title: "Linux kernel documentation: IP Sysctl", URL: "https://docs.kernel.org/networking/ip-sysctl.html"}
}
