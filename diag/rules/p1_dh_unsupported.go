package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// DHUnsupported finds an end that cannot compute with the group that was
// agreed on.
var DHUnsupported = &diag.Rule{
	Code: diag.IKEP1DHUnsupported,
	Doc: diag.Doc{
		Meaning: "The Diffie-Hellman group that was negotiated is not implemented at an end, or the public value that came is not one of the group's " +
			"(RFC 2409, section 6). A responder may refuse the third message for that, or because it has no key for the peer.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous},
		Common:   2,
		Remedy:   "configure a group that both ends implement",
		References: []diag.Reference{
			rfc(2409, "6", "Oakley Groups"),
			rfc(2408, "3.14.1", "Notify Message Types"),
		},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyNotify,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if k := obstacle(a, diag.AnySide, diag.ObstacleGroup); k.OK {
				f := diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof), Summary: fmt.Sprintf("%s cannot use the Diffie-Hellman group", a.NameOf(k.Side))}
				if k.V.Detail != "" {
					f.Summary += " " + diag.Quote(k.V.Detail)
				}
				out.AddTo(a, f)
				continue
			}
			ev := refusedKeys(a)
			if len(ev) == 0 {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev, Summary: fmt.Sprintf("%s may not implement the Diffie-Hellman group", a.NameOf(diag.Responder))})
		}
	},
}
