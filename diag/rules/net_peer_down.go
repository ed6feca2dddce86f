package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// PeerDown finds a peer whose host is there and whose daemon is gone.
var PeerDown = &diag.Rule{
	Code: diag.NetPeerDown,
	Doc: diag.Doc{
		Meaning: "The tunnel was up, and the peer's daemon is gone since: its host says that nobody listens on the port any more, its own log ends with the daemon's end, or the daemon cannot be asked for its state.",
		LookAlikes: []diag.LookAlike{{
			Code:     diag.LifePeerRestarted,
			Excluded: []diag.Exclusion{{If: daemonEnded, Reason: "its log ends with the daemon's end"}, {If: peerCloses, Reason: "its host says that nothing listens any more"}},
			Ask:      askLog(diag.EndBoth, "the log of the end that lost its SAs says whether its daemon ended or started anew"),
		}},
		Explains: []diag.Code{
			diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.LifeStaleSA, diag.LifeRekeyP1Failed, diag.ESPCleartextLeak, diag.NetESPBlocked, diag.NetEspinudpBlocked, diag.NetPathLost, diag.LifeDPDTimeout, diag.ESPInvalidSPI,
		},
		Common:     4,
		Remedy:     "start the peer's daemon again, and find out why it ended",
		References: []diag.Reference{rfc(3706, "5", "DPD Protocol"), rfc(1122, "3.2.2.1", "Destination Unreachable")},
	},
	Needs: 1<<diag.BodyUnreachable | 1<<diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		lifecycle(v, out, func(a *diag.Attempt) *diag.Finding {
			if !a.Completed(diag.Phase2) || upAgain(a) {
				return nil
			}
			for _, s := range bothSides {
				missed := teardown(a, s, false, diag.EndedDPD)
				ev := slices.Concat(missed.As(diag.Strong), callsUnanswered(a, s))
				if len(ev) == 0 {
					ev = sendsOn(a, s)
				}
				if len(ev) == 0 {
					continue
				}
				peer := s.Other()
				f := &diag.Finding{FixAt: peer.End(), Summary: fmt.Sprintf("the daemon of %s is gone", a.NameOf(peer))}
				closed := diag.Fact(a, peer, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer })
				ended, byLog := stoppedBy(v, a.EndOf(peer), diag.KindLog)
				absent, byDump := stoppedBy(v, a.EndOf(peer), diag.KindState)
				switch {
				case closed.OK:
					f.Evidence = slices.Concat(closed.As(diag.Proof), weighed(ev, diag.Strong))
					f.Summary += ": its host says that nothing listens on the port any more"
				case byLog:
					f.Evidence = slices.Concat([]diag.Evidence{ended.As(diag.Proof)}, weighed(ev, diag.Strong))
					f.Summary += ": its log ends with the daemon's end"
				case byDump:
					// A dump does not tell its time: the daemon may have ended since.
					f.Evidence = slices.Concat([]diag.Evidence{absent.As(diag.Strong)}, weighed(ev, diag.Strong))
					f.Summary = fmt.Sprintf("the daemon of %s does not run", a.NameOf(peer))
				default:
					continue
				}
				return f
			}
			return calledAgain(a)
		})
	},
}

// calledAgain finds that an end of what was up began a new negotiation, to which
// the other end's host says that nobody listens any more.
func calledAgain(a *diag.Attempt) *diag.Finding {
	after := false
	for b := range a.View().Attempts() {
		if b == a {
			after = true
			continue
		}
		if !after {
			continue
		}
		closed := diag.Fact(b, diag.Responder, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer && u.Protocol != protocolESP })
		if !closed.OK {
			continue
		}
		first, _, vain := unanswered(b)
		if !vain {
			continue
		}
		gone := diag.Responder // as a has it
		if a.EndOf(diag.Initiator) == b.EndOf(diag.Responder) {
			gone = diag.Initiator
		}
		return &diag.Finding{FixAt: gone.End(), Evidence: slices.Concat(closed.As(diag.Proof), first.As(diag.Strong), a.ChildUp().As(diag.Background)),
			Summary: fmt.Sprintf("the daemon of %s is gone: the tunnel was up, and to a new negotiation its host says that nothing listens on the port any more", b.NameOf(diag.Responder))}
	}
	return nil
}

// daemonEnded: the log of one end ends with its daemon's end.
func daemonEnded(c diag.Case) (e diag.Evidence, ok bool) {
	for end := 0; end < 2 && !ok; end++ {
		e, ok = stoppedBy(c.View, end, diag.KindLog)
	}
	return e, ok
}

// peerCloses: a host reports that nothing listens on its port.
func peerCloses(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(u *diag.Unreachable) bool { return u.Port && u.ByPeer })
	return k.First(), k.OK
}

// sendsOn gives what shows that a side sends on SAs that its peer has lost.
func sendsOn(a *diag.Attempt, from diag.Side) (ev []diag.Evidence) {
	sas := trafficOf(a).sas
	if len(sas) == 0 {
		return nil
	}
	lost := counted(a, from.Other(), "XfrmInNoStates")
	for _, s := range sas {
		if left, out := s.left(); s.from == from && left > 0 && !s.in.listed && (lost.OK || forgotten(s)) {
			ev = slices.Concat(ev, weighed(out, diag.Strong))
		}
	}
	if len(ev) > 0 {
		ev = slices.Concat(ev, lost.As(diag.Strong))
	}
	return ev
}

// upAgain reports whether the last thing that the attempt shows of its children
// is that one came up.
func upAgain(a *diag.Attempt) bool {
	k := teardown(a, diag.AnySide, false, diag.EndedDPD)
	return k.OK && upAfter(a, last(k.Evidence))
}

// stoppedBy finds that a source of a kind shows the daemon of an end gone, and
// none that it has started since.
func stoppedBy(v *diag.View, end int, kind diag.SourceKind) (e diag.Evidence, ok bool) {
	stop := diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.DaemonStopped })
	for _, x := range slices.Backward(stop.Evidence) {
		if v.Kind(x) == kind {
			return x, !startedSince(v, end, x)
		}
	}
	return e, false
}

// startedSince reports whether an end's log shows its daemon start after a
// piece of evidence.
func startedSince(v *diag.View, end int, e diag.Evidence) bool {
	k := diag.HostFact(v, end, func(*diag.Software) bool { return true })
	return k.OK && last(k.Evidence).After(e)
}
