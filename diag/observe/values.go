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
	return ike.ParseIdentity(string(text[:min(len(text), 512)]), spelling(e.Dialect))
}

// spelling tells whose rules a dialect spells identities by.
func spelling(d *logparse.Dialect) ike.Dialect {
	if d != nil && d.Name == "strongswan" {
		return ike.DialectStrongSwan
	}
	return ike.DialectAny
}

func appendSelectors(dst []ike.Selector, e *logparse.Event, r logparse.Role) []ike.Selector {
	text, ok := e.SelectorsText(r)
	if !ok {
		return dst
	}
	for f := range bytes.FieldsSeq(text) {
		if s, err := ike.ParseSelector(string(f)); err == nil && len(dst) < 64 {
			dst = append(dst, s)
		}
	}
	return dst
}

// appendProposals reads a list of proposals and tells whether it is one of
// phase 2.
func appendProposals(dst []ike.Proposal, text []byte) (out []ike.Proposal, phase2 bool) {
	out = ike.AppendProposals(dst, text, ike.ProtocolIKE)
	return out, len(out) > 0 && out[0].Protocol != ike.ProtocolIKE
}

func methodNamed(b []byte) (ike.AuthMethod, bool) {
	switch string(b) {
	case "":
		return 0, false
	case "pre-shared key":
		return ike.AuthPSK, true
	case "RSA signature", "RSA", "public key":
		return ike.AuthRSA, true
	case "XAuthInitPSK":
		return ike.AuthXAUTHInitPSK, true
	case "XAuthRespPSK":
		return ike.AuthXAUTHRespPSK, true
	case "XAuthInitRSA":
		return ike.AuthXAUTHInitRSA, true
	case "HybridInitRSA":
		return ike.AuthHybridInitRSA, true
	}
	return ike.AuthPubkey, true
}
