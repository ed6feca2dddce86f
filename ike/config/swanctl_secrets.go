package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// swanctlSecrets reads the section secrets: a section's name begins with the
// kind of its secret.
func (s *source) swanctlSecrets(f *flat) {
	for i := range f.set {
		s.c.Unknown = append(s.c.Unknown, Statement{Section: "secrets", At: f.set[i].at})
	}
	for _, sub := range f.subs {
		s.swanctlSecret(sub)
	}
}

// swanctlSecretKinds lists the kinds in the order in which they are tried, so
// that a longer word comes before one that it begins with.
var swanctlSecretKinds = []struct {
	prefix string
	kind   SecretKind
	coded  bool // 0x and 0s are decoded
}{
	{"ike", SecretPSK, true},
	{"xauth", SecretXAuth, true},
	{"eap", SecretEAP, true},
	{"ntlm", SecretEAP, true},
	{"ppk", SecretOther, true},
	{"private", SecretPrivateKey, false},
	{"rsa", SecretPrivateKey, false},
	{"ecdsa", SecretPrivateKey, false},
	{"pkcs8", SecretPrivateKey, false},
	{"pkcs12", SecretPrivateKey, false},
	{"token", SecretPIN, false},
}

func (s *source) swanctlSecret(f *flat) {
	e := SecretEntry{At: f.at}
	coded, known := false, false
	for _, k := range swanctlSecretKinds {
		if strings.HasPrefix(f.name, k.prefix) {
			e.Kind, coded, known = k.kind, k.coded, true
			break
		}
	}
	if !known {
		// Not a section of the format: its name may be part of a secret.
		s.c.Unknown = append(s.c.Unknown, Statement{Section: "secrets", At: f.at})
		return
	}
	e.Name = f.name
	have := false
	for i := range f.set {
		x := &f.set[i]
		switch {
		case x.key == "secret" || x.key == "pin" && e.Kind == SecretPIN:
			have = s.secretValue(&e, x, coded)
		case strings.HasPrefix(x.key, "id"):
			e.OwnerText = append(e.OwnerText, x.val)
			e.Owners = append(e.Owners, ike.ParseIdentity(x.val, ike.DialectStrongSwan))
		case x.key == "file":
			e.File = x.val
		case x.key == "handle" || x.key == "slot" || x.key == "module":
		default:
			s.c.Unknown = append(s.c.Unknown, Statement{Section: "secrets", At: x.at})
			continue
		}
		s.understood(x.setting)
	}
	for _, sub := range f.subs {
		s.c.Unknown = append(s.c.Unknown, Statement{Section: "secrets", At: sub.at})
	}
	if !have && e.Kind != SecretPIN {
		s.problem(f.at, "secret", wrong("an entry without secret"))
		return
	}
	s.c.Secrets = append(s.c.Secrets, e)
}

// secretValue sets the entry's secret from a setting.
func (s *source) secretValue(e *SecretEntry, x *flatSetting, coded bool) bool {
	v := Value[string]{V: x.val, At: x.at, Origin: Written, Key: x.key}
	if x.inherited {
		v.Origin = Inherited
	}
	spelling := Plain
	if x.quoted {
		spelling = Quoted
	}
	b := []byte(x.val)
	if coded {
		var how Spelling
		var ok bool
		if b, how, ok = decodeSecret(x.val); !ok {
			s.problem(x.at, x.key, wrong("a "+how.String()+" secret"))
			return false
		}
		if how != Plain {
			spelling = how
		}
	}
	e.set(as(v, ike.NewSecret(b)), spelling)
	return true
}
