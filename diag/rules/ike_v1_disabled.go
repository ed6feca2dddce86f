package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// V1Disabled finds a gateway on which IKEv1 is switched off as a whole.
var V1Disabled = &diag.Rule{
	Code: diag.IKEV1Disabled,
	Doc: diag.Doc{
		Meaning: "A setting of the whole daemon forbids IKEv1, whatever its connections say: one that insists on IKEv1 is not loaded, and what the peer sends is dropped without an answer, or refused. " +
			"Recent releases are set up so unless told otherwise; the peer sees silence.",
		Explains: []diag.Code{
			diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.NetPeerAddrWrong, diag.IKEVersionMismatch,
		},
		Common: 5,
		Remedy: "allow IKEv1 in the daemon's setup, or move both ends to IKEv2",
		References: []diag.Reference{
			rfc(9395, "3", "RFCs 2407, 2408, and 2409 Are Historic"),
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := obstacle(a, diag.AnySide, diag.ObstacleDisabled); k.OK && !a.Completed(diag.Phase1) {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("IKEv1 is switched off on %s", a.NameOf(k.Side))})
			}
		}
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s wants IKEv1, and its daemon is told not to speak it", name)
			f.Remedies = []diag.Remedy{{Action: "allow IKEv1, or move both ends to IKEv2"}}
			return diag.Proof, true
		}, diag.FaultV1Disabled)
	},
}
