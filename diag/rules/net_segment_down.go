package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// SegmentDown finds a network behind a gateway, or a host of it, that the
// gateway or a router there cannot reach.
var SegmentDown = &diag.Rule{
	Code: diag.NetSegmentDown,
	Doc: diag.Doc{
		Meaning: "The tunnel delivers, and a router behind it says that it cannot: the host does not answer on its link, or there is no route to it. The same would fail without the tunnel.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.ESPFirewallInner, Ask: diag.Missing{Kind: diag.KindState, End: diag.EndBoth, Why: "the rules of the router that says so: a firewall may refuse with the same words"}},
		},
		Explains: []diag.Code{diag.ESPNoReturnRoute},
		Common:   5,
		Remedy:   "from the router that says so, ping the host: look at its address, its cable and its power, and at the router's routes",
		References: []diag.Reference{
			rfc(792, "", "Destination Unreachable Message"),
			rfc(1812, "5.2.7.1", "Destination Unreachable"),
		},
	},
	Needs: 1 << diag.BodyUndelivered,
	Check: func(v *diag.View, out *diag.Sink) {
		undelivered(v, out, func(u *diag.Undelivered) string {
			switch u.Why {
			case diag.HostSilent:
				return fmt.Sprintf("%s says that %s does not answer on its link", u.Router, u.To)
			case diag.RouteMissing:
				return fmt.Sprintf("%s says that it has no route to %s", u.Router, u.To)
			}
			return ""
		})
	},
}

// forbidden reports firewalls that say so.
func forbidden(v *diag.View, out *diag.Sink) {
	undelivered(v, out, func(u *diag.Undelivered) string {
		if u.Why != diag.FirewallSays {
			return ""
		}
		return fmt.Sprintf("%s says that it forbids what goes to %s", u.Router, u.To)
	})
}

// undelivered reports what routers said of a tunnel's packets, in the words of
// tell, which has none for what is not for it. Among much that is delivered it
// is a word only.
func undelivered(v *diag.View, out *diag.Sink, tell func(*diag.Undelivered) string) {
	a := v.Last()
	if a == nil || !childUp(v) {
		return
	}
	p := protectedBy(a)
	t := trafficOf(a)
	for _, k := range complaints(a) {
		what := tell(k.V)
		to, ok := p.behind(k.V.To)
		if what == "" || len(p.pairs) > 0 && !ok || k.V.Count < 2 || !p.within(k.V) {
			continue
		}
		f := diag.Finding{FixAt: to.End(), Phase: diag.PhaseData, Evidence: k.As(diag.Strong),
			Summary: fmt.Sprintf("%s (%d times): the packets came that far", what, k.V.Count)}
		if !ok {
			f.FixAt = diag.EndUnknown
		} else if back := t.way(to); max(back.left, back.arrived) > 2*uint64(k.V.Count)+enough {
			f.Severity = diag.Info // others are reached
		}
		out.AddTo(a, f)
	}
}

// within reports whether a report came out of the tunnel, as far as addresses
// tell: a router between the gateways complains of what passes in the clear.
func (p *protected) within(u *diag.Undelivered) bool {
	if slices.Contains(p.gateways, u.To) || slices.Contains(p.gateways, u.From) || slices.Contains(p.gateways, u.Router) {
		return false
	}
	_, ok := p.behind(u.Router)
	return ok || len(p.pairs) == 0 && u.Router.IsPrivate() && u.From.IsPrivate()
}

// complaints collects what captures of a tunnel, and of its gateways, show.
func complaints(a *diag.Attempt) (all []diag.Known[*diag.Undelivered]) {
	all = slices.AppendSeq(all, diag.Facts[diag.Undelivered](a, diag.AnySide))
	for _, side := range bothSides {
		for k := range diag.HostFacts[diag.Undelivered](a.View(), a.EndOf(side)) {
			if !slices.ContainsFunc(all, func(o diag.Known[*diag.Undelivered]) bool { return o.V.To == k.V.To && o.V.Router == k.V.Router }) {
				all = append(all, k)
			}
		}
	}
	return all
}

// behind returns the side behind whose gateway an address is.
func (p *protected) behind(x netip.Addr) (side diag.Side, ok bool) {
	for _, n := range p.pairs {
		if covers(n.local, x) {
			return n.at, true
		}
	}
	return diag.SideUnknown, false
}
