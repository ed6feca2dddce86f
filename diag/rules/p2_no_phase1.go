package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// QuickWithoutPhase1 finds a quick mode that came before phase 1 was done, as
// the end sees it that received it.
var QuickWithoutPhase1 = &diag.Rule{
	Code: diag.IKEP2NoPhase1,
	Doc: diag.Doc{
		Meaning: "A quick mode comes to an end for which phase 1 is not done, or not any more: a message was lost, it waits for something else (XAUTH), or it has restarted and the peer goes on with an SA that is gone.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEXauthMissingOneSide, Ask: askConfig(diag.EndBoth, "it shows whether one end expects XAUTH before phase 2")},
			{Code: diag.LifePeerRestarted, Ask: askLog(diag.EndResponder, "it shows whether the daemon had started anew")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   2,
		Remedy:   "make the initiator negotiate phase 1 anew; turn dead peer detection on",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			// One alone may merely have overtaken the message that ends phase 1.
			if k := early(a); k.OK && !a.Overtaken() {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s receives a quick mode for which phase 1 is not done", a.NameOf(k.Side))})
			}
		}
	},
}

// early finds that a side was asked for phase 2 before phase 1 was done as it
// sees it, and that phase 1 was not done since.
func early(a *diag.Attempt) diag.Known[*diag.Obstacle] {
	k := obstacle(a, diag.AnySide, diag.ObstacleUnfinished)
	up := stepped(a, k.Side, diag.Phase1Up)
	if !k.OK || up.OK || a.Completed(diag.Phase2) || k.Count < 2 && !a.Outlasted() {
		return diag.Known[*diag.Obstacle]{}
	}
	return k
}
