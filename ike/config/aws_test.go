package config

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

func TestAWSConfigs(t *testing.T) {
	n := 0
	files(t, recordings.Path(t, "configs/aws"), func(base string) bool { return strings.HasSuffix(base, ".json") }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Fatal(err)
		}
		n++
		if len(c.Connections) != 2 || len(c.Problems) > 0 {
			t.Errorf("%s: %d connections, %v", p, len(c.Connections), c.Problems)
		}
		for i := range c.Connections {
			k := &c.Connections[i]
			_, ok1 := k.Local.Host()
			_, ok2 := k.Remote.Host()
			if m, err := c.SecretFor(SecretQuery{Conn: k}); !ok1 || !ok2 || err != nil || m.Secret.V.Len() == 0 {
				t.Errorf("%s: %+v %v", p, k.Local.Addresses, err)
			}
		}
		for _, u := range c.Unknown {
			if !u.Word {
				t.Errorf("%s:%d: %s is not a word of the format", p, u.At.Line, u.Section)
			}
		}
	})
	if n != 1 {
		t.Errorf("%d files", n)
	}
}

// Faults and depth cost what stands behind them.
func TestAWSHostile(t *testing.T) {
	whole := string(file(t, "testdata/aws/vpn.json"))
	for i := 0; i < len(whole); i += 37 {
		c, err := Parse("f", strings.NewReader(whole[:i]), Options{Dialect: AWS})
		if err != nil || i > 0 && i < len(whole)-4 && len(c.Problems) == 0 {
			t.Errorf("%d: %v, %v", i, err, c.Problems)
		}
		Lint(c)
	}
	for _, text := range []string{
		strings.Repeat(`{"VpnConnections":[`, 50000), strings.Repeat("[", 100000), `{"VpnConnections":[{"Options":{"TunnelOptions":[{"Phase1EncryptionAlgorithms":{"Value":{"Value":1}}}]}}]}`,
		`{"VpnConnections":[{"CustomerGatewayConfiguration":"<vpn_connection><ipsec_tunnel>"}]}`, `{"VpnConnections":null}`, `{"VpnConnections":[{"CustomerGatewayConfiguration":{"a":1}}]}`,
	} {
		c, err := Parse("f", strings.NewReader(text), Options{Dialect: AWS})
		if err != nil {
			t.Error(err)
		}
		Lint(c)
	}
	many := "{\"VpnConnections\":[" + strings.Repeat(`{"Options":{"TunnelOptions":[{"OutsideIpAddress":"192.0.2.1"}]}},`, 500) + "{}]}"
	c, _ := Parse("f", strings.NewReader(many), Options{Limits: Limits{Connections: 20}})
	if len(c.Connections) != 20 || len(c.Cut) == 0 {
		t.Errorf("%d connections, %v", len(c.Connections), c.Cut)
	}
}

func TestAWSNames(t *testing.T) {
	for name, want := range map[string]string{"AES128": "AES_CBC_128", "aes-256-cbc": "AES_CBC_256", "AES256-GCM-16": "AES_GCM_16_256", "DES": "", "AES": "", "AES256-GCM-8": ""} {
		c, ok := awsCipher(name)
		if got := fmt.Sprint(c); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, want := range map[string]string{"SHA1": "HMAC_SHA1_96", "SHA2-256": "HMAC_SHA2_256_128", "hmac-sha1-96": "HMAC_SHA1_96", "hmac-sha2-512-256": "HMAC_SHA2_512_256", "sha-256": "HMAC_SHA2_256_128", "md5": ""} {
		i, ok := awsHash(name)
		if ok != (want != "") || ok && i.String() != want {
			t.Errorf("%s: %s", name, i)
		}
	}
}
