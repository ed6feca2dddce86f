package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// PSKMismatch finds two ends with different pre-shared keys.
//
// In main mode the key goes into SKEYID, from which the encryption key comes
// (RFC 2409, section 5), so that the first encrypted message, the fifth, makes
// no sense to the responder, nor its complaint to the initiator. Nothing says
// so in words. In aggressive mode the hash is checked before anything is
// encrypted, and the side that checks first says that it is wrong.
var PSKMismatch = &diag.Rule{
	Code: diag.IKEP1PSKMismatch,
	Doc: diag.Doc{
		Meaning: "The two ends hold different pre-shared keys. In main mode each fails to decrypt the other's first encrypted message; " +
			"in aggressive mode the hash that proves knowledge of the key is wrong.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1PSKMissing,
				Excluded: []diag.Exclusion{byKeys, {If: messageArrived, Reason: "both ends had a key to encrypt with"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "the responder's log says whether it found a key at all"},
			},
			{
				Code:     diag.NetUDP4500Blocked,
				Excluded: []diag.Exclusion{byKeys, {If: messageArrived, Reason: "the encrypted message arrived and was answered"}, {If: cameOn4500, Reason: "the responder speaks on port 4500, where the encrypted message came to it"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "the responder's log or capture shows whether the fifth message arrives"},
			},
			{
				Code:     diag.NetIKEFragDropped,
				Excluded: []diag.Exclusion{byKeys, {If: messageArrived, Reason: "the encrypted message arrived and was answered"}, {If: cameOn4500, Reason: "the responder speaks on port 4500, where the encrypted message came to it"}},
				Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "the responder's log or capture shows whether the fifth message arrives"},
			},
			{
				Code:     diag.IKEMsgMalformed,
				Excluded: []diag.Exclusion{byKeys},
				Ask:      diag.Missing{Kind: diag.KindSecrets, End: diag.EndBoth, Why: "both ends' secrets show whether the keys differ; a damaged packet or a fault in the key exchange garbles messages too"},
			},
		},
		Explains: garbled,
		Common:   8,
		Remedy:   "enter the same pre-shared key at both ends, without blanks, quotes or line ends that a form or an editor added",
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyConnection | 1<<diag.BodyMessage | 1<<diag.BodyKeyProof,
	Check: checkPSK,
}

// garbled is what different keys bring about.
var garbled = []diag.Code{
	diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch,
	diag.NetUDP4500Blocked, diag.NetIKEFragDropped, diag.IKEMsgMalformed,
}

func checkPSK(v *diag.View, out *diag.Sink) {
	pair := comparePSK(v)
	if _, passed := pair.passed(); passed || pair.state == keysLooselyEqual {
		return // PSKShadowed's, PSKEncoding's
	}
	found := false
	for a := range v.Attempts() {
		if keysWork(a) || !mayBePSK(a) || showsCertificate(a) {
			continue
		}
		proof := provePSK(a)
		if proof.state == keysEqual {
			continue // whatever else fails
		}
		ev, side := pskEvidence(a)
		if proof.state == keysDiffer {
			ev = append(ev, proof.ev...)
		}
		if len(ev) == 0 {
			continue
		}
		found = true
		// A dump that shows the SA half made says that it stays so.
		half := diag.Fact(a, diag.AnySide, func(s *diag.SA) bool { return !s.Child && s.State == diag.SAConnecting })
		ev = half.AppendAs(ev, diag.Background)
		f := diag.Finding{FixAt: diag.EndEither, Evidence: ev, Summary: pskSummary(v, a, pair, proof, side)}
		pair.apply(&f)
		out.AddTo(a, f)
	}
	if !found && pair.state == keysDiffer && !v.Up() && !usedOneKey(v) {
		f := diag.Finding{FixAt: diag.EndEither, Summary: pskSummary(v, nil, pair, pskProof{}, diag.SideUnknown)}
		pair.apply(&f)
		out.Add(f)
	}
}

// usedOneKey: in some attempt both sides used the same key, whatever the files say.
func usedOneKey(v *diag.View) bool {
	for a := range v.Attempts() {
		if mayBePSK(a) && !showsCertificate(a) && provePSK(a).state == keysEqual {
			return true
		}
	}
	return false
}

