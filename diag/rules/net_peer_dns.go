package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// PeerDNSUnresolved finds a peer whose name has no address.
var PeerDNSUnresolved = &diag.Rule{
	Code: diag.NetPeerDNSUnresolved,
	Doc: diag.Doc{
		Meaning:  "The peer is configured by a name, and the name service gives no address for it, so that nothing is sent at all.",
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   4,
		Remedy:   "correct the name or the name service, or configure the peer's address",
		References: []diag.Reference{
			rfc(1035, "7", "Resolver Implementation"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleName)
			if !k.OK || a.Up().OK || a.Overtaken() || heard(a, diag.Responder) {
				continue
			}
			f := diag.Finding{FixAt: diag.EndInitiator, Evidence: k.As(diag.Proof), Summary: "the peer's name has no address"}
			if k.V.Detail != "" {
				f.Summary = fmt.Sprintf("the peer's name %s has no address", diag.Quote(k.V.Detail))
			}
			out.AddTo(a, f)
		}
	},
}
