package ike

import (
	"strconv"
	"strings"
)

// Formats in which each part of a proposal is a setting of its own.

// settingWriter joins settings with their values.
type settingWriter struct{ b strings.Builder }

func (w *settingWriter) say(key, value string) {
	if w.b.Len() > 0 {
		w.b.WriteString(", ")
	}
	w.b.WriteString(key)
	w.b.WriteByte(' ')
	w.b.WriteString(value)
}

func (p *Proposal) junos() string {
	var w settingWriter
	phase1 := p.Protocol == ProtocolIKE
	for _, c := range p.Ciphers {
		w.say("encryption-algorithm", c.junos())
	}
	for _, i := range p.Integrity {
		w.say("authentication-algorithm", i.junos(phase1))
	}
	if !phase1 && p.Protocol != ProtocolNone {
		w.say("protocol", strings.ToLower(p.Protocol.String()))
	}
	for _, a := range p.Auth {
		w.say("authentication-method", a.junos())
	}
	for _, g := range p.Groups {
		if phase1 {
			w.say("dh-group", "group"+strconv.Itoa(int(g)))
		}
	}
	for _, u := range p.Unknown {
		w.say(u.Kind.String(), u.Name)
	}
	return w.b.String()
}

func (c CipherKey) junos() string {
	size := ""
	if c.KeyBits != 0 {
		size = "-" + strconv.Itoa(int(c.KeyBits))
	}
	switch c.Cipher {
	case CipherAESCBC:
		return "aes" + size + "-cbc"
	case CipherAESGCM16:
		return "aes" + size + "-gcm"
	case Cipher3DES:
		return "3des-cbc"
	case CipherDES:
		return "des-cbc"
	case CipherChaCha20Poly1305:
		return "chacha20-poly1305"
	}
	return c.keyword()
}

func (i Integrity) junos(phase1 bool) string {
	word, cut := "", ""
	switch i {
	case IntegrityMD5, IntegrityMD5Full:
		word, cut = "md5", "-96"
	case IntegritySHA1, IntegritySHA1Full:
		word, cut = "sha1", "-96"
	case IntegritySHA256:
		word, cut = "sha-256", "-128"
	case IntegritySHA256Trunc96:
		word, cut = "sha-256", "-96"
	case IntegritySHA384:
		word = "sha-384"
	case IntegritySHA512:
		word = "sha-512"
	default:
		return i.keyword()
	}
	if phase1 {
		return word
	}
	return "hmac-" + word + cut
}

func (m AuthMethod) junos() string {
	switch m {
	case AuthPSK:
		return "pre-shared-keys"
	case AuthRSA:
		return "rsa-signatures"
	case AuthDSS:
		return "dsa-signatures"
	case AuthECDSA256:
		return "ecdsa-signatures-256"
	case AuthECDSA384:
		return "ecdsa-signatures-384"
	case AuthECDSA521:
		return "ecdsa-signatures-521"
	}
	return m.String()
}

// vyos names a combined mode by the bits of its check value, where strongSwan
// has octets.
func (c CipherKey) vyos() string {
	word := c.keyword()
	for _, x := range [...][2]string{{"cm16", "cm128"}, {"cm12", "cm96"}, {"cm8", "cm64"}} {
		if rest, ok := strings.CutSuffix(word, x[0]); ok {
			return rest + x[1]
		}
	}
	return word
}

func (p *Proposal) vyos() string {
	var w settingWriter
	for _, c := range p.Ciphers {
		w.say("encryption", c.vyos())
	}
	for _, i := range p.Integrity {
		w.say("hash", i.keyword())
	}
	for _, g := range p.Groups {
		if p.Protocol == ProtocolIKE {
			w.say("dh-group", strconv.Itoa(int(g)))
		}
	}
	for _, u := range p.Unknown {
		w.say(u.Kind.String(), u.Name)
	}
	return w.b.String()
}
