package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// quickUnanswered: phase 1 was done, so the path carries what is encrypted,
// and the first message of quick mode got no answer that is one until its
// sender gave up. Some responders refuse by silence, whatever they have
// against the quick mode; others complain to nobody in particular.
func quickUnanswered(a *diag.Attempt) []diag.Evidence {
	if a.Completed(diag.Phase2) || !a.Completed(diag.Phase1) || quickJudged(a) {
		return nil
	}
	for _, s := range sides {
		ev := quickGivenUp(a, s)
		if len(ev) == 0 || wasSent(a, s.Other(), isakmp.ExchangeQuick, 2) {
			continue
		}
		if n := diag.Fact(a, s.Other(), func(n *diag.Notify) bool { return n.Phase2 && n.Type < 16384 }); n.OK {
			ev = append(ev, n.As(diag.Hint)...) // it has something against it, and this does not say what
		}
		return ev
	}
	return nil
}

// quickGivenUp: a side stopped waiting for the answer to its first message of
// quick mode, or repeated it to the end of the evidence.
func quickGivenUp(a *diag.Attempt, s diag.Side) []diag.Evidence {
	g := diag.Fact(a, s, func(g *diag.GaveUp) bool { return g.Exchange == isakmp.ExchangeQuick && g.Number == 1 })
	if g.OK {
		return g.As(diag.Hint)
	}
	begun := sent(a, s, isakmp.ExchangeQuick, 1)
	if p := stepped(a, s, diag.Phase2Failed); p.OK && begun.OK {
		return slices.Concat(begun.As(diag.Background), p.As(diag.Hint))
	}
	if again := repeated(a, s, isakmp.ExchangeQuick, 1); again.OK && a.Spoken() && again.Count > 1 {
		return again.As(diag.Hint)
	}
	return nil
}

// quickJudged reports whether an end says itself what it has against the quick
// mode.
func quickJudged(a *diag.Attempt) bool {
	if refusesChild(a) || failed(a, diag.AnySide, diag.CheckProposal, isakmp.ExchangeQuick).OK || obstacle(a, diag.AnySide, diag.ObstacleUnfinished, diag.ObstacleIPComp).OK {
		return true
	}
	return notified2(a, diag.AnySide, isakmp.NotifyNoProposalChosen, isakmp.NotifyInvalidIDInformation).OK
}
