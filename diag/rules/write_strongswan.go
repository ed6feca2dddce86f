package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeSwanctl = writing{
	algorithms: ike.DialectStrongSwan,
	versions:   [2]string{"1", "2"},
	modes:      [2]string{"no", "yes"},
	auths:      [2]string{"psk", "pubkey"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    secondsWithUnit,
	subnet:     ike.Selector.String,
	lists:      true,
	identity:   strongSwanIdentity,
}

var writeStrongSwan = writing{
	algorithms: ike.DialectStrongSwan,
	strict:     "!",
	versions:   [2]string{"ikev1", "ikev2"},
	modes:      [2]string{"no", "yes"},
	auths:      [2]string{"psk", "pubkey"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    secondsWithUnit,
	subnet:     ike.Selector.String,
	lists:      true,
	identity:   strongSwanIdentity,
}

func secondsWithUnit(n uint32) string { return fmt.Sprintf("%ds", n) }

func strongSwanIdentity(id ike.Identity, _ string) string {
	switch id.Type {
	case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDFQDN, isakmp.IDUserFQDN:
		return diag.Clean(id.Value, 160)
	case isakmp.IDKeyID:
		return "keyid:" + diag.Clean(id.Value, 160)
	}
	return ""
}
