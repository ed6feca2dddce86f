package config

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Access lists, objects and object groups of ASA.

// uses notes which access lists a command uses. The others are for traffic in
// the clear, and not looked into.
func (c *asa) uses(sec *ciscoSection) {
	for i := 2; i+1 < len(sec.words); i++ {
		if strings.EqualFold(sec.arg(i), "match") && strings.EqualFold(sec.arg(i+1), "address") || strings.EqualFold(sec.arg(i+1), "access-list") {
			c.lists[sec.arg(i+2)] = true
		}
	}
	for i := range sec.subs {
		if l := &sec.subs[i]; l.is("tunnel", "protection", "ipsec", "policy") {
			c.lists[l.arg(4)] = true
		}
	}
}

// accessList reads access-list NAME [line N] [extended] permit|deny ...
func (c *asa) accessList(l *ciscoLine) {
	name := l.arg(1)
	i := 2
	if strings.EqualFold(l.arg(i), "line") {
		i += 2
	}
	switch strings.ToLower(l.arg(i)) {
	case "remark", "standard", "ethertype", "webtype":
		return
	case "extended":
		i++
	}
	a := c.acl(name, l.at)
	a.key = l.head(2)
	if i > 2 && strings.EqualFold(l.arg(i-1), "extended") {
		a.key += " extended"
	}
	words := l.rest(i)
	for _, w := range words[max(0, len(words)-3):] {
		if strings.EqualFold(w, "inactive") {
			return
		}
	}
	if c.lists[name] {
		c.ace(a, l, words)
	}
}

// object reads an object or an object group. Both are named alike.
func (c *asa) object(sec *ciscoSection) {
	name := strings.ToLower(sec.arg(2))
	g := c.groups[name]
	if g == nil { // its translation stands apart from what it is
		g = &ciscoGroup{name: name, at: sec.at}
		c.groups[name] = g
	}
	kind := strings.ToLower(sec.arg(1))
	g.service = kind != "network"
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken = true
		ok := true
		switch {
		case l.is("description"):
		case l.is("nat"):
			c.objectNAT(g, l)
		case l.is("group-object"), l.is("network-object", "object"), l.is("service-object", "object"):
			g.uses = append(g.uses, strings.ToLower(l.arg(len(l.words)-1)))
		case g.service:
			ok = c.serviceObject(g, l)
		default:
			ok = c.networkObject(g, l)
		}
		if !ok {
			g.bad = true
		}
	}
}

// networkObject reads what an object, or a group of networks, consists of.
func (c *asa) networkObject(g *ciscoGroup, l *ciscoLine) bool {
	switch {
	case l.is("fqdn"):
		return false // known to a name server
	case l.is("range"):
		from, err1 := netip.ParseAddr(c.address4(l.arg(1)))
		to, err2 := netip.ParseAddr(c.address4(l.arg(2)))
		g.nets = append(g.nets, ike.Selector{From: from, To: to})
		return err1 == nil && err2 == nil && from.BitLen() == to.BitLen() && !to.Less(from)
	}
	words := l.words
	if l.is("subnet") || l.is("network-object") {
		words = l.rest(1)
	}
	r := &aceReader{words: words, aceWords: aceWords{names: c.names, netmasks: true}}
	g.nets = append(g.nets, r.address()...)
	return r.state == aceRead
}

// serviceObject reads what an object, or a group of services, consists of.
func (c *asa) serviceObject(g *ciscoGroup, l *ciscoLine) bool {
	r := &aceReader{words: l.rest(1)}
	var protocols []uint8
	switch {
	case l.is("port-object"):
		protocols = []uint8{0}
	case l.is("service"), l.is("service-object"), l.is("protocol-object"):
		switch w := r.next(); w {
		case "tcp-udp":
			protocols = []uint8{6, 17}
		default:
			n, ok := ciscoProtocol(w)
			if !ok {
				return false
			}
			protocols = []uint8{n}
		}
	default:
		return false
	}
	switch r.peek() {
	case "source":
		return false // it restricts what the entry's other end does not
	case "destination":
		r.next()
	}
	for _, p := range r.ports() {
		for _, n := range protocols {
			g.ports = append(g.ports, ike.Selector{Protocol: n, PortFrom: p[0], PortTo: p[1]})
		}
	}
	return r.state == aceRead
}
