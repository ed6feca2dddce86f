package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Connections of Cisco's products: crypto map entries and protected tunnel
// interfaces.

// maxCarriers bounds the interfaces that are looked at of those that one
// crypto map is applied to.
const maxCarriers = 64

// connections makes the Connections, when all has been read.
func (c *cisco) connections() {
	carriers := map[string][]*ciscoIface{}
	for _, f := range c.ifaces {
		if f.cmap.Origin != Unset {
			def, ok := c.defined[f.cmap.V]
			c.refer("crypto map", "interface "+f.name, f.cmap, def, ok)
			if len(carriers[f.cmap.V]) < maxCarriers {
				carriers[f.cmap.V] = append(carriers[f.cmap.V], f)
			}
		}
	}
	// Entries are tried in the order of their numbers.
	slices.SortStableFunc(c.maps, func(a, b *ciscoEntry) int { return a.seq - b.seq })
	c.s.c.Connections = slices.Grow(c.s.c.Connections, min(len(c.maps)+len(c.ifaces), c.s.lim.Connections))
	for _, e := range c.maps {
		if e.manual {
			continue
		}
		if e.dynamic.Origin == Unset {
			if c.s.room(e.at) {
				c.s.c.Connections = append(c.s.c.Connections, c.mapped(e, e.name, carriers[e.name], false))
			}
			continue
		}
		list := c.dynamic[e.dynamic.V]
		var def Pos
		if len(list) > 0 {
			def = list[0].at
		}
		c.refer("crypto dynamic-map", e.path, e.dynamic, def, len(list) > 0)
		slices.SortStableFunc(list, func(a, b *ciscoEntry) int { return a.seq - b.seq })
		for _, d := range list {
			if c.s.room(d.at) {
				c.s.c.Connections = append(c.s.c.Connections, c.mapped(d, e.name, carriers[e.name], true))
			}
		}
	}
	for _, f := range c.ifaces {
		if f.protection.Origin != Unset && c.s.room(f.at) {
			c.s.c.Connections = append(c.s.c.Connections, c.tunnel(f))
		}
	}
}

// mapped makes the connection of a crypto map entry, on the interfaces that
// the map is applied to.
func (c *cisco) mapped(e *ciscoEntry, name string, carriers []*ciscoIface, dynamic bool) Connection {
	k := c.connection(e)
	k.Interfaces = Value[[]string]{Key: "crypto map " + name}
	k.Remote.Addresses = Value[[]Address]{Key: e.key("set peer")}
	for i, p := range e.peers {
		if i == 0 {
			k.Remote.Addresses.At, k.Remote.Addresses.Origin = p.At, p.Origin
		}
		k.Remote.Addresses.V = append(k.Remote.Addresses.V, parseAddress(p.V))
	}
	if len(e.peers) == 0 {
		k.Remote.Addresses = defaulted(e.key("set peer"), []Address{{Text: "any"}})
	}
	k.Local.Addresses = defaulted("ip address", []Address{{Text: "any"}})
	var local []Address
	down := 0
	for _, f := range carriers {
		k.Interfaces.V = append(k.Interfaces.V, f.name)
		if k.Interfaces.Origin == Unset {
			k.Interfaces.At, k.Interfaces.Origin = f.cmap.At, Inherited
		}
		a := c.address(f, "ip address", sixth(k.Remote.Addresses.V))
		if a.Origin != Default {
			if local == nil {
				k.Local.Addresses = a
			}
			local = append(local, a.V...)
		}
		if f.shutdown {
			down++
		}
	}
	if local != nil {
		k.Local.Addresses.V = local
	}
	switch {
	case len(carriers) == 0:
		// A file without interfaces is an extract, which does not tell.
		k.Unbound = Value[bool]{V: c.showsIfaces(), At: e.at, Origin: Default, Key: "crypto map " + name}
		k.Start = defaulted("interface", StartTrap)
	case down == len(carriers):
		k.Start = Value[Start]{V: StartIgnore, At: carriers[0].at, Origin: Inherited, Key: "shutdown"}
	default:
		k.Start = defaulted("interface", StartTrap)
	}
	if dynamic { // it waits to be called
		k.Start = defaulted("crypto dynamic-map", StartNone)
	}
	c.device.phase1(&k, e, name)
	if e.acl.Origin != Unset {
		a := c.acls[e.acl.V]
		var def Pos
		if a != nil {
			def = a.at
		}
		c.refer("access-list", e.path, e.acl, def, a != nil)
	}
	k.Children = c.protects(e, k.Start, &k.Local, &k.Remote)
	c.device.translate(k.Children, carriers)
	return k
}

