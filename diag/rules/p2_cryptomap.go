package rules

import (
	"cmp"
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// CryptoMapNotApplied finds a policy that no interface applies.
var CryptoMapNotApplied = &diag.Rule{
	Code: diag.IKEP2CryptomapNotApplied,
	Doc: diag.Doc{
		Meaning:  "The policy that says which traffic to protect is bound to no interface: traffic leaves unprotected, nothing negotiates, and what the peer begins is not answered.",
		Explains: []diag.Code{diag.IKEP2NotTriggered, diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.NetPeerNotListening},
		Common:   4,
		Remedy:   "apply the policy to the interface that faces the peer",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s applies %s to no interface", name, diag.Quote(cmp.Or(x.Subject, x.Place.Setting)))
			f.Remedies = []diag.Remedy{{Action: "apply it to the interface that faces the peer"}}
			if x.Effect != diag.FaultFails {
				return diag.Strong, true
			}
			return diag.Proof, true
		}, diag.FaultUnbound)
	},
}
