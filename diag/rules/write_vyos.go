package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

var writeVyOS = writing{
	algorithms: ike.DialectVyOS,
	single:     true,
	versions:   [2]string{"ikev1", "ikev2"},
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-shared-secret", "x509"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	lists:      true,
	exempt: func(from, to []ike.Selector, _ string) string {
		if len(from) != 1 || len(to) != 1 {
			return ""
		}
		return fmt.Sprintf("source address %v, destination address %v, exclude", from[0], to[0])
	},
	identity: strongSwanIdentity,
	pfs: func(g ike.Group, _ string) (string, string) {
		if g == ike.GroupNone {
			return "pfs", "disable"
		}
		return "pfs", fmt.Sprintf("dh-group%d", g)
	},
	key: func(*diag.Connection) (string, string) { return "secret", "[secret]" },
}
