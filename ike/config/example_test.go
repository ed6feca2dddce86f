package config_test

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike/config"
)

const branch = `connections {
  hq {
    version = 1
    local_addrs = 192.0.2.1
    remote_addrs = 198.51.100.1
    proposals = aes128-sha256-modp2048
    local { auth = psk
      id = branch.example.com
    }
    remote { auth = psk
      id = hq.example.com
    }
    children {
      net {
        local_ts = 10.1.0.0/24
        remote_ts = 10.0.0.0/16
        esp_proposals = aes128-sha256-modp2048
        start_action = trap
      }
    }
  }
}
`

const hq = `config setup
	ikev1-policy=accept
conn branch
	ikev2=no
	authby=secret
	left=198.51.100.1
	leftid=@hq.example.com
	leftsubnet=10.0.0.0/16
	right=192.0.2.1
	rightid=@branch.example.com
	rightsubnet=10.1.0.0/24
	ike=aes256-sha2_256;modp2048
	esp=aes128-sha2_256;modp2048
	salifetime=1h
	auto=add
`

// Reading one configuration: every value says where it stands.
func ExampleParse() {
	c, err := config.Parse("swanctl.conf", strings.NewReader(branch), config.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	conn := &c.Connections[0]
	fmt.Println(c.Dialect, conn.Name)
	fmt.Println(conn.Remote.ID.V, conn.Remote.ID.Origin, conn.Remote.ID.At)
	fmt.Println(conn.Lifetime.Total.V, conn.Lifetime.Total.Origin)
	// Output:
	// swanctl.conf hq
	// hq.example.com written swanctl.conf:11
	// 15840 default
}

// Comparing the two ends of a tunnel across two formats.
func ExampleCompare() {
	a, _ := config.Parse("branch/swanctl.conf", strings.NewReader(branch), config.Options{})
	b, _ := config.Parse("hq/ipsec.conf", strings.NewReader(hq), config.Options{})
	pairs, _ := config.Match(a, b)
	for _, p := range pairs {
		c := config.Compare(p.A, p.B)
		for _, d := range c.Differences {
			if d.Degree == config.Mismatch {
				fmt.Printf("%v: %s says %s = %s, %s says %s = %s\n", d.Field, d.A.At, d.A.Key, d.A.Text, d.B.At, d.B.Key, d.B.Text)
			}
		}
	}
	// Output:
	// proposals: branch/swanctl.conf:6 says proposals = aes128-sha256-modp2048, hq/ipsec.conf:12 says ike = aes256-sha2_256;modp2048
}

// The key that the daemon would take, without ever showing it.
func ExampleConfig_SecretFor() {
	c, _ := config.Parse("swanctl.conf", strings.NewReader(branch), config.Options{})
	err := c.AddSecrets("ipsec.secrets", strings.NewReader("@hq.example.com : PSK \"swordfish\"\n"), config.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := c.SecretFor(config.SecretQuery{Conn: &c.Connections[0]})
	fmt.Println(m.Secret.V, m.Secret.At, m.By, m.Local, m.Remote, err)
	// Output:
	// [secret] ipsec.secrets:1 identities not exact <nil>
}

// What one configuration shows by itself: an algorithm that nobody knows.
func ExampleLint() {
	c, err := config.Parse("swanctl.conf", strings.NewReader(strings.Replace(branch, "aes128-sha256-modp2048", "aes129-sha256-modp2048", 1)), config.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range config.Lint(c) {
		fmt.Println(i.Effect, i.Kind, i.Setting.At, i.Setting.Key, i.Setting.Text)
	}
	// Output:
	// unwise ikev1 swanctl.conf:3 version IKEv1
	// fails algorithm-unknown swanctl.conf:6 proposals aes129-sha256-modp2048
}
