package rules

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Advice about how connections are configured. Nothing of it breaks a tunnel.

// habit gives advice about a connection: field names the value that it rests
// on.
func habit(v *diag.View, out *diag.Sink, remedy, summary, field string, has func(c *diag.Connection) bool) {
	f := diag.Finding{FixAt: diag.EndBoth, Summary: summary}
	for end := range 2 {
		c := v.Connection(end)
		if !c.OK || !has(c.V) {
			continue
		}
		e := v.PlaceEvidence(c, field)
		if field == "PSK" {
			e = v.SecretEvidence(c)
		}
		f.Evidence = append(f.Evidence, e.As(diag.Proof))
		f.Remedies = append(f.Remedies, diag.Remedy{End: diag.EndBoth, Action: remedy, Setting: c.V.At[field].Setting, Source: e.Source, Line: e.Where.Line})
	}
	if len(f.Evidence) > 0 {
		out.Add(f)
	}
}

func pskConnection(c *diag.Connection) bool {
	return c.LocalAuth == ike.AuthPSK || c.RemoteAuth == ike.AuthPSK
}

// SecIKEv1 advises to leave IKEv1.
var SecIKEv1 = &diag.Rule{
	Code: diag.SecIKEV1Deprecated,
	Doc: diag.Doc{
		Meaning: "The connection insists on IKEv1, which is deprecated: it gets no new algorithms and no further maintenance.",
		Remedy:  secIKEv1Remedy,
		References: []diag.Reference{
			rfc(9395, "3", "RFCs 2407, 2408, and 2409 Are Historic"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secIKEv1Remedy, "the connection insists on IKEv1, which is deprecated", "Version", func(c *diag.Connection) bool { return c.Version == 1 })
	},
}

const secIKEv1Remedy = "move both ends to IKEv2 when they support it"

// SecAggressivePSK advises against aggressive mode with a pre-shared key.
var SecAggressivePSK = &diag.Rule{
	Code: diag.SecAggressivePSK,
	Doc: diag.Doc{
		Meaning: "In aggressive mode the responder sends a hash made with the pre-shared key before it knows who asks: whoever asks, or listens, can try keys at leisure.",
		Remedy:  secAggressivePSKRemedy,
		References: []diag.Reference{
			rfc(2409, "5.4", "Phase 1 Authenticated With a Pre-Shared Key"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secAggressivePSKRemedy, "aggressive mode with a pre-shared key lets anybody try keys offline", "Mode", func(c *diag.Connection) bool {
			return c.Version != 2 && c.Mode == isakmp.ExchangeAggressive && pskConnection(c)
		})
	},
}

const secAggressivePSKRemedy = "use main mode, certificates, or IKEv2"

// SecIdentityExposed notes that aggressive mode shows who the ends are.
var SecIdentityExposed = &diag.Rule{
	Code: diag.SecIdentityExposed,
	Doc: diag.Doc{
		Meaning: "In aggressive mode the ends' identities are sent in the clear.",
		Remedy:  secIdentityExposedRemedy,
		References: []diag.Reference{
			rfc(2409, "5", "Exchanges"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secIdentityExposedRemedy, "aggressive mode sends identities in the clear", "Mode", func(c *diag.Connection) bool {
			return c.Version != 2 && c.Mode == isakmp.ExchangeAggressive
		})
	},
}

const secIdentityExposedRemedy = "use main mode"

// SecPSKSharedGroup advises against a key for everybody.
var SecPSKSharedGroup = &diag.Rule{
	Code: diag.SecPSKSharedGroup,
	Doc: diag.Doc{
		Meaning: "The key that the connection takes names no peer: everybody who has it can pass for everybody else, the gateway included.",
		Remedy:  secPSKSharedGroupRemedy,
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secPSKSharedGroupRemedy, "the pre-shared key is one for any peer", "PSK", func(c *diag.Connection) bool { return c.PSK.State == diag.PSKKnown && c.PSK.Wildcard })
	},
}

const secPSKSharedGroupRemedy = "give each peer a key of its own, or certificates"

// SecPSKWeak advises against keys that are too short to resist search.
var SecPSKWeak = &diag.Rule{
	Code: diag.SecPSKWeak,
	Doc: diag.Doc{
		Meaning: "The pre-shared key is short enough to be found by trying, offline in aggressive mode.",
		Remedy:  secPSKWeakRemedy,
		References: []diag.Reference{
			rfc(7296, "2.15", "Authentication of the IKE SA"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secPSKWeakRemedy, "the pre-shared key is short", "PSK", func(c *diag.Connection) bool { return c.PSK.State == diag.PSKKnown && c.PSK.Short })
	},
}

const secPSKWeakRemedy = "use a random key of 128 bits or more"

// SecXAuthGroupPSK advises against XAUTH over a key that a group shares.
var SecXAuthGroupPSK = &diag.Rule{
	Code: diag.SecXauthGroupPSK,
	Doc: diag.Doc{
		Meaning: "The users who log in with XAUTH share the pre-shared key: each of them can pass for the gateway and collect the others' passwords.",
		Remedy:  secXAuthGroupPSKRemedy,
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secXAuthGroupPSKRemedy, "XAUTH users share the gateway's pre-shared key", "XAuthRole", func(c *diag.Connection) bool {
			return c.XAuthRole == diag.XAuthServer && pskConnection(c) && (c.RemoteAny || c.PSK.Wildcard)
		})
	},
}

const secXAuthGroupPSKRemedy = "authenticate the gateway with a certificate (hybrid mode), or use IKEv2 with EAP"

// SecTransportGateway advises against transport mode between networks.
var SecTransportGateway = &diag.Rule{
	Code: diag.SecTransportGateway,
	Doc: diag.Doc{
		Meaning: "A child in transport mode names networks behind the gateways. Transport mode is for the ends' own traffic; packets of hosts behind them are not encapsulated.",
		Remedy:  secTransportGatewayRemedy,
		References: []diag.Reference{
			rfc(4301, "4.1", "Definition and Scope"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		habit(v, out, secTransportGatewayRemedy, "transport mode is configured for networks behind the gateways", "", func(c *diag.Connection) bool {
			for i := range c.Children {
				k := &c.Children[i]
				if k.Mode != ike.ModeTransport || k.Shunt {
					continue
				}
				for _, s := range append(append([]ike.Selector{}, k.Local...), k.Remote...) {
					if s.IsValid() && !s.Dynamic && s.From != s.To {
						return true
					}
				}
			}
			return false
		})
	},
}

const secTransportGatewayRemedy = "use tunnel mode"
