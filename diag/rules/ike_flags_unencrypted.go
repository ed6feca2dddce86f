package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// FlagsUnencrypted finds an end that sends in the clear what has to be
// encrypted.
var FlagsUnencrypted = &diag.Rule{
	Code: diag.IKEFlagsUnencrypted,
	Doc: diag.Doc{
		Meaning: "An end refuses a message since it came without the Encryption Bit in its header, although identities and proofs of main mode, and all that follows " +
			"phase 1, are encrypted (RFC 2409, section 5). The other implementation deviates, e.g. since it gave up its state or began extended authentication " +
			"too early, or somebody else sent the message.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEMsgMalformed},
		Common:   1,
		Remedy:   "update the implementation that sends the message, or try another mode or authentication method with it",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
			rfc(2408, "3.1", "ISAKMP Header Format"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleUnencrypted)
			if !k.OK || a.Completed(diag.Phase1) {
				continue
			}
			// Nothing authenticates such a message: it may be anybody's.
			out.AddTo(a, diag.Finding{
				FixAt: k.Side.Other().End(), Severity: diag.Error, Evidence: k.As(diag.Strong),
				Summary: fmt.Sprintf("%s sends in the clear what has to be encrypted, and %s refuses it", a.NameOf(k.Side.Other()), a.NameOf(k.Side)),
			})
		}
	},
}
