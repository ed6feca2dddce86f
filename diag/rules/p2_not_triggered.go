package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// NotTriggered finds a phase 1 under which nobody begins phase 2.
var NotTriggered = &diag.Rule{
	Code: diag.IKEP2NotTriggered,
	Doc: diag.Doc{
		Meaning: "Phase 1 is up, and neither end asks for an SA of phase 2: the child is begun by traffic that does not come or does not match, or it is set to wait.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEXauthMissingOneSide, Ask: askConfig(diag.EndBoth, "it shows whether an end waits for XAUTH or mode config first")},
		},
		Explains: []diag.Code{diag.ESPPolicyBlock},
		Common:   3,
		Remedy:   "start the child with the connection (start_action = start, auto=start), or send traffic that its selectors match, from a host behind the gateway",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyProgress,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil || childUp(v) {
			return // a new ISAKMP SA takes over the children of the one before it
		}
		// The initiator's own word that it is done, and a source of its that
		// tells of messages and goes on without a quick mode.
		up := stepped(a, diag.Initiator, diag.Phase1Up)
		if !up.OK || !wasSent(a, diag.Initiator, isakmp.ExchangeMain, 5) && !wasSent(a, diag.Initiator, isakmp.ExchangeAggressive, 3) || !a.Over() || !a.Outlasted() || !a.Spoken() || goesOn(a) {
			return
		}
		out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: up.As(diag.Strong),
			Summary: fmt.Sprintf("phase 1 is up, and neither %s nor its peer begins phase 2", a.NameOf(diag.Initiator))})
	},
}

// goesOn reports whether an attempt shows anything that follows phase 1, or
// keeps it from following.
func goesOn(a *diag.Attempt) bool {
	return diag.Any(a, diag.AnySide, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeQuick || m.Exchange == isakmp.ExchangeTransaction || m.Exchange == isakmp.ExchangeInformational
	}) || diag.Any(a, diag.AnySide, func(p *diag.Progress) bool {
		return p.Step != diag.Phase1Started && p.Step != diag.Phase1Up
	}) || diag.Any(a, diag.AnySide, func(n *diag.Notify) bool { return n.Type.IsError() }) ||
		diag.Any(a, diag.AnySide, func(*diag.Obstacle) bool { return true }) ||
		diag.Any(a, diag.AnySide, func(*diag.GaveUp) bool { return true }) ||
		diag.Any(a, diag.AnySide, func(*diag.Teardown) bool { return true }) ||
		diag.Any(a, diag.AnySide, func(c *diag.Check) bool { return !c.OK }) ||
		diag.Any(a, diag.AnySide, func(l *diag.LookedUp) bool { return !l.Found })
}
