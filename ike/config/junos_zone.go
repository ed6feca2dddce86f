package config

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What surrounds a vpn of Junos: interfaces, zones, address books, policies and
// source NAT.

// junosIface is a logical interface.
type junosIface struct {
	addrs   []Value[netip.Prefix]
	inet    bool          // it has IPv4
	dynamic Value[string] // dhcp
	down    Value[string]
}

// unitName brings the name of a logical interface into one spelling.
func unitName(s string) string {
	if s != "" && strings.IndexByte(s, '.') < 0 {
		return s + ".0"
	}
	return s
}

func (c *junos) readInterfaces() {
	for f := range c.root.at("interfaces").each() {
		down := c.written(f.at("disable").orNone(), "disable")
		f.at("disable").take()
		if strings.IndexByte(f.word, '.') >= 0 {
			c.readUnit(f, f.word, down)
		}
		for u := range f.at("unit").each() {
			c.readUnit(u, f.word+"."+u.word, down)
		}
	}
}

// orNone returns an empty node for none.
func (n *wordNode) orNone() *wordNode {
	if n == nil {
		return &wordNode{}
	}
	return n
}

func (c *junos) readUnit(u *wordNode, name string, down Value[string]) {
	f := &junosIface{}
	c.ifaces[name] = f
	if down.At.Line > 0 {
		f.down = down
	}
	if n := u.at("disable"); n != nil {
		n.take()
		f.down = c.written(n, "disable")
	}
	for _, family := range []string{"inet", "inet6"} {
		n := u.at("family", family)
		if n == nil {
			continue
		}
		n.take()
		f.inet = f.inet || family == "inet"
		key := "family " + family + " address"
		first := len(f.addrs)
		for a := range n.at("address").each() {
			a.take()
			p, err := netip.ParsePrefix(a.word)
			if err != nil {
				if x, err2 := netip.ParseAddr(a.word); err2 == nil {
					p, err = netip.PrefixFrom(x, x.BitLen()), nil
				}
			}
			if err != nil || p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() {
				continue
			}
			v := as(c.written(a, key), p)
			f.addrs = append(f.addrs, v)
			if a.has("primary") || a.has("preferred") { // that one goes first
				last := len(f.addrs) - 1
				f.addrs[first], f.addrs[last] = f.addrs[last], f.addrs[first]
			}
		}
		for _, w := range []string{"dhcp", "dhcp-client"} {
			if d := n.at(w); d != nil {
				d.take()
				f.dynamic = c.written(d, "family inet "+w)
			}
		}
	}
}

// address gives a connection the address that the external interface has
// towards the peer.
func (f *junosIface) address(c *junos, ext Value[string], k *Connection) {
	if f == nil {
		return
	}
	if f.down.At.Line > 0 {
		k.Start = Value[Start]{V: StartIgnore, At: f.down.At, Origin: Inherited, Key: f.down.Key}
	}
	v6 := sixth(k.Remote.Addresses.V)
	for _, a := range f.addrs {
		if a.V.Addr().Is6() == v6 {
			k.Local.Addresses = Value[[]Address]{V: []Address{{Kind: AddressHost, Text: a.V.Addr().String(), First: a.V.Addr().Unmap()}}, At: a.At, Origin: Inherited, Key: a.Key}
			return
		}
	}
	if f.dynamic.Origin != Unset {
		k.Local.Addresses = Value[[]Address]{V: []Address{{Kind: AddressMagic, Text: "dhcp"}}, At: f.dynamic.At, Origin: Inherited, Key: f.dynamic.Key}
	}
}

func (c *junos) readZones() {
	for z := range c.security.at("zones", "security-zone").each() {
		for f := range z.at("interfaces").each() {
			f.take()
			c.zones[unitName(f.word)] = z
			c.zoned = true
		}
		if b := z.at("address-book"); b != nil {
			c.books[z.word] = b
		}
	}
}

func (c *junos) readBooks() {
	for b := range c.security.at("address-book").each() {
		if b.word == "global" {
			c.books[""] = b
			continue
		}
		for z := range b.at("attach", "zone").each() {
			z.take()
			c.books[z.word] = b
		}
	}
}

