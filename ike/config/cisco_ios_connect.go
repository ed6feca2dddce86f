package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Connections of IOS: crypto map entries and protected tunnel interfaces.

// maxIOSCarriers bounds the interfaces that are looked at of those that one
// crypto map is applied to.
const maxIOSCarriers = 64

// connections makes the Connections, when all has been read.
func (c *ios) connections() {
	carriers := map[string][]*iosIface{}
	for _, f := range c.ifaces {
		if f.cmap.Origin != Unset {
			def, ok := c.defined[f.cmap.V]
			c.refer("crypto map", "interface "+f.name, f.cmap, def, ok)
			if len(carriers[f.cmap.V]) < maxIOSCarriers {
				carriers[f.cmap.V] = append(carriers[f.cmap.V], f)
			}
		}
	}
	// Entries are tried in the order of their numbers.
	slices.SortStableFunc(c.maps, func(a, b *iosEntry) int { return a.seq - b.seq })
	c.s.c.Connections = slices.Grow(c.s.c.Connections, min(len(c.maps)+len(c.ifaces), c.s.lim.Connections))
	for _, e := range c.maps {
		if e.manual {
			continue
		}
		if e.dynamic.Origin == Unset {
			if c.room(e.at) {
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
		slices.SortStableFunc(list, func(a, b *iosEntry) int { return a.seq - b.seq })
		for _, d := range list {
			if c.room(d.at) {
				c.s.c.Connections = append(c.s.c.Connections, c.mapped(d, e.name, carriers[e.name], true))
			}
		}
	}
	for _, f := range c.ifaces {
		if f.protection.Origin != Unset && c.room(f.at) {
			c.s.c.Connections = append(c.s.c.Connections, c.tunnel(f))
		}
	}
	c.profileReferences()
}

// room reports whether there may be one more connection.
func (c *ios) room(at Pos) bool {
	limit := c.s.lim.Connections
	if len(c.s.c.Connections) < limit {
		return true
	}
	if !c.crowded {
		c.crowded = true
		c.s.problem(at, "", fmt.Errorf("%w of %d connections", ErrTooMany, limit))
	}
	return false
}

func (c *ios) profileReferences() {
	names := make([]string, 0, len(c.profiles))
	for n := range c.profiles {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		for _, k := range c.profiles[n].keyrings {
			def, ok := c.keyrings[k.V]
			c.refer("crypto keyring", "crypto isakmp profile "+n, k, def, ok || k.V == "default")
		}
	}
}

// mapped makes the connection of a crypto map entry, on the interfaces that
// the map is applied to.
func (c *ios) mapped(e *iosEntry, name string, carriers []*iosIface, dynamic bool) Connection {
	k := c.connection(e)
	k.Interfaces = Value[[]string]{Key: "crypto map " + name}
	k.Remote.Addresses = Value[[]Address]{Key: "set peer"}
	for i, p := range e.peers {
		if i == 0 {
			k.Remote.Addresses.At, k.Remote.Addresses.Origin = p.At, p.Origin
		}
		k.Remote.Addresses.V = append(k.Remote.Addresses.V, parseAddress(p.V))
	}
	if len(e.peers) == 0 {
		k.Remote.Addresses = defaulted("set peer", []Address{{Text: "any"}})
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
	o := c.mapOpts[name]
	if o == nil {
		o = &iosMapOptions{}
	}
	if o.local.Origin != Unset {
		if a := c.address(c.byIface[ifaceName(o.local.V)], "crypto map local-address", sixth(k.Remote.Addresses.V)); a.Origin != Default {
			k.Local.Addresses = a
		}
	}
	switch {
	case len(carriers) == 0:
		// A file without interfaces is an extract, which does not tell.
		k.Unbound = Value[bool]{V: len(c.ifaces) > 0, At: e.at, Origin: Default, Key: "crypto map " + name}
		k.Start = defaulted("interface", StartTrap)
	case down == len(carriers):
		k.Start = Value[Start]{V: StartIgnore, At: carriers[0].at, Origin: Inherited, Key: "shutdown"}
	default:
		k.Start = defaulted("interface", StartTrap)
	}
	if dynamic { // it waits to be called
		k.Start = defaulted("crypto dynamic-map", StartNone)
	}
	c.phase1(&k, e, o)
	if e.acl.Origin != Unset {
		a := c.acls[e.acl.V]
		var def Pos
		if a != nil {
			def = a.at
		}
		c.refer("access-list", e.path, e.acl, def, a != nil)
	}
	k.Children = c.protects(e, k.Start, &k.Local, &k.Remote)
	for _, f := range carriers {
		if f.nat == "outside" {
			c.translate(k.Children)
			break
		}
	}
	return k
}

// tunnel makes the connection of a tunnel interface that a profile protects.
func (c *ios) tunnel(f *iosIface) Connection {
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
		k.Remote.Addresses = as(f.destination, []Address{parseAddress(f.destination.V)})
	}
	k.Local.Addresses = defaulted("tunnel source", []Address{{Text: "any"}})
	if f.source.Origin != Unset {
		if a := c.byIface[ifaceName(f.source.V)]; a != nil {
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
	c.phase1(&k, e, &iosMapOptions{})
	k.Children = c.through(f, e, &k)
	return k
}

// through returns the children of a tunnel interface: everything in a tunnel
// of IPsec, the GRE between the ends in one of GRE, or what an access list
// says.
func (c *ios) through(f *iosIface, e *iosEntry, k *Connection) []Child {
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

// connection makes what does not depend on where an entry is used.
func (c *ios) connection(e *iosEntry) Connection {
	k := Connection{Name: e.path, At: e.at, Dialect: CiscoIOS, InitiateVersion: IKEv1}
	k.Version = Value[Version]{V: IKEv1, At: e.at, Origin: Default, Key: "set ikev2-profile"}
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
	k.Lifetime.Total = worded(defaulted("crypto isakmp policy", uint32(86400)), "86400")
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

// phase1 finds the profile, the identities and the way to authenticate.
func (c *ios) phase1(k *Connection, e *iosEntry, o *iosMapOptions) {
	peer := netip.Addr{}
	for _, a := range k.Remote.Addresses.V {
		if a.Kind == AddressHost {
			peer = a.First
			break
		}
	}
	p := c.profileOf(e, o, peer)
	k.Local.ID, k.Remote.ID = c.localID(k, p), defaulted("match identity", ike.Identity{Any: true})
	if p != nil {
		if len(p.match) == 1 {
			k.Remote.ID = p.match[0].identity()
		}
		k.Keyrings = Value[[]string]{Key: "keyring"}
		for _, r := range p.keyrings {
			k.Keyrings.V, k.Keyrings.At, k.Keyrings.Origin = append(k.Keyrings.V, r.V), r.At, Inherited
		}
		if p.idle.Origin != Unset {
			k.DPD.Delay = p.idle
		}
		if p.client.Origin != Unset {
			k.XAuth = as(p.client, XAuthServer)
		}
		if p.mode.Origin != Unset {
			k.Aggressive = spelt(p.mode, strings.HasPrefix(p.mode.V, "aggr"))
		}
	}
	hands := o.hands
	if p != nil && p.hands.Origin != Unset {
		hands = p.hands
	}
	if hands.Origin != Unset {
		k.Remote.VirtualIPs = c.pools
		k.Push = as(hands, strings.EqualFold(hands.V, "initiate"))
		if len(c.pools.V) == 0 {
			k.Remote.VirtualIPs = as(hands, []string{"pool"})
		}
	}
	if o.client.Origin != Unset {
		k.XAuth = as(o.client, XAuthServer)
	}
	auth := c.auth(k)
	k.Local.Auth, k.Remote.Auth = auth, auth
}

// maxIOSProfiles bounds the profiles that are tried for a peer.
const maxIOSProfiles = 1000

// profileOf returns the isakmp profile that an entry names, or the one that is
// for its peer.
func (c *ios) profileOf(e *iosEntry, o *iosMapOptions, peer netip.Addr) *iosProfile {
	name := e.profile
	if name.Origin == Unset {
		name = o.profile
	}
	if name.Origin != Unset {
		p := c.profiles[name.V]
		var def Pos
		if p != nil {
			def = p.at
		}
		c.refer("crypto isakmp profile", e.path, name, def, p != nil)
		return p
	}
	if !peer.IsValid() {
		return nil
	}
	var found *iosProfile
	for _, p := range c.inOrder[:min(len(c.inOrder), maxIOSProfiles)] {
		if c.profiles[p.name] == p && p.fits(peer) {
			if found != nil {
				return nil // which one is taken depends on more than the address
			}
			found = p
		}
	}
	return found
}

// localID is what the device calls itself: its address unless told otherwise.
func (c *ios) localID(k *Connection, p *iosProfile) Value[ike.Identity] {
	from := c.identity
	if p != nil && p.self.Origin != Unset {
		from = p.self
	}
	kind, arg, _ := strings.Cut(from.V, " ")
	switch {
	case kind == "hostname" || kind == "fqdn" && arg == "":
		name := c.hostname.V
		if c.domain.V != "" {
			name += "." + c.domain.V
		}
		if name == "" {
			return as(from, ike.Identity{Any: true})
		}
		return as(from, ike.ParseIdentity(name, ike.DialectCisco))
	case kind == "fqdn", kind == "user-fqdn":
		return as(from, ike.ParseIdentity(arg, ike.DialectCisco))
	case kind == "dn":
		return as(from, ike.ParseIdentity("%fromcert", ike.DialectAny))
	}
	id := hostIdentity(from.Key, &k.Local)
	if a, err := netip.ParseAddr(kind); err == nil {
		id.V = ike.ParseIdentity(a.String(), ike.DialectAny)
	}
	if from.Origin != Default {
		id = as(from, id.V)
	}
	return id
}

// auth is the method of the policies. Where they have several, a key for the
// peer tells that it is meant to use it.
func (c *ios) auth(k *Connection) Value[Auth] {
	if k.Version.V == IKEv2 {
		return Value[Auth]{Key: "authentication"}
	}
	if len(c.policies) == 0 {
		return Value[Auth]{V: AuthNone, Key: "authentication"}
	}
	out := c.policies[0].auth
	mixed := false
	for i := range c.policies {
		mixed = mixed || c.policies[i].auth.V != out.V
	}
	if mixed {
		if c.keys == nil {
			c.keys = c.s.c.IndexSecrets()
		}
		m, ok := (&secretLookup{c: c.s.c, x: c.keys, q: SecretQuery{Conn: k}}).cisco()
		if !ok || m.Wildcard() {
			return Value[Auth]{V: AuthNone, Key: "authentication"}
		}
		for i := range c.policies {
			if c.policies[i].auth.V == AuthPSK {
				out = c.policies[i].auth
				break
			}
		}
	}
	if out.Origin == Written {
		out.Origin = Inherited
	}
	return out
}
