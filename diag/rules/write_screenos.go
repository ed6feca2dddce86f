package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeScreenOS = writing{
	algorithms: ike.DialectScreenOS,
	single:     true,
	modes:      [2]string{"Main", "Aggr"},
	auths:      [2]string{"preshare", "cert"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	identity: func(id ike.Identity, _ string) string {
		switch id.Type {
		case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDFQDN, isakmp.IDUserFQDN:
			return diag.Clean(id.Value, 160)
		}
		return ""
	},
	entry: func(from, to []ike.Selector, _ string) string {
		if len(from) != 1 || len(to) != 1 {
			return ""
		}
		return fmt.Sprintf("local-ip %v remote-ip %v", from[0], to[0])
	},
	key: func(*diag.Connection) (string, string) { return "preshare", "[secret]" },
}
