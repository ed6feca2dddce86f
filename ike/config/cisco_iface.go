package config

import (
	"net/netip"
	"slices"
	"strings"
)

// Interfaces of Cisco's products: which address IKE has there, and what they
// carry.

// ciscoIface is an interface.
type ciscoIface struct {
	stub     bool // it is named, and not shown
	name     string
	at       Pos
	addr     Value[netip.Addr]
	net      netip.Prefix // that it stands in
	addr6    Value[netip.Addr]
	standby  Value[netip.Addr] // shared with another device (HSRP)
	shared   bool              // the crypto map uses that one
	dynamic  Value[string]     // dhcp, negotiated, or whose address it borrows
	cmap     Value[string]
	shutdown bool
	nat      string // inside or outside

	source, destination Value[string]
	mode                Value[string]
	protection          Value[string] // the ipsec profile
	policy              Value[string] // an access list for it
}

// iface finds an interface by its name.
func (c *cisco) iface(name string) *ciscoIface {
	if c.nameif {
		return c.byIface[strings.ToLower(name)]
	}
	return c.byIface[ifaceName(name)]
}

// showsIfaces reports whether the file shows interfaces: one without is an
// extract.
func (c *cisco) showsIfaces() bool {
	return slices.ContainsFunc(c.ifaces, func(f *ciscoIface) bool { return !f.stub })
}

// address returns the address that IKE has on an interface, towards peers of
// IPv6 if v6.
func (c *cisco) address(f *ciscoIface, key string, v6 bool) Value[[]Address] {
	host := func(v Value[netip.Addr]) Value[[]Address] {
		return Value[[]Address]{V: []Address{{Kind: AddressHost, Text: v.V.String(), First: v.V.Unmap()}}, At: v.At, Origin: Inherited, Key: key}
	}
	switch {
	case f != nil && v6:
		if f.addr6.Origin == Unset {
			return defaulted(key, []Address{{Text: "any"}})
		}
		return host(f.addr6)
	case f != nil && f.shared:
		if f.standby.Origin == Unset {
			return defaulted(key, []Address{{Text: "any"}})
		}
		return host(f.standby)
	}
	for range 4 { // unnumbered
		if f == nil || f.addr.Origin != Unset {
			break
		}
		if f.dynamic.Origin == Unset {
			return defaulted(key, []Address{{Text: "any"}})
		}
		if f.dynamic.Key != "ip unnumbered" {
			return Value[[]Address]{V: []Address{{Kind: AddressMagic, Text: f.dynamic.V}}, At: f.dynamic.At, Origin: f.dynamic.Origin, Key: key}
		}
		f = c.iface(f.dynamic.V)
	}
	if f == nil || f.addr.Origin == Unset {
		return defaulted(key, []Address{{Text: "any"}})
	}
	return host(f.addr)
}

// sixth reports whether the first address of a list is one of IPv6.
func sixth(list []Address) bool {
	return len(list) > 0 && list[0].Kind == AddressHost && list[0].First.Is6()
}

// common reads what all products say alike of an interface; false of anything
// else.
func (f *ciscoIface) common(l *ciscoLine) bool {
	switch {
	case l.is("shutdown"):
		f.shutdown = true
	case l.is("no", "shutdown"):
		f.shutdown = false
	case l.is("tunnel", "destination"):
		f.destination = l.value("tunnel destination", l.arg(2))
	case l.is("tunnel", "mode"):
		f.mode = l.value("tunnel mode", strings.ToLower(strings.Join(l.rest(2), " ")))
	case l.is("tunnel", "protection", "ipsec", "profile"):
		f.protection = l.value("tunnel protection ipsec profile", l.arg(4))
	default:
		return false
	}
	return true
}
