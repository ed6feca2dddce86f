package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// IDInitiatorMismatch finds a responder that does not know the identity that
// the initiator declares.
var IDInitiatorMismatch = &diag.Rule{
	Code: diag.IKEP1IDInitiatorMismatch,
	Doc: diag.Doc{
		Meaning: "The identity that the initiator declares (IDii of RFC 2409, section 5) is none that the responder has a connection for.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEExchangeModeMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: methodToldApart, Reason: "the responder's release says so in other words"}},
				Ask:      diag.Missing{Kind: diag.KindConfig, End: diag.EndBoth, Why: "old releases use the same words where mode or method differ"},
			},
			{
				Code:     diag.IKEP1AuthmethodMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: methodToldApart, Reason: "the responder's release says so in other words"}},
				Ask:      diag.Missing{Kind: diag.KindConfig, End: diag.EndBoth, Why: "old releases use the same words where mode or method differ"},
			},
		},
		Explains: []diag.Code{diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted, diag.IKEP1RSAKeyInitiator, diag.IKEP1PSKMismatch},
		Common:   6,
		Remedy:   "give the responder's connection the identity that the initiator declares, type and spelling included",
		References: []diag.Reference{
			rfc(2407, "4.6.2", "Identification Payload Content"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyConnection | 1<<diag.BodyCheck,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareIdentity(v, diag.Initiator, idOther))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			if k := notFound(a, diag.AnySide, diag.LookupPeer); k.OK {
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof)}
				f.Summary = fmt.Sprintf("%s does not know the identity that the initiator declares", a.NameOf(diag.Responder))
				if id := declared(a, k.Side.Other()); id.OK {
					f.Evidence = append(f.Evidence, id.As(diag.Background)...)
					f.Detail = diag.IdentityMismatch{Of: "initiator", Got: diag.Clean(id.V.ID.String(), 200), GotType: id.V.ID.Type.String()}
					f.Summary = fmt.Sprintf("%s has no connection for the identity %s that the initiator declares", a.NameOf(diag.Responder), diag.Quote(id.V.ID.String()))
				}
				out.AddTo(a, f)
				continue
			}
			if k := failed(a, diag.Responder, diag.CheckIdentity); k.OK {
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof)}
				f.Detail = diag.IdentityMismatch{Of: "initiator", Expected: diag.Clean(k.V.Expected.String(), 200), Got: diag.Clean(k.V.Got.String(), 200), GotType: k.V.Got.Type.String()}
				f.Summary = fmt.Sprintf("the initiator calls itself %s, for which %s has no connection", diag.Quote(k.V.Got.String()), a.NameOf(diag.Responder))
				out.AddTo(a, f)
				continue
			}
			if ev := refusedAfterID(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev, RuledOut: sameKey(a),
					Summary: fmt.Sprintf("%s may not know the identity that the initiator declares", a.NameOf(diag.Responder))})
			}
		}
	},
}

// declared finds the identity that a side declared.
func declared(a *diag.Attempt, of diag.Side) diag.Known[*diag.Identity] {
	return diag.Fact(a, of, func(i *diag.Identity) bool { return i.Role == diag.Declared && i.ID.String() != "" })
}

// refusedAfterID: the responder refused the initiator once it had its
// identity, for a reason that only its own log tells.
func refusedAfterID(a *diag.Attempt) []diag.Evidence {
	if diag.Any(a, diag.Responder, func(c *diag.Check) bool { return !c.OK }) {
		return nil // the responder says why
	}
	if diag.Any(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Configured }) {
		return nil // phase 2: the identities in question are subnets
	}
	if n := notified(a, diag.AnySide, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidIDInformation); n.OK && n.Side != diag.Initiator {
		return n.As(diag.Hint)
	}
	if ev := unnamedRefusal(a); len(ev) > 0 && a.Mode() == isakmp.ExchangeAggressive {
		return ev // whose first message has it
	}
	// Or with something that the initiator cannot read, while the responder
	// goes on waiting.
	if k := failed(a, diag.Initiator, diag.CheckDecrypt, isakmp.ExchangeInformational); k.OK && waitsForFifth(a) {
		return k.As(diag.Hint)
	}
	if k := failed(a, diag.Initiator, diag.CheckFormat, isakmp.ExchangeInformational); k.OK && waitsForFifth(a) {
		return k.As(diag.Hint)
	}
	// In a capture: one encrypted answer to the fifth message, after which
	// the initiator, who could read it, gave up.
	fifth := sent(a, diag.Initiator, isakmp.ExchangeMain, 5)
	answer := informed(a, diag.Responder)
	if !fifth.OK || wasSent(a, diag.Responder, isakmp.ExchangeMain, 6) {
		return nil
	}
	if answer.OK {
		return slices.Concat(fifth.As(diag.Background), answer.As(diag.Hint))
	}
	// Some cannot read the refusals of others, and do not say what it is that
	// they cannot read.
	again := repeated(a, diag.Initiator, isakmp.ExchangeMain, 5)
	if s, _, ok := software(a, diag.Initiator); !ok || !s.HidesUnreadable || !again.OK || !a.Over() {
		return nil
	}
	if _, lost := a.Unseen(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, isakmp.ExchangeMain, 5)); lost || !mayBePSK(a) || showsCertificate(a) || refusedWhatItRead(a) {
		return nil
	}
	return slices.Concat(fifth.As(diag.Background), again.As(diag.Hint))
}

