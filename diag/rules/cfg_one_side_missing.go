package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// OneSideMissing finds an end whose configuration has no counterpart of what
// its peer is configured for.
var OneSideMissing = &diag.Rule{
	Code: diag.CFGOneSideMissing,
	Doc: diag.Doc{
		Meaning: "One end has a connection for its peer, and the peer's configuration, which was read whole, has none for it. The peer neither answers nor begins.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.CFGConnNotLoaded, Excluded: []diag.Exclusion{{If: saysUnknown, Reason: "the daemon says that it has no connection for this peer"}},
				Ask: askLog(diag.EndResponder, "it shows whether the daemon has the connection from elsewhere")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKECookieUnknown, diag.IKEP1PeerUnknown, diag.IKEP1AuthAmbiguous, diag.NetUDP500Blocked, diag.IKEV1Disabled, diag.NetPeerAddrWrong},
		Common:   4,
		Remedy:   "add the connection at the end that has none, or take it away at the other",
		References: []diag.Reference{
			rfc(2401, "4.4.1", "The Security Policy Database (SPD)"),
		},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		if known(v) || v.Last() != nil && isUp(v.Last()) {
			return // it has one from elsewhere
		}
		for end := range 2 {
			e, ok := v.Unconfigured(end)
			if c, o := v.Connection(end), v.Connection(1-end); c.OK && o.OK && calls(o.V, c.V) && stranger(c.V, o.V) {
				e, ok = v.PlaceEvidence(c, "RemoteAddresses"), c.V.Alone() && !c.V.Incomplete
			}
			if !ok {
				continue
			}
			a := v.Last()
			f := diag.Finding{FixAt: diag.EndResponder, Evidence: []diag.Evidence{e.As(diag.Strong)},
				Summary: "the configuration of one end has no connection for its peer"}
			if n := v.EndName(end); n != "" {
				f.Summary = fmt.Sprintf("the configuration of %s has no connection for its peer", n)
			}
			if c := v.Connection(1 - end); c.OK {
				f.Evidence = append(f.Evidence, c.First().As(diag.Background))
			} else if a == nil {
				continue // nothing tells that there should be one
			}
			if a == nil {
				out.Add(f)
				return
			}
			if side := a.EndOf(diag.Initiator); side == end {
				return // it begins: it has one from elsewhere
			}
			if k := notFound(a, diag.Responder, diag.LookupGateway); k.OK {
				f.Evidence = append(f.Evidence, k.As(diag.Proof)...)
			}
			out.AddTo(a, f)
			return
		}
	},
}

// saysUnknown: the responder looked for a connection and found none.
func saysUnknown(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := notFound(c.Attempt, diag.Responder, diag.LookupGateway)
	return k.First(), k.OK
}
