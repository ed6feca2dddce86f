package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// CleartextLeak finds traffic between the protected networks that passes in
// the clear beside the tunnel.
var CleartextLeak = &diag.Rule{
	Code: diag.ESPCleartextLeak,
	Doc: diag.Doc{
		Meaning: "Traffic between networks behind the two gateways leaves in the clear on the link on which the tunnel runs. Its addresses match no policy, or the policies are gone, and nothing forbids it to pass without.",
		Common:  4,
		Remedy:  "protect the traffic by a selector of the tunnel, and have a policy drop what must not leave without",
		References: []diag.Reference{
			rfc(4301, "5.1", "Outbound IP Traffic Processing"),
		},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) { clearAs(diag.ESPCleartextLeak, v, out) },
}

// SelectorGap finds traffic to a protected network that the selectors of the
// tunnel leave out.
var SelectorGap = &diag.Rule{
	Code: diag.ESPSelectorGap,
	Doc: diag.Doc{
		Meaning:  "The tunnel is up, and traffic of one end's network to the other's is none of what its selectors cover: it leaves in the clear.",
		Explains: []diag.Code{diag.ESPCleartextLeak},
		Common:   5,
		Remedy:   "add the network that is left out to the selectors of both ends",
		References: []diag.Reference{
			rfc(4301, "4.4.1.1", "Selectors"),
		},
	},
	Needs: 1 << diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) { clearAs(diag.ESPSelectorGap, v, out) },
}

// clearAs reports traffic in the clear that goes by a code.
func clearAs(code diag.Code, v *diag.View, out *diag.Sink) {
	if !childUp(v) {
		return // there is nothing that could protect it
	}
	for a := range v.Attempts() {
		p := protectedBy(a)
		flows := a.Flows()
		for _, side := range bothSides {
			if len(p.pairs) == 0 {
				break
			}
			for _, s := range v.Flows(a.EndOf(side)) {
				if p.onLink(a, &s) {
					flows = append(flows, s)
				}
			}
		}
		for _, s := range flows {
			if !s.Flow.Clear {
				continue
			}
			if c, f, ok := p.judge(a, &s); ok && c == code {
				out.AddTo(a, f)
			}
		}
	}
}

// onLink reports whether a flow that nothing ties to a tunnel was recorded on
// the link on which the tunnel runs: what protects it is there, too, or it is
// from a gateway's own address. On the link to a network behind a gateway all
// traffic is in the clear rightly.
func (p *protected) onLink(a *diag.Attempt, s *diag.Sighting) bool {
	return slices.Contains(p.gateways, s.Flow.Source) || slices.ContainsFunc(a.Flows(), func(x diag.Sighting) bool {
		return !x.Flow.Clear && x.Evidence[0].Source == s.Evidence[0].Source
	})
}

// protected is what a tunnel is to protect: pairs of networks, as the two
// sides have them.
type protected struct {
	pairs    []networks
	wanted   []networks // by the ends' connections, negotiated or not
	gateways []netip.Addr
}

// networks is a pair of lists of selectors and where they stand.
type networks struct {
	at            diag.Side
	local, remote []ike.Selector
	evidence      []diag.Evidence
	// turned: it is what the other side says, seen from this one.
	turned bool
}

// protectedBy collects the selectors of an attempt: of its SAs, else of the
// ends' connections.
func protectedBy(a *diag.Attempt) (p protected) {
	for _, h := range a.SAs() {
		if len(h.SA.Local) > 0 && len(h.SA.Remote) > 0 && h.At != diag.SideUnknown {
			p.pairs = append(p.pairs, networks{at: h.At, local: h.SA.Local, remote: h.SA.Remote, evidence: []diag.Evidence{h.Evidence}})
		}
	}
	for _, side := range bothSides {
		p.gateways = append(p.gateways, addressesOf(a, side)...)
		c := a.View().Connection(a.EndOf(side))
		if c.OK {
			for i := range c.V.Children {
				p.wanted = append(p.wanted, networks{local: c.V.Children[i].Local, remote: c.V.Children[i].Remote})
			}
		}
		if len(p.pairs) > 0 && p.pairs[0].at != side && p.pairs[0].at != side.Other() || !c.OK {
			continue
		}
		for i := range c.V.Children {
			if k := &c.V.Children[i]; !k.Shunt && len(k.Local) > 0 && len(k.Remote) > 0 && !slices.ContainsFunc(p.pairs, func(n networks) bool { return len(n.evidence) > 0 && n.evidence[0].Kind == diag.EvidenceState }) {
				p.pairs = append(p.pairs, networks{at: side, local: k.Local, remote: k.Remote, evidence: []diag.Evidence{a.View().ChildEvidence(c, i, "Local")}})
			}
		}
	}
	for _, n := range p.pairs {
		p.pairs = append(p.pairs, networks{at: n.at.Other(), local: n.remote, remote: n.local, evidence: n.evidence, turned: true})
	}
	return p
}

func addressesOf(a *diag.Attempt, side diag.Side) (all []netip.Addr) {
	for _, s := range []diag.Side{side, side.Other()} {
		l, r := a.Addresses(s)
		for _, x := range []netip.Addr{l, r} {
			if x.IsValid() {
				all = append(all, x)
			}
		}
	}
	return all
}

