package config

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Tunnel groups and group policies of ASA: keys, keepalives, and what a peer
// may do.

// CiscoTunnelGroup is, in SecretEntry.Name, ASA's entry of a key. Keyring then
// has the group's name.
const CiscoTunnelGroup = "tunnel-group"

// The groups that the others inherit from.
const (
	asaDefaultL2L    = "DefaultL2LGroup"
	asaDefaultRA     = "DefaultRAGroup"
	asaDefaultPolicy = "DfltGrpPolicy"
)

// asaTunnelGroup is what is said of the peers of a name, which for a site is
// mostly its address.
type asaTunnelGroup struct {
	name   string
	remote bool // of users, not of a site
	at     Pos
	policy Value[string]
	pools  Value[[]string]
	dpd    Value[uint32]
	cert   Value[string]
	users  Value[string] // how users authenticate besides
}

func (c *asa) group(name string, at Pos) *asaTunnelGroup {
	name = c.address4(name)
	g := c.tunnels[name]
	if g == nil {
		g = &asaTunnelGroup{name: name, at: at, remote: name == asaDefaultRA}
		c.tunnels[name] = g
		c.inOrder = append(c.inOrder, g)
	}
	return g
}

// tunnelGroup reads tunnel-group NAME type KIND and the attributes.
func (c *asa) tunnelGroup(sec *ciscoSection) {
	g := c.group(sec.arg(1), sec.at)
	switch strings.ToLower(sec.arg(2)) {
	case "type":
		switch strings.ToLower(sec.arg(3)) {
		case "remote-access", "ipsec-ra", "webvpn":
			g.remote = true
		}
	case "general-attributes":
		for i := range sec.subs {
			l := &sec.subs[i]
			l.taken = true
			switch {
			case l.is("default-group-policy"):
				g.policy = l.value("default-group-policy", l.arg(1))
			case l.is("address-pool"):
				g.pools = Value[[]string]{V: append(g.pools.V, l.rest(1)...), At: l.at, Origin: Inherited, Key: "address-pool"}
			default:
				l.taken = false
			}
		}
	case "ipsec-attributes":
		c.s.c.SecretsRead = true // were there a key, it would be here
		for i := range sec.subs {
			c.ipsecAttribute(g, &sec.subs[i])
		}
	default:
		sec.taken = false
	}
}

func (c *asa) ipsecAttribute(g *asaTunnelGroup, l *ciscoLine) {
	l.taken = true
	switch {
	case l.is("ikev1", "pre-shared-key"):
		c.groupKey(g, l, 2)
	case l.is("pre-shared-key"):
		c.groupKey(g, l, 1)
	case l.is("ikev2", "remote-authentication", "pre-shared-key"), l.is("ikev2", "local-authentication", "pre-shared-key"):
		c.s.c.SecretsRead = true
		e := SecretEntry{Kind: SecretOther, Name: CiscoTunnelGroup, Keyring: g.name, At: l.at, OwnerText: []string{g.name}}
		e.Secret.Key = strings.ToLower(strings.Join(l.words[:3], " "))
		c.key(l, &e, l.rest(3))
	case l.is("isakmp", "keepalive", "disable"):
		g.dpd = spelt(l.value("isakmp keepalive", "disable"), uint32(0))
	case l.is("isakmp", "keepalive", "threshold"):
		if strings.EqualFold(l.arg(3), "infinite") {
			g.dpd = spelt(l.value("isakmp keepalive threshold", l.arg(3)), uint32(0))
			break
		}
		g.dpd = c.number(l, 3, defaulted("isakmp keepalive threshold", uint32(10)))
	case l.is("ikev1", "trust-point"):
		g.cert = l.value("ikev1 trust-point", l.arg(2))
	case l.is("trust-point"):
		g.cert = l.value("trust-point", l.arg(1))
	case l.is("ikev1", "user-authentication"), l.is("isakmp", "ikev1-user-authentication"):
		g.users = l.value(strings.ToLower(strings.Join(l.words[:2], " ")), strings.ToLower(l.arg(len(l.words)-1)))
	case l.is("peer-id-validate"), l.is("chain"), l.is("no"), l.is("ikev2"):
	default:
		l.taken = false
	}
}

// groupKey reads the key of a group from the word at an index on. A site's key
// is looked up by its address, or else by the name that it calls itself; that
// of the default group is for whom no other is.
func (c *asa) groupKey(g *asaTunnelGroup, l *ciscoLine, i int) {
	c.s.c.SecretsRead = true
	e := SecretEntry{Kind: SecretPSK, Name: CiscoTunnelGroup, Keyring: g.name, At: l.at, OwnerText: []string{g.name}}
	a, err := netip.ParseAddr(g.name)
	switch {
	case err == nil:
		e.Peers = netip.PrefixFrom(a, a.BitLen())
		e.Owners = []ike.Identity{ike.ParseIdentity(a.String(), ike.DialectAny)}
	case g.name == asaDefaultL2L:
		e.Peers = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		e.Owners = []ike.Identity{{Any: true}}
	case strings.Contains(g.name, ".") && !g.remote:
		e.Owners = []ike.Identity{ike.ParseIdentity(g.name, ike.DialectCisco)}
	default:
		e.Owners = []ike.Identity{ike.ParseIdentity("keyid:"+g.name, ike.DialectStrongSwan)}
	}
	e.Secret.Key = strings.ToLower(strings.Join(l.words[:i], " "))
	c.key(l, &e, l.rest(i))
}

