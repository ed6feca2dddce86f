package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// RSAKeyInitiator finds a responder that holds another public key for the
// initiator than the one whose private half signed.
var RSAKeyInitiator = &diag.Rule{
	Code: diag.IKEP1RSAKeyInitiator,
	Doc: diag.Doc{
		Meaning: "The responder verifies the initiator's signature (RFC 2409, section 5.1) with a public key that does not belong to the private key that made it.",
		LookAlikes: []diag.LookAlike{{
			Code:     diag.CertUntrustedCA,
			Excluded: []diag.Exclusion{{If: signatureFailed, Reason: keyTrusted}},
			Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Level: diag.LevelDetail, Why: "it says whether a certificate was trusted before the signature was checked"},
		}},
		Explains:   []diag.Code{diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted, diag.IKEP1IDInitiatorMismatch},
		Common:     4,
		Remedy:     "exchange the public keys or certificates again",
		References: signatures,
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyCheck | 1<<diag.BodyNotify,
	Check: func(v *diag.View, out *diag.Sink) { checkKey(v, out, diag.Initiator) },
}

// RSAKeyResponder finds an initiator that holds another public key for the
// responder than the one whose private half signed.
var RSAKeyResponder = &diag.Rule{
	Code: diag.IKEP1RSAKeyResponder,
	Doc: diag.Doc{
		Meaning: "The initiator verifies the responder's signature (RFC 2409, section 5.1) with a public key that does not belong to the private key that made it.",
		LookAlikes: []diag.LookAlike{{
			Code:     diag.CertUntrustedCA,
			Excluded: []diag.Exclusion{{If: signatureFailed, Reason: keyTrusted}},
			Ask:      diag.Missing{Kind: diag.KindLog, End: diag.EndInitiator, Level: diag.LevelDetail, Why: "it says whether a certificate was trusted before the signature was checked"},
		}},
		Explains:   []diag.Code{diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.IKEP1IDResponderMismatch},
		Common:     4,
		Remedy:     "exchange the public keys or certificates again",
		References: signatures,
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyCheck | 1<<diag.BodyProgress | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) { checkKey(v, out, diag.Responder) },
}

const keyTrusted = "a key was trusted, and the signature does not verify with it"

var signatures = []diag.Reference{
	rfc(2409, "5.1", "IKE Phase 1 Authenticated With Signatures"),
}

func checkKey(v *diag.View, out *diag.Sink, signer diag.Side) {
	for a := range v.Attempts() {
		if f := rsaFinding(a, signer); f != nil {
			out.AddTo(a, *f)
		}
	}
}

func rsaFinding(a *diag.Attempt, signer diag.Side) *diag.Finding {
	verifier := signer.Other()
	for _, s := range []diag.Side{verifier, diag.SideUnknown} {
		if s == diag.SideUnknown && (a.Seen(diag.Initiator) || a.Seen(diag.Responder) || !looksLike(a, verifier)) {
			continue
		}
		key, sig := notFound(a, s, diag.LookupPublicKey), failed(a, s, diag.CheckSignature)
		if !key.OK && !sig.OK {
			continue
		}
		switch peer := failed(a, s, diag.CheckPeer); {
		case sig.OK && peer.OK:
			return &diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat(sig.As(diag.Proof), peer.As(diag.Background)),
				Summary: fmt.Sprintf("%s holds another public key for the %s than the one whose private half signed", a.NameOf(verifier), signer)}
		case key.OK && sig.OK:
			return &diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat(sig.As(diag.Proof), key.As(diag.Proof)),
				Summary: fmt.Sprintf("%s holds another public key for the %s than the one whose private half signed", a.NameOf(verifier), signer)}
		case key.OK:
			return &diag.Finding{FixAt: verifier.End(), Evidence: key.As(diag.Strong),
				Summary: fmt.Sprintf("%s trusts no public key of the %s", a.NameOf(verifier), signer)}
		}
	}
	if signer == diag.Initiator {
		// After the fifth message the only keys in question are those that
		// signatures are checked with.
		n := notified(a, diag.Responder, isakmp.NotifyInvalidKeyInformation, isakmp.NotifyInvalidSignature)
		if n.OK && mayBeSigned(a) && wasSent(a, diag.Initiator, isakmp.ExchangeMain, 5) && !responderSays(a) {
			return &diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Hint),
				Summary: fmt.Sprintf("%s may hold another public key for the %s", a.NameOf(verifier), signer)}
		}
	}
	var ev []diag.Evidence
	if signer == diag.Initiator {
		if n := notified(a, diag.AnySide, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidKeyInformation, isakmp.NotifyInvalidSignature); n.OK && n.Side != diag.Initiator {
			ev = n.As(diag.Hint)
		}
	} else {
		ev = rejectedByInitiator(a)
	}
	if len(ev) == 0 || !mayBeSigned(a) || !a.Auth().OK {
		return nil
	}
	return &diag.Finding{FixAt: diag.EndEither, Evidence: ev, Summary: fmt.Sprintf("%s may hold another public key for the %s", a.NameOf(verifier), signer)}
}

// looksLike guesses the role of a log that does not tell: who signed before it
// looked for the peer's key is the initiator, who looked for a connection is
// the responder (RFC 2409, section 5.1: the responder signs last).
func looksLike(a *diag.Attempt, side diag.Side) bool {
	responder := diag.Any(a, diag.AnySide, func(i *diag.Identity) bool { return i.Role == diag.Declared && i.Auth != 0 && i.ID.String() != "" }) &&
		diag.Any(a, diag.AnySide, func(l *diag.LookedUp) bool { return l.Found && l.What == diag.LookupMethod })
	return responder == (side == diag.Responder)
}

// signatureFailed: a signature was checked with a key that was trusted.
func signatureFailed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := failed(c.Attempt, diag.AnySide, diag.CheckSignature)
	return k.First(), k.OK
}
