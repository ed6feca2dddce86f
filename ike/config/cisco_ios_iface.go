package config

import (
	"net/netip"
	"strings"
)

// Interfaces of IOS: which address IKE has there, and what they carry.

// ifaceNames are the full names of interfaces that are often abbreviated.
var ifaceNames = [...]string{"gigabitethernet", "fastethernet", "tengigabitethernet", "ethernet", "serial", "loopback", "tunnel", "vlan", "port-channel", "dialer", "virtual-template", "bdi"}

// ifaceName brings an interface's name into one spelling: Gi0/0 and
// GigabitEthernet 0/0 are the same.
func ifaceName(words ...string) string {
	s := strings.ToLower(strings.Join(words, ""))
	i := strings.IndexAny(s, "0123456789")
	if i < 1 {
		return s
	}
	for _, full := range ifaceNames {
		if strings.HasPrefix(full, s[:i]) {
			return full + s[i:]
		}
	}
	return s
}

func (c *ios) interfaceOf(sec *ciscoSection) {
	f := &ciscoIface{name: strings.Join(sec.rest(1), ""), at: sec.at}
	for i := range sec.subs {
		l := &sec.subs[i]
		l.taken = true
		switch {
		case l.is("ip", "address") && !strings.EqualFold(l.arg(len(l.words)-1), "secondary"):
			if a, err := netip.ParseAddr(l.arg(2)); err == nil {
				f.addr = Value[netip.Addr]{V: a, At: l.at, Origin: Written, Key: "ip address"}
			} else {
				f.dynamic = l.value("ip address", strings.ToLower(l.arg(2)))
			}
		case l.is("ipv6", "address"):
			if p, err := netip.ParsePrefix(l.arg(2)); err == nil && !p.Addr().IsLinkLocalUnicast() {
				f.addr6 = Value[netip.Addr]{V: p.Addr(), At: l.at, Origin: Written, Key: "ipv6 address"}
			}
		case l.is("standby") && (strings.EqualFold(l.arg(1), "ip") || strings.EqualFold(l.arg(2), "ip")):
			if a, err := netip.ParseAddr(l.arg(len(l.words) - 1)); err == nil {
				f.standby = Value[netip.Addr]{V: a, At: l.at, Origin: Written, Key: "standby ip"}
			}
		case l.is("ip", "unnumbered"):
			f.dynamic = l.value("ip unnumbered", strings.Join(l.rest(2), ""))
		case l.is("crypto", "map"):
			f.cmap = l.value("crypto map", l.arg(2))
			f.shared = strings.EqualFold(l.arg(3), "redundancy")
		case l.is("no", "crypto", "map"):
			f.cmap = Value[string]{}
		case l.is("ip", "nat", "inside"), l.is("ip", "nat", "outside"):
			f.nat = strings.ToLower(l.arg(2))
		case l.is("tunnel", "source"):
			f.source = l.value("tunnel source", strings.Join(l.rest(2), ""))
		case l.is("tunnel", "protection", "ipsec", "policy"):
			f.policy = l.value("tunnel protection ipsec policy", l.arg(5))
		default:
			l.taken = f.common(l)
		}
	}
	c.ifaces = append(c.ifaces, f)
	c.byIface[ifaceName(f.name)] = f
}
