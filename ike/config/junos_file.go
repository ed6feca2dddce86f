package config

import (
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// Junos of Juniper's SRX, in curly braces or as set commands: security ike and
// security ipsec with the interfaces, zones, policies and address books that
// decide what becomes of them.
//
// A vpn is a Connection. One that is bound to a tunnel interface has a Child
// for each traffic selector, or one for its proxy identity; one that policies
// send traffic into has a Child for each of them. Defaults are those that
// Juniper documents for all of Junos 10 to 23; lifetimes and algorithms that
// nobody wrote are left open, as they differ by platform and release.

// junos is one configuration being read.
type junos struct {
	*wordTree
	security *wordNode
	ifaces   map[string]*junosIface
	zones    map[string]*wordNode // by interface
	zoned    bool                 // the file shows which zone interfaces are in
	books    map[string]*wordNode // address books by zone; global ones under ""
	policies map[string]*junosPolicy
	suites   map[string]*junosSuite // ipsec policies
	closed   map[string]*Issue      // interfaces by whether they let IKE in
	uses     map[string][]junosUse  // what policies send into a vpn, by its name
	nats     []junosNAT
	routes   map[string]bool // interfaces that static routes lead to; nil where others may
	steps    int             // of looking through rules of address translation
}

func (s *source) juniperSRX(name string, b []byte) {
	t := s.readWords(name, b, wordStyle{free: true, keep: junosKept, others: junosOthers})
	t.inherit()
	c := &junos{wordTree: t, security: t.root.at("security"), ifaces: map[string]*junosIface{}, zones: map[string]*wordNode{}, books: map[string]*wordNode{},
		policies: map[string]*junosPolicy{}, suites: map[string]*junosSuite{}, closed: map[string]*Issue{}, uses: map[string][]junosUse{}}
	if v := t.value(&t.root, "version"); s.c.Version == "" && v.Origin != Unset {
		s.c.Version = v.V
	}
	c.readInterfaces()
	c.readZones()
	c.readBooks()
	c.readPolicies()
	c.readNAT()
	c.readRoutes()
	c.keys()
	c.connections()
	t.leftovers(&t.root, junosWords, junosOthers, nil)
}

// connections makes the Connections.
func (c *junos) connections() {
	vpns := c.security.at("ipsec", "vpn")
	if vpns == nil {
		return
	}
	c.s.c.Connections = slices.Grow(c.s.c.Connections, min(len(vpns.kids), c.s.lim.Connections))
	for _, v := range vpns.kids {
		switch {
		case v.torn || v.word == "" || v.at("manual") != nil: // keys by hand: no IKE
			continue
		case !c.s.connection(len(c.s.c.Connections), c.pos(v)):
			return
		}
		c.s.c.Connections = append(c.s.c.Connections, c.vpn(v))
	}
}

// vpn makes the connection of a vpn.
func (c *junos) vpn(v *wordNode) Connection {
	k := Connection{Name: v.word, At: c.pos(v), Dialect: JuniperSRX, InitiateVersion: IKEv1}
	gw := c.section("gateway", "ike", "vpn "+v.word, c.value(v, "ike", "gateway"), &k)
	c.gateway(gw, &k)
	switch start := c.value(v, "establish-tunnels"); {
	case v.off:
		k.Start = Value[Start]{V: StartIgnore, At: k.At, Origin: Written, Key: "inactive:"}
	case k.Start.V == StartIgnore:
	case start.V == "responder-only", start.V == "responder-only-no-rekey":
		k.Start = spelt(start, StartNone)
		k.Rekey = spelt(start, start.V == "responder-only")
	case k.Remote.AnyAddress(): // whom to call nobody says
		k.Start = defaulted("establish-tunnels", StartNone)
	case start.V == "immediately":
		k.Start = spelt(start, StartNow)
	case start.V == "on-traffic":
		k.Start = spelt(start, StartTrap)
	default:
		k.Start = defaulted("establish-tunnels", StartTrap)
	}
	c.children(v, &k)
	c.found(v, gw, &k)
	return k
}

// section finds a section of security ike or security ipsec by its name, and
// notes what it means to a connection that there is none. A file that has none
// of that kind is an extract.
func (c *junos) section(kind, under, in string, v Value[string], k *Connection) *wordNode {
	if v.Origin == Unset {
		return nil
	}
	all := c.security.at(under, kind)
	def := all.at(v.V)
	c.refer(under+" "+kind, in, v, def)
	if def == nil && all != nil {
		k.Found = append(k.Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: v.V, Setting: settingOf(v, v.V)})
	}
	return def
}

