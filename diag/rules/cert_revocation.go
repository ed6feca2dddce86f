package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// CRLUnreachable finds an end that insists on a revocation list and cannot
// fetch it.
var CRLUnreachable = &diag.Rule{
	Code: diag.CertCRLUnreachable,
	Doc: diag.Doc{
		Meaning:    "An end insists on knowing whether its peer's certificate was revoked, and cannot fetch the list of revoked certificates from where the certificate says.",
		Explains:   certExplains,
		Common:     4,
		Remedy:     "let the gateway reach the authority's server, or give it the list; or do not insist on it",
		References: []diag.Reference{{RFC: 5280, Section: "4.2.1.13", Title: "CRL Distribution Points"}},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		checkRevocation(v, out, "the list of revoked certificates cannot be fetched", diag.CertificateFetchFailed)
	},
}

// CRLStale finds an end that insists on a revocation list and has an old one.
var CRLStale = &diag.Rule{
	Code: diag.CertCRLStale,
	Doc: diag.Doc{
		Meaning:    "An end insists on knowing whether its peer's certificate was revoked, and its list is past the time by which a new one was to be issued.",
		Explains:   certExplains,
		Common:     4,
		Remedy:     "let the authority publish a new list, and the gateway fetch it",
		References: []diag.Reference{{RFC: 5280, Section: "5.1.2.5", Title: "Next Update"}},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		checkRevocation(v, out, "its list of revoked certificates is too old", diag.CertificateListStale)
	},
}

// OCSPUnreachable finds an end that insists on the word of a server that does
// not answer usefully.
var OCSPUnreachable = &diag.Rule{
	Code: diag.CertOCSPUnreachable,
	Doc: diag.Doc{
		Meaning:    "An end insists on knowing whether its peer's certificate was revoked, and the OCSP server does not answer, or its answer cannot be trusted.",
		Explains:   certExplains,
		Common:     3,
		Remedy:     "let the gateway reach the OCSP server, and trust the certificate that signs its answers",
		References: []diag.Reference{{Title: "RFC 6960: Online Certificate Status Protocol", URL: "https://www.rfc-editor.org/rfc/rfc6960"}},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		checkRevocation(v, out, "the server that knows of revocation does not answer usefully", diag.CertificateOCSPFailed)
	},
}

// LDAPUnreachable finds an end that cannot get what it needs from a directory.
var LDAPUnreachable = &diag.Rule{
	Code: diag.CertLDAPUnreachable,
	Doc: diag.Doc{
		Meaning:    "An end needs a list of revoked certificates from an LDAP directory, which does not answer.",
		Explains:   certExplains,
		Common:     2,
		Remedy:     "let the gateway reach the directory, or give it what it needs from there",
		References: []diag.Reference{{RFC: 5280, Section: "4.2.1.13", Title: "CRL Distribution Points"}},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyUnanswered,
	Check: func(v *diag.View, out *diag.Sink) {
		checkRevocation(v, out, "the directory of the authority does not answer", diag.CertificateLDAPFailed)
		asksDirectory(v, out)
	},
}

// checkRevocation reports why nobody can tell whether a certificate was
// revoked, which stops a negotiation only where the configuration insists.
func checkRevocation(v *diag.View, out *diag.Sink, says string, kinds ...diag.CertificateKind) {
	for a := range v.Attempts() {
		demanded := certificate(a, diag.AnySide, diag.CertificateStatusDemanded)
		k := certificate(a, diag.AnySide, kinds...)
		if a.Completed(diag.Phase1) || !demanded.OK || !k.OK || certificate(a, diag.AnySide, diag.CertificateRevoked).OK {
			continue
		}
		out.AddTo(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: slices.Concat(k.As(diag.Proof), demanded.As(diag.Proof)),
			Summary: fmt.Sprintf("%s insists on knowing whether its peer's certificate was revoked, and %s", a.NameOf(k.Side.Other()), says)})
	}
}
