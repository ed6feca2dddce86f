package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Access lists, object groups and address translation as commands.

func (c *ios) accessList(sec *ciscoSection) {
	if !sec.is("access-list") { // ip access-list extended NAME
		i := 3
		if sec.is("ipv6") {
			i = 2
		} else if !sec.is("ip", "access-list", "extended") {
			sec.taken = sec.is("ip", "access-list", "standard")
			for j := range sec.subs {
				sec.subs[j].taken = sec.taken
			}
			return
		}
		a := c.acl(sec.arg(i), sec.at)
		a.key = strings.ToLower(strings.Join(sec.words[:i], " ")) + " " + a.name
		for j := range sec.subs {
			l := &sec.subs[j]
			words := l.words
			if numeric(words[0]) && len(words) > 1 { // a sequence number
				words = words[1:]
			}
			switch strings.ToLower(words[0]) {
			case "permit", "deny":
				l.taken = true
				c.ace(a, l, words)
			case "remark", "evaluate":
				l.taken = true
			}
		}
		return
	}
	n := sec.arg(1)
	if !numeric(n) || len(n) < 3 || n >= "200" && len(n) == 3 || len(n) > 4 || len(n) == 4 && (n < "2000" || n > "2699") {
		return // a list of another kind: only 100 to 199 and 2000 to 2699 have two ends
	}
	if strings.EqualFold(sec.arg(2), "remark") {
		return
	}
	c.ace(c.acl(n, sec.at), &sec.ciscoLine, sec.rest(2))
}

// objectGroup reads object-group network|service NAME.
func (c *ios) objectGroup(sec *ciscoSection) {
	g := &ciscoGroup{name: strings.ToLower(sec.arg(2)), at: sec.at}
	c.groups[g.name] = g
	service := strings.EqualFold(sec.arg(1), "service")
	g.service = service
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken = true
		switch {
		case l.is("description"):
		case l.is("group-object"):
			g.uses = append(g.uses, strings.ToLower(l.arg(1)))
		case service:
			r := &aceReader{words: l.words}
			n, ok := ciscoProtocol(r.next())
			if w := r.peek(); w == "source" {
				ok = false
			}
			for _, p := range r.ports() {
				g.ports = append(g.ports, ike.Selector{Protocol: n, PortFrom: p[0], PortTo: p[1]})
			}
			g.bad = g.bad || !ok || r.state != aceRead
		case l.is("host"), l.is("any"):
			r := &aceReader{words: l.words}
			g.nets = append(g.nets, r.address()...)
			g.bad = g.bad || r.state != aceRead
		default: // an address and its netmask, as prefix or in full
			r := &aceReader{words: l.words}
			if p, ok := netmask(l.arg(0), l.arg(1)); ok {
				g.nets = append(g.nets, ike.SelectorPrefix(p.Masked()))
				continue
			}
			g.nets = append(g.nets, r.address()...)
			g.bad = g.bad || r.state != aceRead
		}
		if g.bad {
			c.s.problem(l.at, "object-group", ErrSyntax)
		}
	}
}

// iosNAT is a translation of the addresses within.
type iosNAT struct{ list, routes string }

// nat reads ip nat inside source list|route-map NAME.
func (c *ios) nat(l *ciscoLine) {
	switch strings.ToLower(l.arg(4)) {
	case "list":
		c.nats = append(c.nats, iosNAT{list: l.arg(5)})
	case "route-map":
		c.nats = append(c.nats, iosNAT{routes: l.arg(5)})
	default:
		l.taken = false
	}
}

// iosRouteMap is an entry of a route map that names access lists.
type iosRouteMap struct {
	permit bool
	lists  []string
}

func (c *ios) routeMap(sec *ciscoSection) {
	sec.taken = false
	m := iosRouteMap{permit: !strings.EqualFold(sec.arg(2), "deny")}
	for i := range sec.subs {
		l := &sec.subs[i]
		if l.is("match", "ip", "address") && !l.is("match", "ip", "address", "prefix-list") {
			m.lists = append(m.lists, l.rest(3)...)
			l.taken, sec.taken = true, true
		}
	}
	c.routes[sec.arg(1)] = append(c.routes[sec.arg(1)], m)
}

func (c *ios) translate(kids []Child, carriers []*ciscoIface) {
	inside := false
	if !slices.ContainsFunc(carriers, func(f *ciscoIface) bool { return f.nat == "outside" }) {
		return
	}
	for _, f := range c.ifaces {
		inside = inside || f.nat == "inside"
	}
	if !inside || len(c.nats) == 0 {
		return
	}
	for i := range kids {
		k := &kids[i]
		if k.Action.V != Protect || len(k.Local.V) == 0 || k.Local.V[0].Bad || k.Local.V[0].Dynamic {
			continue
		}
		for _, n := range c.nats {
			if k.Translated = c.natRule(&n, k.Local.V[0].Selector, k.Remote.V[0].Selector); k.Translated.Origin != Unset {
				break
			}
		}
	}
}

// natRule returns the entry of an access list that has traffic between two
// selectors translated; Unset where it is not.
func (c *ios) natRule(n *iosNAT, local, remote ike.Selector) Value[string] {
	if n.list != "" {
		return c.verdict(n.list, local, remote)
	}
	for _, m := range c.routes[n.routes] {
		if len(m.lists) == 0 {
			return Value[string]{} // for all, or for what is not read
		}
		for _, name := range m.lists {
			if v := c.verdict(name, local, remote); v.Origin != Unset {
				if !m.permit {
					v = Value[string]{}
				}
				return v
			}
		}
	}
	return Value[string]{}
}