func pskSummary(v *diag.View, a *diag.Attempt, pair pskPair, proof pskProof, side diag.Side) string {
	ends := "the two ends"
	if x, y := v.EndName(0), v.EndName(1); x != "" && y != "" {
		ends = x + " and " + y
	}
	switch {
	case pair.state == keysDiffer:
		return "the pre-shared keys of " + ends + " differ"
	case proof.state == keysDiffer:
		return "the pre-shared keys of " + ends + " differ: " + proof.summary
	case side != diag.SideUnknown:
		return "the pre-shared keys of " + ends + " differ: " + a.NameOf(side) + " cannot read what its peer encrypted with them"
	}
	return "the pre-shared keys of " + ends + " differ: encrypted messages make no sense to the end that receives them"
}

// pskEvidence collects what an attempt shows whose keys are not known to work, and
// the side that failed.
func pskEvidence(a *diag.Attempt) (ev []diag.Evidence, side diag.Side) {
	// Aggressive mode: the hash is made of the key and of what both sent in
	// the clear; it is wrong if and only if the keys differ (RFC 2409, 5.4).
	for _, s := range sides {
		if !a.FailedAt(diag.CheckHash) {
			break // as with most
		}
		if h := failed(a, s, diag.CheckHash, isakmp.ExchangeAggressive); h.OK {
			return h.As(diag.Proof), s
		}
	}
	hash := failed(a, diag.AnySide, diag.CheckHash, isakmp.ExchangeMain)
	fifth := diag.Fact(a, diag.AnySide, func(c *diag.Check) bool {
		return !c.OK && c.What == diag.CheckDecrypt && c.Exchange == isakmp.ExchangeMain && c.Payload == isakmp.PayloadID
	})
	// What the peer complained of, unreadable as well. Once may be another
	// implementation's way of writing a complaint about something else; every
	// time the message is repeated is not.
	complaint := failed(a, diag.AnySide, diag.CheckDecrypt, isakmp.ExchangeInformational)
	if !complaint.OK {
		complaint = failed(a, diag.AnySide, diag.CheckFormat, isakmp.ExchangeInformational)
	}
	if mode := a.Mode(); mode != isakmp.ExchangeMain && mode != isakmp.ExchangeNone {
		return aggressivePackets(a)
	}
	format := failed(a, diag.AnySide, diag.CheckFormat, isakmp.ExchangeMain)
	switch {
	case fifth.OK:
		ev, side = fifth.As(diag.Strong), fifth.Side
	case hash.OK:
		ev, side = hash.As(diag.Strong), hash.Side
	}
	weight := diag.Hint
	if (complaint.Count > 1 || format.OK) && !waitsForFifth(a) {
		weight = diag.Strong
	}
	if complaint.OK {
		ev = complaint.AppendAs(ev, weight)
		if side == diag.SideUnknown {
			side = complaint.Side
		}
	}
	switch {
	case !format.OK:
	case fifth.OK || complaint.OK:
		ev = append(ev, format.As(diag.Background)...)
	case wasSent(a, diag.Responder, isakmp.ExchangeMain, 4):
		// What follows the fourth message is the first encrypted one.
		ev, side = append(ev, format.As(diag.Strong)...), format.Side
	case !diag.Any(a, diag.AnySide, func(m *diag.Message) bool { return m.Number > 0 }):
		ev, side = append(ev, format.As(diag.Hint)...), format.Side
	}
	return mainPackets(a, ev), side
}

// keysWork: a side read what the other encrypted with keys made of its own
// pre-shared key. Whatever cannot be read afterwards, the keys are equal.
func keysWork(a *diag.Attempt) bool {
	return a.Stepped(diag.Phase1Up) || refusedWhatItRead(a) || comparedWhatItRead(a) ||
		diag.Any(a, diag.AnySide, func(m *diag.Message) bool {
			return m.Exchange == isakmp.ExchangeMain && m.Number >= 5 && !m.Encrypted && m.From == diag.Peer
		})
}

// refusedWhatItRead: the responder refuses what only the fifth message of main
// mode holds, encrypted: an identity, or a proof (RFC 2409, section 5).
func refusedWhatItRead(a *diag.Attempt) bool {
	return wasSent(a, diag.Initiator, isakmp.ExchangeMain, 5) &&
		notified(a, diag.Responder, isakmp.NotifyInvalidIDInformation, isakmp.NotifyInvalidKeyInformation).OK
}

