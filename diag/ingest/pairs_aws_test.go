package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// awsPair writes an end of a pair as AWS tells of its own.
func awsPair(e end) map[string]string {
	text := `{
  "VpnConnections": [
    {
      "VpnConnectionId": "vpn-0a",
      "CustomerGatewayConfiguration": "<?xml version=\"1.0\"?>\n<vpn_connection id=\"vpn-0a\"><ipsec_tunnel><customer_gateway><tunnel_outside_address><ip_address>PEER</ip_address></tunnel_outside_address></customer_gateway><vpn_gateway><tunnel_outside_address><ip_address>ADDR</ip_address></tunnel_outside_address></vpn_gateway></ipsec_tunnel></vpn_connection>",
      "Options": {
        "LocalIpv4NetworkCidr": "REMOTENET",
        "RemoteIpv4NetworkCidr": "OWNNET",
        "TunnelOptions": [
          {
            "OutsideIpAddress": "ADDR",
            "PreSharedKey": "%s",
            "Phase1LifetimeSeconds": %d,
            "Phase2LifetimeSeconds": %d,
            "Phase1EncryptionAlgorithms": [{"Value": "AES%d"}],
            "Phase2EncryptionAlgorithms": [{"Value": "AES%d"}],
            "Phase1IntegrityAlgorithms": [{"Value": "%s"}],
            "Phase2IntegrityAlgorithms": [{"Value": "%s"}],
            "Phase1DHGroupNumbers": [{"Value": %d}],
            "Phase2DHGroupNumbers": [{"Value": %d}],
            "IkeVersions": [{"Value": "ikev1"}],
            "StartupAction": "start"
          }
        ]
      }
    }
  ]
}
`
	hash := map[int]string{1: "SHA1", 2: "SHA2-256"}
	text = fmt.Sprintf(text, e.key, e.life, e.espLife, e.bits, e.espBits, hash[e.hash], hash[e.espHash], e.group, e.pfs)
	return map[string]string{"vpn.json": strings.NewReplacer("ADDR", e.addr, "PEER", e.peer, "REMOTENET", e.peerNet, "OWNNET", e.net).Replace(text)}
}

// The XML for the customer's gateway has one suite of those that AWS takes: a
// customer that sets another may be in order, one with another key is not.
func TestAWSCustomerGateway(t *testing.T) {
	const xml = `<?xml version="1.0"?>
<vpn_connection id="vpn-0a">
<ipsec_tunnel>
<customer_gateway><tunnel_outside_address><ip_address>198.51.100.9</ip_address></tunnel_outside_address></customer_gateway>
<vpn_gateway><tunnel_outside_address><ip_address>192.0.2.1</ip_address></tunnel_outside_address></vpn_gateway>
<ike>
<authentication_protocol>sha1</authentication_protocol>
<encryption_protocol>aes-128-cbc</encryption_protocol>
<lifetime>28800</lifetime>
<perfect_forward_secrecy>group2</perfect_forward_secrecy>
<pre_shared_key>oneSecretOfBoth23</pre_shared_key>
</ike>
<ipsec>
<authentication_protocol>hmac-sha1-96</authentication_protocol>
<encryption_protocol>aes-128-cbc</encryption_protocol>
<lifetime>3600</lifetime>
<perfect_forward_secrecy>group2</perfect_forward_secrecy>
</ipsec>
</ipsec_tunnel>
</vpn_connection>
`
	for _, c := range []struct {
		name string
		turn func(e *end)
		code diag.Code
	}{
		{"the suite", func(e *end) { e.bits, e.hash, e.group, e.espBits, e.espHash, e.pfs = 128, 1, 2, 128, 1, 2 }, ""},
		{"another suite", func(*end) {}, ""},
		{"another key", func(e *end) { e.key = "anotherSecretOfThem" }, diag.IKEP1PSKMismatch},
		{"no group for PFS", func(e *end) { e.pfs = 0 }, ""},
	} {
		_, y := racoonEnds()
		c.turn(&y)
		r := diagnose(t, append(inputsOf(y, "swanctl"), memory("aws/vpn.xml", "aws", []byte(xml))))
		if f, ok := r.Cause(); c.code == "" && ok || ok && f.Code != c.code || !ok && c.code != "" {
			t.Errorf("%s: %v", c.name, f.Summary)
		}
	}
}
