package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// CertUntrusted finds a certificate whose issuer the other end does not trust.
var CertUntrusted = &diag.Rule{
	Code: diag.CertUntrustedCA,
	Doc: diag.Doc{
		Meaning: "The path of the peer's certificate does not end in an authority that the other end trusts: the issuer's certificate is not installed there, or the peer's was issued by another authority than expected.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CertIntermediateMissing,
				Excluded: []diag.Exclusion{{If: rootUntrusted, Reason: "the path was followed to its end"}},
				Ask:      diag.Missing{Kind: diag.KindCertificate, End: diag.EndBoth, Why: "the certificates show whether the missing issuer is below an authority that is trusted"},
			},
		},
		Explains: []diag.Code{
			diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted,
			diag.LifeDeleteByPeer, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthzRejected,
		},
		Common: 6,
		Remedy: "install the certificate of the peer's authority, or issue the peer a certificate of the expected one",
		References: []diag.Reference{
			rfc(5280, "6.1", "Basic Path Validation"),
			rfc(4945, "3.1", "Identification Payload"),
		},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyNotify | 1<<diag.BodyMessage | 1<<diag.BodyCredential,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareIssuers(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			ev, ok := unverified(a)
			if !ok {
				if f, hinted := untrustedHint(a); hinted {
					out.AddTo(a, f)
				}
				continue
			}
			if certificate(a, diag.AnySide, diag.CertificateExpired, diag.CertificateNotYetValid, diag.CertificateOutOfDate, diag.CertificateRevoked).OK {
				continue
			}
			k := certificate(a, diag.AnySide, diag.CertificateUntrusted)
			says := "ends in an authority that is not trusted"
			if !k.OK {
				k = certificate(a, diag.AnySide, diag.CertificateIssuerUnknown)
				says = "has an issuer that is not known"
			}
			if k.OK {
				out.AddTo(a, certFinding(a, k, diag.Proof, verifier, says, ev))
			} else if f, ok := unregarded(a); ok {
				out.AddTo(a, f)
			}
		}
	},
}

// unregarded: a certificate was sent, and the end that found no key to check
// its sender with has not a word about it. What is wrong with a certificate
// that they look at daemons say; one that signed itself some do not look at.
func unregarded(a *diag.Attempt) (diag.Finding, bool) {
	key := notFound(a, diag.AnySide, diag.LookupPublicKey)
	if !key.OK || tellsOfPeers(a) || failed(a, diag.AnySide, diag.CheckSignature).OK {
		return diag.Finding{}, false
	}
	sent := sentCertificate(a, key.Side.Other())
	if !sent.OK {
		return diag.Finding{}, false
	}
	return diag.Finding{FixAt: key.Side.End(), Evidence: slices.Concat(key.As(diag.Strong), sent.As(diag.Background)),
		Summary: fmt.Sprintf("%s takes no key from the certificate that %s sent, as where nobody whom it trusts issued it", a.NameOf(key.Side), a.NameOf(key.Side.Other()))}, true
}

// untrustedHint: a refusal that only the responder could explain, where
// signatures are used.
func untrustedHint(a *diag.Attempt) (f diag.Finding, ok bool) {
	if a.Completed(diag.Phase1) || responderSays(a) {
		return f, false
	}
	if _, signed := methodKnown(a); !signed && !showsCertificate(a) {
		return f, false
	}
	f = diag.Finding{FixAt: diag.EndResponder, Evidence: refusedAfterID(a)}
	if len(f.Evidence) == 0 {
		f.Evidence = certificateRefused(a)
	}
	f.Summary = fmt.Sprintf("%s may not trust the certificate of the initiator", a.NameOf(diag.Responder))
	if len(f.Evidence) == 0 {
		f.FixAt, f.Evidence = diag.EndInitiator, rejectedByInitiator(a)
		f.Summary = fmt.Sprintf("%s may not trust the certificate of the responder", a.NameOf(diag.Initiator))
	}
	return f, len(f.Evidence) > 0
}

// rootUntrusted: the path was followed to a self-signed certificate.
func rootUntrusted(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := certificate(c.Attempt, diag.AnySide, diag.CertificateUntrusted)
	return k.First(), k.OK
}

