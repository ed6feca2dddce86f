package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// CertNotSent finds an end that proves itself with a certificate that nobody
// gave the other end.
var CertNotSent = &diag.Rule{
	Code: diag.CertNotSent,
	Doc: diag.Doc{
		Meaning: "The peer proves itself by a signature, and did not send its certificate, which the other end does not have either.",
		LookAlikes: []diag.LookAlike{
			{
				Code: diag.IKEP1RSAKeyInitiator,
				Excluded: []diag.Exclusion{
					{If: usesCertificates, Reason: "the end that found no key works with certificates"},
					{If: keyMustCome, Reason: "the end that checks takes the key from a certificate that is sent, and from nothing else"},
				},
				Ask: askConfig(diag.EndBoth, "with bare public keys no certificate is sent, and a key may be missing or another"),
			},
		},
		Explains: certExplains,
		Common:   6,
		Remedy:   "let the peer send its certificate, or install it at the other end",
		References: []diag.Reference{
			rfc(2409, "5.1", "IKE Phase 1 Authenticated With Signatures"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		c := compareSending(v)
		out := joined(v, sink, c)
		defer out.rest(diag.Phase1)
		for a := range v.Attempts() {
			k := notFound(a, diag.AnySide, diag.LookupPublicKey)
			if a.Completed(diag.Phase1) || !k.OK || failed(a, diag.AnySide, diag.CheckSignature).OK {
				continue
			}
			sentOwn := diag.Fact(a, k.Side, func(c *diag.Certificate) bool { return c.What == diag.CertificateSent })
			bare := diag.Fact(a, k.Side.Other(), func(m *diag.Message) bool { return m.Proof == isakmp.PayloadSignature && !m.Certificate })
			_, checks := hasCertificate(a, k.Side)
			_, signs := hasCertificate(a, k.Side.Other())
			if sentCertificate(a, k.Side.Other()).OK {
				continue
			}
			if tellsOfPeers(a) || !sentOwn.OK && !checks && !(signs && bare.OK) {
				continue // one came; or these are bare keys
			}
			add, w := sink.AddTo, diag.Hint
			if bare.OK {
				w = diag.Strong
			}
			if c.state != differ || c.finding.FixAt == k.Side.Other().End() { // else that is about the other certificate
				add = out.AddTo
				if bare.OK && (c.state == differ || mustCome(a, k.Side)) {
					w = diag.Proof // none came, none is there, and none would ever come, or nothing else can serve
				}
			}
			add(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: slices.Concat(k.As(w), bare.As(diag.Background)),
				Summary: fmt.Sprintf("%s sent no certificate, and none of it is known to its peer", a.NameOf(k.Side.Other()))})
		}
	},
}

// compareSending asks whether an end that signs never sends its certificate to a
// peer that has none of it. That the peer has it in a folder, or a bare key, no
// configuration rules out.
func compareSending(v *diag.View) compared {
	for end := range 2 {
		c, peer := v.Connection(end), v.Connection(1-end)
		if !c.OK || !c.V.LocalWithholds || !c.V.LocalAuth.Agrees(ike.AuthPubkey) || len(c.V.Certificates) == 0 || peer.OK && len(peer.V.PeerCertificates) > 0 || showed(v, end) {
			continue
		}
		e := v.PlaceEvidence(c, "LocalWithholds").As(diag.Hint)
		_, pair := confPairOf(v)
		switch {
		case !peer.OK || !c.V.Alone():
		case pair && peer.V.Alone() && peer.V.RemoteCertified && c.V.LocalAuth == ike.AuthPubkey:
			e.Weight = diag.Proof // the one never sends what the other has from nowhere else
		default:
			e.Weight = diag.Strong
		}
		f := diag.Finding{FixAt: endRole(v, end), Evidence: []diag.Evidence{e},
			Summary: fmt.Sprintf("%s signs, and is set never to send its certificate", cmp.Or(v.EndName(end), "one end"))}
		f.Remedies = []diag.Remedy{{End: f.FixAt, Action: "let it send its certificate", Setting: c.V.At["LocalWithholds"].Setting, Value: "always", Source: e.Source, Line: e.Where.Line}}
		return compared{state: differ, finding: &f}
	}
	return compared{}
}

// showed reports whether some attempt shows that an end's certificate was sent,
// or came: its daemon runs on another configuration.
func showed(v *diag.View, end int) bool {
	for a := range v.Attempts() {
		for _, s := range bothSides {
			if a.EndOf(s) == end && diag.Any(a, s, func(c *diag.Certificate) bool {
				return !c.Issuer && (c.What == diag.CertificateSent || c.What == diag.CertificateReceived)
			}) {
				return true
			}
		}
	}
	return false
}

// mustCome reports whether a side has its peer's key from nothing but the
// certificate that the peer sends.
func mustCome(a *diag.Attempt, side diag.Side) bool {
	c := a.View().Connection(a.EndOf(side))
	return c.OK && c.V.RemoteCertified && c.V.Alone()
}

// keyMustCome: an end never sends its certificate, and its peer takes the key
// from nothing else.
func keyMustCome(c diag.Case) (diag.Evidence, bool) {
	for end := range 2 {
		signs, checks := c.View.Connection(end), c.View.Connection(1-end)
		if signs.OK && signs.V.LocalWithholds && checks.OK && checks.V.RemoteCertified {
			return checks.First(), true
		}
	}
	return diag.Evidence{}, false
}
