package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeJunos = writing{
	algorithms: ike.DialectJunos,
	single:     true,
	versions:   [2]string{"v1-only", "v2-only"},
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-shared-keys", "rsa-signatures"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	exempt: func(from, to []ike.Selector, _ string) string {
		if len(from) != 1 || len(to) != 1 {
			return ""
		}
		return fmt.Sprintf("match source-address %v destination-address %v, then source-nat off", from[0], to[0])
	},
	identity: func(id ike.Identity, _ string) string {
		words := map[isakmp.IDType]string{isakmp.IDIPv4: "inet ", isakmp.IDIPv6: "inet6 ", isakmp.IDFQDN: "hostname ", isakmp.IDUserFQDN: "user-at-hostname ", isakmp.IDKeyID: "key-id "}
		if w := words[id.Type]; w != "" {
			return w + diag.Clean(id.Value, 160)
		}
		return ""
	},
	pfs: func(g ike.Group, setting string) (string, string) {
		if g == ike.GroupNone {
			return "delete " + setting, ""
		}
		return setting, fmt.Sprintf("group%d", g)
	},
	key: func(*diag.Connection) (string, string) { return "pre-shared-key ascii-text", "[secret]" },
}