// CertIntermediateMissing finds a path with a gap: the issuer is below an
// authority that is trusted, and its own certificate is not there.
var CertIntermediateMissing = &diag.Rule{
	Code: diag.CertIntermediateMissing,
	Doc: diag.Doc{
		Meaning: "The peer's certificate was issued by an authority below the one that is trusted, and nobody gave the other end that intermediate authority's certificate.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CertUntrustedCA,
				Excluded: []diag.Exclusion{{If: issuerHeld, Reason: "the peer has the issuer's certificate and its path is trusted there"}},
				Ask:      diag.Missing{Kind: diag.KindCertificate, End: diag.EndBoth, Why: "the certificates show whether the missing issuer is below an authority that is trusted"},
			},
		},
		Explains: certExplains,
		Common:   4,
		Remedy:   "send the issuer's certificate along with the one that it issued, or install it at the end that checks",
		References: []diag.Reference{
			rfc(5280, "6.1", "Basic Path Validation"),
		},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			ev, ok := unverified(a)
			if !ok || certificate(a, diag.AnySide, diag.CertificateUntrusted).OK {
				continue
			}
			k := certificate(a, diag.AnySide, diag.CertificateIssuerUnknown)
			if !k.OK {
				continue
			}
			w := diag.Hint
			if certificate(a, k.Side, diag.CertificateReceived).OK && receivedIssuer(a, k.Side) {
				continue // it sent issuers, and still the path has no end here
			}
			out.AddTo(a, certFinding(a, k, w, owner, "may have been issued by an intermediate authority whose certificate is missing", ev))
		}
	},
}

// receivedIssuer reports whether a side sent certificates of issuers as well.
func receivedIssuer(a *diag.Attempt, of diag.Side) bool {
	return diag.Any(a, of, func(c *diag.Certificate) bool { return c.What == diag.CertificateReceived && c.Issuer })
}

// issuerHeld: the peer has its issuer's certificate, which proves the gap.
func issuerHeld(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.AnySide, func(x *diag.Certificate) bool { return x.What == diag.CertificateSent && x.Issuer })
	return k.First(), k.OK
}

// CertRevoked finds a certificate that its authority has taken back.
var CertRevoked = &diag.Rule{
	Code: diag.CertRevoked,
	Doc: diag.Doc{
		Meaning:    "The authority has revoked a certificate in the peer's path (RFC 5280, section 5), so that the peer's signature is not accepted.",
		Explains:   certExplains,
		Common:     4,
		Remedy:     "issue the peer a new certificate, or find out why the old one was revoked",
		References: []diag.Reference{rfc(5280, "5", "CRL and CRL Extensions Profile")},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		reportCertificate(v, out, owner, "was revoked", diag.CertificateRevoked)
		for a := range v.Unfinished(diag.Phase1) {
			if ev := certificateRefused(a); len(ev) > 0 {
				out.AddTo(a, diag.Finding{FixAt: diag.EndInitiator, Evidence: ev, Summary: fmt.Sprintf("the certificate of %s may have been revoked", a.NameOf(diag.Initiator))})
			}
		}
	},
}

// CertKeyUsage finds a certificate whose key may not sign.
var CertKeyUsage = &diag.Rule{
	Code: diag.CertKeyusage,
	Doc: diag.Doc{
		Meaning:    "The peer's certificate does not allow its key to be used for signatures (RFC 4945, section 5.1.3.2), so that it is passed over.",
		Explains:   certExplains,
		Common:     2,
		Remedy:     "issue a certificate whose key usage has digitalSignature or nonRepudiation",
		References: []diag.Reference{rfc(5280, "4.2.1.3", "Key Usage"), rfc(4945, "5.1.3", "X.509 Certificate Extensions")},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyCredential,
	Check: func(v *diag.View, out *diag.Sink) {
		joined(v, out, compareUsage(v)).rest(diag.Phase1)
		reportCertificate(v, out, owner, "does not allow its key to sign", diag.CertificateKeyUsage)
	},
}

// CertChainConstraint finds a path that breaks a rule of its own
// certificates.
var CertChainConstraint = &diag.Rule{
	Code: diag.CertChainConstraint,
	Doc: diag.Doc{
		Meaning:    "The path of the peer's certificate breaks a rule that one of its certificates sets: how long it may be, which names or policies it may hold (RFC 5280, section 6).",
		Explains:   certExplains,
		Common:     2,
		Remedy:     "issue certificates that keep to the rules of those above them",
		References: []diag.Reference{rfc(5280, "4.2.1.10", "Name Constraints"), rfc(5280, "6.1", "Basic Path Validation")},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		reportCertificate(v, out, owner, "breaks a rule of its path", diag.CertificateConstraint)
	},
}
