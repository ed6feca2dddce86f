package config

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Keys of Cisco's products.

// peerKey reads whom a key is for, and the key.
func (c *cisco) peerKey(l *ciscoLine, e *SecretEntry, who, key []string) {
	e.OwnerText = []string{who[1]}
	switch {
	case strings.EqualFold(who[0], "hostname"):
		e.Owners = []ike.Identity{ike.ParseIdentity(who[1], ike.DialectCisco)}
	case strings.EqualFold(who[1], "ipv6") && len(who) > 2:
		p, err := netip.ParsePrefix(who[2])
		if err != nil {
			c.s.problem(l.at, e.Name, wrong("an address"))
			return
		}
		e.Peers = p.Masked()
	default:
		mask := "255.255.255.255"
		if len(who) > 2 && strings.Contains(who[2], ".") {
			mask = who[2]
		} else if who[1] == "0.0.0.0" {
			mask = who[1]
		}
		p, ok := netmask(who[1], mask)
		if !ok {
			c.s.problem(l.at, e.Name, wrong("an address"))
			return
		}
		e.Peers = p.Masked()
	}
	if e.Peers.IsValid() {
		switch {
		case e.Peers.Bits() == 0:
			e.Owners = []ike.Identity{{Any: true}}
		case e.Peers.IsSingleIP():
			e.Owners = []ike.Identity{ike.ParseIdentity(e.Peers.Addr().String(), ike.DialectAny)}
		default:
			e.Owners = []ike.Identity{ike.ParseIdentity(e.Peers.String(), ike.DialectAny)}
		}
	}
	c.key(l, e, key)
}

// key reads a key: with 6, 7 or 8 before it, it is encrypted and says nothing.
func (c *cisco) key(l *ciscoLine, e *SecretEntry, key []string) {
	if e.Secret.Key == "" {
		e.Secret.Key = e.Name
	}
	if len(key) == 0 {
		c.s.problem(l.at, e.Name, ErrSyntax)
		return
	}
	how := "0"
	if len(key) > 1 && (key[0] == "0" || key[0] == "6" || key[0] == "7" || key[0] == "8") {
		how, key = key[0], key[1:]
	}
	v := Value[ike.Secret]{At: l.at, Origin: Written, Key: e.Secret.Key}
	text := strings.Join(key, " ")
	if how != "0" || masked(text) {
		v.Origin = Hidden
		e.Secret, e.Spelling = v, Masked
	} else {
		v.V = ike.NewSecret([]byte(text))
		e.set(v, Plain)
	}
	c.s.c.Secrets = append(c.s.c.Secrets, *e)
}

// masked reports whether a key was taken out of the file: stars, the letters x
// that pfSense's status page leaves, or a word in brackets where it stood.
func masked(s string) bool {
	return strings.Trim(s, "*") == "" || len(s) > 2 && strings.Trim(s, "xX") == "" || strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">")
}
