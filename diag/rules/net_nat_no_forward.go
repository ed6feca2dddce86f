package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// NATNoForward finds a responder behind an address translation that passes
// nothing on to it.
var NATNoForward = &diag.Rule{
	Code: diag.NetNATNoForward,
	Doc: diag.Doc{
		Meaning: "The responder has a private address and is dialled at a public one, which is that of the translation before it. A translation lets in what belongs to a connection from within; " +
			"the first message of a peer does not, and is dropped unless UDP ports 500 and 4500 are forwarded.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetPeerAddrWrong, Ask: askConfig(diag.EndResponder, "it, or who runs the translation before it, knows its public address")},
		},
		Explains: []diag.Code{diag.NetUDP500Blocked, diag.NetPeerAddrWrong, diag.IKERetransmitExhausted},
		Common:   7,
		Remedy:   "forward UDP ports 500 and 4500 from the public address to the responder, or let the end with the private address begin",
		References: []diag.Reference{
			rfc(3022, "2.2", "Overview of NAPT"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			first, ev, ok := unanswered(a)
			_, r := configured(a)
			_, dialled := a.Addresses(diag.Initiator)
			if !ok || !r.OK || !dialled.IsValid() || inner(dialled) || len(r.V.LocalAddresses) == 0 || unreachable(a).OK || cameUpBefore(a).OK ||
				slices.ContainsFunc(r.V.LocalAddresses, func(own netip.Addr) bool { return !inner(own) }) {
				continue
			}
			if _, seen := came(a, diag.Responder, first.V.Exchange, first.V.Number); seen {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: slices.Concat(ev, []diag.Evidence{v.PlaceEvidence(r, "LocalAddresses").As(diag.Hint)}),
				Summary: fmt.Sprintf("%s is dialled at %s and has %s: the translation before it may not forward the first message", a.NameOf(diag.Responder), dialled, r.V.LocalAddresses[0]),
				Missing: []diag.Missing{askCapture(diag.EndResponder, "it shows whether the first message arrives")}})
		}
	},
}
