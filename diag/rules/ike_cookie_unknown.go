package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// CookieUnknown finds an end that is sent messages of an ISAKMP SA which it
// does not have, or not any more.
var CookieUnknown = &diag.Rule{
	Code: diag.IKECookieUnknown,
	Doc: diag.Doc{
		Meaning: "An end gets a message whose cookies belong to no negotiation that it knows. It started anew, gave the SA up or never had it, while its peer goes on; " +
			"what made it forget is the cause.",
		Common: 3,
		Remedy: "find out why the SA is gone at one end; dead peer detection at both ends makes the other notice",
		References: []diag.Reference{
			rfc(2408, "5.2", "ISAKMP Header Processing"),
			rfc(2408, "3.14.1", "Notify Message Types"),
		},
	},
	Needs: 1<<diag.BodyNotify | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if a.Overtaken() {
				continue // history
			}
			k := obstacle(a, diag.AnySide, diag.ObstacleCookie)
			if h := hostMet(a, diag.ObstacleCookie); !k.OK && h.OK && h.V.Remote.IsValid() && sinceUp(a, h) {
				k = h
			}
			if k.OK && !ended(a) {
				out.AddTo(a, diag.Finding{Phase: stageOf(a), FixAt: diag.EndUnknown, Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s gets messages of a negotiation that it does not know", a.NameOf(k.Side))})
				continue
			}
			if n := notifiedAny(a, isakmp.NotifyInvalidCookie); n.OK && !ended(a) {
				out.AddTo(a, diag.Finding{Phase: stageOf(a), FixAt: diag.EndUnknown, Evidence: n.As(diag.Strong),
					Summary: fmt.Sprintf("%s says that it does not know this negotiation", a.NameOf(n.Side))})
			}
		}
	},
}

// stageOf returns phase 1 for what befalls it, so that what explains its failure
// explains this, too.
func stageOf(a *diag.Attempt) diag.Phase {
	if isUp(a) {
		return diag.PhaseLifecycle
	}
	return diag.Phase1
}

// sinceUp reports whether what a host met came after the tunnel was up, in the
// same source, or the tunnel never was.
func sinceUp(a *diag.Attempt, k diag.Known[*diag.Obstacle]) bool {
	up := a.ChildUp()
	return !up.OK || last(k.Evidence).After(last(up.Evidence))
}

// ended reports whether the ISAKMP SA was taken down: what comes of it after
// that is merely late.
func ended(a *diag.Attempt) bool {
	return a.Stepped(diag.DeleteSent) || a.Stepped(diag.Phase1Deleted)
}
