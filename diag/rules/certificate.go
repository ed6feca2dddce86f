package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// What the ends' certificates prove beside their configurations. The rules of
// single codes ask for their aspect and join the answer with what the attempts
// show, as they do with the configurations (config_join.go).

// holder is an end that proves itself by a certificate, with what was given of
// it and of its peer.
type holder struct {
	v   *diag.View
	end int
	c   diag.Known[*diag.Connection]
	// own is the certificate that it signs under. sure: the configuration
	// names its file, or no other was given.
	own  diag.Known[*diag.Credential]
	sure bool
}

// maxHeld bounds the certificates and keys of a gateway that are looked at.
const maxHeld = 64

// holders returns the ends that sign and whose certificate was given.
func holders(v *diag.View) (out []holder) {
	for end := range 2 {
		h := holder{v: v, end: end, c: v.Connection(end)}
		if !h.c.OK || !h.c.V.LocalAuth.Agrees(ike.AuthPubkey) {
			continue
		}
		n, named := 0, false
		for k := range held(v, end) {
			if k.V.Private || k.V.Authority {
				continue
			}
			isNamed := slices.Contains(h.c.V.Certificates, k.V.File)
			if n == 0 || isNamed && !named {
				h.own = k
			}
			n, named = n+1, named || isNamed
		}
		if h.sure = named || n == 1; n > 0 {
			out = append(out, h)
		}
	}
	return out
}

// held iterates over the certificates and keys of a gateway, as many as are
// looked at.
func held(v *diag.View, end int) func(yield func(diag.Known[*diag.Credential]) bool) {
	return func(yield func(diag.Known[*diag.Credential]) bool) {
		n := 0
		for k := range diag.HostFacts[diag.Credential](v, end) {
			if n++; n > maxHeld || !yield(k) {
				return
			}
		}
	}
}

// name says how to call the end.
func (h *holder) name() string {
	if n := h.v.EndName(h.end); n != "" {
		return n
	}
	return "one end"
}

// weight lowers what is proven where the certificate may be another one.
func (h *holder) weight(w diag.Weight) diag.Weight {
	if !h.sure || !h.c.V.Alone() {
		return min(w, diag.Hint)
	}
	return w
}

func (h *holder) finding(w diag.Weight, summary, action string, more ...diag.Evidence) compared {
	e := h.own.First().As(h.weight(w))
	f := diag.Finding{FixAt: endRole(h.v, h.end), Summary: summary, Evidence: append([]diag.Evidence{e}, more...)}
	f.Remedies = []diag.Remedy{{End: f.FixAt, Action: action, Source: e.Source, Line: e.Where.Line}}
	return compared{state: differ, finding: &f}
}

// now returns the time that the evidence is of: that of the last attempt. known
// is false where no source tells a year; then it is at least the day on which
// the newest certificate was made.
func (h *holder) now() (t time.Time, known bool) {
	if a := h.v.Last(); a != nil {
		if at := a.Dated(diag.Evidence{}); at.Known() {
			return at.Value, true
		}
	}
	for end := range 2 {
		for k := range held(h.v, end) {
			if k.V.From.After(t) {
				t = k.V.From
			}
		}
	}
	return t, false
}

// compareValidity asks whether the certificates are valid at the evidence's
// time, in one direction.
func compareValidity(v *diag.View, kind diag.CertificateKind) compared {
	hs := holders(v)
	other, valid := false, 0
	for i := range hs {
		h := &hs[i]
		now, known := h.now()
		c := h.own.V
		dates := fmt.Sprintf("(valid from %s until %s)", c.From.Format(time.DateOnly), c.Until.Format(time.DateOnly))
		other = other || now.After(c.Until) && kind != diag.CertificateExpired || known && now.Before(c.From) && kind == diag.CertificateExpired
		switch {
		case now.After(c.Until) && kind == diag.CertificateExpired:
			w := diag.Proof
			if !known {
				w = diag.Strong // another certificate was made after this one's end
			}
			return h.finding(w, fmt.Sprintf("the certificate of %s has expired %s", h.name(), dates), "renew the certificate")
		case known && now.Before(c.From) && kind == diag.CertificateNotYetValid:
			return h.finding(diag.Proof, fmt.Sprintf("the certificate of %s is not valid yet %s", h.name(), dates), "wait, or issue it anew")
		case known && h.sure && !now.After(c.Until) && !now.Before(c.From):
			valid++
		}
	}
	switch {
	case other:
		return compared{state: excluded} // it is out of date in the other direction
	case valid == 2:
		return agreement(slices.Concat(hs[0].own.As(diag.Background), hs[1].own.As(diag.Background)))
	}
	return compared{}
}

// compareCertificateName asks whether each end's certificate names the
// identity that the end is configured to use.
func compareCertificateName(v *diag.View) compared {
	hs := holders(v)
	fit := 0
	for i := range hs {
		h := &hs[i]
		id := h.c.V.LocalID
		switch {
		case id.IsZero() || id.Any || id.FromCert:
			fit++
		case slices.ContainsFunc(h.own.V.Names, id.Equal):
			fit++
		case id.Type == 0:
		default:
			at := h.c.V.At["LocalID"]
			e := v.PlaceEvidence(h.c, "LocalID").As(h.weight(diag.Proof))
			c := h.finding(diag.Proof, fmt.Sprintf("the certificate of %s does not name the identity that it uses: %s is neither its subject nor one of its alternative names", h.name(), typedID(id)),
				"use an identity that the certificate names, or issue one that names this identity", e)
			r := &c.finding.Remedies[0]
			r.Source, r.Line, r.Setting = e.Source, e.Where.Line, at.Setting
			if n := len(h.own.V.Names); n > 0 {
				r.Value = diag.Clean(h.own.V.Names[n-1].String(), 160)
			}
			return c
		}
	}
	if fit == 2 {
		return agreement(slices.Concat(hs[0].own.As(diag.Background), hs[1].own.As(diag.Background)))
	}
	return compared{}
}