// judge tells what a flow in the clear is to the tunnel.
func (p *protected) judge(a *diag.Attempt, s *diag.Sighting) (code diag.Code, f diag.Finding, ok bool) {
	src, dst := s.Flow.Source, s.Flow.Destination
	if slices.Contains(p.gateways, dst) || s.Flow.Packets < 2 {
		return "", f, false
	}
	f.FixAt = s.At.End()
	f.Evidence = weighed(s.Evidence, diag.Strong)
	what := fmt.Sprintf("traffic from %s to %s passes in the clear beside the tunnel (%d packets)", src, dst, s.Flow.Packets)
	own := slices.Contains(p.gateways, src)
	for _, n := range p.pairs {
		out := covers(n.remote, dst)
		if !out && (n.turned || !covers(n.remote, src)) {
			continue
		}
		inside := out && covers(n.local, src) || !out && covers(n.local, dst)
		from := n.at
		if !out {
			from = n.at.Other()
		}
		f.FixAt = from.End()
		switch {
		case inside && unsealed(a, s, from):
		case inside:
			f.Summary = what + ", although its selectors cover it"
			return diag.ESPCleartextLeak, f, true
		case own && out && ownAddress(a, n.at, src):
			f.Evidence = slices.Concat(f.Evidence, weighed(n.evidence, diag.Background))
			f.Summary = fmt.Sprintf("%s sends to %s, in the other end's network, in the clear and from its own address: it translates the source before the policies are asked", a.NameOf(n.at), dst)
			return diag.ESPNATBeforeIpsec, f, true
		case own || s.Flow.Anywhere:
		case p.wants(src, dst):
			f.Summary = what + ", although a child of the connection is for it"
			return diag.ESPCleartextLeak, f, true
		default:
			f.Evidence = slices.Concat(f.Evidence, weighed(n.evidence, diag.Proof))
			f.Summary = what + ": the selectors leave it out"
			return diag.ESPSelectorGap, f, true
		}
		return "", f, false
	}
	// No selector is known, or none that it has to do with.
	if len(p.pairs) == 0 && own && !s.Flow.Anywhere && !src.IsPrivate() && dst.IsPrivate() {
		if endedBefore(a.View(), s) {
			return "", f, false
		}
		// Unless something else is behind the link with a private address.
		f.Evidence, f.Severity = weighed(s.Evidence, diag.Hint), diag.Warning
		if !slices.ContainsFunc(a.Flows(), func(x diag.Sighting) bool { return !x.Flow.Clear }) {
			f.Evidence, f.Severity = weighed(s.Evidence, diag.Strong), 0 // and nothing goes into the tunnel
		}
		f.Summary = fmt.Sprintf("%s sends to %s in the clear, %d packets, a private address on the link of the tunnel: it may translate what should go into the tunnel", src, dst, s.Flow.Packets)
		f.Missing = []diag.Missing{askConfig(diag.EndBoth, "it shows which networks the tunnel protects")}
		return diag.ESPNATBeforeIpsec, f, true
	}
	if len(p.pairs) > 0 || own || s.Flow.Anywhere || !src.IsPrivate() || !dst.IsPrivate() || p.near(src) || p.near(dst) {
		return "", f, false
	}
	f.Summary = what
	f.Missing = []diag.Missing{askConfig(diag.EndBoth, "it shows which networks the tunnel protects")}
	return diag.ESPCleartextLeak, f, true
}

// endedBefore reports whether what recorded a flow in the clear shows ESP of the
// tunnel, and none since the flow began: the tunnel is gone, and what is without it
// goes in the clear.
func endedBefore(v *diag.View, s *diag.Sighting) (ended bool) {
	for a := range v.Attempts() {
		for _, x := range a.Flows() {
			if x.Flow.Clear || x.Evidence[0].Source != s.Evidence[0].Source {
				continue
			}
			if !s.Evidence[0].After(last(x.Evidence)) {
				return false
			}
			ended = true
		}
	}
	return ended
}

// unsealed reports whether the capture of a flow in the clear shows ESP of the
// same end and what was in it. What else is in the clear there and belongs into
// the tunnel may be decrypted packets that the host put together, and says
// nothing; so may, on all interfaces of a host, what it is about to encrypt.
func unsealed(a *diag.Attempt, s *diag.Sighting, from diag.Side) bool {
	return slices.ContainsFunc(a.Flows(), func(x diag.Sighting) bool {
		return !x.Flow.Clear && x.Evidence[0].Source == s.Evidence[0].Source && (x.Flow.Opened > 0 && x.From == from || s.Flow.Anywhere)
	})
}

// wants reports whether a child of either end's connection is for the traffic
// between two hosts: what is missing then is that child, and no selector.
func (p *protected) wants(x, y netip.Addr) bool {
	return slices.ContainsFunc(p.wanted, func(n networks) bool {
		return covers(n.local, x) && covers(n.remote, y) || covers(n.local, y) && covers(n.remote, x)
	})
}

// ownAddress reports whether an address is a side's, as it or its peer sees it.
func ownAddress(a *diag.Attempt, side diag.Side, x netip.Addr) bool {
	local, _ := a.Addresses(side)
	_, seen := a.Addresses(side.Other())
	return x == local || x == seen
}

// near reports whether an address may be of the network that a gateway with a
// private address of its own is in: then it may be a neighbour.
func (p *protected) near(x netip.Addr) bool {
	return slices.ContainsFunc(p.gateways, func(g netip.Addr) bool {
		if !g.IsPrivate() || g.BitLen() != x.BitLen() {
			return false
		}
		net, err := g.Prefix(g.BitLen() / 2)
		return err == nil && net.Contains(x)
	})
}

// covers reports whether selectors cover an address, for some traffic. One
// that covers all addresses says nothing of which network is meant.
func covers(list []ike.Selector, x netip.Addr) bool {
	return slices.ContainsFunc(list, func(s ike.Selector) bool {
		if !s.IsValid() || s.Dynamic || s.From.BitLen() != x.BitLen() {
			return false
		}
		if p, ok := s.Prefix(); ok && p.Bits() == 0 {
			return false
		}
		return s.From.Compare(x) <= 0 && x.Compare(s.To) <= 0
	})
}
