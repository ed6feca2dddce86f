package config

import (
	"net/netip"
	"strings"
)

// What one configuration of Junos shows by itself.

// found leaves for Lint what the reading of a vpn came upon.
func (c *junos) found(v, gw *wordNode, k *Connection) {
	if v.at("bind-interface") == nil && len(c.uses[v.word]) == 0 && c.security.at("policies") != nil && k.Start.V != StartNow && v.at("traffic-selector") == nil {
		key := "vpn " + v.word
		k.Unbound = Value[bool]{V: true, At: c.pos(v), Origin: Default, Key: key}
		k.Found = append(k.Found, Issue{Kind: IssueUnbound, Effect: Fails, Child: -1, Subject: key, Key: "bind-interface", Setting: Setting{Key: key, At: c.pos(v), Origin: Written}})
	}
	c.letIn(gw, k)
	c.routed(v, k)
}

// routed: what no route leads into a tunnel interface is never protected.
func (c *junos) routed(v *wordNode, k *Connection) {
	st := c.value(v, "bind-interface")
	name := unitName(st.V)
	if c.routes == nil || st.Origin == Unset || c.ifaces[name] == nil || c.routes[name] || k.Remote.AnyAddress() || v.at("traffic-selector") != nil || len(k.Children) == 0 {
		return // traffic selectors bring their routes along, and so do peers that call
	}
	k.Found = append(k.Found, Issue{Kind: IssueNotRouted, Effect: Fails, Child: -1, Subject: name, Key: "routing-options static route", Write: selectorText(k.Children[0].Remote.V) + " next-hop " + name, Setting: settingOf(st, st.V)})
}

// readRoutes reads which interfaces the static routes lead to. Where routes may
// come from elsewhere nothing is known.
func (c *junos) readRoutes() {
	for _, w := range []string{"bgp", "ospf", "ospf3", "rip", "ripng", "isis"} {
		if c.root.at("protocols", w) != nil {
			return
		}
	}
	static := c.root.at("routing-options", "static", "route")
	if static == nil || c.root.at("routing-options", "rib") != nil || c.root.at("routing-instances") != nil {
		return
	}
	c.routes = map[string]bool{}
	var hops []netip.Addr
	for r := range static.each() {
		for _, w := range []string{"next-hop", "qualified-next-hop"} {
			for _, v := range c.values(r, w) {
				if a, err := netip.ParseAddr(v.V); err == nil {
					hops = append(hops, a)
				} else {
					c.routes[unitName(v.V)] = true
				}
			}
		}
	}
	for name, f := range c.ifaces { // by an address behind it
		for _, a := range f.addrs[:min(len(f.addrs), 4)] {
			for _, h := range hops[:min(len(hops), 1000)] {
				if strings.HasPrefix(name, "st0") && a.V.Contains(h) {
					c.routes[name] = true
				}
			}
		}
	}
}

// letIn: what comes to the device itself is dropped unless the zone of the
// interface, or the interface there, lets the service in. What is set for the
// interface is in place of what its zone has.
func (c *junos) letIn(gw *wordNode, k *Connection) {
	ext := c.value(gw, "external-interface")
	if !c.zoned || ext.Origin == Unset || strings.HasPrefix(ext.V, "lo") {
		return
	}
	i, known := c.closed[ext.V]
	if !known {
		i = c.keptOut(ext)
		c.closed[ext.V] = i
	}
	if i != nil {
		k.Found = append(k.Found, *i)
	}
}

// keptOut returns what is to be said of an external interface that lets no IKE
// in; nil where it does.
func (c *junos) keptOut(ext Value[string]) *Issue {
	name := unitName(ext.V)
	z := c.zones[name]
	if z == nil {
		if c.zones["all.0"] != nil {
			return nil
		}
		return &Issue{Kind: IssueNotLetIn, Effect: Fails, Child: -1, Subject: name, Key: "security-zone interfaces", Write: name, Setting: settingOf(ext, ext.V)}
	}
	at, from := z, z.at("host-inbound-traffic")
	for _, n := range []string{ext.V, name, strings.TrimSuffix(name, ".0")} {
		if f := z.at("interfaces", n); f != nil {
			if own := f.at("host-inbound-traffic"); own != nil {
				at, from = f, own
			}
			break
		}
	}
	services := from.at("system-services")
	allowed := false
	for s := range services.each() {
		s.take()
		switch except := s.has("except"); s.word {
		case "ike":
			allowed = !except
			if except {
				at = s
			}
		case "all", "any-service":
			allowed = allowed || services.at("ike", "except") == nil
		}
	}
	if allowed {
		return nil
	}
	return &Issue{Kind: IssueNotLetIn, Effect: Fails, Child: -1, Subject: name, Key: "host-inbound-traffic system-services", Write: "ike",
		Setting: Setting{Key: "host-inbound-traffic system-services", Text: at.word, At: c.pos(at), Origin: Written}}
}
