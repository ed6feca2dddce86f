package config

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// VyOS 1.1 to 1.5, EdgeOS and Vyatta, which they come from: vpn ipsec with the
// interfaces and the source NAT that decide what becomes of it. The router
// writes strongSwan's configuration from it.
//
// A peer of site-to-site is a Connection, as is a profile that a tunnel
// interface uses; a tunnel of a peer is a Child, and so is a virtual tunnel
// interface. Defaults are those that the interface definitions of VyOS have.

// vyos is one configuration being read.
type vyos struct {
	*wordTree
	ipsec  *wordNode
	ifaces map[netip.Addr]string // by the addresses that they have
	dhcp   map[string]Pos        // interfaces with an address from elsewhere
	ikes   map[string]*vyosIKE
	esps   map[vyosPair]*vyosESP
	nats   []vyosNAT
	steps  int // of looking through rules of address translation
}

func (s *source) vyos(name string, b []byte) {
	t := s.readWords(name, b, wordStyle{keep: vyosKept, others: vyosOthers})
	c := &vyos{wordTree: t, ipsec: t.root.at("vpn", "ipsec"), ifaces: map[netip.Addr]string{}, dhcp: map[string]Pos{}, ikes: map[string]*vyosIKE{}, esps: map[vyosPair]*vyosESP{}}
	for kind := range t.root.at("interfaces").each() {
		for f := range kind.each() {
			c.iface(f, f.word, 0)
		}
	}
	c.readNAT()
	c.keys()
	c.connections()
	t.leftovers(&t.root, vyosWords, "", nil)
}

// iface notes the addresses of an interface and of the networks on it.
func (c *vyos) iface(f *wordNode, name string, depth int) {
	for a := range f.at("address").each() {
		a.take()
		if p, err := netip.ParsePrefix(a.word); err == nil {
			c.ifaces[p.Addr().Unmap()] = name
		} else {
			c.dhcp[name] = c.pos(a)
		}
	}
	for _, w := range []string{"vif", "vif-s", "vif-c", "pppoe"} {
		for v := range f.at(w).each() {
			below := name + "." + v.word
			if w == "pppoe" {
				below = w + v.word
			}
			if depth < 3 {
				c.iface(v, below, depth+1)
			}
		}
	}
}

// connections makes the Connections.
func (c *vyos) connections() {
	room := func(n *wordNode) bool {
		return c.s.connection(len(c.s.c.Connections), c.pos(n))
	}
	if peers := c.ipsec.at("site-to-site", "peer"); peers != nil {
		c.s.c.Connections = slices.Grow(c.s.c.Connections, min(len(peers.kids), c.s.lim.Connections))
		for p := range peers.each() {
			if p.torn {
				continue
			}
			if !room(p) {
				return
			}
			c.s.c.Connections = append(c.s.c.Connections, c.peer(p))
		}
	}
	for p := range c.ipsec.at("profile").each() {
		if p.torn {
			continue
		}
		if !room(p) {
			return
		}
		c.s.c.Connections = append(c.s.c.Connections, c.profile(p))
	}
}

// peer makes the connection of a peer.
func (c *vyos) peer(p *wordNode) Connection {
	k := Connection{Name: p.word, At: c.pos(p), Dialect: VyOS}
	group := c.ike(p, "peer "+p.word, &k)
	group.into(&k)
	c.ends(p, &k)
	auth := p.at("authentication")
	c.method(auth, &k)
	c.identities(p, auth, &k)
	k.Encap = defaulted("force-udp-encapsulation", EncapAuto)
	if n := p.at("force-udp-encapsulation"); n != nil {
		n.take()
		k.Encap = as(c.written(n, n.word), EncapForce)
	} else if v := c.value(p, "force-encapsulation"); v.V == "enable" {
		k.Encap = spelt(v, EncapForce)
	}
	k.Tries = defaulted("connection-type", uint32(0))
	switch v := c.value(p, "connection-type"); {
	case p.has("disable"):
		k.Start = Value[Start]{V: StartIgnore, At: c.pos(p.at("disable")), Origin: Written, Key: "disable"}
	case strings.HasPrefix(p.word, "@"), v.V == "none":
		k.Start = spelt(v, StartNone)
	case v.V == "respond":
		k.Start, k.Tries = spelt(v, StartTrap), defaulted("connection-type", uint32(1))
	case v.Origin != Unset:
		k.Start = spelt(v, StartNow)
	case k.Remote.AnyAddress():
		k.Start = defaulted("connection-type", StartNone)
	default:
		k.Start = defaulted("connection-type", StartNow)
	}
	c.children(p, group, &k)
	c.heard(&k)
	return k
}

