package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// LocalAddrWrong finds a responder whose connection for the peer is bound to
// another of its own addresses than the one that the peer calls.
var LocalAddrWrong = &diag.Rule{
	Code: diag.CFGLocalAddrWrong,
	Doc: diag.Doc{
		Meaning: "The responder has a connection for this peer, on another of its own addresses than the one that was called, such as a shared address of a cluster: it says that it has none, or takes one for anybody.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetPeerAddrWrong, Ask: askConfig(diag.EndBoth, "only who runs the network can say which of the addresses is meant")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEVersionMismatch, diag.IKEP1ProposalMismatch},
		Common:   4,
		Remedy:   "bind the connection to the address that the peer calls, or let the peer call the other",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1 << diag.BodyLookup,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := notFound(a, diag.Responder, diag.LookupGateway)
			end := a.EndOf(diag.Responder)
			c := v.Elsewhere(end)
			if !k.OK || !c.OK || a.Up().OK || a.Overtaken() || v.Connection(end).OK {
				continue
			}
			local, remote := v.Address(end), v.Address(1-end)
			e := v.PlaceEvidence(c, "LocalAddresses")
			place := c.V.At["LocalAddresses"]
			out.AddTo(a, diag.Finding{FixAt: diag.EndResponder, Evidence: append(k.As(diag.Strong), e.As(diag.Strong)),
				Detail:   diag.AddressUnknown{Local: local, Remote: remote},
				Summary:  fmt.Sprintf("the responder is called at %s, and its connection for this peer is on %s", local, c.V.LocalAddresses[0]),
				Remedies: []diag.Remedy{{End: diag.EndResponder, Action: "bind the connection to the address that is called", Setting: place.Setting, Value: local.String(), Source: e.Source, Line: e.Where.Line}}})
		}
	},
}
