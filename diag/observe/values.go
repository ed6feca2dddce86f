package observe

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/logparse"
)

// What logs spell as text and bodies hold as values.

func identity(e *logparse.Event, r logparse.Role) ike.Identity {
	text, ok := e.IdentityText(r)
	if !ok && r == logparse.Remote {
		text, ok = e.IdentityText(logparse.RoleNone)
	}
	if !ok || len(text) == 0 {
		return ike.Identity{}
	}
	return e.ParseIdentity(text[:min(len(text), 512)])
}

// maxSelectors is how many of a line's selectors are kept.
const maxSelectors = 64

func appendSelectors(dst []ike.Selector, e *logparse.Event, r logparse.Role) []ike.Selector {
	dst = e.AppendSelectors(dst, r)
	return dst[:min(len(dst), maxSelectors)]
}

// appendProposals reads a list of proposals and tells whether it is one of
// phase 2.
func appendProposals(dst []ike.Proposal, text []byte) (out []ike.Proposal, phase2 bool) {
	out = ike.AppendProposals(dst, text, ike.ProtocolIKE)
	return out, len(out) > 0 && out[0].Protocol != ike.ProtocolIKE
}

// policyNamed knows the words of a pluto policy or authby= for a method.
func policyNamed(b []byte) ike.AuthMethod {
	switch {
	case bytes.Contains(b, []byte("PSK")), bytes.Contains(b, []byte("secret")):
		return ike.AuthPSK
	case bytes.Contains(b, []byte("RSASIG")), bytes.Contains(b, []byte("rsasig")):
		return ike.AuthRSA
	}
	return 0
}

// method returns the authentication method that a line names. One that has no
// name of its own is some kind of signature.
func method(e *logparse.Event) (ike.AuthMethod, bool) {
	if !e.Has(logparse.FieldMethod) {
		return 0, false
	}
	m, ok := e.AuthMethod(logparse.RoleNone)
	if !ok {
		m = ike.AuthPubkey
	}
	return m, true
}
