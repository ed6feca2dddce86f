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

// selectors reads those of a line. They are not to be changed.
func (l *Log) selectors(e *logparse.Event, r logparse.Role) []ike.Selector {
	text, _ := e.SelectorsText(r)
	if len(text) == 0 {
		return nil
	}
	list, known := l.remembered().selectors.of(text)
	if !known {
		*list = e.AppendSelectors(nil, r) // others may still show the old one
		*list = (*list)[:min(len(*list), maxSelectors)]
	}
	return *list
}

// proposals are those of a list, which may be one of phase 2. They are not to be
// changed.
type proposals struct {
	list   []ike.Proposal
	phase2 bool
}

// proposals reads a list of proposals.
func (l *Log) proposals(text []byte) *proposals {
	p, known := l.remembered().proposals.of(text)
	if !known {
		p.list = ike.AppendProposals(nil, text, ike.ProtocolIKE)
		p.phase2 = len(p.list) > 0 && p.list[0].Protocol != ike.ProtocolIKE
	}
	return p
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
