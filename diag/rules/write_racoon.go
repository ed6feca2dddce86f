package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeRacoon = writing{
	algorithms: ike.DialectRacoon,
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre_shared_key", "rsasig"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprintf("%d sec", n) },
	subnet:     ike.Selector.String,
	entry: func(from, to []ike.Selector, setting string) string {
		if len(from) != 1 || len(to) != 1 || from[0].Protocol != to[0].Protocol {
			return ""
		}
		a, ok1 := racoonEnd(from[0])
		b, ok2 := racoonEnd(to[0])
		switch {
		case !ok1 || !ok2:
			return ""
		case setting == "spdadd":
			return fmt.Sprintf("%s %s %s", a, b, racoonProtocol(from[0].Protocol))
		}
		proto := racoonProtocol(from[0].Protocol)
		return fmt.Sprintf("address %s %s address %s %s", a, proto, b, proto)
	},
	identity: func(id ike.Identity, _ string) string {
		word := map[isakmp.IDType]string{
			isakmp.IDIPv4: "address %s", isakmp.IDIPv6: "address %s", isakmp.IDFQDN: "fqdn %q", isakmp.IDUserFQDN: "user_fqdn %q", isakmp.IDDERDN: "asn1dn %q",
			isakmp.IDKeyID: "keyid tag %q",
		}[id.Type]
		if word == "" || id.FromCert {
			return ""
		}
		return fmt.Sprintf(word, diag.Clean(id.Value, 160))
	},
	pfs: func(g ike.Group, _ string) (string, string) {
		if g == ike.GroupNone {
			return "no pfs_group", ""
		}
		return "pfs_group", fmt.Sprint(uint16(g))
	},
	key: func(c *diag.Connection) (string, string) {
		if len(c.RemoteAddresses) == 0 {
			return "", ""
		}
		return c.RemoteAddresses[0].String(), "[secret]"
	},
}

// racoonEnd writes an end of a policy: a subnet and the port.
func racoonEnd(s ike.Selector) (string, bool) {
	p, ok := s.Prefix()
	if !ok || s.Dynamic {
		return "", false
	}
	text := p.String()
	if p.IsSingleIP() {
		text = p.Addr().String()
	}
	switch {
	case s.AllPorts():
	case s.PortFrom == s.PortTo:
		text += fmt.Sprintf("[%d]", s.PortFrom)
	default:
		return "", false
	}
	return text, true
}

// racoonProtocol names a protocol as setkey does.
func racoonProtocol(n uint8) string {
	switch n {
	case 0:
		return "any"
	case 1:
		return "icmp"
	case 6:
		return "tcp"
	case 17:
		return "udp"
	case 58:
		return "icmp6"
	}
	return fmt.Sprint(n)
}
