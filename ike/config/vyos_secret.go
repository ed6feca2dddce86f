package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The keys of VyOS: with the peer, or since 1.4 in a place of their own, with
// the identities that they belong to. strongSwan looks them up by these.
const (
	VyOSKey     = "pre-shared-secret"
	VyOSKeyring = "authentication psk"
)

func (c *vyos) keys() {
	for n := range c.ipsec.at("authentication", "psk").each() {
		e := SecretEntry{Kind: SecretPSK, Name: VyOSKeyring, At: c.pos(n)}
		for _, v := range c.values(n, "id") {
			e.Owners, e.OwnerText = append(e.Owners, ike.ParseIdentity(v.V, ike.DialectStrongSwan)), append(e.OwnerText, v.V)
		}
		for range c.values(n, "dhcp-interface") { // an address that nobody knows
			e.Owners, e.OwnerText = append(e.Owners, ike.Identity{Any: true}), append(e.OwnerText, "dhcp-interface")
		}
		how := c.value(n, "secret-type")
		c.key(&e, n, "secret", func(s string) ([]byte, Spelling, bool) {
			switch how.V {
			case "hex":
				s = "0x" + s
			case "base64":
				s = "0s" + s
			}
			return decodeSecret(s)
		})
	}
	for p := range c.ipsec.at("site-to-site", "peer").each() {
		if p.torn || p.at("authentication", VyOSKey) == nil {
			continue
		}
		e := SecretEntry{Kind: SecretPSK, Name: VyOSKey, At: c.pos(p)}
		k := Connection{}
		c.ends(p, &k)
		c.identities(p, p.at("authentication"), &k)
		for _, id := range []ike.Identity{k.Local.ID.V, k.Remote.ID.V} {
			e.Owners, e.OwnerText = append(e.Owners, id), append(e.OwnerText, id.String())
		}
		c.key(&e, p.at("authentication"), VyOSKey, quotedSecret)
	}
	for p := range c.ipsec.at("profile").each() {
		if p.at("authentication", VyOSKey) != nil {
			e := SecretEntry{Kind: SecretPSK, Name: VyOSKey, At: c.pos(p)}
			c.key(&e, p.at("authentication"), VyOSKey, quotedSecret)
		}
	}
}

// quotedSecret is a key that the router writes between quotes.
func quotedSecret(s string) ([]byte, Spelling, bool) { return []byte(s), Plain, true }

// key reads the key below a node.
func (c *vyos) key(e *SecretEntry, n *wordNode, word string, decode func(string) ([]byte, Spelling, bool)) {
	c.s.c.SecretsRead = true
	text := c.value(n, word)
	if text.Origin == Unset {
		return
	}
	v := Value[ike.Secret]{At: text.At, Origin: text.Origin, Key: word}
	b, how, ok := decode(text.V)
	switch {
	case masked(text.V) || strings.Trim(text.V, "x") == "": // as show and strip-private have it
		v.Origin = Hidden
		e.Secret, e.Spelling = v, Masked
	case !ok:
		c.s.problem(v.At, v.Key, ErrValue)
		return
	default:
		v.V = ike.NewSecret(b)
		e.set(v, how)
	}
	c.s.c.Secrets = append(c.s.c.Secrets, *e)
}
