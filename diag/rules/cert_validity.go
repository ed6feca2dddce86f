package rules

import (
	"github.com/ikediag/ikediag/diag"
)

// CertExpired finds a certificate whose time is over.
var CertExpired = &diag.Rule{
	Code: diag.CertExpired,
	Doc: diag.Doc{
		Meaning: "A certificate in the peer's path is past the end of its validity (RFC 5280, section 4.1.2.5), so that the peer's signature is not accepted.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CertClockSkew,
				Excluded: []diag.Exclusion{{If: clocksAgree, Reason: "both ends' clocks say the same time"}},
				Ask:      diag.Missing{Kind: diag.KindCapture, End: diag.EndBoth, Why: "a clock that is wrong makes good certificates invalid; the other end's time would show it"},
			},
			{
				Code:     diag.CertNotYetValid,
				Excluded: []diag.Exclusion{byCertificates, {If: hasExpired, Reason: "the certificate's last day lies before the day of the log"}},
				Ask:      diag.Missing{Kind: diag.KindCapture, End: diag.EndEither, Why: "the log does not say in which year it was written"},
			},
		},
		Explains: []diag.Code{
			diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted,
			diag.LifeDeleteByPeer, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthzRejected,
			diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown,
		},
		Common:     6,
		Remedy:     "renew the certificate",
		References: []diag.Reference{rfc(5280, "4.1.2.5", "Validity")},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyCredential,
	Check: func(v *diag.View, out *diag.Sink) {
		checkValidity(v, out, diag.CertificateExpired, diag.Strong, "has expired")
		checkOwnValidity(v, out)
		for a := range v.Unfinished(diag.Phase1) {
			if ev := certificateRefused(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Evidence: ev, Summary: a.NameOf(diag.Initiator) + " may have a certificate that has expired"})
			}
		}
	},
}

// CertNotYetValid finds a certificate whose time has not come.
var CertNotYetValid = &diag.Rule{
	Code: diag.CertNotYetValid,
	Doc: diag.Doc{
		Meaning: "A certificate in the peer's path is not valid yet (RFC 5280, section 4.1.2.5): it was issued for later, or the clock of the end that checks it is behind.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CertClockSkew,
				Excluded: []diag.Exclusion{{If: clocksAgree, Reason: "both ends' clocks say the same time"}},
				Ask:      diag.Missing{Kind: diag.KindCapture, End: diag.EndBoth, Why: "a clock that is behind makes good certificates invalid; the other end's time would show it"},
			},
			{
				Code:     diag.CertExpired,
				Excluded: []diag.Exclusion{byCertificates, {If: notYetValid, Reason: "the certificate's first day lies after the day of the log"}},
				Ask:      diag.Missing{Kind: diag.KindCapture, End: diag.EndEither, Why: "the log does not say in which year it was written"},
			},
		},
		Explains:   certExplains,
		Common:     6,
		Remedy:     "set the clock of the end that checks it, or wait until the certificate is valid",
		References: []diag.Reference{rfc(5280, "4.1.2.5", "Validity")},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyCredential,
	Check: func(v *diag.View, out *diag.Sink) {
		checkValidity(v, out, diag.CertificateNotYetValid, diag.Hint, "is not valid yet")
	},
}

// checkValidity reports a certificate that is out of date in one direction.
// unsure is what it is worth where nothing tells the direction.
func checkValidity(v *diag.View, sink *diag.Sink, kind diag.CertificateKind, unsure diag.Weight, says string) {
	out := joined(v, sink, compareValidity(v, kind))
	defer out.rest(diag.Phase1)
	for a := range v.Unfinished(diag.Phase1) {
		ev, ok := unverified(a)
		if !ok {
			continue
		}
		k := outOfDate(a)
		if !k.OK {
			continue
		}
		switch d := direction(a, k); {
		case d == kind && skewed(a, k):
			out.AddTo(a, certFinding(a, k, diag.Hint, owner, says+dates(k.V), ev)) // CertClockSkew's
		case d == kind:
			out.AddTo(a, certFinding(a, k, diag.Proof, owner, says+dates(k.V), ev))
		case d != diag.CertificateOutOfDate:
		case !writtenBefore(a, k):
			out.AddTo(a, certFinding(a, k, unsure, owner, "is out of date and perhaps "+says+dates(k.V), ev))
		case kind == diag.CertificateNotYetValid:
			out.AddTo(a, certFinding(a, k, diag.Strong, owner, says+dates(k.V), ev))
		}
	}
}

// checkOwnValidity finds an end whose daemon did not load the connection since
// the certificate that it is to send is out of date.
func checkOwnValidity(v *diag.View, out *diag.Sink) {
	for end := range 2 {
		k := diag.HostFact(v, end, func(c *diag.Certificate) bool { return c.What == diag.CertificateOutOfDate })
		conn := diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == diag.ConnectionNotLoaded })
		if !k.OK || !conn.OK || v.Up() {
			continue
		}
		summary := "the connection is not loaded since its own certificate"
		if k.V.Subject != "" {
			summary += " " + diag.Quote(k.V.Subject)
		}
		out.Add(diag.Finding{FixAt: endRole(v, end), Evidence: k.As(diag.Strong), Summary: summary + " is out of date"})
	}
}

// writtenBefore: the log has no year, and was written to for the last time
// before the certificate's first day.
func writtenBefore(a *diag.Attempt, k diag.Known[*diag.Certificate]) bool {
	w := a.View().Written(k.First())
	return !w.IsZero() && !k.V.From.IsZero() && w.Before(k.V.From)
}

// outOfDate finds a certificate that is not valid at the time.
func outOfDate(a *diag.Attempt) diag.Known[*diag.Certificate] {
	return certificate(a, diag.AnySide, diag.CertificateExpired, diag.CertificateNotYetValid, diag.CertificateOutOfDate)
}

// direction tells whether a certificate that is out of date has expired or is
// not valid yet. Where its log has no year, that of another source decides.
func direction(a *diag.Attempt, k diag.Known[*diag.Certificate]) diag.CertificateKind {
	if k.V.What != diag.CertificateOutOfDate {
		return k.V.What
	}
	now := a.Dated(k.First())
	switch {
	case !now.Known():
	case !k.V.Until.IsZero() && now.Value.After(k.V.Until):
		return diag.CertificateExpired
	case !k.V.From.IsZero() && now.Value.Before(k.V.From):
		return diag.CertificateNotYetValid
	}
	return diag.CertificateOutOfDate
}

// hasExpired and notYetValid: it is known on which side of the validity the
// log was written.
func hasExpired(c diag.Case) (diag.Evidence, bool) { return dated(c, diag.CertificateExpired) }

func notYetValid(c diag.Case) (diag.Evidence, bool) { return dated(c, diag.CertificateNotYetValid) }

func dated(c diag.Case, kind diag.CertificateKind) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := outOfDate(c.Attempt)
	return k.First(), k.OK && direction(c.Attempt, k) == kind
}
