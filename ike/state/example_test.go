package state_test

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike/state"
)

func ExampleParse() {
	dump := `vpn: #1, ESTABLISHED, IKEv1, 4ed43d3f6ef826aa_i* 21e8f5df0e61754c_r
  local  'gw-a.example.com' @ 192.0.2.1[4500]
  remote 'gw-b.example.com' @ 198.51.100.1[4500]
  AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
  established 3s ago, rekeying in 13248s
  lan: #1, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_CBC-128/HMAC_SHA2_256_128
    installed 3s ago, rekeying in 3525s, expires in 3958s
    in  cd0bf0a3,      0 bytes,     0 packets
    out c7c654ba,    252 bytes,     3 packets,     0s ago
    local  10.8.0.0/24
    remote 10.162.0.0/24
`
	st, err := state.Parse("gw-a.txt", strings.NewReader(dump))
	if err != nil {
		fmt.Println(err)
	}
	for _, sa := range st.SAs {
		fmt.Printf("%s with %s: %s, %s\n", sa.Name, sa.Remote.Identity, sa.State, sa.Role)
		for _, c := range sa.Children {
			fmt.Printf("line %d: %s %s %s, %d packets in, %d out\n", c.Line, c.Name, c.Protocol, c.State, c.In.Packets, c.Out.Packets)
		}
	}
	// Output:
	// vpn with gw-b.example.com: established, initiator
	// line 6: lan ESP installed, 0 packets in, 3 out
}
