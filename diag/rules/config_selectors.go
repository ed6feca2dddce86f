package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// tsFault says how the selectors of two children disagree.
type tsFault uint8

const (
	tsMismatch tsFault = iota
	tsNarrowed
	tsSeveral   // more than a quick mode carries
	tsProtoPort // the same addresses, other protocols or ports
	tsRouted    // one end asks for everything, the other for certain subnets
	tsList      // two access lists that do not mirror each other
)

// compareSelectors compares the selectors of the children, for one kind of
// fault. A quick mode carries one pair of them (RFC 2409, section 5.5).
func compareSelectors(v *diag.View, want tsFault) compared {
	return compareKids(v, func(k kidPair) compared {
		if k.p.c[0].V.Virtual && k.p.c[1].V.Virtual {
			return compared{} // inner addresses are handed out
		}
		if want == tsSeveral {
			return k.several()
		}
		w, sure := k.weigh(k.meet)
		mirrored := lie(k.k[0].Local, k.k[1].Remote) == equal && lie(k.k[0].Remote, k.k[1].Local) == equal
		if kind := k.kind(); kind != want && (kind == tsProtoPort || kind == tsRouted || kind == tsList) {
			if want == tsMismatch {
				return compared{state: excluded}
			}
			return compared{}
		} else if want == tsList {
			if kind != want || w == diag.Background {
				return compared{}
			}
			return k.selectors(w)
		} else if want == tsProtoPort || want == tsRouted {
			// The selectors of a tunnel interface cannot be others.
			if kind != want || !sure && !(want == tsRouted && (k.k[0].Routed || k.k[1].Routed)) {
				return compared{}
			}
			return k.special(kind, w)
		}
		switch {
		case w > diag.Background && want == tsMismatch:
			c := k.selectors(w)
			if k.p.initiator < 0 && (k.meet(0, 1) == comesUp || k.meet(1, 0) == comesUp) {
				c.finding.Severity = diag.Warning // it depends on who begins
			}
			return c
		case w > diag.Background || want == tsMismatch && !sure:
			return compared{}
		case mirrored:
			return agreement(k.evidence([2]string{"Local", "Remote"}, diag.Background))
		case want == tsNarrowed && sure && !k.cut():
			c := k.selectors(diag.Strong)
			c.finding.Severity = diag.Warning
			c.finding.Summary = "only what both ends have in common is protected: " + c.finding.Summary
			return c
		case want == tsMismatch:
			return agreement(k.evidence([2]string{"Local", "Remote"}, diag.Background))
		}
		return compared{}
	})
}

// kind tells a difference that has a name of its own from any other.
func (k kidPair) kind() tsFault {
	x, y := k.k[0], k.k[1]
	if lie(x.Local, y.Remote) == equal && lie(x.Remote, y.Local) == equal {
		return tsMismatch
	}
	switch {
	case lie(addresses(x.Local), addresses(y.Remote)) == equal && lie(addresses(x.Remote), addresses(y.Local)) == equal:
		return tsProtoPort
	case everything(x.Local) && everything(x.Remote) && !everything(y.Local) && !everything(y.Remote),
		everything(y.Local) && everything(y.Remote) && !everything(x.Local) && !everything(x.Remote):
		return tsRouted
	case x.AccessList && y.AccessList:
		return tsList
	}
	return tsMismatch
}

// addresses strips selectors of protocols and ports.
func addresses(list []ike.Selector) []ike.Selector {
	out := make([]ike.Selector, 0, len(list))
	for _, s := range list {
		out = append(out, ike.Selector{From: s.From, To: s.To, Dynamic: s.Dynamic})
	}
	return out
}

// everything reports whether a list is the one selector for all addresses.
func everything(list []ike.Selector) bool {
	if len(list) != 1 {
		return false
	}
	p, ok := list[0].Prefix()
	return ok && p.Bits() == 0
}

// special is a difference that has a name of its own; what comes up in spite of
// it protects only what both have in common.
func (k kidPair) special(kind tsFault, w diag.Weight) compared {
	c := k.selectors(max(w, diag.Strong))
	if kind == tsRouted {
		c.finding.Summary = "one end asks for all addresses, the other for certain subnets: " + c.finding.Summary
	} else {
		c.finding.Summary = "the addresses fit, protocol or ports do not: " + c.finding.Summary
	}
	if w == diag.Background {
		c.finding.Severity = diag.Warning
	}
	return c
}

