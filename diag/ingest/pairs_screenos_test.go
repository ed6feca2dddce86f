package ingest_test

import "fmt"

// writeScreenOS writes an end for ScreenOS of Juniper's SSG.
func writeScreenOS(e end) map[string]string {
	return map[string]string{"ssg.cfg": fmt.Sprintf(`set interface "ethernet0/0" zone "Untrust"
set interface "tunnel.1" zone "Untrust"
set interface ethernet0/0 ip %s/24
set interface tunnel.1 ip unnumbered interface ethernet0/0
set ike p1-proposal "one" preshare group%d esp aes%d %s second %d
set ike p2-proposal "two" %s esp aes%d %s second %d
set ike gateway "site" address %s id "%s" %s local-id "%s" outgoing-interface "ethernet0/0" preshare "%s" proposal "one"
set vpn "site" gateway "site" no-replay %s idletime 0 proposal "two"
set vpn "site" id 0x1 bind interface tunnel.1
set vpn "site" proxy-id local-ip %s remote-ip %s "ANY"
set route %s interface tunnel.1
`, e.addr, e.group, e.bits, pick(e.hash == 1, "sha-1", "sha2-256"), e.life,
		pick(e.pfs != 0, fmt.Sprintf("group%d", e.pfs), "no-pfs"), e.espBits, pick(e.espHash == 1, "sha-1", "sha2-256"), e.espLife,
		e.peer, e.peerID, pick(e.aggressive, "Aggr", "Main"), e.id, e.key, pick(e.transport, "transport", "tunnel"), e.net, e.peerNet, e.peerNet)}
}