// comparedWhatItRead: a side compared its peer's identity, which main mode sends
// encrypted. libreswan reads each copy of that message with what the one before
// left behind, so that only the first makes sense to it.
func comparedWhatItRead(a *diag.Attempt) bool {
	return failed(a, diag.AnySide, diag.CheckIdentity).OK && a.Mode() == isakmp.ExchangeMain
}

// mainPackets appends what a capture tells: the fifth message repeated although
// the peer answered it each time, with something encrypted that is not the sixth.
// An initiator that could read the answer would have stopped. Of a responder whose
// log says only that the message came, it is that it gave the negotiation up.
func mainPackets(a *diag.Attempt, ev []diag.Evidence) []diag.Evidence {
	if wasSent(a, diag.Responder, isakmp.ExchangeMain, 6) || !wasSent(a, diag.Initiator, isakmp.ExchangeMain, 5) {
		return ev
	}
	again, left := repeated(a, diag.Initiator, isakmp.ExchangeMain, 5), stepped(a, diag.Responder, diag.Phase1Failed)
	if !again.OK && !left.OK {
		return ev
	}
	fifth := sent(a, diag.Initiator, isakmp.ExchangeMain, 5)
	if !again.OK {
		if !fifth.V.Encrypted || fifth.V.From != diag.Peer {
			return ev
		}
		return left.AppendAs(fifth.AppendAs(ev, diag.Hint), diag.Hint)
	}
	answer, weight := informed(a, diag.Responder), diag.Hint
	if answer.Count > 1 && !waitsForFifth(a) {
		weight = diag.Strong
	}
	ev = fifth.AppendAs(slices.Grow(ev, len(fifth.Evidence)+len(again.Evidence)+len(answer.Evidence)), diag.Background)
	return answer.AppendAs(again.AppendAs(ev, weight), weight)
}

// waitsForFifth: the responder goes on repeating its fourth message although it
// got the fifth, to which it sends something encrypted each time. libreswan does
// so when it has read the fifth message and refuses what is in it; when it
// cannot read it, it repeats the fourth and sends nothing else.
func waitsForFifth(a *diag.Attempt) bool {
	return diag.Any(a, diag.Responder, func(m *diag.Message) bool {
		return m.Retransmission > 0 && (m.Exchange == isakmp.ExchangeMain && m.Number == 4 || m.Exchange == isakmp.ExchangeNone)
	})
}

// aggressivePackets judges aggressive mode where nobody's log speaks: the
// initiator answers the second message with something encrypted that is not
// the third.
func aggressivePackets(a *diag.Attempt) ([]diag.Evidence, diag.Side) {
	second := sent(a, diag.Responder, isakmp.ExchangeAggressive, 2)
	third := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeAggressive && m.Number == 3
	})
	refusal := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational })
	again := diag.Fact(a, diag.Responder, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeAggressive && m.Number == 2 && m.Retransmission > 0
	})
	switch {
	case !second.OK || third.OK:
		return nil, 0
	case refusal.OK:
		return slices.Concat(second.As(diag.Background), refusal.As(diag.Hint)), diag.Initiator
	case again.OK:
		return slices.Concat(second.As(diag.Background), again.As(diag.Hint)), diag.Initiator
	}
	return nil, 0
}

// messageArrived: the responder received the fifth message.
func messageArrived(c diag.Case) (diag.Evidence, bool) {
	a := c.Attempt
	if a == nil {
		return diag.Evidence{}, false
	}
	if k := failed(a, diag.Responder, diag.CheckDecrypt); k.OK {
		return k.First(), true
	}
	if k := failed(a, diag.AnySide, diag.CheckHash); k.OK {
		return k.First(), true
	}
	k := informed(a, diag.Responder)
	return k.First(), k.OK
}

// byKeys: the finding rests on the keys themselves or on a hash of them.
var byKeys = diag.Exclusion{If: keysCompared, Reason: "the keys themselves were compared and differ"}

func keysCompared(c diag.Case) (diag.Evidence, bool) {
	if e, ok := c.Has(diag.EvidenceConfig); ok {
		return e, true
	}
	if e, ok := c.Has(diag.EvidencePacket); ok {
		return e, true
	}
	return c.Has(diag.EvidenceLog)
}
