package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// A probe supports what an attempt shows already, and decides between guesses.
// It opens no finding of its own, confirms none and rules no look-alike out: it
// is of another time than the attempt, and what answers in the clear may be
// forged. From the other end of the tunnel it is strong evidence; from a third
// host, which has a way of its own and may meet another configuration, a hint.

// askedOf finds what a probe found of the responder, and what that is worth.
func askedOf(a *diag.Attempt, keep func(*diag.Probed) bool) (k diag.Known[*diag.Probed], w diag.Weight) {
	k, near := a.View().Probed(a.EndOf(diag.Responder), keep)
	if near {
		return k, diag.Strong
	}
	return k, diag.Hint
}

// portProbe finds an answer, or the lack of one, to what asked a port.
func portProbe(q diag.ProbeQuestion, keep func(*diag.Probed) bool) func(*diag.Probed) bool {
	return func(p *diag.Probed) bool { return p.Question == q && !p.Own && keep(p) }
}

func spoke(p *diag.Probed) bool  { return p.Spoke() }
func silent(p *diag.Probed) bool { return p.Outcome == diag.ProbeSilent }

// refused: a firewall says so, or a port is closed by another host than the one
// that was asked.
func refusedOnTheWay(gateway func(*diag.Probed) bool) func(*diag.Probed) bool {
	return func(p *diag.Probed) bool {
		return p.Outcome == diag.ProbeUnreachable && (p.Prohibited || p.Closed && p.By.IsValid() && !gateway(p))
	}
}

// byAsked reports whether a report came from the address of the responder.
func byAsked(a *diag.Attempt) func(*diag.Probed) bool {
	at := a.View().Address(a.EndOf(diag.Responder))
	return func(p *diag.Probed) bool { return p.By == at }
}

// closedByProbe adds to a finding that the daemon may not run what a probe says
// of the port; false where it was answered, so that the daemon runs.
func closedByProbe(a *diag.Attempt, f *diag.Finding) bool {
	if k, _ := askedOf(a, portProbe(diag.ProbePort500, spoke)); k.OK {
		return false
	}
	k, w := askedOf(a, portProbe(diag.ProbePort500, func(p *diag.Probed) bool { return p.Closed && byAsked(a)(p) }))
	if k.OK {
		f.Evidence = append(f.Evidence, k.As(w)...)
		f.Summary = fmt.Sprintf("%s tells a probe that nothing listens on its IKE port", a.NameOf(diag.Responder))
	}
	return true
}

// blockedByProbe adds to a finding that port 500 may be blocked what a probe
// says of the way.
func blockedByProbe(a *diag.Attempt, f *diag.Finding) {
	if k, w := askedOf(a, portProbe(diag.ProbePort500, refusedOnTheWay(byAsked(a)))); k.OK {
		f.Evidence = append(f.Evidence, k.As(w)...)
		f.Summary = fmt.Sprintf("nothing comes back to the first message of %s, and a firewall refuses a probe of the same port", a.NameOf(diag.Initiator))
		return
	}
	lost, w := askedOf(a, portProbe(diag.ProbePort500, silent))
	other, w2 := askedOf(a, portProbe(diag.ProbePort4500, spoke))
	if lost.OK && other.OK && lost.V.From == other.V.From {
		f.Evidence = slices.Concat(f.Evidence, lost.As(w), other.As(w2))
		f.Summary = fmt.Sprintf("nothing comes back to the first message of %s, and of a probe port 4500 answers and port 500 does not", a.NameOf(diag.Initiator))
		return
	}
	if k, w := askedOf(a, portProbe(diag.ProbePort500, spoke)); k.OK && w == diag.Hint {
		f.Evidence = append(f.Evidence, k.As(w)...) // others get there
	}
}