// ends reads the addresses of the two ends: a peer is named by its address, or
// has a name of its own and says the address apart (since 1.4).
func (c *vyos) ends(p *wordNode, k *Connection) {
	name := Value[string]{V: p.word, At: c.pos(p), Origin: Written, Key: "peer"}
	remote := c.values(p, "remote-address")
	_, err := netip.ParseAddr(p.word)
	switch {
	case len(remote) > 0:
	case err == nil, p.word == "any":
		remote = []Value[string]{name}
	case strings.HasPrefix(p.word, "@"):
	case strings.Contains(p.word, "."): // by its host name
		remote = []Value[string]{name}
	}
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, Origin: Default, Key: "remote-address", At: c.pos(p)}
	for i, v := range remote {
		if i == 0 {
			k.Remote.Addresses = as(v, []Address(nil))
		}
		k.Remote.Addresses.V = append(k.Remote.Addresses.V, vyosAddress(v.V))
	}
	k.Local.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, Origin: Default, Key: "local-address", At: c.pos(p)}
	for _, key := range []string{"local-ip", "local-address"} {
		if v := c.value(p, key); v.Origin != Unset {
			k.Local.Addresses = as(v, []Address{vyosAddress(v.V)})
		}
	}
	if v := c.value(p, "dhcp-interface"); v.Origin != Unset {
		k.Local.Addresses = as(v, []Address{{Kind: AddressMagic, Text: v.V}})
	}
}

func vyosAddress(s string) Address {
	if s == "any" {
		return Address{Text: s}
	}
	return parseAddress(s)
}

// method reads how the ends prove who they are.
func (c *vyos) method(auth *wordNode, k *Connection) {
	v := c.value(auth, "mode")
	a := Value[Auth]{Key: "mode", At: c.pos(auth)}
	switch v.V {
	case "pre-shared-secret":
		a = spelt(v, AuthPSK)
	case "rsa", "x509":
		a = spelt(v, AuthPubkey)
	case "":
		if auth.at("pre-shared-secret") != nil {
			a = Value[Auth]{V: AuthPSK, Origin: Default, Key: "mode", At: c.pos(auth)}
		}
	default:
		c.s.problem(v.At, v.Key, ErrValue)
	}
	k.Local.Auth, k.Remote.Auth = a, a
	k.Local.Auth2, k.Remote.Auth2 = defaulted("mode", AuthNone), defaulted("mode", AuthNone)
	k.XAuth = defaulted("", XAuthNone)
	for _, words := range [][]string{{"x509", "certificate"}, {"x509", "cert-file"}} {
		if v := c.value(auth, words...); v.Origin != Unset {
			k.Local.Certs = as(v, []string{v.V})
		}
	}
	for _, words := range [][]string{{"x509", "ca-certificate"}, {"x509", "ca-cert-file"}} {
		if v := c.value(auth, words...); v.Origin != Unset {
			k.Remote.CAs = as(v, []string{v.V})
		}
	}
}

