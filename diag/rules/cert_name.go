package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// CertIDNotInSAN finds an identity that no name in the certificate covers.
var CertIDNotInSAN = &diag.Rule{
	Code: diag.CertIDNotInSAN,
	Doc: diag.Doc{
		Meaning: "An end calls itself by an identity that its certificate names neither as its subject nor as an alternative name (RFC 4945, section 3.1). " +
			"Its own daemon then finds no key for the identity, or its peer no certificate that proves it.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP1LocalKeyMissing,
				Excluded: []diag.Exclusion{byCertificates, {If: nameRefused, Reason: "the certificate itself is said not to hold the identity"}},
				Ask:      diag.Missing{Kind: diag.KindCertificate, End: diag.EndEither, Why: "its names show whether the identity is one of them"},
			},
			{
				Code:     diag.CertUntrustedCA,
				Excluded: []diag.Exclusion{byCertificates, {If: nameRefused, Reason: "the certificate itself is said not to hold the identity"}, {If: ownKeyMissing, Reason: "it is about the end's own certificate"}},
				Ask:      diag.Missing{Kind: diag.KindCertificate, End: diag.EndEither, Why: "its names and its issuer show why no key was found"},
			},
		},
		Explains: []diag.Code{
			diag.IKEP1LocalKeyMissing, diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted,
			diag.LifeDeleteByPeer, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthzRejected,
		},
		Common: 5,
		Remedy: "give the end the identity that its certificate names, or issue a certificate that names the identity",
		References: []diag.Reference{
			rfc(4945, "3.1", "Identification Payload"),
			rfc(5280, "4.2.1.6", "Subject Alternative Name"),
		},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyLookup | 1<<diag.BodyCredential,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareCertificateName(v))
		defer out.rest(diag.Phase1)
		for a := range v.Unfinished(diag.Phase1) {
			if f, ok := nameFinding(a); ok {
				out.AddTo(a, f)
			}
		}
	},
}

func nameFinding(a *diag.Attempt) (diag.Finding, bool) {
	if k := certificate(a, diag.AnySide, diag.CertificateNotNamed); k.OK {
		return diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Proof),
			Summary: fmt.Sprintf("the certificate of %s does not name the identity that it uses", a.NameOf(k.Side))}, true
	}
	// The own key: there is one, and it is not found under the identity.
	if k := notFound(a, diag.AnySide, diag.LookupPrivateKey); k.OK {
		end := a.EndOf(k.Side)
		key := diag.HostFact(a.View(), end, func(c *diag.Certificate) bool { return c.What == diag.CertificateKeyLoaded })
		cert := diag.HostFact(a.View(), end, func(c *diag.Certificate) bool { return c.What == diag.CertificateLoaded })
		if !key.OK || !cert.OK || certificateNames(a, k).OK || keptID(a, k).OK {
			return diag.Finding{}, false
		}
		w := diag.Strong
		if key.Count > 1 {
			w = diag.Hint // the key that is missing may be another one
		}
		f := diag.Finding{FixAt: k.Side.End(), Evidence: slices.Concat(k.As(w), key.As(diag.Background), cert.As(diag.Background))}
		f.Summary = fmt.Sprintf("%s has a key and a certificate, and finds no key for its own identity", a.NameOf(k.Side))
		if id := k.V.ID.String(); id != "" {
			f.Summary += " " + diag.Quote(id) + ", which the certificate does not seem to name"
		}
		return f, true
	}
	// The peer's: a certificate came, no fault was found with it, and none
	// was tried for the identity.
	k := notFound(a, diag.AnySide, diag.LookupPublicKey)
	if !k.OK || !a.Spoken() {
		return diag.Finding{}, false
	}
	signer := k.Side.Other()
	came := diag.Fact(a, signer, func(c *diag.Certificate) bool { return c.What == diag.CertificateReceived && !c.Issuer })
	fault := diag.Fact(a, diag.AnySide, func(c *diag.Certificate) bool {
		return c.What.Problem() && c.What != diag.CertificateAuthorityUnknown || c.What == diag.CertificateUsed && !c.Issuer
	})
	if !came.OK || fault.OK || failed(a, diag.AnySide, diag.CheckSignature).OK {
		return diag.Finding{}, false
	}
	return diag.Finding{FixAt: signer.End(), Evidence: slices.Concat(came.As(diag.Background), k.As(diag.Strong)),
		Summary: fmt.Sprintf("the certificate that %s sent does not seem to name the identity that it uses", a.NameOf(signer))}, true
}

