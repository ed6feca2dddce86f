package config

import (
	"net/netip"
	"strings"
)

// Interfaces of ASA, which go by the names that nameif gives them.

func (c *asa) interfaceOf(sec *ciscoSection) {
	f := &ciscoIface{name: strings.Join(sec.rest(1), ""), at: sec.at}
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken = true
		switch {
		case l.is("nameif"):
			f.name = l.arg(1)
			c.byIface[strings.ToLower(f.name)] = f
		case l.is("ip", "address"):
			c.addressOf(f, l, 2)
		case l.is("ipv6", "address"):
			c.address6Of(f, l, 2)
		case l.is("tunnel", "source", "interface"):
			f.source = l.value("tunnel source interface", l.arg(3))
		case l.is("tunnel", "protection", "ipsec", "policy"):
			f.policy = l.value("tunnel protection ipsec policy", l.arg(4))
		default:
			l.taken = f.common(l)
		}
	}
	c.ifaces = append(c.ifaces, f)
}

// interfaceBefore7 reads nameif HARDWARE NAME LEVEL, and ip address NAME
// ADDRESS MASK, which PIX has.
func (c *asa) interfaceBefore7(l *ciscoLine) {
	i := 2 // of the name
	f := c.iface(l.arg(i))
	if f == nil {
		f = &ciscoIface{name: l.arg(i), at: l.at}
		c.byIface[strings.ToLower(f.name)] = f
		c.ifaces = append(c.ifaces, f)
	}
	switch {
	case l.is("ip"):
		c.addressOf(f, l, i+1)
	case l.is("ipv6"):
		c.address6Of(f, l, i+1)
	}
}

// addressOf reads the address at an index: one, or where it comes from.
func (c *asa) addressOf(f *ciscoIface, l *ciscoLine, i int) {
	if a, err := netip.ParseAddr(c.address4(l.arg(i))); err == nil {
		f.addr = Value[netip.Addr]{V: a, At: l.at, Origin: Written, Key: "ip address"}
		f.net, _ = netmask(a.String(), l.arg(i+1))
		return
	}
	f.dynamic = l.value("ip address", strings.ToLower(l.arg(i)))
}

func (c *asa) address6Of(f *ciscoIface, l *ciscoLine, i int) {
	if p, err := netip.ParsePrefix(l.arg(i)); err == nil && !p.Addr().IsLinkLocalUnicast() {
		f.addr6 = Value[netip.Addr]{V: p.Addr(), At: l.at, Origin: Written, Key: "ipv6 address"}
	}
}

// apply binds crypto maps to their interfaces. One that the file names and does
// not show has no address.
func (c *asa) apply() {
	for _, a := range c.applied {
		f := c.iface(a.iface.V)
		if f == nil {
			f = &ciscoIface{name: a.iface.V, at: a.iface.At, stub: true}
			c.byIface[strings.ToLower(f.name)] = f
			c.ifaces = append(c.ifaces, f)
		}
		f.cmap = a.name
	}
}
