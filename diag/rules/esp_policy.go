package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// What a kernel's policies do to the traffic of a tunnel whose SAs it has.

// PolicyMissing finds decrypted packets that no policy lets in.
var PolicyMissing = &diag.Rule{
	Code: diag.ESPPolicyMissing,
	Doc: diag.Doc{
		Meaning: "Packets are decrypted, and no policy for them is there, or one that wants them protected otherwise: what was negotiated and what the kernel has do not agree. " +
			"Packets that come in the clear and should have come encrypted count here, too.",
		Common:     3,
		Remedy:     "compare the kernel's policies with the tunnel's selectors: the directions out and in must be there, and fwd on Linux",
		References: []diag.Reference{rfc(4301, "5.2", "Processing Inbound IP Traffic"), kernelCounters()},
	},
	Needs: 1<<diag.BodyCounter | 1<<diag.BodyPolicies,
	Check: func(v *diag.View, out *diag.Sink) {
		if policyFault(v, out, policyMissing, "XfrmInNoPols", "XfrmInTmplMismatch") {
			return
		}
		counterCheck(v, out, "drops packets for which it has no policy, or another one", "XfrmInNoPols", "XfrmInTmplMismatch")
	},
}

// PolicyBlock finds packets that a policy forbids, or that no SA is there for.
var PolicyBlock = &diag.Rule{
	Code: diag.ESPPolicyBlock,
	Doc: diag.Doc{
		Meaning:    "A policy of the kernel drops the packets, or demands an SA that is not there.",
		Common:     3,
		Remedy:     "look for a policy that blocks, and for an SA that was never negotiated",
		References: []diag.Reference{rfc(4301, "5.1", "Outbound IP Traffic Processing"), kernelCounters()},
	},
	Needs: 1<<diag.BodyCounter | 1<<diag.BodyPolicies | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		if policyFault(v, out, policyBlocks, "XfrmOutPolBlock", "XfrmInPolBlock") || wantsSA(v, out) {
			return
		}
		counterCheck(v, out, "drops packets since a policy says so or no SA is there", "XfrmInPolBlock", "XfrmOutPolBlock")
	},
}

// wantsSA reports traffic for which a kernel asked for an SA, and none came
// although nothing else is known to be wrong with the tunnel.
func wantsSA(v *diag.View, out *diag.Sink) (found bool) {
	a := v.Last()
	if a != nil && !a.Completed(diag.Phase2) {
		return false // why it does not come up is for others to say
	}
	for end := range 2 {
		c := v.Connection(end)
		k := diag.HostFact(v, end, func(o *diag.Obstacle) bool {
			return o.What == diag.ObstacleNoSA && (v.Sole(end) || c.OK && slices.Contains(c.V.RemoteAddresses, o.Remote))
		})
		if !k.OK {
			continue
		}
		f := diag.Finding{FixAt: diag.EndUnknown, Evidence: k.As(diag.Strong), Summary: fmt.Sprintf("the kernel of %s asks for an SA for traffic (%s), and none comes", v.EndName(end), diag.Quote(k.V.Detail)),
			Missing: []diag.Missing{askLog(diag.EndUnknown, "it says what the daemon made of the kernel's request")}}
		if a == nil {
			out.Add(f)
		} else {
			for _, side := range bothSides {
				if a.EndOf(side) == end {
					f.FixAt = side.End()
				}
			}
			out.AddTo(a, f)
		}
		return true
	}
	return false
}

// stream is one direction of a tunnel's traffic through one host.
type stream struct {
	dir      diag.PolicyDir
	from, to ike.Selector
}

// streams returns what policies a tunnel needs at one of its ends (RFC 4301,
// section 5).
func streams(local, remote ike.Selector, forwards bool) []stream {
	all := []stream{{diag.PolicyOut, local, remote}, {diag.PolicyIn, remote, local}}
	if forwards {
		all = append(all, stream{diag.PolicyForward, remote, local})
	}
	return all
}

