package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// InteropQuirk finds an end that makes up for a known deviation of its peer's.
var InteropQuirk = &diag.Rule{
	Code: diag.IKEInteropQuirk,
	Doc: diag.Doc{
		Meaning: "An end says that its peer's implementation deviates in a way that is known, and that it goes on all the same. It works because this end is told to put up with it; another would refuse.",
		Explains: []diag.Code{
			diag.IKEMsgMalformed,
		},
		Severity: diag.Info,
		Common:   1,
		Remedy:   "update the peer's implementation; nothing needs to change as long as this end puts up with it",
		References: []diag.Reference{
			rfc(2407, "4.6.2", "Identification Payload Content"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleDeviation); k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s puts up with a known deviation of its peer's: %s", a.NameOf(k.Side), diag.Quote(k.V.Detail))})
			}
		}
	},
}
