package rules

import (
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// Advice about how connections are configured. Nothing of it breaks a tunnel.

// advise gives advice about what is in one or both configurations. In the
// summary, %s stands for what is wrong.
func advise(v *diag.View, out *diag.Sink, kind diag.FaultKind, summary string) {
	f := diag.Finding{FixAt: diag.EndBoth}
	for x := range faults(v, kind) {
		if len(f.Evidence) == 0 {
			f.Summary = strings.Replace(summary, "%s", x.Subject, 1)
		}
		f.Evidence = append(f.Evidence, x.at.As(diag.Proof))
		f.Remedies = append(f.Remedies, x.remedy(diag.EndBoth, ""))
	}
	if len(f.Evidence) > 0 {
		out.Add(f)
	}
}

// adviseKey gives advice about the pre-shared key that a connection takes.
func adviseKey(v *diag.View, out *diag.Sink, summary string, has func(k *diag.PSK) bool) {
	f := diag.Finding{FixAt: diag.EndBoth, Summary: summary}
	for end := range 2 {
		c := v.Connection(end)
		if !c.OK || c.V.PSK.State != diag.PSKKnown || !has(&c.V.PSK) {
			continue
		}
		e := v.SecretEvidence(c).As(diag.Proof)
		f.Evidence = append(f.Evidence, e)
		f.Remedies = append(f.Remedies, diag.Remedy{End: diag.EndBoth, Source: e.Source, Line: e.Where.Line})
	}
	if len(f.Evidence) > 0 {
		out.Add(f)
	}
}

// SecIKEv1 advises to leave IKEv1.
var SecIKEv1 = &diag.Rule{
	Code: diag.SecIKEV1Deprecated,
	Doc: diag.Doc{
		Meaning: "The connection insists on IKEv1, which is deprecated: it gets no new algorithms and no further maintenance.",
		Remedy:  "move both ends to IKEv2 when they support it",
		References: []diag.Reference{
			rfc(9395, "3", "RFCs 2407, 2408, and 2409 Are Historic"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultIKEv1, "the connection insists on IKEv1, which is deprecated")
	},
}

// SecAggressivePSK advises against aggressive mode with a pre-shared key.
var SecAggressivePSK = &diag.Rule{
	Code: diag.SecAggressivePSK,
	Doc: diag.Doc{
		Meaning: "In aggressive mode the responder sends a hash made with the pre-shared key before it knows who asks: whoever asks, or listens, can try keys at leisure.",
		Remedy:  "use main mode, certificates, or IKEv2",
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultAggressivePSK, "aggressive mode with a pre-shared key lets anybody try keys offline")
	},
}

// SecIdentityExposed notes that aggressive mode shows who the ends are.
var SecIdentityExposed = &diag.Rule{
	Code: diag.SecIdentityExposed,
	Doc: diag.Doc{
		Meaning: "In aggressive mode the ends' identities are sent in the clear.",
		Remedy:  "use main mode",
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultIdentityExposed, "aggressive mode sends identities in the clear")
	},
}

// SecPSKSharedGroup advises against a key for everybody.
var SecPSKSharedGroup = &diag.Rule{
	Code: diag.SecPSKSharedGroup,
	Doc: diag.Doc{
		Meaning: "The key that the connection takes names no peer: everybody who has it can pass for everybody else, the gateway included.",
		Remedy:  "give each peer a key of its own, or certificates",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		adviseKey(v, out, "the pre-shared key is one for any peer", func(k *diag.PSK) bool { return k.Wildcard })
	},
}

// SecPSKWeak advises against keys that are too short to resist search.
var SecPSKWeak = &diag.Rule{
	Code: diag.SecPSKWeak,
	Doc: diag.Doc{
		Meaning: "The pre-shared key is short enough to be found by trying, offline in aggressive mode.",
		Remedy:  "use a random key of 128 bits or more",
		References: []diag.Reference{
			rfc(7296, "2.15", "Authentication of the IKE SA"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		adviseKey(v, out, "the pre-shared key is short", func(k *diag.PSK) bool { return k.Short })
	},
}

// SecXAuthGroupPSK advises against XAUTH over a key that a group shares.
var SecXAuthGroupPSK = &diag.Rule{
	Code: diag.SecXauthGroupPSK,
	Doc: diag.Doc{
		Meaning: "The users who log in with XAUTH share the pre-shared key: each of them can pass for the gateway and collect the others' passwords.",
		Remedy:  "authenticate the gateway with a certificate (hybrid mode), or use IKEv2 with EAP",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultXAuthGroupKey, "XAUTH users share the gateway's pre-shared key")
	},
}

// SecTransportGateway advises against transport mode between networks.
var SecTransportGateway = &diag.Rule{
	Code: diag.SecTransportGateway,
	Doc: diag.Doc{
		Meaning: "A child in transport mode names networks behind the gateways. Transport mode is for the ends' own traffic; packets of hosts behind them are not encapsulated.",
		Remedy:  "use tunnel mode",
		References: []diag.Reference{
			rfc(4301, "4.1", "Definition and Scope"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultTransport, "transport mode is configured for networks behind the gateways")
	},
}

// SecPermissive notes that more is accepted than is written.
var SecPermissive = &diag.Rule{
	Code: diag.SecPermissiveProposal,
	Doc: diag.Doc{
		Meaning: "The daemon accepts its built-in proposals besides those that are written, as strongSwan does where the list in ipsec.conf does not end in an exclamation mark: which algorithms are used is for the peer to choose.",
		Remedy:  "let the list stand alone",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultPermissive, "the daemon accepts its built-in proposals besides those that are written")
	},
}

// SecRevocationUnchecked notes that certificates are accepted of which nobody
// tells whether they were revoked.
var SecRevocationUnchecked = &diag.Rule{
	Code: diag.SecCRLCheckOff,
	Doc: diag.Doc{
		Meaning: "The peer proves itself by a certificate, and is accepted where no list of revoked certificates can be had: a stolen key stays good for whoever keeps the gateway from the list.",
		Remedy:  "demand that revocation can be checked, once the lists are reliably there",
		References: []diag.Reference{
			rfc(5280, "6.3", "CRL Validation"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		advise(v, out, diag.FaultRevocationUnknown, "certificates are accepted without proof that they were not revoked")
	},
}
