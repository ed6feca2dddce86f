package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// UDP500Blocked finds a path that does not carry the first message.
//
// Silence has many causes, and most responders that do not want to talk say so
// in their logs. So what is known of the responder's side decides: its capture
// that shows nothing proves that nothing came; its quiet log makes it likely.
var UDP500Blocked = &diag.Rule{
	Code: diag.NetUDP500Blocked,
	Doc: diag.Doc{
		Meaning: "The initiator's first message (UDP port 500; RFC 2408, section 2.5.1) does not reach the responder: a firewall or a filter on the way drops it, or rejects it and says so.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetPeerNotListening,
				Excluded: []diag.Exclusion{{If: pathRefuses, Reason: "a firewall on the way says that it refuses"}, {If: captureMissed, Reason: "a capture at the responder shows that nothing came"}},
				Ask:      askCapture(diag.EndResponder, "it shows whether the first message arrives"),
			},
			{
				Code:     diag.IKEP1PeerUnknown,
				Excluded: []diag.Exclusion{{If: pathRefuses, Reason: "a firewall on the way says that it refuses"}, {If: captureMissed, Reason: "a capture at the responder shows that nothing came"}},
				Ask:      askLog(diag.EndResponder, "some responders answer nothing to a peer that they do not know, and log it"),
			},
			{
				Code:     diag.NetPeerAddrWrong,
				Excluded: []diag.Exclusion{{If: pathRefuses, Reason: "a firewall on the way says that it refuses"}, {If: addressKnown, Reason: "the address that is dialled is the responder's"}},
				Ask:      askConfig(diag.EndResponder, "it shows whether the address that is dialled is the responder's"),
			},
		},
		Explains: []diag.Code{diag.NetPacketLoss, diag.IKERetransmitExhausted, diag.NetPeerNotListening, diag.NetPeerAddrWrong, diag.IKEP1PeerUnknown, diag.IKEExchangeModeMismatch},
		Common:   7,
		Remedy:   "allow UDP port 500, and 4500 for NAT traversal, both ways between the two gateways",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyUnreachable | 1<<diag.BodyGaveUp,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			first, ev, ok := unanswered(a)
			if !ok {
				continue
			}
			if _, seen := came(a, diag.Responder, first.V.Exchange, first.V.Number); seen {
				continue // it arrived
			}
			f := diag.Finding{FixAt: diag.EndPath, Evidence: ev}
			refusal, own := firewallRefuses(a)
			missing, spans, missed := a.Missed(diag.Responder)
			switch {
			case own.OK:
				f.FixAt = diag.EndInitiator
				f.Evidence = append(f.Evidence, own.As(diag.Proof)...)
				f.Summary = fmt.Sprintf("a firewall of %s's own host refuses to send its messages", a.NameOf(diag.Initiator))
			case refusal.OK:
				f.Evidence = append(f.Evidence, refusal.As(diag.Proof)...)
				f.Summary = fmt.Sprintf("a firewall on the way refuses the first message of %s", a.NameOf(diag.Initiator))
			case unreachable(a).OK || len(noRoute(a, diag.Proof)) > 0:
				continue // something else than a firewall says why
			case cameUpBefore(a).OK:
				continue // PathLost's: the path was open
			case missed && spans:
				f.Evidence = append(f.Evidence, missing.As(diag.Proof))
				f.Summary = fmt.Sprintf("the first message of %s does not reach the responder", a.NameOf(diag.Initiator))
			case missed:
				f.Evidence = append(f.Evidence, missing.As(diag.Strong))
				f.Summary = fmt.Sprintf("the first message of %s seems not to reach the responder, whose own sources show nothing of it", a.NameOf(diag.Initiator))
				if v.Kind(missing) == diag.KindCapture {
					f.Missing = []diag.Missing{askCapture(diag.EndResponder, "the one that was given shows no packet of any kind before and after the attempt; one in pcapng tells how long it was running")}
				}
			default:
				f.Summary = "nothing comes back to the first message of " + a.NameOf(diag.Initiator) + ": it may be blocked on the way"
				blockedByProbe(a, &f)
			}
			out.AddTo(a, f)
		}
	},
}

// firewallRefuses finds a report that a firewall refused a message to the
// responder: one that says so, or a closed port that another host than the
// responder reports; and the refusal of the initiator's own host.
func firewallRefuses(a *diag.Attempt) (onTheWay, own diag.Known[*diag.Unreachable]) {
	onTheWay = diag.Fact(a, diag.Responder, func(u *diag.Unreachable) bool {
		return u.To != diag.Peer && u.Protocol != protocolESP && u.Protocol != protocolAH && (u.Prohibited || u.Port && !u.ByPeer)
	})
	own = ownRefusal(a, func(u *diag.Unreachable) bool { return u.Prohibited })
	return onTheWay, own
}

const (
	protocolUDP = 17
	protocolESP = 50
	protocolAH  = 51
)

// unreachable finds any report that the responder cannot be reached.
func unreachable(a *diag.Attempt) diag.Known[*diag.Unreachable] {
	return diag.Fact(a, diag.Responder, func(u *diag.Unreachable) bool {
		return !u.TooBig && u.Protocol != protocolESP && u.Protocol != protocolAH
	})
}

// ownRefusal finds that the initiator's host refused to send, in the
// negotiation or, where the log does not say for which, after it began.
func ownRefusal(a *diag.Attempt, keep func(*diag.Unreachable) bool) diag.Known[*diag.Unreachable] {
	k := diag.Fact(a, diag.Responder, func(u *diag.Unreachable) bool { return u.To == diag.Peer && keep(u) })
	if k.OK {
		return k
	}
	k = diag.HostFact(a.View(), a.EndOf(diag.Initiator), func(u *diag.Unreachable) bool { return u.To == diag.Peer && keep(u) })
	if !k.OK {
		return k
	}
	first := opening(a)
	for _, e := range k.Evidence {
		for _, o := range first.Evidence {
			if e.After(o) {
				return k
			}
		}
	}
	return diag.Known[*diag.Unreachable]{}
}

// pathRefuses: a host between the two says that it refuses.
func pathRefuses(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k, own := firewallRefuses(c.Attempt)
	if own.OK {
		return own.First(), true
	}
	return k.First(), k.OK
}

// captureMissed: a capture that was running at the responder shows nothing.
func captureMissed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	e, spans, ok := c.Attempt.Missed(diag.Responder, diag.KindCapture)
	return e, ok && spans
}

// addressKnown: the responder's own evidence names the address that is
// dialled as its own: its connection for this peer, or, where that names none,
// its host. A host has addresses inside as well, which are its own and not where
// a connection waits.
func addressKnown(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	_, dialled := c.Attempt.Addresses(diag.Initiator)
	if !dialled.IsValid() {
		return diag.Evidence{}, false
	}
	if _, r := configured(c.Attempt); r.OK && len(r.V.LocalAddresses) > 0 {
		return r.First(), slices.Contains(r.V.LocalAddresses, dialled)
	}
	own := diag.HostFact(c.View, c.Attempt.EndOf(diag.Responder), func(h *diag.Host) bool { return h.Event == diag.OwnAddress && h.Address == dialled })
	return own.First(), own.OK
}
