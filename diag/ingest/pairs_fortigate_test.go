package ingest_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// fortigate writes an end as a backup of FortiOS has it.
func fortigate(e end) map[string]string {
	idType := pick(strings.Contains(e.id, "example"), "fqdn", "address")
	return map[string]string{"backup.conf": fmt.Sprintf(`#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0:vdom=0:user=admin
config system interface
    edit "wan1"
        set vdom "root"
        set ip %s 255.255.255.0
        set type physical
    next
end
config vpn ipsec phase1-interface
    edit "site"
        set interface "wan1"
        set keylife %d
%s        set peertype any
        set net-device disable
        set proposal aes%d-%s
        set localid "%s"
        set localid-type %s
        set dhgrp %d
        set remote-gw %s
        set psksecret "%s"
    next
end
config vpn ipsec phase2-interface
    edit "site"
        set phase1name "site"
        set proposal aes%d-%s
%s        set encapsulation %s
        set keylifeseconds %d
        set src-subnet %s
        set dst-subnet %s
    next
end
config firewall policy
    edit 1
        set srcintf "internal"
        set dstintf "site"
        set srcaddr "all"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "ALL"
    next
end
`, e.addr, e.life, pick(e.aggressive, "        set mode aggressive\n", ""), e.bits, swanHash(e.hash), e.id, idType, e.group, e.peer, e.key,
		e.espBits, swanHash(e.espHash), pick(e.pfs != 0, fmt.Sprintf("        set dhgrp %d\n", e.pfs), "        set pfs disable\n"), pick(e.transport, "transport-mode", "tunnel-mode"), e.espLife,
		netmasked(e.net), netmasked(e.peerNet))}
}

// netmasked writes a network with its netmask.
func netmasked(net string) string {
	p := netip.MustParsePrefix(net)
	return p.Addr().String() + " " + map[int]string{24: "255.255.255.0"}[p.Bits()]
}

// A tunnel that no policy of a backup names does not come up.
func TestFortiGateWithoutPolicy(t *testing.T) {
	x := end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
		key: "oneSecretOfBoth23", bits: 256, hash: 2, group: 14, espBits: 256, espHash: 2, pfs: 14, life: 28800, espLife: 3600}
	text := fortigate(x)["backup.conf"]
	quiet(t, "with a policy", diagnose(t, []ingest.Input{memory("a/backup.conf", "a", []byte(text))}))
	r := diagnose(t, []ingest.Input{memory("a/backup.conf", "a", []byte(strings.Replace(text, `set dstintf "site"`, `set dstintf "wan1"`, 1)))})
	_, f := rank(r, []string{string(diag.IKEP2CryptomapNotApplied)})
	if f == nil || f.Verdict != diag.Likely || len(f.Remedies) == 0 || f.Remedies[0].Value != `set dstintf "site"` {
		t.Errorf("%+v", f)
	}
}
