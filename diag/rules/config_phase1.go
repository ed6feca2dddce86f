package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// compareVersions compares the versions of IKE that the ends speak.
func compareVersions(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok || p.c[0].V.Version == 0 || p.c[1].V.Version == 0 {
		return compared{}
	}
	fields := [2]string{"Version", "Version"}
	if p.c[0].V.Version == p.c[1].V.Version {
		return agreement(p.evidence(fields, diag.Background))
	}
	w, _ := p.weigh(func(_, _ int) fate { return fails })
	if p.place(0, "Version").Default || p.place(1, "Version").Default {
		w = min(w, diag.Strong) // which version is the default changed over releases
	}
	ev := p.evidence(fields, w)
	return compared{state: differ, finding: &diag.Finding{
		FixAt: diag.EndEither, Evidence: ev,
		Summary:  fmt.Sprintf("%s speaks IKEv%d only, %s IKEv%d only", p.name(0), p.c[0].V.Version, p.name(1), p.c[1].V.Version),
		Remedies: p.remedies(ev, p.places("Version", "Version"), "set the version of IKE that the other speaks", p.versionValues()),
	}}
}

func (p confPair) places(a, b string) [2]diag.Place {
	return [2]diag.Place{p.place(0, a), p.place(1, b)}
}

// compareModes compares main with aggressive mode.
func compareModes(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok || !p.ikev1() {
		return compared{}
	}
	fields := [2]string{"Mode", "Mode"}
	if p.c[0].V.Mode == p.c[1].V.Mode {
		return agreement(p.evidence(fields, diag.Background))
	}
	w, _ := p.weigh(func(i, r int) fate {
		switch c := p.c[r].V; {
		case c.AnswersBoth:
			return comesUp
		case c.Mode == isakmp.ExchangeAggressive && !c.Behaviour.OwnModeOnly:
			return unsure // it may take main mode besides
		}
		return fails
	})
	if w == diag.Background {
		return compared{}
	}
	ev := p.evidence(fields, w)
	return compared{state: differ, finding: &diag.Finding{
		FixAt: diag.EndEither, Evidence: ev,
		Summary:  fmt.Sprintf("%s is configured for %s, %s for %s", p.name(0), p.c[0].V.Mode.Mode(), p.name(1), p.c[1].V.Mode.Mode()),
		Remedies: p.remedies(ev, p.places("Mode", "Mode"), "set the mode of the other, main mode if possible", p.modeValues()),
	}}
}

// compareAuth compares how each end proves itself with what the other expects.
func compareAuth(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	x, y := p.c[0].V, p.c[1].V
	fields := [2]string{"LocalAuth", "RemoteAuth"}
	bad := x.LocalAuth != 0 && y.RemoteAuth != 0 && !x.LocalAuth.Agrees(y.RemoteAuth)
	if !bad && x.RemoteAuth != 0 && y.LocalAuth != 0 && !x.RemoteAuth.Agrees(y.LocalAuth) {
		bad, fields = true, [2]string{"RemoteAuth", "LocalAuth"}
	}
	switch {
	case !bad && (x.LocalAuth == 0 || x.RemoteAuth == 0 || y.LocalAuth == 0 || y.RemoteAuth == 0 || x.XAuthRole != opposite(y.XAuthRole)):
		return compared{}
	case !bad:
		return agreement(p.evidence(fields, diag.Background))
	}
	w, _ := p.weigh(func(_, _ int) fate { return fails })
	ev := p.evidence(fields, w)
	at := p.places(fields[0], fields[1])
	return compared{state: differ, finding: &diag.Finding{
		FixAt: diag.EndEither, Evidence: ev,
		Summary:  fmt.Sprintf("%s authenticates with %s, %s with %s", p.name(0), at[0].Value, p.name(1), at[1].Value),
		Remedies: p.remedies(ev, at, "set the authentication method of the other", p.authValues(fields)),
	}}
}

// opposite is the part that the peer of a part has in XAUTH.
func opposite(r diag.XAuthRole) diag.XAuthRole {
	switch r {
	case diag.XAuthClient:
		return diag.XAuthServer
	case diag.XAuthServer:
		return diag.XAuthClient
	}
	return r
}

