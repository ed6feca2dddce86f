package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// EvidenceFlood notes that a capture holds more half-open negotiations than are
// followed.
var EvidenceFlood = &diag.Rule{
	Code:  diag.EvidCapturePartial,
	Scope: diag.ScopeGateway,
	Doc: diag.Doc{
		Meaning: "The capture shows a great many negotiations that never got beyond their first messages, as with forged sender addresses. " +
			"Only the latest of them are told of; established tunnels are not concerned.",
		References: []diag.Reference{
			rfc(2408, "1.7.1", "Anti-Clogging (Denial of Service)"),
		},
	},
	Needs: 1 << diag.BodyFlood,
	Check: func(v *diag.View, out *diag.Sink) {
		k := diag.HostFact(v, 0, func(*diag.Flood) bool { return true })
		if !k.OK {
			return
		}
		out.Add(diag.Finding{FixAt: diag.EndUnknown, Evidence: k.As(diag.Background),
			Summary: fmt.Sprintf("%d negotiations were begun, and nothing is told of %d that nobody went on with: their addresses may be forged", k.V.Begun, k.V.Forgotten)})
	},
}