// methodToldApart: the responder's release has words of its own for a
// connection that fits but for its mode or method.
func methodToldApart(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	s, e, ok := software(c.Attempt, diag.Responder)
	return e, ok && s.TellsMethodApart
}

// IDResponderMismatch finds an initiator that expects another identity of the
// responder.
var IDResponderMismatch = &diag.Rule{
	Code: diag.IKEP1IDResponderMismatch,
	Doc: diag.Doc{
		Meaning:  "The identity that the responder declares (IDir of RFC 2409, section 5) is not the one that the initiator is configured to expect.",
		Explains: []diag.Code{diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.IKEP1RSAKeyResponder},
		Common:   5,
		Remedy:   "expect at the initiator the identity that the responder declares, or make the responder declare the expected one",
		References: []diag.Reference{
			rfc(2407, "4.6.2", "Identification Payload Content"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyProgress | 1<<diag.BodyMessage | 1<<diag.BodyNotify | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareIdentity(v, diag.Responder, idOther))
		defer out.rest(diag.Phase1)
		for a := range v.Attempts() {
			if k := failed(a, diag.AnySide, diag.CheckIdentity); k.OK {
				of := diag.Responder
				if k.Side == diag.Responder {
					continue // that is about the initiator's
				}
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof)}
				f.Detail = diag.IdentityMismatch{Of: of.String(), Expected: diag.Clean(k.V.Expected.String(), 200), Got: diag.Clean(k.V.Got.String(), 200), GotType: k.V.Got.Type.String()}
				f.Summary = fmt.Sprintf("the responder calls itself %s, %s expects %s", diag.Quote(k.V.Got.String()), a.NameOf(diag.Initiator), diag.Quote(k.V.Expected.String()))
				if k.V.Expected.String() == "" {
					f.Summary = fmt.Sprintf("the responder calls itself %s, which %s does not expect", diag.Quote(k.V.Got.String()), a.NameOf(diag.Initiator))
				}
				if k.V.Got.String() == "" && k.V.Expected.String() == "" {
					f.Detail, f.Summary = nil, fmt.Sprintf("%s does not accept the identity of its peer", a.NameOf(k.Side))
					if k.Side == diag.SideUnknown {
						f.Evidence = k.As(diag.Strong) // it may be the initiator's
					}
				}
				out.AddTo(a, f)
				continue
			}
			if ev := rejectedByInitiator(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: ev,
					Summary: fmt.Sprintf("%s may expect another identity of the responder", a.NameOf(diag.Initiator))})
			}
		}
	},
}

// rejectedByInitiator: the responder was done, and the initiator took the SA
// down before it had a use for it: it did not accept the last message.
func rejectedByInitiator(a *diag.Attempt) []diag.Evidence {
	if a.Completed(diag.Phase2) {
		return nil
	}
	return rejection.Of(a)
}

var rejection = diag.NewQuestion(func(a *diag.Attempt) []diag.Evidence { return slices.Clip(findRejection(a)) })

func findRejection(a *diag.Attempt) []diag.Evidence {
	if stepped(a, diag.Initiator, diag.Phase1Up).OK {
		return nil
	}
	if diag.Any(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeTransaction || m.Exchange == isakmp.ExchangeQuick
	}) {
		return nil // it went on with what it had accepted
	}
	deleted := stepped(a, diag.AnySide, diag.DeleteSent)
	complaint := failed(a, diag.Responder, diag.CheckDecrypt, isakmp.ExchangeInformational)
	refusal := informed(a, diag.Initiator)
	says := notified(a, diag.Initiator, isakmp.NotifyInvalidIDInformation)
	if !deleted.OK && !complaint.OK && !refusal.OK && !says.OK {
		return nil
	}
	up := stepped(a, diag.AnySide, diag.Phase1Up)
	if up.OK && deleted.OK && deleted.Side != diag.Responder && atOnce(up.Evidence, deleted.Evidence) {
		return slices.Concat(up.As(diag.Background), deleted.As(diag.Hint))
	}
	// Or it says so.
	if up.OK && up.Side == diag.Responder && says.OK && says.V.Protected {
		return slices.Concat(up.As(diag.Background), says.As(diag.Strong))
	}
	// Or it complained in a way that the responder could not read, and went
	// on asking.
	if up.OK && up.Side == diag.Responder && complaint.OK {
		return slices.Concat(up.As(diag.Background), complaint.As(diag.Hint))
	}
	// In a capture: an encrypted message of the initiator's instead of a
	// quick mode after the sixth.
	sixth := sent(a, diag.Responder, isakmp.ExchangeMain, 6)
	if sixth.OK && refusal.OK && !up.OK && atOnce(sixth.Evidence, refusal.Evidence) {
		return slices.Concat(sixth.As(diag.Background), refusal.As(diag.Hint))
	}
	second := sent(a, diag.Responder, isakmp.ExchangeAggressive, 2)
	if second.OK && refusal.OK && !up.OK && atOnce(second.Evidence, refusal.Evidence) && !wasSent(a, diag.Initiator, isakmp.ExchangeAggressive, 3) {
		return slices.Concat(second.As(diag.Background), refusal.As(diag.Hint))
	}
	return nil
}

// atOnce reports whether what was said is an answer to what was said before,
// and not of a later time of an SA that nobody needed: one that was renewed, for
// children that the old one had made.
func atOnce(said, answer []diag.Evidence) bool {
	for _, e := range answer {
		for i := len(said) - 1; i >= 0; i-- {
			if d, ok := diag.Elapsed(said[i], e); ok {
				return d <= 3*time.Second
			}
		}
	}
	return true // no clock tells
}
