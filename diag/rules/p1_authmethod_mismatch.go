package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// AuthmethodMismatch finds two ends that want to authenticate by different
// methods.
var AuthmethodMismatch = &diag.Rule{
	Code: diag.IKEP1AuthmethodMismatch,
	Doc: diag.Doc{
		Meaning: "The initiator offers one authentication method, a pre-shared key or signatures, with or without XAUTH, and the responder is configured for another " +
			"(RFC 2409, section 5).",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEExchangeModeMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: methodsDifferOnly, Reason: "the configurations agree on the mode and differ in the method"}, modeFits},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in mode is refused in the same words"),
			},
			{
				Code:     diag.IKEXauthMissingOneSide,
				Excluded: []diag.Exclusion{byConfigs, {If: methodsDifferOnly, Reason: "the configurations agree on XAUTH and differ in the method"}, xauthFits},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in XAUTH is refused in the same words"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1PSKMissing, diag.IKEP1IDInitiatorMismatch, diag.IKEP1RSAKeyInitiator, diag.IKEExchangeModeMismatch},
		Common:   4,
		Remedy:   "configure the same authentication method at both ends",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyObstacle | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareAuth(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			f := diag.Finding{FixAt: diag.EndEither}
			k := noneAllows(a)
			other := obstacle(a, diag.AnySide, diag.ObstacleMethod)
			switch {
			case k.OK:
				conf := configuredMethods(a)
				w := diag.Hint
				asked := soughtInVain(a)
				switch {
				case asked.ok && !asked.method && len(conf) == 0:
					continue
				case len(conf) > 0:
					w = diag.Proof
				case asked.ok:
					w, conf = diag.Proof, asked.ev
				case k.V.Auth != 0 && !isPSK(k.V.Auth):
					w = diag.Strong
				}
				f.Evidence = slices.Concat(k.As(w), conf)
				f.Summary = fmt.Sprintf("%s has a connection for its peer, but none that allows this authentication method in %s mode", a.NameOf(diag.Responder), k.V.Mode)
			case other.OK:
				f.Evidence = other.As(diag.Strong)
				f.Summary = fmt.Sprintf("%s is configured for another authentication method than its peer", a.NameOf(other.Side))
			case passedOver(a).OK && passedOver(a).V.Auth != 0:
				f.Evidence = passedOver(a).As(diag.Hint)
				f.Summary = fmt.Sprintf("%s has no connection that allows this authentication method with its peer", a.NameOf(diag.Responder))
			default:
				f.Evidence = slices.Concat(clearRefusal(a, isakmp.NotifyNoProposalChosen), refusedKeys(a), refusedMethod(a))
				if len(f.Evidence) == 0 {
					continue
				}
				f.Summary = fmt.Sprintf("%s may be configured for another authentication method", a.NameOf(diag.Responder))
			}
			out.AddTo(a, f)
		}
	},
}

// refusedMethod: with a pre-shared key in main mode a responder learns who calls
// in the fifth message, and only then that it wants another method of him.
func refusedMethod(a *diag.Attempt) []diag.Evidence {
	if psk, _ := methodKnown(a); !psk || a.Mode() != isakmp.ExchangeMain || responderSays(a) {
		return nil
	}
	return refusedAfterID(a)
}

// refusedKeys: the responder had accepted the proposal and refused the key
// exchange that followed, in the clear: it could not go on to make keys.
func refusedKeys(a *diag.Attempt) []diag.Evidence {
	n := notified(a, diag.AnySide, isakmp.NotifyInvalidKeyInformation)
	if !n.OK || n.Side == diag.Initiator || n.V.Protected || responderSays(a) || wasSent(a, diag.Responder, isakmp.ExchangeMain, 4) {
		return nil
	}
	third := sent(a, diag.Initiator, isakmp.ExchangeMain, 3)
	if psk, signed := methodKnown(a); !third.OK || signed && !psk {
		return nil
	}
	return slices.Concat(third.As(diag.Background), n.As(diag.Hint))
}

// configuredMethods: both configurations are there, and the initiator proves
// itself by another method than the responder asks of it, or the other way.
func configuredMethods(a *diag.Attempt) []diag.Evidence {
	i, r := configured(a)
	if !i.OK || !r.OK || i.V.LocalAuth == 0 || r.V.RemoteAuth == 0 || isPSK(i.V.LocalAuth) == isPSK(r.V.RemoteAuth) {
		return nil
	}
	return slices.Concat(i.As(diag.Proof), r.As(diag.Proof))
}

// methodsDifferOnly: both configurations are there and agree on mode and
// XAUTH.
func methodsDifferOnly(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil || len(configuredMethods(c.Attempt)) == 0 {
		return diag.Evidence{}, false
	}
	i, r := configured(c.Attempt)
	return r.First(), i.V.Mode == r.V.Mode && i.V.XAuth == r.V.XAuth
}