// entry returns what a name of an address book stands for, and the entry where
// it is one address: that of the zone counts before the one for all.
func (c *junos) entry(name, zone string, depth int) (list []Selector, at *wordNode, ok bool) {
	switch name {
	case "any", "any-ipv4":
		return []Selector{{Selector: everything(false), Text: name}}, nil, true
	case "any-ipv6":
		return []Selector{{Selector: everything(true), Text: name}}, nil, true
	}
	for _, b := range []*wordNode{c.books[zone], c.books[""]} {
		if a := b.at("address", name); a != nil {
			list, ok = c.bookAddress(a)
			return list, a, ok
		}
		set := b.at("address-set", name)
		if set == nil {
			continue
		}
		if depth > 8 {
			return nil, nil, false
		}
		for _, kind := range []string{"address", "address-set"} {
			for _, v := range c.values(set, kind) {
				more, _, ok := c.entry(v.V, zone, depth+1)
				if !ok || len(list)+len(more) > maxJunosAddresses {
					return nil, nil, false
				}
				list = append(list, more...)
			}
		}
		return list, nil, len(list) > 0
	}
	return nil, nil, false
}

func (c *junos) bookAddress(a *wordNode) ([]Selector, bool) {
	for k := range a.each() {
		text := k.word
		switch k.word {
		case "description":
			continue
		case "range-address":
			from := c.value(a, "range-address")
			text = from.V + "-" + c.value(k, from.V, "to").V
		}
		s, err := ike.ParseSelector(text)
		if err != nil {
			return nil, false // a name, or a mask with holes
		}
		k.take()
		return []Selector{{Selector: s, Text: text}}, true
	}
	return nil, false
}

// junosUse is a policy that sends traffic into a vpn.
type junosUse struct {
	policy   *wordNode
	from, to string // zones
}

func (c *junos) readPolicies() {
	for from := range c.security.at("policies", "from-zone").each() {
		for to := range from.at("to-zone").each() {
			for p := range to.at("policy").each() {
				tunnel := p.at("then", "permit", "tunnel")
				if tunnel == nil {
					continue
				}
				for _, v := range c.values(tunnel, "ipsec-vpn") {
					c.uses[v.V] = append(c.uses[v.V], junosUse{p, from.word, to.word})
				}
				c.values(tunnel, "pair-policy")
				c.values(p, "match", "application")
				c.values(p, "match", "source-address")
				c.values(p, "match", "destination-address")
			}
		}
	}
}

// junosNAT is a rule of source NAT.
type junosNAT struct {
	rule             *wordNode
	from, to         string
	source, dest     []netip.Prefix
	translates, open bool // open: it matches by what is not read
}

func (c *junos) readNAT() {
	for set := range c.security.at("nat", "source", "rule-set").each() {
		from, to := c.value(set, "from", "zone"), c.value(set, "to", "zone")
		for r := range set.at("rule").each() {
			n := junosNAT{rule: r, from: from.V, to: to.V, translates: r.at("then", "source-nat", "off") == nil}
			r.at("then").takeAll()
			for m := range r.at("match").each() {
				for _, v := range c.values(r, "match", m.word) {
					p, err := netip.ParsePrefix(v.V)
					switch {
					case m.word == "source-address" && err == nil:
						n.source = append(n.source, p)
					case m.word == "destination-address" && err == nil:
						n.dest = append(n.dest, p)
					default:
						n.open = true
					}
				}
			}
			c.nats = append(c.nats, n)
		}
	}
}

// translated returns the rule of source NAT that takes all of a child's
// traffic; Unset where none does.
func (c *junos) translated(u junosUse, outside string, local, remote ike.Selector) (v Value[string]) {
	inside := u.from
	if inside == outside {
		inside = u.to
	}
	for i := range c.nats {
		n := &c.nats[i]
		if c.steps += 1 + len(n.source) + len(n.dest); c.steps > maxNATSteps || n.from != inside || n.to != outside {
			continue
		}
		if n.open || !covers(n.source, local) || !covers(n.dest, remote) {
			continue
		}
		if n.translates {
			v = Value[string]{V: "rule " + n.rule.word, At: c.pos(n.rule), Origin: Inherited, Key: "nat source"}
		}
		return v
	}
	return v
}

// covers reports whether one of the prefixes has all of a selector's
// addresses; none means any.
func covers(list []netip.Prefix, s ike.Selector) bool {
	for _, p := range list {
		if s.IsValid() && p.Contains(s.From) && p.Contains(s.To) {
			return true
		}
	}
	return len(list) == 0
}
