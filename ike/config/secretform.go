package config

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// decodeSecret reads what stands between the quotes of swanctl.conf, or bare
// in an ipsec.secrets: 0x and hexadecimal digits, 0s and base64, or the
// characters themselves.
func decodeSecret(s string) (b []byte, how Spelling, ok bool) {
	switch {
	case len(s) >= 2 && strings.EqualFold(s[:2], "0x"):
		h := strings.Map(dropColon, s[2:])
		if len(h)%2 == 1 {
			h = "0" + h
		}
		b, err := hex.DecodeString(h)
		return b, Hex, err == nil
	case len(s) >= 2 && strings.EqualFold(s[:2], "0s"):
		t := strings.TrimRight(strings.Map(dropBlank, s[2:]), "=")
		if len(t)%4 == 1 {
			// One character more than whole octets: the daemons read what is
			// whole and ignore it.
			t = t[:len(t)-1]
		}
		b, err := base64.RawStdEncoding.DecodeString(t)
		return b, Base64, err == nil
	}
	return []byte(s), Plain, true
}

func dropColon(r rune) rune {
	if r == ':' || r == '_' {
		return -1
	}
	return r
}

func dropBlank(r rune) rune {
	if r == ' ' || r == '\t' || r == '\n' {
		return -1
	}
	return r
}

// set stores a secret and looks at its bytes.
func (e *SecretEntry) set(v Value[ike.Secret], how Spelling) {
	e.Secret, e.Spelling = v, how
	if how == Hex || how == Base64 {
		return
	}
	b := v.V.Reveal()
	for i, c := range b {
		edge := i == 0 || i == len(b)-1
		if c >= 0x80 || c < 0x20 || edge && (c == ' ' || c == '"' || c == '\'') {
			e.Suspicious = true
		}
	}
}
