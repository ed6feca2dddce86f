package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeASA = writing{
	algorithms: ike.DialectASA,
	single:     true,
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-share", "rsa-sig"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	entry:      func(from, to []ike.Selector, _ string) string { return entry(from, to, true) },
	exempt: func(from, to []ike.Selector, setting string) string {
		a, ok1 := object(from)
		b, ok2 := object(to)
		if !ok1 || !ok2 || !strings.Contains(setting, ",") { // before 8.3 it takes an access list
			return ""
		}
		return fmt.Sprintf("1 source static %s %s destination static %s %s", a, a, b, b)
	},
	identity: func(id ike.Identity, setting string) string {
		if setting != "crypto isakmp identity" {
			return ""
		}
		words := map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDFQDN: "hostname", isakmp.IDKeyID: "key-id " + diag.Clean(id.Value, 160)}
		return words[id.Type]
	},
	pfs: func(g ike.Group, setting string) (string, string) {
		if g == ike.GroupNone {
			return "no " + setting, ""
		}
		return setting, fmt.Sprintf("group%d", g)
	},
	key: func(c *diag.Connection) (string, string) {
		if len(c.RemoteAddresses) == 0 {
			return "", ""
		}
		return fmt.Sprintf("tunnel-group %v ipsec-attributes", c.RemoteAddresses[0]), "ikev1 pre-shared-key [secret]"
	},
}

// object names a network in the way in which the device itself does where it
// makes an object of one.
func object(list []ike.Selector) (string, bool) {
	if len(list) != 1 || list[0].Dynamic {
		return "", false
	}
	p, ok := list[0].Prefix()
	return "obj-" + p.Addr().String(), ok && p.Addr().Is4() && p.Bits() > 0
}
