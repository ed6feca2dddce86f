package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// mikrotik writes an end as an export of RouterOS has it.
func mikrotik(e end) map[string]string {
	id := func(s string) string { return pick(strings.Contains(s, "example"), "fqdn:", "address:") + s }
	return map[string]string{"export.rsc": fmt.Sprintf(`# jan/02/2024 10:11:12 by RouterOS 6.49.10
# software id = ABCD-EFGH
#
/ip ipsec profile
add dh-group=%s enc-algorithm=aes-%d hash-algorithm=%s lifetime=%ds name=site
/ip ipsec peer
add address=%s/32 exchange-mode=%s local-address=%s name=site profile=site
/ip ipsec proposal
add auth-algorithms=%s enc-algorithms=aes-%d-cbc lifetime=%ds name=site \
    pfs-group=%s
/ip ipsec identity
add my-id=%s peer=site remote-id=%s \
    secret="%s"
/ip ipsec policy
add dst-address=%s peer=site proposal=site src-address=%s tunnel=%s
/system identity
set name=edge
`, modp[e.group], e.bits, swanHash(e.hash), e.life, e.peer, pick(e.aggressive, "aggressive", "main"), e.addr,
		swanHash(e.espHash), e.espBits, e.espLife, pick(e.pfs != 0, modp[e.pfs], "none"), id(e.id), id(e.peerID), e.key, e.peerNet, e.net, pick(e.transport, "no", "yes"))}
}

// Source NAT that takes the traffic of a policy is found, and what keeps it out
// is said as a command.
func TestMikroTikNAT(t *testing.T) {
	x := end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
		key: "oneSecretOfBoth23", bits: 256, hash: 2, group: 14, espBits: 256, espHash: 2, pfs: 14, life: 28800, espLife: 3600}
	text := mikrotik(x)["export.rsc"]
	const masquerade = "/ip firewall nat\n%sadd action=masquerade chain=srcnat out-interface=ether1\n"
	r := diagnose(t, []ingest.Input{memory("a/export.rsc", "a", []byte(text+fmt.Sprintf(masquerade, "")))})
	_, f := rank(r, []string{string(diag.ESPNATBeforeIpsec)})
	if f == nil || len(f.Remedies) == 0 || f.Remedies[0].Value != "add chain=srcnat action=accept src-address=10.1.0.0/24 dst-address=10.2.0.0/24 place-before=0" {
		t.Errorf("%+v", f)
	}
	r = diagnose(t, []ingest.Input{memory("a/export.rsc", "a", []byte(text+fmt.Sprintf(masquerade, "add action=accept chain=srcnat dst-address=10.2.0.0/24 src-address=10.1.0.0/24\n")))})
	quiet(t, "an exemption", r)
}
