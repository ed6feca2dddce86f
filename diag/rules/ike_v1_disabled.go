package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// V1Disabled finds an end that wants IKEv1 and whose daemon is told not to
// speak it.
var V1Disabled = &diag.Rule{
	Code: diag.IKEV1Disabled,
	Doc: diag.Doc{
		Meaning: "The connection insists on IKEv1, and a setting of the whole daemon forbids that version: the connection is not loaded, and what the peer sends is dropped without an answer, or refused.",
		Explains: []diag.Code{
			diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.IKEVersionMismatch,
		},
		Common: 5,
		Remedy: "allow IKEv1 in the daemon's setup, or move both ends to IKEv2",
		References: []diag.Reference{
			rfc(9395, "3", "RFCs 2407, 2408, and 2409 Are Historic"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s wants IKEv1, and its daemon is told not to speak it", name)
			f.Remedies = []diag.Remedy{{Action: "allow IKEv1, or move both ends to IKEv2"}}
			return diag.Proof, true
		}, diag.FaultV1Disabled)
	},
}
