package config

import (
	"encoding/hex"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// JunosKey is the name of the entry of a key of Juniper's, in SecretEntry.Name;
// Keyring has its policy.
const JunosKey = "pre-shared-key"

// keys reads the keys of all ike policies.
func (c *junos) keys() {
	for p := range c.security.at("ike", "policy").each() {
		k := p.at(JunosKey)
		if k == nil || p.torn {
			continue
		}
		c.s.c.SecretsRead = true
		k.takeAll()
		form, how := k.at("ascii-text"), Plain
		if form == nil {
			if form = k.at("hexadecimal"); form != nil {
				how = Hex
			}
		}
		e := SecretEntry{Kind: SecretPSK, Name: JunosKey, Keyring: junosRing(p), At: c.pos(k), Spelling: Masked}
		v := Value[ike.Secret]{At: e.At, Origin: Hidden, Key: JunosKey}
		if form == nil { // the form was taken out with the key
			e.Secret = v
			c.s.c.Secrets = append(c.s.c.Secrets, e)
			continue
		}
		v.Key += " " + form.word
		text := c.value(k, form.word)
		if text.Origin == Unset {
			c.s.problem(c.pos(form), v.Key, ErrSyntax)
			continue
		}
		v.At = text.At
		e.Secret = v
		b, known := []byte(text.V), !masked(text.V)
		if strings.HasPrefix(text.V, obscured) {
			b, known = clearText(text.V)
		} else if strings.HasPrefix(text.V, "$8$") || strings.HasPrefix(text.V, "$ABC") { // with a key of the device, and what Juniper's examples have
			known = false
		}
		if known && how == Hex {
			var err error
			if b, err = hex.DecodeString(string(b)); err != nil {
				c.s.problem(v.At, v.Key, ErrValue)
				known = false
			}
		}
		if known {
			v.V, v.Origin = ike.NewSecret(b), text.Origin
			e.set(v, how)
		}
		c.s.c.Secrets = append(c.s.c.Secrets, e)
	}
}

// obscured begins what Junos stores of a key so that no one reads it in
// passing. It takes nothing but the text to undo it.
const obscured = "$9$"

// The alphabet in its families: how far a sign stands from the one before it
// is a digit, and the family of the first sign tells how many signs are there
// to vary the text.
var junosFamilies = [...]string{"QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T"}

// junosWeights are the values of the digits of each octet, in turn.
var junosWeights = [...][]int{{1, 4, 32}, {1, 16, 32}, {1, 8, 32}, {1, 64}, {1, 32}, {1, 4, 16, 128}, {1, 32, 64}}

// clearText undoes the form with $9$. It reports false for what cannot be one,
// as where the sample's author changed it.
func clearText(s string) (b []byte, ok bool) {
	s = strings.TrimPrefix(s, obscured)
	alphabet := strings.Join(junosFamilies[:], "")
	if s == "" {
		return nil, false
	}
	skip := -1
	for i, f := range junosFamilies {
		if strings.IndexByte(f, s[0]) >= 0 {
			skip = len(junosFamilies) - 1 - i
		}
	}
	if skip < 0 || len(s) < 1+skip {
		return nil, false
	}
	prev := strings.IndexByte(alphabet, s[0])
	s = s[1+skip:]
	for s != "" {
		w := junosWeights[len(b)%len(junosWeights)]
		if len(s) < len(w) {
			return nil, false
		}
		n := 0
		for i, weight := range w {
			at := strings.IndexByte(alphabet, s[i])
			if at < 0 {
				return nil, false
			}
			gap := (at - prev + len(alphabet)) % len(alphabet)
			if gap == 0 {
				return nil, false
			}
			n += (gap - 1) * weight
			prev = at
		}
		if n < 0x20 || n > 0xff || n == 0x7f {
			return nil, false
		}
		b = append(b, byte(n))
		s = s[len(w):]
	}
	return b, len(b) > 0
}
