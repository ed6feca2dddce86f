package rules

import (
	"cmp"
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// CryptoMapNotApplied finds a policy that no interface applies: by the
// configuration, or by the words of a gateway that is asked for a tunnel where
// it has none.
var CryptoMapNotApplied = &diag.Rule{
	Code: diag.IKEP2CryptomapNotApplied,
	Doc: diag.Doc{
		Meaning: "The policy that says which traffic to protect is bound to no interface: traffic leaves unprotected, nothing negotiates, and what the peer begins is not answered.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CFGLocalAddrWrong,
				Excluded: []diag.Exclusion{byConfigs},
				Ask:      askConfig(diag.EndBoth, "a peer that dials another address of this gateway is refused in the same words"),
			},
		},
		Explains: []diag.Code{diag.IKEP2NotTriggered, diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEP2TSMismatch, diag.NetPeerNotListening},
		Common:   4,
		Remedy:   "apply the policy to the interface that faces the peer",
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, func(f *diag.Finding, x *diag.Fault, name string) (diag.Weight, bool) {
			f.Summary = fmt.Sprintf("%s applies %s to no interface", name, diag.Quote(cmp.Or(x.Subject, x.Place.Setting)))
			f.Remedies = []diag.Remedy{{Action: "apply it to the interface that faces the peer"}}
			if x.Instead != "" { // what is to be written names the connection, and not the other way round
				f.Summary = fmt.Sprintf("%s has no %s for %s", name, x.Subject, diag.Quote(x.Place.Setting))
				f.Remedies[0].Action = "write one that names it"
			}
			if x.Effect < diag.FaultFails {
				return diag.Strong, true
			}
			return diag.Proof, true
		}, diag.FaultUnbound)
		for a := range v.Unfinished(diag.Phase2) {
			if k := obstacle(a, diag.AnySide, diag.ObstacleNoPolicy); k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s has no policy in force for the tunnel: no crypto map on the interface that its peer talks to, or no firewall policy that names the tunnel", a.NameOf(k.Side))})
			}
		}
	},
}
