package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// PeerDNSUnresolved finds a peer whose name has no address.
var PeerDNSUnresolved = &diag.Rule{
	Code: diag.NetPeerDNSUnresolved,
	Doc: diag.Doc{
		Meaning: "The peer is configured by a name, and the name service gives no address for it, so that nothing is sent at all. " +
			"A daemon that needs the address to load the connection may wait for it, and does not have the connection until then.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.CFGConnNotLoaded},
		Common:   4,
		Remedy:   "correct the name or the name service, or configure the peer's address",
		References: []diag.Reference{
			rfc(1035, "7", "Resolver Implementation"),
		},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			c, k := v.Connection(end), lackedFor(v, end, diag.ConnectionLoading)
			if !k.OK || c.V.RemoteName == "" || len(c.V.RemoteAddresses) > 0 {
				continue
			}
			out.Add(diag.Finding{FixAt: endRole(v, end), Evidence: append(k.As(diag.Strong), v.PlaceEvidence(c, "RemoteAddresses").As(diag.Hint)),
				Summary: fmt.Sprintf("the peer's name %s may have no address: the daemon has not finished loading the connection", diag.Quote(c.V.RemoteName))})
		}
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleName)
			if !k.OK || a.Completed(diag.Phase1) || a.Overtaken() || heard(a, diag.Responder) {
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
