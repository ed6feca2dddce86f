package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// writePfSense is for the elements of a config.xml, which pages of the web
// interface have under like names.
var writePfSense = writing{
	algorithms: ike.DialectPfSense,
	single:     true,
	versions:   [2]string{"ikev1", "ikev2"},
	modes:      [2]string{"main", "aggressive"},
	auths:      [2]string{"pre_shared_key", "cert"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	identity: func(id ike.Identity, setting string) string {
		kind := map[isakmp.IDType]string{isakmp.IDIPv4: "address", isakmp.IDIPv6: "address", isakmp.IDFQDN: "fqdn", isakmp.IDUserFQDN: "user_fqdn", isakmp.IDDERDN: "asn1dn", isakmp.IDKeyID: "keyid tag"}[id.Type]
		if kind == "" || id.FromCert {
			return ""
		}
		return kind + " " + diag.Clean(id.Value, 160)
	},
	pfs: func(g ike.Group, _ string) (string, string) { return "pfsgroup", fmt.Sprint(uint16(g)) },
}

// writeOPNsense is for the newer model of OPNsense, which has swanctl.conf's
// settings and writes yes and no as numbers.
var writeOPNsense = writing{
	algorithms: ike.DialectStrongSwan,
	versions:   [2]string{"1", "2"},
	modes:      [2]string{"0", "1"},
	auths:      [2]string{"psk", "pubkey"},
	encaps:     [2]string{"tunnel", "transport"},
	seconds:    func(n uint32) string { return fmt.Sprint(n) },
	subnet:     ike.Selector.String,
	lists:      true,
	identity:   strongSwanIdentity,
}
