package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// AggressivePSKRefused finds a responder that does not do aggressive mode with
// a pre-shared key.
var AggressivePSKRefused = &diag.Rule{
	Code: diag.IKEP1AggressivePSKRefused,
	Doc: diag.Doc{
		Meaning: "The responder refuses aggressive mode with a pre-shared key, since it sends a hash of the key in the clear, which anybody who listens may try keys against.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEExchangeModeMismatch,
				Excluded: []diag.Exclusion{{If: aggressiveWanted, Reason: "the responder is configured for aggressive mode with this peer"}},
				Ask:      askConfig(diag.EndResponder, "it shows whether the responder wants main mode of this peer"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch},
		Common:   3,
		Remedy:   "use main mode or certificates",
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyNotify | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if k := obstacle(a, diag.AnySide, diag.ObstacleAggressivePSK); k.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("%s refuses aggressive mode with a pre-shared key", a.NameOf(diag.Responder))})
				continue
			}
			if a.Mode() != isakmp.ExchangeAggressive || !mayBePSK(a) {
				continue
			}
			ev := clearRefusal(a, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidExchangeType)
			if len(ev) == 0 {
				ev = unnamedRefusal(a)
			}
			if len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s may refuse aggressive mode with a pre-shared key", a.NameOf(diag.Responder))})
			}
		}
	},
}

// UniqueRejected finds a responder that allows its peer one SA and keeps the
// old one.
var UniqueRejected = &diag.Rule{
	Code: diag.IKEP1UniqueRejected,
	Doc: diag.Doc{
		Meaning:  "The responder has an SA with this identity already, and is configured to keep the old one instead of replacing it.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch, diag.IKEXauthFailed},
		Common:   3,
		Remedy:   "give each peer an identity of its own, or let the new SA replace the old one",
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		reportRefusal(v, out, diag.ObstacleUnique, "refuses its peer, which has an SA already")
	},
}

// AuthzRejected finds a responder whose policy refuses a peer that has proven
// itself.
var AuthzRejected = &diag.Rule{
	Code: diag.IKEP1AuthzRejected,
	Doc: diag.Doc{
		Meaning:  "The peer has proven who it is, and a policy of the other end does not let it in: a hook, an AAA server, a group that it must belong to.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch},
		Common:   2,
		Remedy:   "let the policy admit this peer",
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		reportRefusal(v, out, diag.ObstacleAuthorization, "refuses its peer by policy, after it has proven itself")
	},
}

// reportRefusal reports that a side says for which reason of its own it refuses
// the peer.
func reportRefusal(v *diag.View, out *diag.Sink, kind diag.ObstacleKind, what string) {
	for a := range v.Attempts() {
		k := obstacle(a, diag.AnySide, kind)
		if up := a.ChildUp(); k.OK && (!up.OK || since(last(k.Evidence), up.Evidence)) {
			f := diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof), Summary: a.NameOf(k.Side) + " " + what}
			if up.OK {
				f.Phase = diag.PhaseData // that there are SAs does not help
			}
			out.AddTo(a, f)
		}
	}
}

// since reports whether a piece of evidence stands later in its source than all
// that this says of something else, and it says so.
func since(e diag.Evidence, all []diag.Evidence) bool {
	said := false
	for _, x := range all {
		if x.Source == e.Source {
			if said = e.After(x); !said {
				return false
			}
		}
	}
	return said
}

// aggressiveWanted: the responder is configured for aggressive mode itself.
func aggressiveWanted(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	_, r := configured(c.Attempt)
	return r.First(), r.OK && r.V.Mode == isakmp.ExchangeAggressive
}

// unnamedRefusal: what came back to the opening is an informational message in
// the clear, of which the initiator does not say what is in it.
func unnamedRefusal(a *diag.Attempt) []diag.Evidence {
	if !a.Exchanged(isakmp.ExchangeInformational) {
		return nil // as with most
	}
	answer := diag.Fact(a, diag.Responder, func(m *diag.Message) bool { return m.Exchange == isakmp.ExchangeInformational && !m.Encrypted })
	if !answer.OK || a.Completed(diag.Phase1) || a.Seen(diag.Responder) || diag.Any(a, diag.AnySide, func(n *diag.Notify) bool { return true }) ||
		diag.Any(a, diag.Responder, func(m *diag.Message) bool { return m.Exchange != isakmp.ExchangeInformational }) {
		return nil
	}
	return answer.As(diag.Hint)
}
