package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// PolicyOverlap finds traffic of one tunnel that a policy leads into another.
var PolicyOverlap = &diag.Rule{
	Code: diag.ESPPolicyOverlap,
	Doc: diag.Doc{
		Meaning:    "Two tunnels of a gateway are for the same traffic, and the policy of the other one is asked first: what should go into this tunnel goes into that one.",
		Explains:   []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     3,
		Remedy:     "give the tunnels selectors that do not overlap, or the policy of this one the smaller priority",
		References: []diag.Reference{rfc(4301, "4.4.1", "The Security Policy Database (SPD)")},
	},
	Needs: 1 << diag.BodyPolicies,
	Check: func(v *diag.View, out *diag.Sink) {
		eachEnd(v, func(e *endOf) {
			p, to, ok := e.policies()
			if !ok {
				return
			}
			for _, s := range e.streams(p.V) {
				own := s.leading(p.V, func(q *diag.Policy) bool { return q.Peer == to })
				other := s.leading(p.V, func(q *diag.Policy) bool { return q.Peer.IsValid() && q.Peer != to })
				if own == nil || other == nil || s.dir != diag.PolicyOut || other.Priority > own.Priority || own.IfID != other.IfID {
					continue
				}
				ev := p.First()
				ev.Where.Line, ev.Text = other.Line, fmt.Sprintf("src %s dst %s dir out priority %d, by %s", other.Source, other.Destination, other.Priority, other.Peer)
				w := diag.Proof
				if other.Priority == own.Priority {
					w = diag.Strong // the one that was there first
				}
				out.AddTo(e.a, diag.Finding{FixAt: e.side.End(), Evidence: weighed([]diag.Evidence{ev}, w),
					Summary: fmt.Sprintf("%s sends what goes from %s to %s to %s instead: the policy of another tunnel is asked first", e.a.NameOf(e.side), s.from, s.to, other.Peer)})
				return
			}
		})
	},
}

// MarkIfID finds policies and SAs that are tied to different interfaces.
var MarkIfID = &diag.Rule{
	Code: diag.ESPMarkIfid,
	Doc: diag.Doc{
		Meaning:    "A policy of the tunnel is tied to the tunnel interface of one number, and the SAs to that of another or to none: the kernel finds no SA for the policy, and no policy for what it decrypts.",
		Explains:   []diag.Code{diag.ESPPolicyMissing, diag.ESPPolicyBlock, diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     2,
		Remedy:     "give the connection and the interface the same number (if_id), and load the connection anew",
		References: []diag.Reference{{Title: "ip-xfrm(8), if_id", URL: "https://man7.org/linux/man-pages/man8/ip-xfrm.8.html"}},
	},
	Needs: 1 << diag.BodyPolicies,
	Check: func(v *diag.View, out *diag.Sink) {
		eachEnd(v, func(e *endOf) {
			p, to, ok := e.policies()
			if !ok || p.V.Partial {
				return
			}
			for i := range p.V.List {
				q := &p.V.List[i]
				if !q.Protect || q.Dir != diag.PolicyOut || q.Peer != to {
					continue
				}
				var sas []diag.Held
				fits := false
				for _, h := range e.a.SAs() {
					if h.SA.Half && h.At == e.side && h.SA.State == diag.SAEstablished && h.SA.Outer[1].Addr() == to {
						sas = append(sas, h)
						fits = fits || h.SA.IfID == q.IfID
					}
				}
				if fits || len(sas) == 0 {
					continue
				}
				ev := p.First()
				ev.Where.Line, ev.Text = q.Line, fmt.Sprintf("src %s dst %s dir out if_id %#x", q.Source, q.Destination, q.IfID)
				out.AddTo(e.a, diag.Finding{FixAt: e.side.End(), Evidence: []diag.Evidence{ev.As(diag.Proof), sas[0].Evidence.As(diag.Strong)},
					Summary: fmt.Sprintf("at %s the policy from %s to %s is tied to interface %d, the SAs to %d", e.a.NameOf(e.side), q.Source, q.Destination, q.IfID, sas[0].SA.IfID)})
				return
			}
		})
	},
}

// SubnetOverlap finds that the same network is behind both ends.
var SubnetOverlap = &diag.Rule{
	Code: diag.ESPSubnetOverlap,
	Doc: diag.Doc{
		Meaning:    "Both ends have the same network behind them. A host that wants one of the other end's looks for it in its own network, and its packets never come to the gateway.",
		Explains:   []diag.Code{diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:     4,
		Remedy:     "renumber one of the networks, or translate the addresses of both before the tunnel",
		References: []diag.Reference{rfc(1918, "5", "Operational Considerations")},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyRoutes,
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK {
				continue
			}
			for i := range c.V.Children {
				k := &c.V.Children[i]
				if k.Shunt || k.Translated || !slices.ContainsFunc(k.Local, func(l ike.Selector) bool { return slices.ContainsFunc(k.Remote, sameNetwork(l)) }) {
					continue
				}
				f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{v.ChildEvidence(c, i, "Local").As(diag.Proof), v.ChildEvidence(c, i, "Remote").As(diag.Proof)},
					Summary: fmt.Sprintf("%s is configured for the same network behind both ends", v.EndName(end))}
				out.Add(f)
				return
			}
		}
		eachEnd(v, func(e *endOf) {
			r := diag.HostFact(v, e.end, func(*diag.Routes) bool { return true })
			if !r.OK || e.passes() {
				return
			}
			for _, remote := range e.selectors(false) {
				for i := range r.V.List {
					x := &r.V.List[i]
					net, ok := remote.Prefix()
					if !ok || net.Bits() == 0 || x.Via.IsValid() || x.Rejects || !x.Source.IsValid() || !x.To.Contains(x.Source) || x.To.Bits() == x.To.Addr().BitLen() || x.To.Bits() < net.Bits() || !net.Overlaps(x.To) {
						continue
					}
					ev := r.First()
					ev.Where.Line, ev.Text = x.Line, fmt.Sprintf("%s dev %s src %s", x.To, x.Device, x.Source)
					out.AddTo(e.a, diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{ev.As(diag.Strong)},
						Summary: fmt.Sprintf("%s has %s attached to itself, which the tunnel has behind its peer as well", e.a.NameOf(e.side), x.To)})
					return
				}
			}
		})
	},
}

// sameNetwork accepts a selector of the same network, of more than one host
// and less than everything.
func sameNetwork(l ike.Selector) func(ike.Selector) bool {
	return func(r ike.Selector) bool {
		p, ok := l.Prefix()
		return ok && p.Bits() > 0 && !l.Dynamic && !r.Dynamic && l.From != l.To && l.From == r.From && l.To == r.To
	}
}
