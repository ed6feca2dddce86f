package ingest_test

import (
	"fmt"
	"strings"
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
