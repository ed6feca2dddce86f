package rules

import (
	"fmt"
	"slices"

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
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEVersionMismatch, diag.IKEP1ProposalMismatch, diag.NetPeerAddrWrong},
		Common:   4,
		Remedy:   "bind the connection to the address that the peer calls, or let the peer call the other",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1 << diag.BodyLookup,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k, c := elsewhereBound(a)
			if !k.OK || a.Completed(diag.Phase1) || a.Overtaken() {
				continue
			}
			end := a.EndOf(diag.Responder)
			if unoriented(v, end).OK {
				continue // ConnNotOriented's: it is none of the host's
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

// elsewhereBound finds that a responder says that it has no connection for the
// call, and that its connection for this peer is on another address than the one
// that was called.
func elsewhereBound(a *diag.Attempt) (k diag.Known[*diag.LookedUp], c diag.Known[*diag.Connection]) {
	v, end := a.View(), a.EndOf(diag.Responder)
	local, remote := v.Address(end), v.Address(1-end)
	c = v.Connection(end)
	switch {
	case !c.OK:
		c, _ = v.Elsewhere(end)
	case !local.IsValid() || slices.Contains(c.V.LocalAddresses, local) || !slices.Contains(c.V.RemoteAddresses, remote):
		return k, c // that one is not bound to another address, or is not for this peer
	}
	if c.OK && !c.V.LocalAny && len(c.V.LocalAddresses) > 0 {
		k = notFound(a, diag.Responder, diag.LookupGateway)
	}
	return k, c
}
