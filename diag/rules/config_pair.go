package rules

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// What the two ends' configurations prove before a packet flows. The rules of
// single codes ask for their aspect (compareProposals and its like) and join
// the answer with what the attempts show.

// confPair is what the two ends of a tunnel are configured to do.
type confPair struct {
	v *diag.View
	c [2]diag.Known[*diag.Connection]
	// initiator is the end, 0 or 1, that begins, -1 where nothing tells or
	// either did.
	initiator int
}

// confPairOf returns the ends' configurations; ok is false unless both are
// given and are meant for each other.
func confPairOf(v *diag.View) (p confPair, ok bool) {
	p.v = v
	for end := range p.c {
		p.c[end] = v.Connection(end)
		if !p.c[end].OK {
			return p, false
		}
	}
	p.initiator = beginner(v, p.c)
	return p, p.linked()
}

// linked reports whether something ties the two connections to each other.
// Two that merely look alike may both be for a third gateway.
func (p confPair) linked() bool {
	for a := range p.v.Attempts() {
		if a.Seen(diag.Initiator) && a.Seen(diag.Responder) {
			return true
		}
	}
	for end := range p.c {
		x, y := p.c[end].V, p.c[1-end].V
		if calls(x, y) && !callsOther(y, x) {
			return true
		}
		if stranger(y, x) {
			continue
		}
		if id := x.RemoteID; !id.Any && !id.FromCert && id.Value != "" && id.SameValue(y.LocalID) {
			return true
		}
	}
	extract := len(p.c[0].V.LocalAddresses)+len(p.c[1].V.LocalAddresses) == 0
	for _, i := range negotiated(p.c[0].V) {
		for _, j := range negotiated(p.c[1].V) {
			k, m := &p.c[0].V.Children[i], &p.c[1].V.Children[j]
			here, there := mirrored(k.Local, m.Remote), mirrored(k.Remote, m.Local)
			if here && there {
				return true
			}
			// Of two extracts that do not show the ends' own addresses, what
			// is behind one is what the other has behind its peer.
			if extract && (here && !everything(k.Local) || there && !everything(k.Remote)) {
				return true
			}
		}
	}
	return false
}

// stranger reports whether all that an end has for its peer is somebody else's:
// the address, the identity and the networks. It is for a third gateway.
func stranger(x, y *diag.Connection) bool {
	if !callsOther(x, y) || x.RemoteID.Any || x.RemoteID.IsZero() || x.RemoteID.FromCert || x.RemoteID.SameValue(y.LocalID) {
		return false
	}
	return !slices.ContainsFunc(negotiated(x), func(i int) bool {
		return slices.ContainsFunc(negotiated(y), func(j int) bool {
			return lie(x.Children[i].Remote, y.Children[j].Local) == equal
		})
	})
}

// calls reports whether an end has an address of the other's for its peer.
func calls(x, y *diag.Connection) bool {
	return slices.ContainsFunc(x.RemoteAddresses, func(a netip.Addr) bool { return slices.Contains(y.LocalAddresses, a) })
}

// callsOther reports whether an end has the address of somebody else for its
// peer, as far as no translation explains it.
func callsOther(x, y *diag.Connection) bool {
	return !calls(x, y) && len(x.RemoteAddresses) > 0 && len(y.LocalAddresses) > 0 && !x.RemoteAny && x.RemoteName == "" && !y.LocalAny &&
		!translates(x.RemoteAddresses, y.LocalAddresses)
}

// mirrored reports whether two lists are the same known subnets.
func mirrored(x, y []ike.Selector) bool {
	return lie(x, y) == equal && !slices.ContainsFunc(x, func(s ike.Selector) bool { return s.Dynamic })
}

// beginner finds out who initiates: who did in all attempts, else who alone
// can or is set to by the configurations.
func beginner(v *diag.View, c [2]diag.Known[*diag.Connection]) int {
	seen := -1
	for a := range v.Attempts() {
		end := a.EndOf(diag.Initiator)
		if end < 0 {
			continue
		}
		if seen >= 0 && seen != end {
			return -1
		}
		seen = end
	}
	if seen >= 0 {
		return seen
	}
	x, y := c[0].V, c[1].V
	// Who knows no address of its peer cannot begin; of XAUTH's parties the
	// client does; and who waits to be called does not.
	for _, waits := range []func(c *diag.Connection) bool{
		func(c *diag.Connection) bool {
			return len(c.RemoteAddresses) == 0 && c.RemoteName == "" && c.RemoteAny
		},
		func(c *diag.Connection) bool { return c.XAuthRole == diag.XAuthServer },
		func(c *diag.Connection) bool { return c.Passive },
	} {
		if p, q := waits(x), waits(y); p != q {
			if p {
				return 1
			}
			return 0
		}
	}
	return -1
}

