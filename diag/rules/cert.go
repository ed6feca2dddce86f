package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// What the rules about certificates have in common.

// certExplains are what a certificate that is not accepted brings about.
var certExplains = []diag.Code{
	diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted, diag.LifeDeleteByPeer,
	diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthzRejected,
}

// unverified reports whether an end did not accept its peer's proof: what it
// found out about certificates matters only then.
func unverified(a *diag.Attempt) (ev []diag.Evidence, ok bool) {
	if a.Completed(diag.Phase1) {
		return nil, false
	}
	key := notFound(a, diag.AnySide, diag.LookupPublicKey)
	peer := failed(a, diag.AnySide, diag.CheckPeer)
	constraint := failed(a, diag.AnySide, diag.CheckConstraint)
	if !key.OK && !peer.OK && !constraint.OK {
		return nil, false
	}
	return slices.Concat(key.As(diag.Background), peer.As(diag.Background), constraint.As(diag.Background)), true
}

// reportCertificate reports a fact about a certificate where the peer's proof
// was not accepted. fix tells who has to act, given whose certificate it is.
func reportCertificate(v *diag.View, out *diag.Sink, fix func(of diag.Side) diag.End, says string, kinds ...diag.CertificateKind) {
	for a := range v.Unfinished(diag.Phase1) {
		ev, ok := unverified(a)
		if !ok {
			continue
		}
		if k := certificate(a, diag.AnySide, kinds...); k.OK {
			out.AddTo(a, certFinding(a, k, diag.Proof, fix, says, ev))
		}
	}
}

func certFinding(a *diag.Attempt, k diag.Known[*diag.Certificate], w diag.Weight, fix func(diag.Side) diag.End, says string, ev []diag.Evidence) diag.Finding {
	f := diag.Finding{FixAt: fix(k.Side), Evidence: slices.Concat(k.As(w), ev)}
	whose := a.NameOf(k.Side)
	what := "the certificate of " + whose
	if k.V.Issuer {
		what = "a certificate in the path of " + whose
	}
	if k.V.Subject != "" {
		what += " " + diag.Quote(k.V.Subject)
	}
	f.Summary = what + " " + says
	return f
}

// showsCertificate reports whether the initiator proves itself with a
// certificate, which it has sent.
func showsCertificate(a *diag.Attempt) bool {
	return diag.Any(a, diag.Initiator, func(c *diag.Certificate) bool { return c.What == diag.CertificateSent })
}

// sentCertificate finds that a side says that it sent its own certificate.
func sentCertificate(a *diag.Attempt, of diag.Side) diag.Known[*diag.Certificate] {
	return diag.Fact(a, of, func(c *diag.Certificate) bool { return c.What == diag.CertificateSent && !c.Issuer })
}

// tellsOfPeers reports whether some source tells that a certificate of a peer's
// came, or anything of it.
func tellsOfPeers(a *diag.Attempt) bool {
	return diag.Any(a, diag.AnySide, func(c *diag.Certificate) bool {
		switch c.What {
		case diag.CertificateSent, diag.CertificateAuthorityUnknown, diag.CertificateLoaded, diag.CertificateKeyLoaded:
			return false // that is the own one, or none
		}
		return true
	})
}

// certificateRefused: the initiator sent its certificate, and the responder
// refused it with a notify that is the same for whatever it has against it.
func certificateRefused(a *diag.Attempt) []diag.Evidence {
	sent := certificate(a, diag.Initiator, diag.CertificateSent)
	if a.Completed(diag.Phase1) || responderSays(a) || !sent.OK || failed(a, diag.Initiator, diag.CheckPeer).OK {
		return nil
	}
	n := notified(a, diag.AnySide, isakmp.NotifyInvalidIDInformation, isakmp.NotifyInvalidKeyInformation, isakmp.NotifyInvalidCertificate)
	if !n.OK || n.Side == diag.Initiator {
		return nil
	}
	return slices.Concat(sent.As(diag.Background), n.As(diag.Hint))
}

// owner has the one whose certificate it is act, verifier the one who refuses
// it.
func owner(of diag.Side) diag.End    { return of.End() }
func verifier(of diag.Side) diag.End { return of.Other().End() }

// clocksAgree: both ends' clocks say the same time, so that neither is wrong.
func clocksAgree(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	return c.Attempt.ClocksAgree()
}

// dates renders a validity.
func dates(c *diag.Certificate) string {
	if c.From.IsZero() || c.Until.IsZero() {
		return ""
	}
	return fmt.Sprintf(" (valid from %s until %s)", c.From.Format("2006-01-02"), c.Until.Format("2006-01-02"))
}
