package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// ConnNotOriented finds a connection whose local address is not the host's.
var ConnNotOriented = &diag.Rule{
	Code: diag.CFGConnNotOriented,
	Doc: diag.Doc{
		Meaning: "The local address that the connection names is none of the host's own, or both ends are the host: the daemon cannot tell which end it is, or its system refuses to send from there.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetNoRouteToPeer,
				Excluded: []diag.Exclusion{{If: oneHost, Reason: "the configuration has one host for both ends"}, {If: saidUnoriented, Reason: "the daemon says that neither address is its host's"}},
				Ask:      diag.Missing{Kind: diag.KindCapture, End: diag.EndInitiator, Why: "a host without a route refuses to send in the same words"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1PeerUnknown, diag.IKEExchangeModeMismatch, diag.IKEP1AuthmethodMismatch, diag.IKEVersionMismatch, diag.CFGLocalAddrWrong, diag.NetPeerAddrWrong},
		Common:   3,
		Remedy:   "write the address that the host has on the interface towards its peer, or let the daemon find it",
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyUnreachable | 1<<diag.BodyConnection | 1<<diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		lint(v, out, sameEnds, diag.FaultSameEnds)
		for a := range v.Attempts() {
			n := notFound(a, diag.AnySide, diag.LookupGateway)
			end := a.EndOf(n.Side)
			if k := unoriented(v, end); n.OK && k.OK && !a.Completed(diag.Phase1) {
				w := diag.Strong
				if forCaller(v, end, k.V.Name) {
					w = diag.Proof
				}
				out.AddTo(a, diag.Finding{FixAt: n.Side.End(), Evidence: slices.Concat(k.As(w), n.As(diag.Background)),
					Summary: fmt.Sprintf("neither end of the connection %s is an address of its host's", diag.Quote(k.V.Name))})
			}
		}
		for a := range v.Unfinished(diag.Phase1) {
			if heard(a, diag.Responder) {
				continue
			}
			none := noRoute(a, diag.Hint)
			own, peer := configured(a)
			if len(none) == 0 || own.OK && len(own.V.LocalAddresses) == 0 {
				continue
			}
			if _, sent := senderOnWire(diag.Case{View: v, Attempt: a}); sent {
				continue
			}
			f := diag.Finding{FixAt: diag.EndInitiator, Evidence: none,
				Summary: fmt.Sprintf("%s may not have the address that it is to send from", a.NameOf(diag.Initiator))}
			if own.OK && peer.OK && len(peer.V.RemoteAddresses) > 0 && !slices.ContainsFunc(peer.V.RemoteAddresses, func(x netip.Addr) bool { return slices.Contains(own.V.LocalAddresses, x) }) {
				// The other end knows the host by another address, too.
				f.Evidence = append(f.Evidence, v.PlaceEvidence(own, "LocalAddresses").As(diag.Strong), v.PlaceEvidence(peer, "RemoteAddresses").As(diag.Strong))
				f.Summary += fmt.Sprintf(": its peer expects %s", peer.V.RemoteAddresses[0])
			}
			out.AddTo(a, f)
		}
	},
}

// unoriented finds the daemon of an end saying that a connection is not its
// host's.
func unoriented(v *diag.View, end int) diag.Known[*diag.Host] {
	return diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.ConnectionNotOriented })
}

// forCaller reports whether the connection of an end that has this name is the one
// for its peer, and the only one.
func forCaller(v *diag.View, end int, name string) bool {
	c, is := v.Connection(end), v.ConnectionName(end)
	if !c.OK {
		c, is = v.Elsewhere(end)
	}
	return c.OK && c.V.Alone() && diag.HostName(is) == name && slices.Contains(c.V.RemoteAddresses, v.Address(1-end))
}

func saidUnoriented(c diag.Case) (diag.Evidence, bool) {
	for end := range 2 {
		if k := unoriented(c.View, end); k.OK {
			return k.First(), true
		}
	}
	return diag.Evidence{}, false
}

// senderOnWire: a capture at the initiator shows its messages leaving, or the
// peer has seen them.
func senderOnWire(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	for k := range diag.Facts[diag.Message](c.Attempt, diag.Initiator) {
		if e := k.First(); c.View.Kind(e) == diag.KindCapture || k.By == diag.Responder {
			return e, true
		}
	}
	return diag.Evidence{}, false
}

// routerReports: what cannot be reached is reported from the way, so messages
// do leave.
func routerReports(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.Responder, func(u *diag.Unreachable) bool { return u.To != diag.Peer })
	return k.First(), k.OK
}
