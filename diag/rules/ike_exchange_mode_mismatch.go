package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// ExchangeModeMismatch finds an initiator that begins with the mode that the
// responder is not configured for: aggressive against main.
var ExchangeModeMismatch = &diag.Rule{
	Code: diag.IKEExchangeModeMismatch,
	Doc: diag.Doc{
		Meaning: "One end is configured for aggressive mode, the other for main mode (RFC 2409, section 5). " +
			"The responder has a connection for the peer, but none that allows the exchange that the peer begins with.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1AuthmethodMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: modesDifferOnly, Reason: "the configurations agree on the method and differ in the mode"}, methodFits, {If: modeNamed, Reason: "the responder refuses the exchange itself"}},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in method is refused in the same words"),
			},
			{
				Code:     diag.IKEXauthMissingOneSide,
				Excluded: []diag.Exclusion{byConfigs, {If: modesDifferOnly, Reason: "the configurations agree on XAUTH and differ in the mode"}, xauthFits, {If: modeNamed, Reason: "the responder refuses the exchange itself"}},
				Ask:      askConfig(diag.EndBoth, "a connection that differs in XAUTH is refused in the same words"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch, diag.IKEP1RSAKeyInitiator},
		Common:   5,
		Remedy:   "configure the same mode at both ends; main mode where possible",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyObstacle | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareModes(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			if f, ok := modeFinding(a); ok {
				out.AddTo(a, f)
			}
		}
	},
}

func modeFinding(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndEither
	mode := a.Mode()
	k := noneAllows(a)
	refused := obstacle(a, diag.AnySide, diag.ObstacleMode)
	weak := obstacle(a, diag.AnySide, diag.ObstacleAggressivePSK)
	passed := passedOver(a)
	named := notified(a, diag.AnySide, isakmp.NotifyInvalidExchangeType, isakmp.NotifyUnsupportedExchangeType)
	switch {
	case refused.OK:
		f.Evidence = refused.As(diag.Proof)
		f.Summary = fmt.Sprintf("%s does not allow the mode that its peer begins with", a.NameOf(diag.Responder))
	case weak.OK:
		// Either it wants main mode of its peer, or it would not do aggressive
		// mode with a key though it is configured for it.
		f.Evidence = weak.As(diag.Strong)
		f.Summary = fmt.Sprintf("%s refuses aggressive mode with a pre-shared key: it may want main mode", a.NameOf(diag.Responder))
	case named.OK:
		f.Evidence = named.As(diag.Strong)
		f.Summary = fmt.Sprintf("%s refuses the exchange that its peer begins with", a.NameOf(diag.Responder))
	case k.OK:
		_, conf := configuredModes(a)
		w := diag.Strong
		asked := soughtInVain(a)
		switch {
		case asked.ok && !asked.mode && len(conf) == 0:
			return f, false
		case len(conf) > 0:
			w = diag.Proof
		case asked.ok:
			w, conf = diag.Proof, asked.ev
		case k.V.Mode == isakmp.ExchangeMain && k.V.Auth != 0 && !isPSK(k.V.Auth):
			w = diag.Hint // with signatures in main mode it is the method, most often
		}
		f.Evidence = slices.Concat(k.As(w), conf)
		f.Summary = fmt.Sprintf("%s has a connection for its peer, but none that allows %s mode with this method", a.NameOf(diag.Responder), k.V.Mode)
	case passed.OK:
		w := diag.Hint
		if passed.V.Mode == isakmp.ExchangeAggressive {
			w = diag.Strong // who is called so has few connections for anybody
		}
		f.Evidence = passed.As(w)
		f.Summary = fmt.Sprintf("%s has no connection that allows %s mode with this peer", a.NameOf(diag.Responder), passed.V.Mode)
	default:
		if f.Evidence = modeHints(a, mode); len(f.Evidence) == 0 {
			return f, false
		}
		f.Summary = fmt.Sprintf("%s may not be configured for %s mode", a.NameOf(diag.Responder), mode)
	}
	return f, true
}

// noneAllows finds a responder that knows the peer and has no connection for
// it with this method in this mode. With an XAUTH method it is one for
// XauthMissingOneSide.
func noneAllows(a *diag.Attempt) diag.Known[*diag.LookedUp] {
	return diag.Fact(a, diag.AnySide, func(l *diag.LookedUp) bool { return l.What == diag.LookupMethod && !l.Found })
}

// passedOver finds a responder that looked for a connection by address, mode
// and method at once, and found none: which of them does not fit is not said.
func passedOver(a *diag.Attempt) diag.Known[*diag.LookedUp] {
	return diag.Fact(a, diag.AnySide, func(l *diag.LookedUp) bool { return l.What == diag.LookupGateway && !l.Found && l.Mode != 0 })
}

// modeHints: what the initiator alone sees of a responder that is configured
// for the other mode.
func modeHints(a *diag.Attempt, mode isakmp.ExchangeType) []diag.Evidence {
	if mode == isakmp.ExchangeAggressive {
		if ev := clearRefusal(a, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidIDInformation, isakmp.NotifyNoProposalChosen); len(ev) > 0 {
			return ev
		}
		if ev := unnamedRefusal(a); len(ev) > 0 {
			return ev
		}
		if _, ev, ok := unanswered(a); ok && !unreachable(a).OK {
			return ev // some responders do not answer what they do not want
		}
		return nil
	}
	if beginsV2(a).OK {
		return nil // which has no modes
	}
	if ev := ignored(a); len(ev) > 0 {
		return ev
	}
	return refusedMethod(a) // it may want aggressive mode of him
}

// configuredModes returns the modes of the initiator's and the responder's
// configuration; the evidence is empty where they do not differ, or one of
// them is not there.
func configuredModes(a *diag.Attempt) (modes [2]isakmp.ExchangeType, ev []diag.Evidence) {
	i, r := configured(a)
	if !i.OK || !r.OK || i.V.Mode == r.V.Mode || i.V.Mode == 0 || r.V.Mode == 0 {
		return modes, nil
	}
	return [2]isakmp.ExchangeType{i.V.Mode, r.V.Mode}, slices.Concat(i.As(diag.Proof), r.As(diag.Proof))
}

// configured returns the connections of initiator and responder.
func configured(a *diag.Attempt) (initiator, responder diag.Known[*diag.Connection]) {
	i, r := a.EndOf(diag.Initiator), a.EndOf(diag.Responder)
	if i < 0 || r < 0 {
		return initiator, responder
	}
	return a.View().Connection(i), a.View().Connection(r)
}

// modesDifferOnly: both configurations are there and agree on all but the
// mode.
func modesDifferOnly(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	_, ev := configuredModes(c.Attempt)
	i, r := configured(c.Attempt)
	if len(ev) == 0 || i.V.XAuth != r.V.XAuth || i.V.LocalAuth != r.V.RemoteAuth || i.V.RemoteAuth != r.V.LocalAuth {
		return diag.Evidence{}, false
	}
	return r.First(), true
}

// modeNamed: the responder refuses the exchange, whatever is in it.
func modeNamed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := obstacle(c.Attempt, diag.AnySide, diag.ObstacleMode)
	return k.First(), k.OK
}
