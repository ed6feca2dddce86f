package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// PSKMissing finds an end that has no pre-shared key for the other.
var PSKMissing = &diag.Rule{
	Code: diag.IKEP1PSKMissing,
	Doc: diag.Doc{
		Meaning:  "An end has no pre-shared key under the identities or addresses that it looks it up by. In main mode that is done before the peer has named itself (RFC 2409, section 5.4).",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous},
		Common:   5,
		Remedy:   "add a key for this peer, under the identity or address by which it is looked up",
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareMissing(v))
		defer out.rest(diag.Phase1)
		for a := range v.Attempts() {
			if k := notFound(a, diag.AnySide, diag.LookupPSK); k.OK {
				out.AddTo(a, diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s has no pre-shared key for its peer", a.NameOf(k.Side))})
				continue
			}
			// The responder refuses the third message, the last before keys
			// are needed: it has none, or cannot do the group.
			n := notified(a, diag.Responder, isakmp.NotifyInvalidKeyInformation)
			if n.OK && !n.V.Protected && mayBePSK(a) && !wasSent(a, diag.Initiator, isakmp.ExchangeMain, 5) {
				out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: n.As(diag.Hint),
					Missing: []diag.Missing{{Kind: diag.KindLog, End: diag.EndResponder, Decides: []diag.Code{diag.IKEP1PSKMissing, diag.IKEP1DHUnsupported}, Why: "only its log says whether it found a key"}},
					Summary: fmt.Sprintf("%s may have no pre-shared key for its peer", a.NameOf(diag.Responder))})
			}
		}
	},
}
