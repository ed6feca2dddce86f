package config

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

func TestScreenOSConfigs(t *testing.T) {
	conns := 0
	files(t, recordings.Path(t, "configs/juniper-screenos"), func(base string) bool { return filepath.Ext(base) != ".md" }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		template := strings.Contains(string(decodeText(b)), "<xsl:")
		if err != nil || c.Dialect != ScreenOS || len(c.Problems) > 0 && !template {
			t.Errorf("%s: %s %v %v", p, c.Dialect, err, c.Problems)
			return
		}
		conns += len(c.Connections)
		for _, u := range c.Unknown {
			if !u.Word && !template {
				t.Errorf("%s:%d is not understood", p, u.At.Line)
			}
		}
	})
	if conns == 0 {
		t.Error("no connection")
	}
}

func screenConfig(t *testing.T, lines ...string) *Config {
	t.Helper()
	c, err := Parse("f", strings.NewReader(strings.Join(lines, "\n")), Options{Dialect: ScreenOS})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What the device has by name says what it is.
func TestScreenOSPredefined(t *testing.T) {
	for name, want := range map[string]string{
		"pre-g2-3des-sha": "preshare group2 esp 3des sha-1", "rsa-g5-aes128-md5": "rsa-sig group5 esp aes128 md5", "pre-g14-aes256-sha2-256": "", "x": "", "pre-g2": "",
	} {
		p, ok := predefined(name, ike.ProtocolIKE)
		if ok != (want != "") || ok && p.prop.Config(ike.DialectScreenOS) != want {
			t.Errorf("%s: %v %s", name, ok, p.prop.Config(ike.DialectScreenOS))
		}
	}
	for name, want := range map[string]string{"nopfs-esp-des-md5": "no-pfs esp des md5", "g2-esp-aes128-sha": "group2 esp aes128 sha-1"} {
		p, ok := predefined(name, ike.ProtocolESP)
		if !ok || p.prop.Config(ike.DialectScreenOS) != want {
			t.Errorf("%s: %v %s", name, ok, p.prop.Config(ike.DialectScreenOS))
		}
	}
	for _, x := range screenLevels {
		for name := range strings.FieldsSeq(x.stands) {
			if _, ok := predefined(name, x.proto); !ok {
				t.Errorf("%s: %s", x.level, name)
			}
		}
	}
}

// Definitions are written as they are read.
func TestScreenOSProposals(t *testing.T) {
	for _, text := range []string{"preshare group14 esp aes256 sha2-256", "rsa-sig group5 esp 3des sha-1", "preshare group2 esp des md5"} {
		c := screenConfig(t, `set ike p1-proposal "a" `+text+` second 100`, `set ike gateway "g" address 192.0.2.1 Main preshare x proposal "a"`, `set vpn "v" gateway "g" tunnel proposal "b"`)
		k := &c.Connections[0]
		if got := k.Proposals.V.List[0].Config(ike.DialectScreenOS); got != text || k.Lifetime.Total.V != 100 {
			t.Errorf("got %s, want %s; %v", got, text, k.Lifetime.Total.V)
		}
	}
	for text, life := range map[string]uint32{"group14 esp aes256 sha2-256 hour 2": 7200, "no-pfs ah sha-1 minutes 5": 300, "group2 esp des md5 day 1": 86400} {
		c := screenConfig(t, `set ike p2-proposal "b" `+text, `set ike gateway "g" address 192.0.2.1 Main preshare x`, `set vpn "v" gateway "g" tunnel proposal "b"`)
		kid := &c.Connections[0].Children[0]
		if got := kid.Proposals.V.List[0].Config(ike.DialectScreenOS); !strings.HasPrefix(text, got) || kid.Lifetime.Life.V != life {
			t.Errorf("got %s, want %s; %v", got, text, kid.Lifetime.Life.V)
		}
	}
}

// What a device shows is encrypted; what was written for one is plain.
func TestScreenOSKeys(t *testing.T) {
	for key, hidden := range map[string]bool{"plain": false, "ogSJTdwBNf58VIsl8aCB4aJOcBnsRK3HXdaiQDgKNZVD": true, "****": true, "abcd1234": false} {
		c := screenConfig(t, `set ike gateway "g" address 192.0.2.1 Main preshare "`+key+`" sec-level standard`, `set vpn "v" gateway "g" tunnel sec-level standard`)
		m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]})
		if err != nil || (m.Secret.Origin == Hidden) != hidden || !hidden && string(m.Secret.V.Reveal()) != key {
			t.Errorf("%v, hidden %v", err, m.Secret.Origin == Hidden)
		}
	}
}
