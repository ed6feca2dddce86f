package ingest_test

import (
	"fmt"
	"strings"
)

// paloAlto writes an end as set commands of PAN-OS.
func paloAlto(e end) map[string]string {
	id := func(s string) string {
		return pick(strings.Contains(s, "example"), "type fqdn id ", "type ipaddr id ") + s
	}
	mode := ""
	if e.transport {
		mode = "set network tunnel ipsec SITE ipsec-mode transport\n"
	}
	return map[string]string{"set.txt": fmt.Sprintf(`set deviceconfig system hostname edge
set network ike crypto-profiles ike-crypto-profiles SITE encryption aes-%d-cbc
set network ike crypto-profiles ike-crypto-profiles SITE hash %s
set network ike crypto-profiles ike-crypto-profiles SITE dh-group group%d
set network ike crypto-profiles ike-crypto-profiles SITE lifetime seconds %d
set network ike crypto-profiles ipsec-crypto-profiles SITE esp encryption aes-%d-cbc
set network ike crypto-profiles ipsec-crypto-profiles SITE esp authentication %s
set network ike crypto-profiles ipsec-crypto-profiles SITE dh-group %s
set network ike crypto-profiles ipsec-crypto-profiles SITE lifetime seconds %d
set network ike gateway SITE authentication pre-shared-key key %s
set network ike gateway SITE protocol ikev1 ike-crypto-profile SITE
set network ike gateway SITE protocol ikev1 exchange-mode %s
set network ike gateway SITE protocol version ikev1
set network ike gateway SITE protocol-common nat-traversal enable yes
set network ike gateway SITE local-address interface ethernet1/1
set network ike gateway SITE local-address ip %s/24
set network ike gateway SITE peer-address ip %s
set network ike gateway SITE local-id %s
set network ike gateway SITE peer-id %s
%sset network tunnel ipsec SITE auto-key ike-gateway SITE
set network tunnel ipsec SITE auto-key ipsec-crypto-profile SITE
set network tunnel ipsec SITE auto-key proxy-id LAN local %s
set network tunnel ipsec SITE auto-key proxy-id LAN remote %s
set network tunnel ipsec SITE tunnel-interface tunnel.1
`, e.bits, swanHash(e.hash), e.group, e.life, e.espBits, swanHash(e.espHash), pick(e.pfs != 0, fmt.Sprintf("group%d", e.pfs), "no-pfs"), e.espLife, e.key,
		pick(e.aggressive, "aggressive", "main"), e.addr, e.peer, id(e.id), id(e.peerID), mode, e.net, e.peerNet)}
}
