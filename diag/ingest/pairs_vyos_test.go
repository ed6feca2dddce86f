package ingest_test

import "fmt"

// writeVyOS writes an end for VyOS since 1.4, as set commands.
func writeVyOS(e end) map[string]string {
	return map[string]string{"vyos.conf": fmt.Sprintf(`set interfaces ethernet eth0 address '%[1]s/24'
set vpn ipsec authentication psk site id '%[3]s'
set vpn ipsec authentication psk site id '%[4]s'
set vpn ipsec authentication psk site secret '%[5]s'
set vpn ipsec esp-group site lifetime '%[12]d'
set vpn ipsec esp-group site mode '%[13]s'
set vpn ipsec esp-group site pfs '%[14]s'
set vpn ipsec esp-group site proposal 1 encryption 'aes%[15]d'
set vpn ipsec esp-group site proposal 1 hash '%[16]s'
set vpn ipsec ike-group site key-exchange 'ikev1'
set vpn ipsec ike-group site lifetime '%[11]d'
set vpn ipsec ike-group site mode '%[10]s'
set vpn ipsec ike-group site proposal 1 dh-group '%[9]d'
set vpn ipsec ike-group site proposal 1 encryption 'aes%[7]d'
set vpn ipsec ike-group site proposal 1 hash '%[8]s'
set vpn ipsec interface 'eth0'
set vpn ipsec site-to-site peer site authentication local-id '%[3]s'
set vpn ipsec site-to-site peer site authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer site authentication remote-id '%[4]s'
set vpn ipsec site-to-site peer site connection-type 'respond'
set vpn ipsec site-to-site peer site ike-group 'site'
set vpn ipsec site-to-site peer site local-address '%[1]s'
set vpn ipsec site-to-site peer site remote-address '%[2]s'
set vpn ipsec site-to-site peer site tunnel 0 esp-group 'site'
set vpn ipsec site-to-site peer site tunnel 0 local prefix '%[6]s'
set vpn ipsec site-to-site peer site tunnel 0 remote prefix '%[17]s'
`, e.addr, e.peer, e.id, e.peerID, e.key, e.net, e.bits, swanHash(e.hash), e.group, pick(e.aggressive, "aggressive", "main"), e.life,
		e.espLife, pick(e.transport, "transport", "tunnel"), pick(e.pfs != 0, fmt.Sprintf("dh-group%d", e.pfs), "disable"), e.espBits, swanHash(e.espHash), e.peerNet)}
}

// writeEdgeOS writes an end as VyOS had it before, and EdgeOS has it: in curly
// braces, with the key at the peer, which is named by its address.
func writeEdgeOS(e end) map[string]string {
	return map[string]string{"config.boot": fmt.Sprintf(`interfaces {
    ethernet eth0 {
        address %[1]s/24
    }
}
vpn {
    ipsec {
        esp-group site {
            compression disable
            lifetime %[12]d
            mode %[13]s
            pfs %[14]s
            proposal 1 {
                encryption aes%[15]d
                hash %[16]s
            }
        }
        ike-group site {
            key-exchange ikev1
            lifetime %[11]d
            mode %[10]s
            proposal 1 {
                dh-group %[9]d
                encryption aes%[7]d
                hash %[8]s
            }
        }
        ipsec-interfaces {
            interface eth0
        }
        site-to-site {
            peer %[2]s {
                authentication {
                    id %[3]s
                    mode pre-shared-secret
                    pre-shared-secret %[5]s
                    remote-id %[4]s
                }
                connection-type initiate
                default-esp-group site
                ike-group site
                local-address %[1]s
                tunnel 0 {
                    local {
                        prefix %[6]s
                    }
                    remote {
                        prefix %[17]s
                    }
                }
            }
        }
    }
}
`, e.addr, e.peer, e.id, e.peerID, e.key, e.net, e.bits, swanHash(e.hash), e.group, pick(e.aggressive, "aggressive", "main"), e.life,
		e.espLife, pick(e.transport, "transport", "tunnel"), pick(e.pfs != 0, fmt.Sprintf("dh-group%d", e.pfs), "disable"), e.espBits, swanHash(e.espHash), e.peerNet)}
}