// tunnel makes the connection of a tunnel interface that a profile protects.
func (c *cisco) tunnel(f *ciscoIface) Connection {
	e := c.policy2[f.protection.V]
	var def Pos
	if e != nil {
		def = e.at
	}
	c.refer("crypto ipsec profile", "interface "+f.name, f.protection, def, e != nil)
	if e == nil {
		e = c.newEntry(f.protection.V, 0, f.at, "interface "+f.name)
	}
	k := c.connection(e)
	k.Name, k.At = f.name, f.at
	k.Interfaces = Value[[]string]{V: []string{f.name}, At: f.at, Origin: Written, Key: "tunnel protection ipsec profile"}
	k.Remote.Addresses = defaulted("tunnel destination", []Address{{Text: "any"}})
	if f.destination.Origin != Unset {
		k.Remote.Addresses = as(f.destination, []Address{parseAddress(c.address4(f.destination.V))})
	}
	k.Local.Addresses = defaulted("tunnel source", []Address{{Text: "any"}})
	if f.source.Origin != Unset {
		if a := c.iface(f.source.V); a != nil {
			k.Local.Addresses = c.address(a, "tunnel source", sixth(k.Remote.Addresses.V))
		} else if x := parseAddress(f.source.V); x.Kind == AddressHost {
			k.Local.Addresses = as(f.source, []Address{x})
		}
	}
	switch {
	case f.shutdown:
		k.Start = Value[Start]{V: StartIgnore, At: f.at, Origin: Written, Key: "shutdown"}
	case k.Remote.AnyAddress():
		k.Start = defaulted("tunnel destination", StartNone)
	default:
		k.Start = defaulted("interface", StartNow)
	}
	c.device.phase1(&k, e, "")
	k.Children = c.through(f, e, &k)
	return k
}

// through returns the children of a tunnel interface: everything in a tunnel
// of IPsec, the GRE between the ends in one of GRE, or what an access list
// says.
func (c *cisco) through(f *ciscoIface, e *ciscoEntry, k *Connection) []Child {
	if f.policy.Origin != Unset {
		d := *e
		d.acl = f.policy
		a := c.acls[d.acl.V]
		c.refer("access-list", "interface "+f.name, d.acl, Pos{}, a != nil)
		return c.protects(&d, k.Start, &k.Local, &k.Remote)
	}
	kid, _ := c.child(e)
	kid.Name, kid.At, kid.Start = f.name, f.at, k.Start
	from := f.mode
	if from.Origin == Unset {
		from = defaulted("tunnel mode", "gre ip")
	}
	if strings.HasPrefix(from.V, "ipsec") {
		whole := everything(strings.HasSuffix(from.V, "ipv6"))
		all := []Selector{{Selector: whole, Text: whole.String()}}
		kid.Local, kid.Remote = as(from, all), as(from, all)
		kid.Mode.V, kid.Routed = ike.ModeTunnel, true
		return []Child{kid}
	}
	proto := uint8(47)
	if strings.HasPrefix(from.V, "ipip") {
		proto = 4
	}
	for _, x := range []struct {
		e  *End
		to *Value[[]Selector]
	}{{&k.Local, &kid.Local}, {&k.Remote, &kid.Remote}} {
		s := ike.Selector{Dynamic: true, Protocol: proto}
		if a, ok := x.e.Host(); ok {
			s = ike.Selector{From: a, To: a, Protocol: proto}
		}
		*x.to = as(from, []Selector{{Selector: s, Text: s.String()}})
	}
	return []Child{kid}
}

// ciscoDevice is what a product does in its own way.
type ciscoDevice interface {
	// phase1 completes a connection that an entry makes in a crypto map, or for
	// a tunnel interface where there is no map, but for its children.
	phase1(k *Connection, e *ciscoEntry, in string)
	// translate notes which children's traffic is translated before the crypto
	// map on some interfaces sees it: it then no longer has the addresses that
	// the access list names.
	translate(kids []Child, carriers []*ciscoIface)
}

// connection makes what does not depend on where an entry is used.
func (c *cisco) connection(e *ciscoEntry) Connection {
	k := Connection{Name: e.path, At: e.at, Dialect: c.dialect, InitiateVersion: IKEv1}
	k.Version = Value[Version]{V: IKEv1, At: e.at, Origin: Default, Key: e.key("set ikev2-profile")}
	k.Proposals = c.proposals()
	if e.profile2.Origin != Unset {
		k.Version, k.InitiateVersion = as(e.profile2, IKEv2), IKEv2
		k.Proposals = builtIn("crypto ikev2 proposal", "crypto ikev2 proposal", ike.ProtocolIKE) // not read
	}
	k.Aggressive = defaulted("initiate mode", false)
	k.MainOnly = c.mainOnly
	k.DPD = DPD{Delay: own(Value[uint32]{}, c.keepalive), Timeout: Value[uint32]{Key: c.keepalive.Key}, Action: defaulted(c.keepalive.Key, "clear")}
	k.Fragmentation = own(Value[Fragmentation]{}, c.fragmentation)
	k.Encap = own(Value[Encap]{}, c.natt)
	k.Rekey, k.Push = defaulted("", true), defaulted("crypto map client configuration address", false)
	k.Unique, k.Tries = defaulted("", "no"), defaulted("", uint32(0))
	k.XAuth = defaulted("crypto map client authentication list", XAuthNone)
	k.Lifetime.Total = worded(defaulted(c.policyKey, uint32(86400)), "86400")
	if len(c.policies) > 0 {
		k.Lifetime.Total = c.policies[0].life
		if k.Lifetime.Total.Origin == Written {
			k.Lifetime.Total.Origin = Inherited
		}
	}
	k.Lifetime.Rekey, k.Lifetime.Reauth = defaulted("lifetime", uint32(0)), k.Lifetime.Total
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	return k
}
