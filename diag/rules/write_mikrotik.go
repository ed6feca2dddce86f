package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

var writeMikroTik = writing{
	algorithms: ike.DialectRouterOS,
	versions:   [2]string{"main", "ike2"}, // of exchange-mode
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre-shared-key", "digital-signature"},
	encaps:     [2]string{"yes", "no"}, // of tunnel
	seconds:    func(n uint32) string { return fmt.Sprintf("%ds", n) },
	subnet:     ike.Selector.String,
	identity: func(id ike.Identity, setting string) string {
		words := map[isakmp.IDType]string{isakmp.IDIPv4: "address:", isakmp.IDIPv6: "address:", isakmp.IDFQDN: "fqdn:", isakmp.IDUserFQDN: "user-fqdn:", isakmp.IDKeyID: "key-id:"}
		if w, ok := words[id.Type]; ok {
			return w + diag.Clean(id.Value, 160)
		}
		return ""
	},
	pfs: func(g ike.Group, _ string) (string, string) {
		p := ike.Proposal{Protocol: ike.ProtocolIKE, Groups: []ike.Group{g}}
		return "pfs-group", strings.TrimPrefix(p.Config(ike.DialectRouterOS), "dh-group ")
	},
	exempt: func(from, to []ike.Selector, _ string) string {
		if len(from) != 1 || len(to) != 1 {
			return ""
		}
		a, ok1 := from[0].Prefix()
		b, ok2 := to[0].Prefix()
		if !ok1 || !ok2 {
			return ""
		}
		// The ports do not matter: what else is between the two is let be, too.
		return fmt.Sprintf("add chain=srcnat action=accept src-address=%v dst-address=%v place-before=0", a, b)
	},
	key: func(*diag.Connection) (string, string) { return "secret", "[secret]" },
}
