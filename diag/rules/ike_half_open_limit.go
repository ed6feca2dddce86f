package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// HalfOpenLimit finds a gateway that takes no new negotiations since it has
// too many unfinished ones.
var HalfOpenLimit = &diag.Rule{
	Code: diag.IKEHalfOpenLimit,
	Doc: diag.Doc{
		Meaning: "A gateway ignores new negotiations because too many unfinished ones are open, from this peer or in all. " +
			"Either something else keeps this peer's negotiations from being finished, or somebody floods the gateway.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening},
		Common:   2,
		Remedy:   "find out who opens the negotiations and why they are not finished; raise the limit if they are wanted",
		References: []diag.Reference{
			rfc(2408, "2.5.3", "Anti-Clogging Token (\"Cookie\") Creation"),
		},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if a.Overtaken() {
				continue
			}
			k := obstacle(a, diag.AnySide, diag.ObstacleHalfOpen)
			if !k.OK {
				k = hostObstacle(a, diag.Responder, diag.ObstacleHalfOpen)
				k.Side = diag.Responder
			}
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s takes no new negotiations: too many are unfinished", a.NameOf(k.Side))})
			}
		}
	},
}
