package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// LocalKeyMissing finds an end that has no private key to prove itself with.
var LocalKeyMissing = &diag.Rule{
	Code: diag.IKEP1LocalKeyMissing,
	Doc: diag.Doc{
		Meaning: "An end is configured to authenticate by a signature and has no private key for its own identity: the key was not loaded, or no certificate ties it to that identity. " +
			"The negotiation ends there; the peer sees nothing, or a timeout.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CertIDNotInSAN,
				Excluded: []diag.Exclusion{{If: noKeyAtAll, Reason: "no private key was read at all"}, {If: certificateFits, Reason: "a certificate that was read names the identity"}, {If: identityKept, Reason: "the daemon read the certificate and kept the identity, which it does only where the certificate names it"}},
				Ask:      diag.Missing{Kind: diag.KindCertificate, End: diag.EndEither, Why: "a key whose certificate does not name the identity is not found under it either"},
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.CertLoadFailed},
		Common:   4,
		Remedy:   "load the private key and the certificate that names the configured identity",
		References: []diag.Reference{
			rfc(2409, "5.1", "IKE Phase 1 Authenticated With Signatures"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareOwnKey(v))
		defer out.rest(diag.Phase1)
		for a := range v.Attempts() {
			for _, s := range sides {
				k := notFound(a, s, diag.LookupPrivateKey)
				if !k.OK {
					continue
				}
				f := diag.Finding{FixAt: s.End(), Evidence: k.As(diag.Proof), Summary: fmt.Sprintf("%s has no private key for its own identity", a.NameOf(s))}
				if id := k.V.ID.String(); id != "" {
					f.Summary += " " + diag.Quote(id)
				}
				out.AddTo(a, f)
				break
			}
		}
	},
}

// keysRead counts the private keys that the side's host read, and reports
// whether its log shows the daemon's start, when that is done.
func keysRead(a *diag.Attempt, of diag.Side) (n int, started diag.Known[*diag.Software]) {
	end := a.EndOf(of)
	keys := diag.HostFact(a.View(), end, func(c *diag.Certificate) bool { return c.What == diag.CertificateKeyLoaded })
	return keys.Count, diag.HostFact(a.View(), end, func(*diag.Software) bool { return true })
}

// certificateFits: a certificate of the end's names its identity, so that only
// the key can be missing.
var certificateFits = fitting(certificateNames)

// identityKept: the daemon kept the identity that its certificate has to name,
// so that only the key can be missing.
var identityKept = fitting(keptID)

// fitting makes an exclusion of what finds the certificate that fits a private key
// that is not found.
func fitting(find func(*diag.Attempt, diag.Known[*diag.LookedUp]) diag.Known[*diag.Certificate]) func(diag.Case) (diag.Evidence, bool) {
	return func(c diag.Case) (diag.Evidence, bool) {
		if c.Attempt == nil {
			return diag.Evidence{}, false
		}
		k := notFound(c.Attempt, diag.AnySide, diag.LookupPrivateKey)
		cert := find(c.Attempt, k)
		return cert.First(), k.OK && cert.OK
	}
}

// noKeyAtAll: the log goes back to the daemon's start, and no private key was
// read since.
func noKeyAtAll(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := notFound(c.Attempt, diag.AnySide, diag.LookupPrivateKey)
	n, started := keysRead(c.Attempt, k.By)
	return started.First(), k.OK && n == 0 && started.OK && follows(k.Evidence, started.Evidence)
}