// meet tells what becomes of the selectors that one end asks the other for.
func (k kidPair) meet(i, r int) fate {
	if k.k[i].Overfull || k.k[r].Overfull {
		return unsure // it is not loaded
	}
	local, remote := k.k[i].Local, k.k[i].Remote
	if k.p.ikev1() && k.k[i].FirstOnly {
		local, remote = local[:min(1, len(local))], remote[:min(1, len(remote))]
	}
	policy, narrowed := k.p.c[r].V.Behaviour.Selectors, k.p.c[i].V.Behaviour.Narrowed
	worst := comesUp
	for _, l := range [2]lying{lie(local, k.k[r].Remote), lie(remote, k.k[r].Local)} {
		f := unsure
		switch {
		case l == apart:
			f = fails
		case l == equal:
			f = comesUp
		case l == openEnd:
		case k.p.ikev1() && policy == diag.SelectorsExact:
			f = fails
		case k.p.ikev1() && policy == diag.SelectorsWithin:
			if f = fails; l == narrower {
				f = comesUp
			}
		case policy != diag.SelectorsNarrowed:
		case l == narrower:
			f = comesUp // the answer is what was asked for
		case k.p.ikev1() && narrowed == diag.NarrowedRefused:
			f = fails
		case narrowed != diag.NarrowedUnknown:
			f = comesUp
		}
		worst = max(worst, f)
	}
	return worst
}

func (k kidPair) selectors(w diag.Weight) compared {
	fields := [2]string{"Local", "Remote"}
	if lie(k.k[0].Local, k.k[1].Remote) == equal {
		fields = [2]string{"Remote", "Local"}
	}
	at := k.places(fields)
	whose := k.p.name(0)
	if fields[0] == "Remote" {
		whose = k.p.name(1)
	}
	summary := fmt.Sprintf("the two ends do not mean the same subnets behind %s: %s at %s, %s at %s", whose, at[0].Value, k.p.name(0), at[1].Value, k.p.name(1))
	const action = "set the subnets of the other, mirrored"
	c := k.differing(fields, w, summary, action, [2]string{})
	c.finding.Remedies = k.selectorRemedies(c.finding.Evidence, fields, action)
	if lie(k.k[0].Local, k.k[1].Remote) != equal && lie(k.k[0].Remote, k.k[1].Local) != equal {
		more := k.evidence([2]string{"Remote", "Local"}, w)
		c.finding.Evidence = append(c.finding.Evidence, more...)
		for i, r := range k.selectorRemedies(more, [2]string{"Remote", "Local"}, action) {
			if !k.k[i].AccessList { // it has both in one entry
				c.finding.Remedies = append(c.finding.Remedies, r)
			}
		}
	}
	i, r := 0, 1
	if k.p.initiator == 1 {
		i, r = 1, 0
	}
	c.finding.Detail = diag.SelectorMismatch{
		RequestedLocal: texts(k.k[i].Remote), RequestedRemote: texts(k.k[i].Local),
		ConfiguredLocal: texts(k.k[r].Local), ConfiguredRemote: texts(k.k[r].Remote),
	}
	return c
}

// cut reports whether an end has more selectors than a quick mode carries.
func (k kidPair) cut() bool {
	for _, c := range k.k {
		if k.p.ikev1() && c.FirstOnly && (len(c.Local) > 1 || len(c.Remote) > 1) {
			return true
		}
	}
	return false
}

// several finds children with more selectors than a quick mode carries: all
// but the first pair are never protected.
func (k kidPair) several() compared {
	if !k.cut() || k.p.c[0].V.Version != 1 && k.p.c[1].V.Version != 1 {
		return compared{}
	}
	f := diag.Finding{FixAt: diag.EndBoth}
	var lost []ike.Selector
	for end, c := range k.k {
		for _, side := range [2]struct {
			field string
			list  []ike.Selector
		}{{"Local", c.Local}, {"Remote", c.Remote}} {
			if len(side.list) < 2 || !c.FirstOnly {
				continue
			}
			e := k.p.v.ChildEvidence(k.p.c[end], k.index[end], side.field).As(diag.Strong)
			f.Evidence = append(f.Evidence, e)
			f.Remedies = append(f.Remedies, diag.Remedy{End: k.p.role(end), Action: "give each pair of subnets a child of its own", Setting: c.At[side.field].Setting, Source: e.Source, Line: e.Where.Line})
			if lost == nil {
				lost = side.list[1:]
			}
		}
	}
	f.Summary = fmt.Sprintf("IKEv1 negotiates one pair of subnets a child: %s is left without protection", first(lost))
	return compared{state: differ, finding: &f}
}
