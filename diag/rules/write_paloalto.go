package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writePaloAlto = writing{
	algorithms: ike.DialectPaloAlto,
	versions:   [2]string{"ikev1", "ikev2"},
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-shared-key", "certificate"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprintf("seconds %d", n) },
	subnet:     ike.Selector.String,
	identity: func(id ike.Identity, _ string) string {
		words := map[isakmp.IDType]string{isakmp.IDIPv4: "ipaddr", isakmp.IDIPv6: "ipaddr", isakmp.IDFQDN: "fqdn", isakmp.IDUserFQDN: "ufqdn", isakmp.IDKeyID: "keyid"}
		if w, ok := words[id.Type]; ok {
			return "type " + w + " id " + diag.Clean(id.Value, 160)
		}
		return ""
	},
	pfs: func(g ike.Group, _ string) (string, string) {
		if g == ike.GroupNone {
			return "dh-group", "no-pfs"
		}
		return "dh-group", fmt.Sprintf("group%d", uint16(g))
	},
	key: func(*diag.Connection) (string, string) { return "pre-shared-key key", "[secret]" },
}
