package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// writtenASA writes an end's configuration for a Cisco ASA.
func writtenASA(e end) map[string]string {
	return map[string]string{"show-run.txt": fmt.Sprintf(`: Saved
ASA Version 9.14(2)
hostname gw
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address %s 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address %s 255.255.255.0
object network here
 subnet %s
object network there
 subnet %s
access-list to-peer extended permit ip object here object there
nat (inside,outside) source static here here destination static there there no-proxy-arp route-lookup
nat (inside,outside) after-auto source dynamic any interface
route outside 0.0.0.0 0.0.0.0 %s 1
crypto ipsec ikev1 transform-set TS esp-aes%s esp-%s-hmac
%scrypto map OUT 10 match address to-peer
%scrypto map OUT 10 set peer %s
crypto map OUT 10 set ikev1 transform-set TS
crypto map OUT 10 set security-association lifetime seconds %d
%scrypto map OUT interface outside
crypto ikev1 enable outside
crypto ikev1 policy 10
 authentication pre-share
 encryption aes%s
 hash %s
 group %d
 lifetime %d
tunnel-group %s type ipsec-l2l
tunnel-group %s ipsec-attributes
 ikev1 pre-shared-key %s
: end
`, e.addr, strings.TrimSuffix(e.net, "0/24")+"1", netmask24(e.net), netmask24(e.peerNet), strings.TrimSuffix(e.addr, ".1")+".254",
		bitsASA(e.espBits), sha[e.espHash], pick(e.transport, "crypto ipsec ikev1 transform-set TS mode transport\n", ""),
		pick(e.pfs != 0, fmt.Sprintf("crypto map OUT 10 set pfs group%d\n", e.pfs), ""), e.peer, e.espLife,
		pick(e.aggressive, "crypto map OUT 10 set ikev1 phase1-mode aggressive\n", ""),
		bitsASA(e.bits), sha[e.hash], e.group, e.life, e.peer, e.peer, e.key)}
}

// lacksASA: it has neither SHA-2 nor the larger groups in IKEv1.
func lacksASA(e *end) (hash, group int) {
	e.hash, e.espHash = sha1, sha1
	return md5, 5
}

// netmask24 writes a network of 24 bits with its mask.
func netmask24(net string) string { return strings.TrimSuffix(net, "/24") + " 255.255.255.0" }

// bitsASA is what follows the name of AES.
func bitsASA(n int) string { return pick(n == 128, "", fmt.Sprintf("-%d", n)) }

// What one end's file shows to be missing is found, with the command to write.
func TestFaultsOfASA(t *testing.T) {
	x := end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
		key: "oneSecretOfBoth23", bits: 256, hash: sha1, group: 14, espBits: 256, espHash: sha1, pfs: 14, life: 28800, espLife: 3600}
	y := x
	y.addr, y.peer, y.id, y.peerID, y.net, y.peerNet = x.peer, x.addr, x.peerID, x.id, x.peerNet, x.net
	text := writtenASA(x)["show-run.txt"]
	for _, u := range []struct {
		name, old, new string
		code           diag.Code
		write          string
	}{
		{"not enabled", "crypto ikev1 enable outside\n", "", diag.IKEV1Disabled, "crypto ikev1 enable outside"},
		{"enabled elsewhere", "ikev1 enable outside", "ikev1 enable inside", diag.IKEV1Disabled, "crypto ikev1 enable outside"},
		{"not applied", "crypto map OUT interface outside\n", "", diag.IKEP2CryptomapNotApplied, "crypto map OUT"},
		{"not exempted", "nat (inside,outside) source static here here destination static there there no-proxy-arp route-lookup\n", "", diag.ESPNATBeforeIpsec,
			"nat (inside,outside) 1 source static obj-10.1.0.0 obj-10.1.0.0 destination static obj-10.2.0.0 obj-10.2.0.0"},
		{"no key", " ikev1 pre-shared-key oneSecretOfBoth23\n", " no chain\n", diag.IKEP1PSKMissing, "tunnel-group 198.51.100.9 ipsec-attributes ikev1 pre-shared-key [secret]"},
		{"policy without it", "tunnel-group 198.51.100.9 ipsec-attributes", "group-policy SITES attributes\n vpn-tunnel-protocol ikev2\ntunnel-group 198.51.100.9 general-attributes\n default-group-policy SITES\ntunnel-group 198.51.100.9 ipsec-attributes", diag.IKEV1Disabled,
			"vpn-tunnel-protocol ikev2 ikev1"},
		{"only IKEv2", "set ikev1 transform-set TS", "set ikev2 ipsec-proposal TS", diag.IKEVersionMismatch, ""},
		{"no transform set", "transform-set TS esp-aes-256", "transform-set OTHER esp-aes-256", diag.CFGParseError, ""},
	} {
		broken := strings.Replace(text, u.old, u.new, 1)
		if broken == text {
			t.Fatalf("%s: no %q", u.name, u.old)
		}
		r := diagnose(t, append(inputsOf(y, "swanctl"), memory("gw/show-run.txt", x.addr, []byte(broken))))
		n, f := rank(r, []string{string(u.code)})
		if f == nil || n > 0 {
			t.Errorf("%s: rank %d: %+v", u.name, n, r.Findings)
			continue
		}
		found := u.write == ""
		for _, m := range f.Remedies {
			found = found || strings.TrimSpace(m.Setting+" "+m.Value) == u.write
		}
		if !found {
			t.Errorf("%s: %+v", u.name, f.Remedies)
		}
	}
}