// role returns who an end is, EndEither where either may be.
func (p confPair) role(end int) diag.End {
	switch p.initiator {
	case -1:
		return diag.EndEither
	case end:
		return diag.EndInitiator
	}
	return diag.EndResponder
}

// side is role as the side of an attempt.
func (p confPair) side(end int) diag.Side {
	switch p.initiator {
	case -1:
		return diag.SideUnknown
	case end:
		return diag.Initiator
	}
	return diag.Responder
}

// name says how to call an end in a summary.
func (p confPair) name(end int) string {
	return cmp.Or(p.v.EndName(end), [...]string{"one end", "the other"}[end])
}

// ikev1 reports whether the ends negotiate by version 1: neither insists on
// version 2, and one insists on version 1 or was seen to begin with it. Two
// that accept both take version 2.
func (p confPair) ikev1() bool {
	x, y := p.c[0].V.Version, p.c[1].V.Version
	if x == 2 || y == 2 || x == 1 || y == 1 {
		return x != 2 && y != 2
	}
	last := p.v.Last()
	return last != nil && (last.Mode() == isakmp.ExchangeMain || last.Mode() == isakmp.ExchangeAggressive)
}

// builtIn reports whether both ends take what is built into one implementation.
func (p confPair) builtIn(x, y []ike.Proposal) bool {
	return p.c[0].V.SharesDefaults(p.c[1].V) && builtIn(x) && builtIn(y)
}

// sole reports whether the two connections are the only ones that may answer
// for each other.
func (p confPair) sole() bool { return p.c[0].V.Alone() && p.c[1].V.Alone() }

// fate is what becomes of a negotiation in one direction.
type fate uint8

const (
	comesUp fate = iota
	unsure
	fails
)

// weigh tells what it is worth that a negotiation fails in the directions in
// which it may be tried: a proof where it fails in all.
func (p confPair) weigh(judge func(initiator, responder int) fate) (w diag.Weight, sure bool) {
	var tried []fate
	for end := range p.c {
		if p.initiator < 0 || p.initiator == end {
			tried = append(tried, judge(end, 1-end))
		}
	}
	failed, open := 0, 0
	for _, f := range tried {
		switch f {
		case fails:
			failed++
		case unsure:
			open++
		}
	}
	switch {
	case failed == len(tried):
		w = diag.Proof
	case failed > 0:
		w = diag.Strong
	}
	if !p.sole() {
		w = min(w, diag.Strong)
	}
	return w, open == 0
}

// place returns where an end's value stands.
func (p confPair) place(end int, field string) diag.Place { return p.c[end].V.At[field] }

// evidence returns the places of the two values that were compared.
func (p confPair) evidence(fields [2]string, w diag.Weight) []diag.Evidence {
	return []diag.Evidence{p.v.PlaceEvidence(p.c[0], fields[0]).As(w), p.v.PlaceEvidence(p.c[1], fields[1]).As(w)}
}

// remedies says what one of the ends could change to suit the other. write is
// what each would have in its file, where the rule knows that; files of one
// format have the other's words.
func (p confPair) remedies(ev []diag.Evidence, at [2]diag.Place, action string, write [2]string) []diag.Remedy {
	var rs []diag.Remedy
	for end := range p.c {
		r := diag.Remedy{End: diag.EndEither, Action: action, Setting: at[end].Setting, Value: write[end], Source: ev[end].Source, Line: ev[end].Where.Line}
		if r.Value == "" && p.sameFormat() {
			r.Value = at[1-end].Value
		}
		rs = append(rs, r)
	}
	return rs
}

// inner reports whether an address is one that a NAT may stand before: also
// those that carriers' NATs use (RFC 6598, section 7).
func inner(a netip.Addr) bool {
	if a = a.Unmap(); a.Is4() {
		if b := a.As4(); b[0] == 100 && b[1]&0xc0 == 64 {
			return true
		}
	}
	return a.IsPrivate() || a.IsLinkLocalUnicast()
}