// compareProposals compares the phase-1 proposals.
func compareProposals(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	x, y := p.c[0].V, p.c[1].V
	if refusedByLint(x) || refusedByLint(y) {
		return compared{}
	}
	fields := [2]string{"Proposals", "Proposals"}
	d := ike.Compare(x.Proposals, y.Proposals)
	switch {
	case d.Match && !d.Incomplete, p.builtIn(x.Proposals, y.Proposals):
		return agreement(p.evidence(fields, diag.Background))
	case d.Match || d.Incomplete || len(d.Differ) == 0:
		return compared{}
	}
	w, _ := p.weigh(func(i, r int) fate {
		return keyLengths(d.Differ, p.c[i].V.Proposals, p.c[r].V.Proposals, p.c[r].V.Behaviour.KeyLengths)
	})
	if w == diag.Background {
		return compared{}
	}
	ev := p.evidence(p.suiteFields(d), w)
	f := diag.Finding{FixAt: diag.EndEither, Evidence: ev, Remedies: p.suiteRemedies(d, "configure a phase-1 proposal that the other has: "+attributeList(d.Differ))}
	f.Summary = fmt.Sprintf("%s and %s have no phase-1 proposal in common: %s (%s, %s)", p.name(0), p.name(1), attributeList(d.Differ), p.place(0, "Proposals").Value, p.place(1, "Proposals").Value)
	f.Detail = p.proposalDetail(d, x.Proposals, y.Proposals, false)
	return compared{state: differ, finding: &f}
}

// proposalDetail puts what the initiator has first.
func (p confPair) proposalDetail(d ike.Comparison, x, y []ike.Proposal, phase2 bool) diag.ProposalMismatch {
	if p.initiator == 1 {
		x, y = y, x
	}
	return diag.ProposalMismatch{Phase2: phase2, Attributes: d.Differ, Offered: x, Accepted: y}
}

// builtIn reports whether an implementation's own list takes part.
func builtIn(ps []ike.Proposal) bool {
	return slices.ContainsFunc(ps, func(p ike.Proposal) bool { return p.Default })
}

// compareLifetimes compares the lifetimes of phase 1, or of phase 2.
func compareLifetimes(v *diag.View, child bool) compared {
	if child {
		return compareChildLifetimes(v)
	}
	p, ok := confPairOf(v)
	if !ok || !p.ikev1() {
		return compared{}
	}
	at := p.places("Lifetime", "Lifetime")
	life := [2]uint32{p.c[0].V.Lifetime, p.c[1].V.Lifetime}
	c := p.lifetimes(1, life, at, p.weigh)
	if c.state != differ {
		return compared{}
	}
	c.finding.Evidence = p.evidence([2]string{"Lifetime", "Lifetime"}, c.weight)
	c.finding.Remedies = p.remedies(c.finding.Evidence, at, "set the lifetime of the other", [2]string{p.seconds(0, life[1]), p.seconds(1, life[0])})
	return c.compared
}

// unproven is an answer whose evidence has still to be added.
type unproven struct {
	compared
	weight diag.Weight
}

// lifetimes compares two lifetimes of a phase. That they differ does no harm
// unless a responder refuses it; what is the default, which is another in each
// implementation, is of interest only then.
func (p confPair) lifetimes(phase int, life [2]uint32, at [2]diag.Place, weigh func(func(i, r int) fate) (diag.Weight, bool)) (c unproven) {
	if life[0] == life[1] || life[0] == 0 || life[1] == 0 {
		return c
	}
	w, _ := weigh(func(i, r int) fate {
		switch policy := p.c[r].V.Behaviour.Lifetimes; {
		case policy == diag.LifetimesEqual, policy == diag.LifetimesNotLonger && life[i] > life[r]:
			return fails
		}
		return comesUp
	})
	byDefault := at[0].Default || at[1].Default || at[0].Line == 0 || at[1].Line == 0
	c.finding = &diag.Finding{FixAt: diag.EndEither, Severity: diag.Warning,
		Summary: fmt.Sprintf("the phase-%d lifetimes differ: %s at %s, %s at %s", phase, at[0].Value, p.name(0), at[1].Value, p.name(1))}
	c.weight = diag.Proof
	switch {
	case w == diag.Background && byDefault:
		return c
	case w == diag.Background:
	case w == diag.Proof && !byDefault:
		c.finding.Severity = diag.Error
		c.finding.Summary += ", which the end that answers refuses"
	default:
		c.finding.Summary += ", which one end refuses if the other begins"
		c.weight = diag.Strong
	}
	c.state = differ
	return c
}
