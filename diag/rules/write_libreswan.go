package rules

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeLibreswan = writing{
	algorithms: ike.DialectLibreswan,
	versions:   [2]string{"no", "yes"}, // of ikev2
	modes:      [2]string{"no", "yes"},
	auths:      [2]string{"secret", "rsasig"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    secondsWithUnit,
	subnet:     ike.Selector.String,
	identity: func(id ike.Identity, _ string) string {
		switch id.Type {
		case isakmp.IDIPv4, isakmp.IDIPv6, isakmp.IDUserFQDN:
			return diag.Clean(id.Value, 160)
		case isakmp.IDFQDN:
			return "@" + diag.Clean(id.Value, 160)
		}
		return ""
	},
}
