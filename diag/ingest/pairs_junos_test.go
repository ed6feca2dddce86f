package ingest_test

import (
	"fmt"
	"strings"
)

// writeJunos writes an end for Juniper's SRX, in curly braces.
func writeJunos(e end) map[string]string {
	identity := func(id string) string {
		return pick(strings.Contains(id, "example"), "hostname ", "inet ") + id
	}
	return map[string]string{"junos.conf": fmt.Sprintf(`version 15.1X49-D170.4;
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address %s/24;
            }
        }
    }
    st0 {
        unit 0 {
            family inet;
        }
    }
}
security {
    ike {
        proposal one {
            authentication-method pre-shared-keys;
            dh-group group%d;
            authentication-algorithm %s;
            encryption-algorithm aes-%d-cbc;
            lifetime-seconds %d;
        }
        policy site {
            mode %s;
            proposals one;
            pre-shared-key ascii-text "%s"; ## SECRET-DATA
        }
        gateway site {
            ike-policy site;
            address %s;
            local-identity %s;
            remote-identity %s;
            external-interface ge-0/0/0.0;
            version v1-only;
        }
    }
    ipsec {
        proposal two {
            protocol esp;
            authentication-algorithm %s;
            encryption-algorithm aes-%d-cbc;
            lifetime-seconds %d;
        }
        policy site {
            %s
            proposals two;
        }
        vpn site {
            bind-interface st0.0;
            ike {
                gateway site;
                proxy-identity {
                    local %s;
                    remote %s;
                }
                ipsec-policy site;
            }
        }
    }
    zones {
        security-zone outside {
            host-inbound-traffic {
                system-services {
                    ike;
                }
            }
            interfaces {
                ge-0/0/0.0;
            }
        }
        security-zone vpn {
            interfaces {
                st0.0;
            }
        }
    }
}
`, e.addr, e.group, pick(e.hash == 1, "sha1", "sha-256"), e.bits, e.life, pick(e.aggressive, "aggressive", "main"), e.key, e.peer, identity(e.id), identity(e.peerID),
		pick(e.espHash == 1, "hmac-sha1-96", "hmac-sha-256-128"), e.espBits, e.espLife,
		pick(e.pfs != 0, fmt.Sprintf("perfect-forward-secrecy { keys group%d; }", e.pfs), ""), e.net, e.peerNet)}
}