// peerKeyBefore7 reads isakmp key KEY address PEER [netmask MASK] ..., which
// PIX has.
func (c *asa) peerKeyBefore7(l *ciscoLine, i int) {
	c.s.c.SecretsRead = true
	at := i + 1
	for at < len(l.words) && !ciscoKeyFor(l.words[at]) {
		at++
	}
	if at+1 >= len(l.words) {
		c.s.problem(l.at, "isakmp key", ErrSyntax)
		return
	}
	who := []string{l.words[at], c.address4(l.words[at+1])}
	if strings.EqualFold(l.arg(at+2), "netmask") {
		who = append(who, l.arg(at+3))
	}
	e := SecretEntry{Kind: SecretPSK, Name: CiscoKey, At: l.at}
	c.peerKey(l, &e, who, l.words[i:at])
}

// asaGroupPolicy is what the peers of a group may do.
type asaGroupPolicy struct {
	external  bool // what it says stands on a server
	at        Pos
	idle      Value[uint32]
	protocols Value[string]
	more      []Statement // of the model's words those that have no field
}

func (c *asa) groupPolicy(sec *ciscoSection) {
	name := sec.arg(1)
	p := c.grants[name]
	if p == nil {
		p = &asaGroupPolicy{at: sec.at}
		c.grants[name] = p
	}
	p.external = p.external || strings.EqualFold(sec.arg(2), "external")
	foreign := false
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken, l.foreign = true, foreign
		foreign = foreign || l.is("webvpn") // which has commands below it
		switch {
		case l.is("vpn-idle-timeout"):
			switch v := l.value("vpn-idle-timeout", strings.ToLower(l.arg(1))); v.V {
			case "none":
				p.idle = spelt(v, uint32(0))
			case "alert-interval":
			default: // in minutes
				if n, err := strconv.ParseUint(v.V, 10, 24); err == nil {
					p.idle = spelt(v, uint32(n)*60)
				} else {
					c.s.problem(l.at, v.Key, ErrValue)
				}
			}
		case l.is("vpn-tunnel-protocol"):
			p.protocols = l.value("vpn-tunnel-protocol", strings.Join(l.rest(1), " "))
		case l.is("vpn-session-timeout"), l.is("vpn-filter"):
			p.more = append(p.more, Statement{Section: "group-policy " + name, Key: strings.ToLower(l.words[0]), Value: strings.Join(l.rest(1), " "), At: l.at, Word: true})
		default:
			l.taken = false
		}
	}
}

// groupOf gives a connection what its tunnel group and the group's policy say.
// What a group does not state it has from the default one.
func (c *asa) groupOf(k *Connection, e *ciscoEntry) {
	g := c.tunnelGroupOf(k)
	dflt := c.tunnels[asaDefaultL2L]
	if dflt == nil {
		dflt = &asaTunnelGroup{}
	}
	if g == nil {
		g = dflt
	}
	if dpd := own(g.dpd, own(dflt.dpd, c.keepalive)); dpd.Origin != Unset {
		k.DPD.Delay, k.DPD.Timeout.Key, k.DPD.Action.Key = inherited(dpd), dpd.Key, dpd.Key
	}
	if cert := own(g.cert, dflt.cert); cert.Origin != Unset {
		k.Local.Certs = as(inherited(cert), []string{cert.V})
	}
	name := own(g.policy, dflt.policy).V
	if name == "" {
		name = asaDefaultPolicy
	}
	base := c.grants[asaDefaultPolicy]
	if base == nil {
		base = &asaGroupPolicy{}
	}
	p := c.grants[name]
	if p == nil {
		p = base
	}
	if g.policy.Origin != Unset && name != asaDefaultPolicy {
		c.refer("group-policy", "tunnel-group "+g.name, g.policy, p.at, c.grants[name] != nil)
	}
	k.Unknown = append(k.Unknown, p.more...)
	if p.external {
		return
	}
	if e.idle.Origin == Unset {
		e.idle = inherited(own(p.idle, base.idle))
	}
	c.forbidsV1(k, own(p.protocols, base.protocols))
}

// tunnelGroupOf returns the group by whose name the peer goes, nil where that
// is the default.
func (c *asa) tunnelGroupOf(k *Connection) *asaTunnelGroup {
	for _, a := range k.Remote.Addresses.V {
		if g := c.tunnels[a.Text]; g != nil {
			return g
		}
	}
	return nil
}

// forbidsV1 notes that the protocols that a group policy allows are others:
// IPSec was the word before 8.4.
func (c *asa) forbidsV1(k *Connection, allowed Value[string]) {
	if allowed.Origin == Unset || k.Version.V != IKEv1 {
		return
	}
	low := " " + strings.ToLower(allowed.V) + " "
	if strings.Contains(low, " ikev1 ") || strings.Contains(low, " ipsec ") {
		return
	}
	word := "ikev1"
	if c.syntax == asaIsakmp {
		word = "IPSec"
	}
	k.Found = append(k.Found, Issue{Kind: IssueV1Disabled, Effect: Fails, Child: -1, Subject: allowed.Key, Key: allowed.Key, Write: strings.TrimSpace(allowed.V + " " + word),
		Setting: Setting{Key: allowed.Key, Text: allowed.V, At: allowed.At, Origin: allowed.Origin}})
}
