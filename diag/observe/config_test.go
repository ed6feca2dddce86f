package observe_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

type collected []*diag.Connection

func (c *collected) Observe(o *diag.Observation) {
	if b, ok := o.Body.(*diag.Connection); ok {
		*c = append(*c, b)
	}
}

func readConfig(t *testing.T, text, secrets string) collected {
	t.Helper()
	var got collected
	o := observe.Config{To: &got, Digest: []byte("key")}
	if secrets != "" {
		o.Secrets = []observe.SecretsFile{{Name: "ipsec.secrets", Source: 7, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(secrets)), nil
		}}}
	}
	d := observe.Detect([]byte(text))
	if err := o.Read("file", d.Dialect, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return got
}

const sharedPeers = `
conn %default
	keyexchange=ikev1
	left=192.0.2.1
	authby=psk
	auto=add
conn one
	right=198.51.100.1
	rightsubnet=10.2.0.0/24
	xauth_identity=carol
	leftauth2=xauth
conn two
	right=198.51.100.1
	rightsubnet=10.3.0.0/24
conn three
	right=198.51.100.1
	rightsubnet=10.4.0.0/24
conn four
	right=198.51.100.4
conn roaming
	right=%any
conn unloaded
	right=198.51.100.4
	auto=ignore
`

func TestConfigRivals(t *testing.T) {
	got := readConfig(t, sharedPeers, "")
	want := [][2]int{{3, 0}, {2, 1}, {2, 1}, {1, 0}, {0, 0}}
	if len(got) != len(want) {
		t.Fatalf("%d connections", len(got))
	}
	for i, w := range want {
		if got[i].Rivals != w[0] || got[i].Siblings != w[1] {
			t.Errorf("connection %d: %d rivals, %d siblings, want %v", i, got[i].Rivals, got[i].Siblings, w)
		}
	}
}

func TestConfigPlaces(t *testing.T) {
	c := readConfig(t, sharedPeers, "")[0]
	if p := c.At["RemoteAddresses"]; p.Line != 8 || p.Setting != "right" || p.Value != "198.51.100.1" || p.Default {
		t.Errorf("right: %+v", p)
	}
	if p := c.At["Mode"]; !p.Default || p.Setting != "aggressive" || p.Value != "no" {
		t.Errorf("aggressive: %+v", p)
	}
	if p := c.Children[0].At["Remote"]; p.Line != 9 || p.Value != "10.2.0.0/24" {
		t.Errorf("rightsubnet: %+v", p)
	}
	if c.Product != "strongSwan" || c.XAuthRole != diag.XAuthClient || !c.Children[0].FirstOnly {
		t.Errorf("%+v", c)
	}
}

func TestConfigSecrets(t *testing.T) {
	const other = "192.0.2.1 203.0.113.9 : PSK \"not for them\"\n"
	if c := readConfig(t, sharedPeers, "")[0]; c.PSK.State != diag.PSKUnread {
		t.Errorf("no secrets given: %v", c.PSK.State)
	}
	if c := readConfig(t, sharedPeers, "203.0.113.8 203.0.113.9 : PSK \"not for them\"\n")[0]; c.PSK.State != diag.PSKMissing {
		t.Errorf("none for the peer: %v", c.PSK.State)
	}
	if c := readConfig(t, sharedPeers, "include more.secrets\n203.0.113.8 203.0.113.9 : PSK \"x\"\n")[0]; c.PSK.State != diag.PSKUnread {
		t.Errorf("a file was not given: %v", c.PSK.State)
	}
	c := readConfig(t, sharedPeers, other+"192.0.2.1 198.51.100.1 : PSK \"short\"\ncarol : XAUTH \"a password\"\n")[0]
	if c.PSK.State != diag.PSKKnown || !c.PSK.Short || c.PSK.At.Line != 2 || !c.PSK.At.Elsewhere || c.PSK.At.Source != 7 {
		t.Errorf("key: %+v", c.PSK)
	}
	if len(c.Users) != 1 || c.Users[0].Name.Value != "carol" || c.Users[0].Password.State != diag.PSKKnown || c.Users[0].Password.At.Line != 3 {
		t.Errorf("user: %+v", c.Users)
	}
}
