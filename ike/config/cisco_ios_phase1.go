package config

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 1 of IOS: policies, keys, keyrings and profiles.

// iosPolicy is an isakmp policy: one proposal, whose parts stand in lines of
// their own.
type iosPolicy struct {
	n     int
	at    Pos
	prop  ike.Proposal
	terms Terms
	auth  Value[Auth]
	life  Value[uint32]
}

// isakmpPolicy reads crypto isakmp policy. What it does not state is DES,
// SHA-1, group 1, RSA signatures and a day.
func (c *ios) isakmpPolicy(sec *iosSection) {
	n, err := strconv.Atoi(sec.arg(3))
	if err != nil {
		c.s.problem(sec.at, "crypto isakmp policy", wrong("a number"))
		return
	}
	set := map[ike.Attribute]Value[string]{}
	p := iosPolicy{n: n, at: sec.at, life: worded(defaulted("lifetime", uint32(86400)), "86400")}
	for i := range sec.subs {
		l := &sec.subs[i]
		w := strings.ToLower(l.words[0])
		abbreviates := func(full string) bool { return len(w) >= 3 && strings.HasPrefix(full, w) }
		v := l.value(w, strings.ToLower(strings.Join(l.rest(1), " ")))
		switch {
		case abbreviates("encryption"):
			v.Key = "encryption"
			set[ike.AttrEncryption] = v
		case abbreviates("authentication"):
			v.Key = "authentication"
			set[ike.AttrAuth] = v
		case abbreviates("hash"):
			set[ike.AttrHash] = v
		case abbreviates("group"):
			set[ike.AttrGroup] = v
		case abbreviates("lifetime"):
			p.life = c.number(l, 1, p.life)
		default:
			continue
		}
		l.taken = true
	}
	c.finishPolicy(&p, set)
	// The number is a name: what is given again replaces what was.
	if i, ok := c.policyAt[n]; ok {
		c.policies[i] = p
		return
	}
	c.policyAt[n] = len(c.policies)
	c.policies = append(c.policies, p)
}

func (c *ios) finishPolicy(p *iosPolicy, set map[ike.Attribute]Value[string]) {
	p.prop = ike.Proposal{Protocol: ike.ProtocolIKE}
	p.terms = Terms{}
	for _, x := range []struct {
		attr     ike.Attribute
		key, def string
		moves    bool // the default is another in later releases
	}{{ike.AttrEncryption, "encryption", "des", true}, {ike.AttrHash, "hash", "sha", true}, {ike.AttrAuth, "authentication", "rsa-sig", false}, {ike.AttrGroup, "group", "1", true}} {
		v, ok := set[x.attr]
		if !ok {
			v = defaulted(x.key, x.def)
			v.At = p.at
			if x.moves && c.major > iosKnownMajor {
				v = Value[string]{Key: x.key, At: p.at}
			}
		}
		p.terms[x.attr] = v
		switch {
		case v.Origin == Unset:
			p.prop.Open = p.prop.Open.With(x.attr)
		case !p.add(x.attr, v.V):
			c.s.problem(v.At, v.Key, ErrValue)
		}
	}
	auth := p.terms[ike.AttrAuth]
	p.auth = spelt(auth, AuthPubkey)
	if strings.HasPrefix(auth.V, "pre") {
		p.auth.V = AuthPSK
	}
}

func (p *iosPolicy) add(attr ike.Attribute, v string) bool {
	switch attr {
	case ike.AttrAuth:
		switch {
		case strings.HasPrefix(v, "pre"):
			p.prop.Auth = append(p.prop.Auth, ike.AuthPSK)
		case v == "rsa-sig":
			p.prop.Auth = append(p.prop.Auth, ike.AuthRSA)
		case v == "rsa-encr":
			p.prop.Auth = append(p.prop.Auth, ike.AuthRSAEnc)
		default:
			return p.prop.Add(attr, v, ike.DialectCisco)
		}
		return true
	case ike.AttrGroup:
		g, ok := iosGroupWord(v)
		if ok {
			p.prop.Groups = append(p.prop.Groups, g)
		}
		return ok
	}
	return p.prop.Add(attr, v, ike.DialectCisco)
}

// sortPolicies puts the policies in the order in which they are offered.
func (c *ios) sortPolicies() {
	slices.SortStableFunc(c.policies, func(a, b iosPolicy) int { return a.n - b.n })
}

// proposals are the policies as a list, which all connections share.
func (c *ios) proposals() Value[Proposals] {
	if len(c.policies) == 0 {
		return builtIn("crypto isakmp policy", "default", ike.ProtocolIKE)
	}
	if c.suite.Origin != Unset {
		return c.suite
	}
	var out Proposals
	var texts []string
	for i := range c.policies[:min(len(c.policies), ike.MaxProposals)] {
		p := &c.policies[i]
		out.List = append(out.List, p.prop.Clone())
		out.Terms = append(out.Terms, p.terms)
		texts = append(texts, p.prop.Config(ike.DialectCisco))
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	first := &c.policies[0]
	c.suite = Value[Proposals]{V: out, At: first.at, Origin: Inherited, Key: "crypto isakmp policy " + strconv.Itoa(first.n)}
	return c.suite
}

// The names of Cisco's entries of keys, in SecretEntry.Name.
const (
	CiscoKey     = "crypto isakmp key"
	CiscoKeyring = "crypto keyring" // Keyring then has its name
	CiscoGroup   = "crypto isakmp client configuration group"
)

// isakmpKey reads crypto isakmp key [0|6] KEY address|hostname PEER [MASK].
func (c *ios) isakmpKey(l *iosLine) {
	c.s.c.SecretsRead = true
	key, i := l.rest(3), 0
	for i = range key {
		if i > 0 && iosKeyFor(key[i]) {
			break
		}
	}
	if i == 0 || i+1 >= len(key) || !iosKeyFor(key[i]) {
		c.s.problem(l.at, "crypto isakmp key", ErrSyntax)
		return
	}
	e := SecretEntry{Kind: SecretPSK, Name: CiscoKey, At: l.at}
	c.peerKey(l, &e, key[i:], key[:i])
}

// keyring reads crypto keyring.
func (c *ios) keyring(sec *iosSection) {
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
func (c *ios) clientGroup(sec *iosSection) {
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

// peerKey reads whom a key is for, and the key.
func (c *ios) peerKey(l *iosLine, e *SecretEntry, who, key []string) {
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

// key reads a key: with 6 or 7 before it, it is encrypted and says nothing.
func (c *ios) key(l *iosLine, e *SecretEntry, key []string) {
	e.Secret.Key = e.Name
	if len(key) == 0 {
		c.s.problem(l.at, e.Name, ErrSyntax)
		return
	}
	how := "0"
	if len(key) > 1 && (key[0] == "0" || key[0] == "6" || key[0] == "7") {
		how, key = key[0], key[1:]
	}
	v := Value[ike.Secret]{At: l.at, Origin: Written, Key: e.Name}
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

func (c *ios) isakmpProfile(sec *iosSection) {
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
