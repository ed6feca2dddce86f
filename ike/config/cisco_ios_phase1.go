package config

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 1 of IOS: policies, keys, keyrings and profiles.

// The names of Cisco's entries of keys, in SecretEntry.Name.
const (
	CiscoKey     = "crypto isakmp key"
	CiscoKeyring = "crypto keyring" // Keyring then has its name
	CiscoGroup   = "crypto isakmp client configuration group"
)

// isakmpKey reads crypto isakmp key [0|6] KEY address|hostname PEER [MASK].
func (c *ios) isakmpKey(l *ciscoLine) {
	c.s.c.SecretsRead = true
	key, i := l.rest(3), 0
	for i = range key {
		if i > 0 && ciscoKeyFor(key[i]) {
			break
		}
	}
	if i == 0 || i+1 >= len(key) || !ciscoKeyFor(key[i]) {
		c.s.problem(l.at, "crypto isakmp key", ErrSyntax)
		return
	}
	e := SecretEntry{Kind: SecretPSK, Name: CiscoKey, At: l.at}
	c.peerKey(l, &e, key[i:], key[:i])
}

// keyring reads crypto keyring.
func (c *ios) keyring(sec *ciscoSection) {
	name := sec.arg(2)
	c.s.c.SecretsRead = true
	c.keyrings[name] = sec.at
	var entries []SecretEntry
	var local Value[string]
	for i := range sec.subs {
		l := &sec.subs[i]
		switch {
		case l.is("pre-shared-key"):
			l.taken = true
			at := slices.IndexFunc(l.words, func(w string) bool { return strings.EqualFold(w, "key") })
			if at < 3 || at+1 >= len(l.words) {
				c.s.problem(l.at, "pre-shared-key", ErrSyntax)
				continue
			}
			e := SecretEntry{Kind: SecretPSK, Name: CiscoKeyring, Keyring: name, At: l.at}
			from := len(c.s.c.Secrets)
			c.peerKey(l, &e, l.words[1:at], l.words[at+1:])
			entries = append(entries, c.s.c.Secrets[from:]...)
			c.s.c.Secrets = c.s.c.Secrets[:from]
		case l.is("local-address"):
			l.taken, local = true, l.value("local-address", l.arg(1))
		}
	}
	for _, e := range entries {
		e.LocalAddress = local
		c.s.c.Secrets = append(c.s.c.Secrets, e)
	}
}

// clientGroup reads a group of remote users: a key that is looked up by the
// group's name, which is the identity of its members, and a pool of addresses.
func (c *ios) clientGroup(sec *ciscoSection) {
	for i := range sec.subs {
		l := &sec.subs[i]
		switch {
		case l.is("key"):
			l.taken = true
			c.s.c.SecretsRead = true
			e := SecretEntry{Kind: SecretPSK, Name: CiscoGroup, At: l.at, OwnerText: []string{sec.arg(5)}}
			e.Owners = []ike.Identity{ike.ParseIdentity("keyid:"+sec.arg(5), ike.DialectStrongSwan)}
			c.key(l, &e, l.words[1:])
		case l.is("pool"):
			l.taken = true
			c.pools = Value[[]string]{V: append(c.pools.V, l.arg(1)), At: l.at, Origin: Inherited, Key: "pool"}
		}
	}
}

// iosProfile is an isakmp profile.
type iosProfile struct {
	name     string
	at       Pos
	keyrings []Value[string]
	match    []iosMatch
	self     Value[string]
	local    Value[string]
	client   Value[string]
	idle     Value[uint32] // keepalive
	mode     Value[string] // initiate mode
	hands    Value[string] // client configuration address
}

// iosMatch is whom a profile is for.
type iosMatch struct {
	id   Value[string]
	kind string
	mask string
}

func (c *ios) isakmpProfile(sec *ciscoSection) {
	p := &iosProfile{name: sec.arg(3), at: sec.at}
	c.inOrder = append(c.inOrder, p)
	c.profiles[p.name] = p
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken = true
		switch {
		case l.is("keyring"):
			p.keyrings = append(p.keyrings, l.value("keyring", l.arg(1)))
		case l.is("match", "identity"):
			p.match = append(p.match, iosMatch{l.value("match identity", l.arg(3)), strings.ToLower(l.arg(2)), l.arg(4)})
		case l.is("self-identity"):
			p.self = l.value("self-identity", strings.Join(l.rest(1), " "))
		case l.is("local-address"):
			p.local = l.value("local-address", l.arg(1))
		case l.is("keepalive"):
			p.idle = c.number(l, 1, defaulted("keepalive", uint32(0)))
		case l.is("client", "authentication"):
			p.client = l.value("client authentication list", l.arg(3))
		case l.is("client", "configuration", "address"):
			p.hands = l.value("client configuration address", l.arg(3))
		case l.is("initiate", "mode"):
			p.mode = l.value("initiate mode", strings.ToLower(l.arg(2)))
		default:
			l.taken = false
		}
	}
}

// fits reports whether a profile is for a peer.
func (p *iosProfile) fits(peer netip.Addr) bool {
	for _, m := range p.match {
		if m.kind != "address" {
			continue
		}
		if a, ok := netmask(m.id.V, m.maskText()); ok && peer.IsValid() && a.Masked().Contains(peer) {
			return true
		}
	}
	return false
}

func (m *iosMatch) maskText() string {
	switch {
	case strings.Contains(m.mask, "."):
		return m.mask
	case m.id.V == "0.0.0.0":
		return m.id.V
	}
	return "255.255.255.255"
}

// identity returns whom a match names, Any where that is no single one.
func (m *iosMatch) identity() Value[ike.Identity] {
	id := ike.Identity{Any: true}
	switch m.kind {
	case "address":
		if m.maskText() == "255.255.255.255" {
			id = ike.ParseIdentity(m.id.V, ike.DialectCisco)
		}
	case "host":
		if m.id.V != "domain" {
			id = ike.ParseIdentity(m.id.V, ike.DialectCisco)
		}
	}
	return as(m.id, id)
}
