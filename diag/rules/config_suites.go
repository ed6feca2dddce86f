package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// suiteFault says what of the phase-2 proposals differs.
type suiteFault uint8

const (
	suiteAlgorithms suiteFault = iota
	suitePFS
	suiteProtocol
	suiteESN
)

// compareSuites compares the phase-2 proposals, for one kind of fault.
func compareSuites(v *diag.View, want suiteFault) compared {
	return compareKids(v, func(k kidPair) compared {
		x, y := k.k[0].Proposals, k.k[1].Proposals
		if refusedByLint(k.p.c[0].V) || refusedByLint(k.p.c[1].V) {
			return compared{}
		}
		d := ike.Compare(x, y)
		if !d.Match && !d.Incomplete && len(d.Differ) > 0 {
			if faultOf(d.Differ) != want || want == suitePFS && !k.p.ikev1() {
				return compared{} // IKEv2 makes the first keys without a group
			}
			return k.suites(d, want)
		}
		if d.Match && !d.Incomplete || k.p.builtIn(x, y) {
			return agreement(k.evidence(kidProposals, diag.Background))
		}
		return compared{}
	})
}

func faultOf(attrs []ike.Attribute) suiteFault {
	switch {
	case slices.Contains(attrs, ike.AttrProtocol):
		return suiteProtocol
	case len(attrs) == 1 && attrs[0] == ike.AttrGroup:
		return suitePFS
	case len(attrs) == 1 && attrs[0] == ike.AttrESN:
		return suiteESN
	}
	return suiteAlgorithms
}

func (k kidPair) suites(d ike.Comparison, fault suiteFault) compared {
	w, _ := k.weigh(func(i, r int) fate {
		if fault == suitePFS {
			return k.pfs(i, r)
		}
		return keyLengths(d.Differ, k.k[i].Proposals, k.k[r].Proposals, k.p.c[r].V.Behaviour.KeyLengths)
	})
	if w == diag.Background {
		return compared{}
	}
	at := k.places(kidProposals)
	for end := range at {
		if off, ok := k.k[end].At["PFS"]; ok && fault == suitePFS {
			at[end] = off
		}
	}
	var summary, action string
	switch x, y := k.p.name(0), k.p.name(1); fault {
	case suiteProtocol:
		summary = fmt.Sprintf("%s and %s protect with different protocols: %s, %s", x, y, protocols(k.k[0].Proposals), protocols(k.k[1].Proposals))
		action = "use the protocol of the other, ESP where possible"
	case suitePFS:
		summary = fmt.Sprintf("perfect forward secrecy differs: %s at %s, %s at %s", groupsOf(k.k[0].Proposals), x, groupsOf(k.k[1].Proposals), y)
		action = "set the groups for perfect forward secrecy of the other"
	case suiteESN:
		summary = fmt.Sprintf("the sequence numbers of ESP differ: %s at %s, %s at %s", sequences(k.k[0].Proposals), x, sequences(k.k[1].Proposals), y)
		action = "set the width of sequence numbers of the other"
	default:
		summary = fmt.Sprintf("%s and %s have no phase-2 proposal in common: %s (%s, %s)", x, y, attributeList(d.Differ), at[0].Value, at[1].Value)
		action = "configure a phase-2 proposal that the other has: " + attributeList(d.Differ)
	}
	fields := kidProposals
	for end := range fields {
		if k.k[end].At["PFS"].Line > 0 && fault == suitePFS {
			fields[end] = "PFS"
		}
	}
	for end := range fields {
		for _, a := range d.Differ {
			key := attributeKey(nearestIndex(d, end), a)
			if at, ok := k.k[end].At[key]; ok && at.Line > 0 && fault != suitePFS {
				fields[end] = key
				break
			}
		}
	}
	c := k.differing(fields, w, summary, action, [2]string{})
	c.finding.Remedies = k.suiteRemedies(d, action)
	c.finding.Detail = k.p.proposalDetail(d, k.k[0].Proposals, k.k[1].Proposals, true)
	return c
}

// pfs tells what becomes of an offer with other groups than the responder's.
func (k kidPair) pfs(i, r int) fate {
	asks, wants := hasGroup(k.k[i].Proposals), hasGroup(k.k[r].Proposals)
	switch policy := k.p.c[r].V.Behaviour.PFS; {
	case policy == diag.PFSTaken, policy == diag.PFSFree && !wants, policy == diag.PFSAnyGroup && wants && asks:
		return comesUp
	case (policy == diag.PFSAnyGroup || policy == diag.PFSUnstated && asks) && !wants:
		return unsure
	}
	return fails
}

// keyLengths tells what becomes of an offer that differs in what it does:
// perhaps nothing, where that is the key length alone.
func keyLengths(differ []ike.Attribute, asked, has []ike.Proposal, policy diag.KeyLengthPolicy) fate {
	if len(differ) != 1 || differ[0] != ike.AttrKeyLength {
		return fails
	}
	switch {
	case policy == diag.KeyLengthsAny, policy == diag.KeyLengthsLonger && longestKey(asked) > longestKey(has):
		return unsure
	}
	return fails
}

func longestKey(ps []ike.Proposal) (n uint16) {
	for _, p := range ps {
		for _, c := range p.Ciphers {
			n = max(n, c.KeyBits)
		}
	}
	return n
}

func hasGroup(ps []ike.Proposal) bool {
	return slices.ContainsFunc(ps, func(p ike.Proposal) bool {
		return slices.ContainsFunc(p.Groups, func(g ike.Group) bool { return g != ike.GroupNone })
	})
}

func groupsOf(ps []ike.Proposal) string {
	var names []string
	for _, p := range ps {
		for _, g := range p.Groups {
			if name := g.String(); g != ike.GroupNone && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func protocols(ps []ike.Proposal) string {
	var seen []ike.Protocol
	text := ""
	for _, p := range ps {
		if slices.Contains(seen, p.Protocol) {
			continue
		}
		if seen = append(seen, p.Protocol); text != "" {
			text += " and "
		}
		text += p.Protocol.String()
	}
	return text
}