// gateway reads a gateway and its policy into a connection.
func (c *junos) gateway(gw *wordNode, k *Connection) {
	k.Version = Value[Version]{V: IKEv1, Origin: Default, Key: "version", At: c.pos(gw)}
	switch v := c.value(gw, "version"); v.V {
	case "v1-only":
		k.Version = spelt(v, IKEv1)
	case "v2-only":
		k.Version, k.InitiateVersion = spelt(v, IKEv2), IKEv2
	}
	k.Rekey, k.Push = defaulted("establish-tunnels", true), defaulted("", false)
	k.Unique, k.Tries = defaulted("", "no"), defaulted("", uint32(0))
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	k.XAuth = defaulted("xauth access-profile", XAuthNone)
	for _, words := range [][]string{{"xauth", "access-profile"}, {"aaa", "access-profile"}} {
		if v := c.value(gw, words...); v.Origin != Unset {
			k.XAuth = as(v, XAuthServer)
		}
	}
	if v := c.value(gw, "aaa", "client", "username"); v.Origin != Unset {
		k.XAuth, k.Local.XAuthID = as(v, XAuthClient), v
	}
	c.probes(gw, k)
	k.Encap = defaulted("no-nat-traversal", EncapAuto)
	if n := gw.at("no-nat-traversal"); n != nil {
		n.take()
		k.Encap = as(c.written(n, n.word), EncapNever)
	}
	// With IKEv1 it neither offers nor takes fragments; that may be told for
	// IKEv2 only.
	k.Fragmentation = Value[Fragmentation]{Key: "fragmentation"}
	if k.Version.V == IKEv2 {
		k.Fragmentation = defaulted("fragmentation", FragmentYes)
		if n := gw.at("fragmentation", "disable"); n != nil {
			n.take()
			k.Fragmentation = as(c.written(n, "fragmentation"), FragmentNo)
		}
	}
	c.peers(gw, k)
	var p *junosPolicy
	if gw != nil {
		p = c.policy(gw, k)
	}
	p.into(k)
	c.identities(gw, k)
}

// probes reads how a dead peer is found out. Every ten seconds, five times, is
// documented throughout.
func (c *junos) probes(gw *wordNode, k *Connection) {
	const key = "dead-peer-detection"
	k.DPD = DPD{Delay: defaulted(key, uint32(0)), Timeout: Value[uint32]{Key: key}, Action: defaulted(key, "clear")}
	d := gw.at(key)
	if d == nil {
		return
	}
	d.takeAll()
	k.DPD.Delay = Value[uint32]{V: 10, Origin: Default, Key: key + " interval", At: c.pos(d)}
	if v := c.number(c.value(d, "interval")); v.Origin != Unset {
		v.Key = k.DPD.Delay.Key
		k.DPD.Delay = v
	}
	times := uint32(5)
	if v := c.number(c.value(d, "threshold")); v.Origin != Unset {
		times = v.V
	}
	k.DPD.Timeout = Value[uint32]{V: k.DPD.Delay.V * min(times, 1000), Origin: Default, Key: key + " threshold", At: c.pos(d)}
}

// peers reads the addresses of the two ends.
func (c *junos) peers(gw *wordNode, k *Connection) {
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, Origin: Default, Key: "address", At: c.pos(gw)}
	for i, v := range c.values(gw, "address") {
		if i == 0 {
			k.Remote.Addresses = as(v, []Address(nil))
		}
		k.Remote.Addresses.V = append(k.Remote.Addresses.V, parseAddress(v.V))
	}
	k.Local.Addresses = defaulted("external-interface", []Address{{Text: "any"}})
	if ext := c.value(gw, "external-interface"); ext.Origin != Unset {
		k.Interfaces = as(ext, []string{ext.V})
		c.ifaces[unitName(ext.V)].address(c, ext, k)
	}
	if v := c.value(gw, "local-address"); v.Origin != Unset {
		k.Local.Addresses = as(v, []Address{parseAddress(v.V)})
	}
}

// identities reads what the ends call themselves: their addresses, or the
// subjects of their certificates, unless told otherwise.
func (c *junos) identities(gw *wordNode, k *Connection) {
	k.Local.ID, k.Remote.ID = hostIdentity("local-identity", &k.Local), hostIdentity("remote-identity", &k.Remote)
	if k.Local.Auth.V == AuthPubkey {
		k.Local.ID = certIdentity("local-identity")
		k.Remote.ID = defaulted("remote-identity", ike.Identity{Any: true})
	}
	k.Local.ID.At, k.Remote.ID.At = c.pos(gw), c.pos(gw)
	if dyn := gw.at("dynamic"); dyn != nil {
		k.Remote.ID = Value[ike.Identity]{V: ike.Identity{Any: true}, At: c.pos(dyn), Origin: Written, Key: "dynamic"}
		c.identity(dyn, "dynamic", &k.Remote.ID)
	}
	c.identity(gw.at("local-identity"), "local-identity", &k.Local.ID)
	c.identity(gw.at("remote-identity"), "remote-identity", &k.Remote.ID)
	if n := gw.at("general-ikeid"); n != nil {
		n.take()
		k.Remote.ID = as(c.written(n, "general-ikeid"), ike.Identity{Any: true})
	}
}

// junosIdentities are the words before an identity, as package ike has them.
var junosIdentities = [...][2]string{{"hostname", "fqdn "}, {"inet", ""}, {"inet6", ""}, {"user-at-hostname", "user-fqdn "}, {"key-id", "key-id "}, {"distinguished-name", "dn "}}

func (c *junos) identity(n *wordNode, key string, to *Value[ike.Identity]) {
	for _, x := range junosIdentities {
		d := n.at(x[0])
		if d == nil {
			continue
		}
		d.take()
		v := c.value(n, x[0])
		at := c.written(d, key)
		switch {
		case x[0] == "distinguished-name" && d.at("container") != nil, x[0] == "distinguished-name" && d.at("wildcard") != nil:
			d.takeAll() // a part of a name
			*to = as(at, ike.Identity{Any: true})
		case x[0] == "distinguished-name" && v.Origin == Unset: // that of the own certificate
			*to = as(at, certIdentity(key).V)
		case v.Origin != Unset:
			v.Key = key
			*to = worded(as(v, ike.ParseIdentity(x[1]+v.V, ike.DialectAny)), x[0]+" "+v.V)
		}
	}
}
