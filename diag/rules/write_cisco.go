package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeIOS = writing{
	algorithms: ike.DialectCisco,
	single:     true,
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-share", "rsa-sig"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	entry:      func(from, to []ike.Selector, _ string) string { return entry(from, to, false) },
	exempt: func(from, to []ike.Selector, _ string) string {
		if text, ok := strings.CutPrefix(entry(from, to, false), "permit"); ok {
			return "deny" + text
		}
		return ""
	},
	identity: func(id ike.Identity, setting string) string {
		words := map[isakmp.IDType]string{}
		switch setting {
		case "match identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address %s 255.255.255.255", isakmp.IDFQDN: "host %s", isakmp.IDUserFQDN: "user %s"}
		case "self-identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDFQDN: "fqdn %s", isakmp.IDUserFQDN: "user-fqdn %s"}
		case "crypto isakmp identity":
			words = map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDFQDN: "hostname"}
		}
		return strings.ReplaceAll(words[id.Type], "%s", diag.Clean(id.Value, 160))
	},
	pfs: func(g ike.Group, _ string) (string, string) {
		if g == ike.GroupNone {
			return "no set pfs", ""
		}
		return "set pfs", fmt.Sprintf("group%d", g)
	},
	key: func(c *diag.Connection) (string, string) {
		if len(c.RemoteAddresses) == 0 {
			return "", ""
		}
		return "crypto isakmp key", "[secret] address " + c.RemoteAddresses[0].String()
	},
}

// entry is an entry of a Cisco's access list, with netmasks or with masks of the
// bits that do not matter; empty where the selectors are not of that kind.
func entry(from, to []ike.Selector, netmasks bool) string {
	if len(from) != 1 || len(to) != 1 || from[0].Protocol != to[0].Protocol {
		return ""
	}
	a, ok1 := maskText(from[0], netmasks)
	b, ok2 := maskText(to[0], netmasks)
	if !ok1 || !ok2 {
		return ""
	}
	proto := "ip"
	if n := from[0].Protocol; n != 0 {
		proto = fmt.Sprint(n)
		switch n {
		case 1:
			proto = "icmp"
		case 6:
			proto = "tcp"
		case 17:
			proto = "udp"
		case 47:
			proto = "gre"
		}
	}
	return fmt.Sprintf("permit %s %s %s", proto, a, b)
}

// maskText writes an end of an entry: an address, the mask and the port.
func maskText(s ike.Selector, netmask bool) (string, bool) {
	p, ok := s.Prefix()
	if !ok || s.Dynamic || !p.Addr().Is4() {
		return "", false
	}
	text := ""
	switch p.Bits() {
	case 0:
		text = "any"
	case 32:
		text = "host " + p.Addr().String()
	default:
		mask := uint32(1)<<(32-p.Bits()) - 1
		if netmask {
			mask = ^mask
		}
		text = fmt.Sprintf("%v %v", p.Addr(), netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}))
	}
	switch {
	case s.AllPorts():
	case s.PortFrom == s.PortTo:
		text += fmt.Sprintf(" eq %d", s.PortFrom)
	case s.PortFrom < s.PortTo:
		text += fmt.Sprintf(" range %d %d", s.PortFrom, s.PortTo)
	default:
		return "", false
	}
	return text, true
}