// identities reads what the ends call themselves: their addresses, unless told
// otherwise.
func (c *vyos) identities(p, auth *wordNode, k *Connection) {
	k.Local.ID, k.Remote.ID = hostIdentity("local-id", &k.Local), hostIdentity("remote-id", &k.Remote)
	if k.Local.Auth.V == AuthPubkey { // the certificate may say another
		k.Remote.ID = defaulted("remote-id", ike.Identity{Any: true})
	}
	if auth.has("use-x509-id") {
		k.Local.ID = certIdentity("use-x509-id")
	}
	k.Local.ID.At, k.Remote.ID.At = c.pos(auth), c.pos(auth)
	if strings.HasPrefix(p.word, "@") {
		k.Remote.ID = Value[ike.Identity]{V: ike.ParseIdentity(p.word, ike.DialectStrongSwan), At: c.pos(p), Origin: Written, Key: "peer", Text: p.word}
	}
	for _, x := range []struct {
		key string
		to  *Value[ike.Identity]
	}{{"id", &k.Local.ID}, {"local-id", &k.Local.ID}, {"remote-id", &k.Remote.ID}} {
		if v := c.value(auth, x.key); v.Origin != Unset {
			*x.to = spelt(v, ike.ParseIdentity(v.V, ike.DialectStrongSwan))
		}
	}
}

// heard: since 1.4 the daemon listens on the interfaces that are listed, and
// passes over what comes for the address of another.
func (c *vyos) heard(k *Connection) {
	host, ok := k.Local.Host()
	list := c.values(c.ipsec, "interface")
	if k.Interfaces.Origin == Unset && len(list) > 0 {
		k.Interfaces = as(list[0], make([]string, 0, len(list)))
		for _, v := range list {
			k.Interfaces.V = append(k.Interfaces.V, v.V)
		}
	}
	name := c.ifaces[host]
	if !ok || name == "" || len(list) == 0 || slices.ContainsFunc(list, func(v Value[string]) bool { return v.V == name }) {
		return
	}
	k.Found = append(k.Found, Issue{Kind: IssueNotLetIn, Effect: Fails, Child: -1, Subject: name, Key: "interface", Write: name, Setting: settingOf(list[0], list[0].V)})
}

// profile makes the connection of a profile, which protects the GRE of a
// tunnel interface with whoever calls (DMVPN).
func (c *vyos) profile(p *wordNode) Connection {
	k := Connection{Name: p.word, At: c.pos(p), Dialect: VyOS}
	group := c.ike(p, "profile "+p.word, &k)
	group.into(&k)
	c.method(p.at("authentication"), &k)
	k.Local.Addresses, k.Remote.Addresses = defaulted("bind tunnel", []Address{{Text: "any"}}), defaulted("bind tunnel", []Address{{Text: "any"}})
	k.Local.ID, k.Remote.ID = defaulted("local-id", ike.Identity{Any: true}), defaulted("remote-id", ike.Identity{Any: true})
	k.Encap, k.Tries = defaulted("", EncapAuto), defaulted("", uint32(0))
	k.Start = defaulted("bind tunnel", StartTrap)
	if p.has("disable") {
		k.Start = Value[Start]{V: StartIgnore, At: c.pos(p.at("disable")), Origin: Written, Key: "disable"}
	}
	if v := c.value(p, "bind", "tunnel"); v.Origin != Unset {
		k.Interfaces = as(v, []string{v.V})
	}
	kid := c.child(p, c.value(p, "esp-group"), group, &k)
	gre := []Selector{{Selector: ike.Selector{Dynamic: true, Protocol: 47}, Text: "dynamic[gre]"}}
	kid.Name, kid.Local, kid.Remote = p.word, defaulted("bind tunnel", gre), defaulted("bind tunnel", gre)
	if c.s.child(kid.At) {
		k.Children = []Child{kid}
	}
	return k
}

// byNumber returns sections in the order of their numbers.
func byNumber(n *wordNode) []*wordNode {
	out := make([]*wordNode, 0, min(len(n.orNone().kids), maxWordValues))
	for k := range n.each() {
		if out = append(out, k); len(out) == maxWordValues {
			break
		}
	}
	number := func(k *wordNode) int {
		i, err := strconv.Atoi(k.word)
		if err != nil {
			return 1 << 30
		}
		return i
	}
	slices.SortStableFunc(out, func(a, b *wordNode) int { return cmp.Compare(number(a), number(b)) })
	return out
}
