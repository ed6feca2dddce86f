package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// NotifyUnauthenticated finds an error that an end was told in the clear, and
// that did not stop the negotiation: it may have been made up.
var NotifyUnauthenticated = &diag.Rule{
	Code: diag.IKENotifyUnauthenticated,
	Doc: diag.Doc{
		Meaning: "A notification came without encryption when there were keys to protect it, and was passed over, or it said that the negotiation fails, which went on. " +
			"Whoever can send datagrams to this end can send such a notification: it proves nothing about the peer.",
		Common: 1,
		Remedy: "look for the same error in the log of the end that is said to have sent it",
		References: []diag.Reference{
			rfc(2409, "5.7", "ISAKMP Informational Exchanges"),
		},
	},
	Needs: 1<<diag.BodyNotify | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			kind := diag.Symptom
			if a.Completed(diag.Phase2) {
				kind = diag.Note // nothing fails
			}
			if k := obstacle(a, diag.AnySide, diag.ObstacleClear); k.OK {
				out.AddTo(a, diag.Finding{Kind: kind, FixAt: diag.EndUnknown, Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s passes over a message that came in the clear: anybody may have sent it", a.NameOf(k.Side))})
				continue
			}
			n := diag.Fact(a, diag.AnySide, func(n *diag.Notify) bool { return n.Type.IsError() && !n.Protected && !n.Phase2 })
			if n.OK && a.Completed(diag.Phase1) {
				out.AddTo(a, diag.Finding{Kind: kind, FixAt: diag.EndUnknown, Evidence: n.As(diag.Strong),
					Summary: fmt.Sprintf("an error in the name of %s came in the clear, and the negotiation went on: anybody may have sent it", a.NameOf(n.Side))})
			}
		}
	},
}