// blocked4500ByProbe adds to a finding that port 4500 may be blocked that a
// probe hears of port 500 and not of it.
func blocked4500ByProbe(a *diag.Attempt, f *diag.Finding) {
	lost, w := askedOf(a, portProbe(diag.ProbePort4500, func(p *diag.Probed) bool { return silent(p) || refusedOnTheWay(byAsked(a))(p) }))
	heard, w2 := askedOf(a, portProbe(diag.ProbePort500, spoke))
	if lost.OK && heard.OK && lost.V.From == heard.V.From {
		f.Evidence = slices.Concat(f.Evidence, lost.As(w), heard.As(w2))
		if k, w := askedOf(a, func(p *diag.Probed) bool { return p.Question == diag.ProbeNAT && p.AskerNAT }); k.OK && w == diag.Strong {
			f.Evidence = append(f.Evidence, k.As(diag.Background)...)
		}
	}
}

// fragmentsByProbe adds to a finding that fragments may be lost that a probe's
// are, whose small messages are answered.
func fragmentsByProbe(a *diag.Attempt, f *diag.Finding) {
	k, w := askedOf(a, func(p *diag.Probed) bool { return p.Question == diag.ProbeFragments && silent(p) })
	if k.OK {
		f.Evidence = append(f.Evidence, k.As(w)...)
		f.Summary += "; those of a probe are"
	}
}

// versionByProbe finds that the responder does not speak the version that the
// initiator begins with.
func versionByProbe(a *diag.Attempt, v2 bool) ([]diag.Evidence, bool) {
	refused := func(p *diag.Probed) bool { return p.Outcome == diag.ProbeRefused }
	if v2 {
		k, w := askedOf(a, func(p *diag.Probed) bool {
			return p.Question == diag.ProbeVersion2 && refused(p) && p.Notify == isakmp.NotifyInvalidMajorVersion
		})
		return k.As(w), k.OK
	}
	one, w := askedOf(a, portProbe(diag.ProbePort500, refused))
	two, _ := askedOf(a, func(p *diag.Probed) bool { return p.Question == diag.ProbeVersion2 && p.Outcome == diag.ProbeAnswered })
	return slices.Concat(one.As(w), two.As(w)), one.OK && two.OK && one.V.From == two.V.From
}

// acceptedByProbe adds to a finding that a proposal was refused what a probe was
// granted, and how that differs from what was offered; false where it is the same,
// so that it is not for the proposals.
func acceptedByProbe(a *diag.Attempt, f *diag.Finding) bool {
	k, w := askedOf(a, func(p *diag.Probed) bool { return p.Question == diag.ProbeAccepts && len(p.Accepted) > 0 })
	offered, at := offeredBy(a)
	if !k.OK || len(offered) == 0 {
		return true
	}
	d := ike.Compare(offered, k.V.Accepted)
	if d.Match {
		return w != diag.Strong
	}
	f.Evidence = slices.Concat(f.Evidence, k.As(w), weighed(at, diag.Background))
	if w == diag.Strong {
		f.Detail = diag.ProposalMismatch{Attributes: d.Differ, Offered: offered, Accepted: k.V.Accepted}
		f.Summary = fmt.Sprintf("%s accepts none of the phase-1 proposals, and of those of a probe some: %s", a.NameOf(diag.Responder), attributeList(d.Differ))
	}
	return true
}

// offeredBy returns what the initiator offers, or is configured to.
func offeredBy(a *diag.Attempt) ([]ike.Proposal, []diag.Evidence) {
	if o, _ := proposalLists(a); o.OK {
		return o.V.Proposals, o.Evidence
	}
	if o := diag.Fact(a, diag.Initiator, func(o *diag.Offer) bool { return !o.Phase2 && o.Role == diag.Configured }); o.OK {
		return o.V.Proposals, o.Evidence
	}
	if c, _ := configured(a); c.OK {
		return c.V.Proposals, c.Evidence
	}
	return nil, nil
}

// mtuByProbe finds the MTU of the path to an end that the other one's probe found.
func mtuByProbe(a *diag.Attempt, to diag.Side) (ev []diag.Evidence, mtu int) {
	k, near := a.View().Probed(a.EndOf(to), func(p *diag.Probed) bool {
		return p.Question == diag.ProbeMTU && p.Outcome == diag.ProbeAnswered && p.Lost > p.MTU && p.MTU > 0
	})
	if !k.OK || !near {
		return nil, 0
	}
	return k.As(diag.Strong), int(k.V.MTU)
}