// protecting returns the policy that is asked first of those that protect all
// of a stream, nil where there is none.
func (s *stream) protecting(p *diag.Policies) (first *diag.Policy) {
	return s.leading(p, func(*diag.Policy) bool { return true })
}

// leading returns the one that is asked first of those that keep accepts.
func (s *stream) leading(p *diag.Policies, keep func(*diag.Policy) bool) (first *diag.Policy) {
	for i := range p.List {
		q := &p.List[i]
		if q.Protect && keep(q) && q.Dir == s.dir && q.Source.Contains(s.from) && q.Destination.Contains(s.to) && (first == nil || q.Priority < first.Priority) {
			first = q
		}
	}
	return first
}

// policyCheck looks at one stream: ok where it finds what is wrong, and whole
// where all of the stream suffers.
type policyCheck func(s *stream, p *diag.Policies) (at *diag.Policy, what string, whole, ok bool)

// policyMissing finds that nothing puts a stream into the tunnel, or lets it
// out of it.
func policyMissing(s *stream, p *diag.Policies) (at *diag.Policy, what string, whole, ok bool) {
	if p.Partial || s.protecting(p) != nil {
		return nil, "", false, false
	}
	return nil, fmt.Sprintf("has the tunnel's SAs and no policy (%s) for what goes from %s to %s", s.dir, s.from, s.to), true, true
}

// policyBlocks finds a policy that is asked before the tunnel's, and drops.
func policyBlocks(s *stream, p *diag.Policies) (at *diag.Policy, what string, whole, ok bool) {
	own := s.protecting(p)
	for i := range p.List {
		q := &p.List[i]
		if !q.Block || q.Marked || q.Dir != s.dir || !q.Source.Overlaps(s.from) || !q.Destination.Overlaps(s.to) || own != nil && q.Priority >= own.Priority {
			continue
		}
		what = fmt.Sprintf("has a policy (%s) that drops what goes from %s to %s, and asks it before the tunnel's", q.Dir, q.Source, q.Destination)
		return q, what, q.Source.Contains(s.from) && q.Destination.Contains(s.to), true
	}
	return nil, "", false, false
}

// policyFault reports what a check finds at an end that lists both the SAs of
// a tunnel and its policies. The host's counters make sure that the listings
// are of one time, and that it matters.
func policyFault(v *diag.View, out *diag.Sink, check policyCheck, counters ...string) (found bool) {
	a := v.Last()
	if a == nil || !childUp(v) {
		return false
	}
	for _, h := range a.SAs() {
		if h.At == diag.SideUnknown || h.SA.Half || h.SA.Partial || h.SA.State != diag.SAEstablished || h.SA.Mode != ike.ModeTunnel {
			continue
		}
		p := diag.HostFact(v, a.EndOf(h.At), func(*diag.Policies) bool { return true })
		if !p.OK {
			continue
		}
		for _, local := range h.SA.Local {
			for _, remote := range h.SA.Remote {
				for _, s := range streams(local, remote, p.V.Forwards) {
					at, what, whole, ok := check(&s, p.V)
					if !ok {
						continue
					}
					e := p.First()
					if at != nil {
						e.Where.Line, e.Text = at.Line, fmt.Sprintf("src %s dst %s dir %s action block priority %d", at.Source, at.Destination, at.Dir, at.Priority)
					}
					f := diag.Finding{FixAt: h.At.End(), Summary: "the kernel of " + a.NameOf(h.At) + " " + what}
					f.Evidence = slices.Concat(weighed([]diag.Evidence{e}, diag.Strong), weighed([]diag.Evidence{h.Evidence}, diag.Strong))
					if k := counted(a, h.At, counters...); k.OK && k.V.Value >= enough {
						f.Evidence = slices.Concat(weighed([]diag.Evidence{e}, diag.Proof), weighed([]diag.Evidence{h.Evidence}, diag.Strong), k.As(diag.Strong))
					} else if !whole {
						f.Severity = diag.Warning
					}
					out.AddTo(a, f)
					return true
				}
			}
		}
	}
	return false
}
