package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// GroupnameMismatch finds a client that names a group which its gateway does
// not have.
var GroupnameMismatch = &diag.Rule{
	Code: diag.IKEP1GroupnameMismatch,
	Doc: diag.Doc{
		Meaning: "In aggressive mode a client says by the name of a group (ID_KEY_ID) whose settings and key it wants to use. The gateway has no group of that name; " +
			"it refuses the client, or goes on with the settings and the key of a default group, which do not fit either.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP1PSKMismatch, Ask: askConfig(diag.EndResponder, "it shows which groups there are, and what a default group has")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1PSKMismatch, diag.IKEP1PSKMissing, diag.IKEP1IDInitiatorMismatch, diag.IKEP1PeerUnknown},
		Common:   3,
		Remedy:   "write the group's name at the client as the gateway has it, with the same case",
		References: []diag.Reference{
			rfc(2407, "4.6.2.1", "Identification Type Values"),
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleGroupName)
			if !k.OK || a.Completed(diag.Phase1) || a.Overtaken() {
				continue
			}
			f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
				Summary: fmt.Sprintf("%s has no group of the name that its peer gives", a.NameOf(diag.Responder))}
			if k.V.Detail != "" {
				f.Summary += ": " + diag.Quote(k.V.Detail)
			}
			out.AddTo(a, f)
		}
	},
}