// compareIssuers asks whether each end's certificate comes from an authority
// whose certificate its peer was given: none of the peer's, nor of those that
// the end itself may send along, leads to it.
func compareIssuers(v *diag.View) compared {
	for _, h := range holders(v) {
		var trusted, sent []*diag.Credential
		var ev []diag.Evidence
		root := false
		for k := range held(v, 1-h.end) {
			if k.V.Authority {
				trusted, ev = append(trusted, k.V), append(ev, k.First().As(diag.Background))
				root = root || k.V.Issued(k.V)
			}
		}
		for k := range held(v, h.end) {
			if k.V.Authority {
				sent = append(sent, k.V)
			}
		}
		// Authorities below others may be all that was given, and not all that
		// is trusted.
		if !root || leads(h.own.V, trusted, sent) {
			continue
		}
		c := h.finding(diag.Strong, fmt.Sprintf("the certificate of %s was issued by an authority whose certificate its peer does not have", h.name()), "install the certificate of the authority at the peer", ev...)
		c.finding.FixAt = endRole(v, 1-h.end)
		c.finding.Remedies[0].End = c.finding.FixAt
		return c
	}
	return compared{}
}

// leads reports whether a path leads from a certificate to one that is
// trusted, over those that are sent along.
func leads(from *diag.Credential, trusted, sent []*diag.Credential) bool {
	for range len(sent) + 1 {
		if slices.ContainsFunc(trusted, func(c *diag.Credential) bool { return c.Issued(from) }) {
			return true
		}
		i := slices.IndexFunc(sent, func(c *diag.Credential) bool { return c != from && c.Issued(from) })
		if i < 0 {
			return false
		}
		from = sent[i]
	}
	return false
}

// compareUsage asks whether the certificates' usage allows to sign.
func compareUsage(v *diag.View) compared {
	for _, h := range holders(v) {
		peer := v.Connection(1 - h.end)
		switch {
		case !h.own.V.Signs:
		case !h.own.V.IKE && peer.OK && peer.V.Behaviour.ChecksUsage:
		default:
			continue
		}
		return h.finding(diag.Strong, fmt.Sprintf("the certificate of %s does not allow its key to be used for this", h.name()), "issue a certificate whose usage allows digital signatures and IKE")
	}
	return compared{}
}

// compareKeyPair asks whether the private keys that were given fit the end's
// certificate.
func compareKeyPair(v *diag.View) compared {
	for _, h := range holders(v) {
		var keys []diag.Known[*diag.Credential]
		fits := false
		for k := range held(v, h.end) {
			if k.V.Private {
				keys, fits = append(keys, k), fits || k.V.PublicKey == h.own.V.PublicKey
			}
		}
		if len(keys) == 0 || fits {
			continue
		}
		return h.finding(diag.Strong, fmt.Sprintf("no private key that was given of %s belongs to its certificate", h.name()), "install the private key that belongs to the certificate, or issue a certificate for the key", keys[0].First().As(diag.Strong))
	}
	return compared{}
}

// CertWeakKey notes a key or signature that is weaker than is accepted today.
var CertWeakKey = &diag.Rule{
	Code: diag.CertWeakKey,
	Doc: diag.Doc{
		Meaning: "A certificate has a key, or a signature, that is weaker than is accepted today. Some daemons, and all in a certified mode, refuse it.",
		Common:  2,
		Remedy:  "issue a certificate with an RSA key of 2048 bits or more, or of an elliptic curve, signed with SHA-256",
		References: []diag.Reference{
			rfc(8247, "3.1.1", "Recommendations for RSA Key Length"),
			rfc(8247, "3.2", "Digital Signature Recommendations"),
		},
	},
	Needs: 1<<diag.BodyCertificate | 1<<diag.BodyCredential,
	Check: func(v *diag.View, out *diag.Sink) {
		for _, h := range holders(v) {
			if h.own.V.Weak != "" {
				f := h.finding(diag.Proof, fmt.Sprintf("the certificate of %s is weak: %s", h.name(), h.own.V.Weak), "issue a certificate with a stronger key and signature").finding
				f.Severity = diag.Info
				out.Add(*f)
				return
			}
		}
		for a := range v.Unfinished(diag.Phase1) {
			if ev, ok := unverified(a); ok {
				if k := certificate(a, diag.AnySide, diag.CertificateWeak); k.OK {
					f := certFinding(a, k, diag.Strong, owner, "is weaker than its peer accepts", ev)
					f.Severity = diag.Critical
					out.AddTo(a, f)
				}
			}
		}
	},
}

// byCertificates excludes a look-alike where the certificate itself was given
// and shows the fault.
var byCertificates = diag.Exclusion{If: certificateGiven, Reason: "the certificate itself was given and shows it"}

func certificateGiven(c diag.Case) (diag.Evidence, bool) { return c.Has(diag.EvidenceCertificate) }
