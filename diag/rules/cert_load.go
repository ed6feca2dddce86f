package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// CertLoadFailed finds a certificate or key that a daemon could not read, on a
// gateway whose negotiations fail for want of one.
var CertLoadFailed = &diag.Rule{
	Code: diag.CertLoadFailed,
	Doc: diag.Doc{
		Meaning: "A daemon could not read a certificate or a private key of its own, or read an authority's certificate that is none, and its negotiations fail for want of it.",
		LookAlikes: []diag.LookAlike{
			{
				Code: diag.IKEP1LocalKeyMissing,
				Ask:  askConfig(diag.EndEither, "it shows whether the file that cannot be read is the one that is missing"),
			},
		},
		Explains: []diag.Code{
			diag.CertUntrustedCA, diag.CertIntermediateMissing, diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous,
			diag.IKERetransmitExhausted, diag.LifeDeleteByPeer, diag.IKEP1AuthzRejected,
		},
		Common: 4,
		Remedy: "repair or replace the file, and check that key and certificate belong together",
		References: []diag.Reference{
			rfc(5280, "4.2.1.9", "Basic Constraints"),
		},
	},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			// Who lacks what: the own key, or a key of the peer's to trust.
			own := notFound(a, diag.AnySide, diag.LookupPrivateKey)
			peers := notFound(a, diag.AnySide, diag.LookupPublicKey)
			for _, k := range []diag.Known[*diag.LookedUp]{own, peers} {
				if !k.OK {
					continue
				}
				bad := diag.HostFact(v, a.EndOf(k.Side), func(c *diag.Certificate) bool {
					return c.What == diag.CertificateUnreadable || c.What == diag.CertificateUnusable
				})
				if !bad.OK {
					continue
				}
				f := diag.Finding{FixAt: k.Side.End(), Evidence: slices.Concat(bad.As(diag.Proof), k.As(diag.Strong))}
				f.Summary = fmt.Sprintf("%s could not read a certificate or key of its own", a.NameOf(k.Side))
				if bad.V.Subject != "" {
					f.Summary += " " + diag.Quote(bad.V.Subject)
				}
				out.AddTo(a, f)
				break
			}
		}
	},
}

// CertTypeUnsupported finds a certificate in an encoding that the other end
// does not read.
var CertTypeUnsupported = &diag.Rule{
	Code: diag.CertTypeUnsupported,
	Doc: diag.Doc{
		Meaning:    "An end sends its certificate in an encoding that the other does not read (RFC 2408, section 3.9).",
		Explains:   certExplains,
		Common:     2,
		Remedy:     "send X.509 signature certificates",
		References: []diag.Reference{rfc(2408, "3.9", "Certificate Payload"), rfc(4945, "3.3", "Certificate Payload")},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyNotify,
	Check: func(v *diag.View, out *diag.Sink) {
		reportCertificate(v, out, owner, "is in an encoding that is not read", diag.CertificateEncoding)
		for a := range v.Attempts() {
			n := notified(a, diag.AnySide, isakmp.NotifyCertTypeUnsupported, isakmp.NotifyInvalidCertEncoding)
			if !n.OK || a.Completed(diag.Phase1) || certificate(a, diag.AnySide, diag.CertificateEncoding).OK {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Strong), Summary: "the certificate of one end is in an encoding that the other does not read"})
		}
	},
}

// CertreqUnknownCA notes that the peer asked for a certificate of an authority
// that the end does not know, where the negotiation failed.
var CertreqUnknownCA = &diag.Rule{
	Code: diag.CertCertreqUnknownCA,
	Doc: diag.Doc{
		Meaning:    "The peer asks for a certificate of an authority that this end has none of (RFC 2408, section 3.10). That is no fault by itself, and may be why its certificate is not accepted.",
		Common:     1,
		Remedy:     "issue this end a certificate of an authority that the peer trusts, or let the peer trust the one it has",
		References: []diag.Reference{rfc(2408, "3.10", "Certificate Request Payload")},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := certificate(a, diag.AnySide, diag.CertificateAuthorityUnknown)
			if !k.OK || a.Completed(diag.Phase1) || !a.Over() {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Hint),
				Summary: fmt.Sprintf("%s asks for a certificate of an authority that its peer does not know", a.NameOf(k.Side))})
		}
	},
}
