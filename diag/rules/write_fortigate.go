package rules

import (
	"fmt"
	"net"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeFortiGate = writing{
	algorithms: ike.DialectFortinet,
	versions:   [2]string{"1", "2"},
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"psk", "signature"},
	encaps:     [2]string{"tunnel-mode", "transport-mode"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     fortiSubnet,
	identity: func(id ike.Identity, setting string) string {
		switch id.Type {
		case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDUserFQDN, isakmp.IDFQDN:
			return `"` + diag.Clean(id.Value, 160) + `"`
		}
		return ""
	},
	pfs: func(g ike.Group, setting string) (string, string) {
		switch {
		case g == ike.GroupNone:
			return "set pfs", "disable"
		case setting == "set pfs":
			return "set pfs", fmt.Sprintf("enable, set dhgrp %d", uint16(g))
		}
		return "set dhgrp", fmt.Sprint(uint16(g))
	},
	key: func(*diag.Connection) (string, string) { return "set psksecret", "[secret]" },
}

// fortiSubnet writes a network as an address and its netmask.
func fortiSubnet(s ike.Selector) string {
	p, ok := s.Prefix()
	if !ok || !p.Addr().Is4() {
		return s.String()
	}
	return p.Addr().String() + " " + net.IP(net.CIDRMask(p.Bits(), 32)).String()
}