// certificateNames finds a certificate of the own end's whose subject names
// the identity that a key was looked for under.
func certificateNames(a *diag.Attempt, k diag.Known[*diag.LookedUp]) diag.Known[*diag.Certificate] {
	return diag.HostFact(a.View(), a.EndOf(k.Side), func(c *diag.Certificate) bool {
		return c.What == diag.CertificateLoaded && !c.Issuer && names(c.Subject, k.V.ID)
	})
}

// keptID finds the reading of the certificate that a connection signs under,
// where the daemon would call itself by the certificate's subject if that did
// not name the configured identity, and still looks for a key under that one:
// the certificate names it. Where that certificate was never read, is one of
// several, or is that of one of several connections, nothing follows from it.
func keptID(a *diag.Attempt, k diag.Known[*diag.LookedUp]) diag.Known[*diag.Certificate] {
	end := a.EndOf(k.Side)
	c := a.View().Connection(end)
	if !c.OK || !c.V.Behaviour.KeepsNamedID || !c.V.Alone() || c.V.Siblings > 0 || len(c.V.Certificates) != 1 || c.V.LocalID.IsZero() || !k.V.ID.SameValue(c.V.LocalID) {
		return diag.Known[*diag.Certificate]{}
	}
	read := diag.HostFact(a.View(), end, func(x *diag.Certificate) bool {
		return x.What == diag.CertificateLoaded && !x.Issuer && x.File == c.V.Certificates[0]
	})
	if !read.OK || !follows(k.Evidence, read.Evidence) {
		return diag.Known[*diag.Certificate]{}
	}
	return read
}

// names reports whether a distinguished name is the identity, or has it as the
// value of an attribute.
func names(subject string, id ike.Identity) bool {
	if subject == "" || id.Value == "" {
		return false
	}
	if id.SameValue(ike.Identity{Type: isakmp.IDDERDN, Value: subject}) {
		return true
	}
	for _, value := range ike.DNAttributes(subject) {
		if id.SameValue(ike.Identity{Value: value}) {
			return true
		}
	}
	return false
}

// nameRefused: a daemon says that the certificate does not hold the identity.
func nameRefused(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := certificate(c.Attempt, diag.AnySide, diag.CertificateNotNamed)
	return k.First(), k.OK
}

// ownKeyMissing: the end that looked for a key looked for its own.
func ownKeyMissing(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := notFound(c.Attempt, diag.AnySide, diag.LookupPrivateKey)
	return k.First(), k.OK
}

// usesCertificates: the end that found no key has a certificate of its own, or
// the one that signed has one.
func usesCertificates(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := notFound(c.Attempt, diag.AnySide, diag.LookupPublicKey)
	for _, side := range [...]diag.Side{k.Side, k.Side.Other()} {
		if e, ok := hasCertificate(c.Attempt, side); k.OK && ok {
			return e, true
		}
	}
	return diag.Evidence{}, false
}

// hasCertificate: a side's daemon has read a certificate, or its connection
// names one.
func hasCertificate(a *diag.Attempt, side diag.Side) (diag.Evidence, bool) {
	v, end := a.View(), a.EndOf(side)
	if host := diag.HostFact(v, end, func(c *diag.Certificate) bool { return c.What == diag.CertificateLoaded && !c.Issuer }); host.OK {
		return host.First(), true
	}
	if c := v.Connection(end); c.OK && len(c.V.Certificates) > 0 {
		return v.PlaceEvidence(c, "Certificates"), true
	}
	return diag.Evidence{}, false
}
