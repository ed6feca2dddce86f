package config

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

func TestVyOSConfigs(t *testing.T) {
	conns, statements := 0, 0
	files(t, recordings.Path(t, "configs/vyos"), func(base string) bool { return filepath.Ext(base) == ".config" }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil || c.Dialect != VyOS || len(c.Problems) > 0 || c.Recognized != c.Units || len(c.Undefined()) > 0 {
			t.Errorf("%s: %s %v %v, %d of %d statements", p, c.Dialect, err, c.Problems, c.Recognized, c.Units)
			return
		}
		conns += len(c.Connections)
		statements += c.Units
		for _, i := range Lint(c) {
			if !i.Kind.Practice() {
				t.Errorf("%s: %s %s", p, i.Kind, i.Subject)
			}
		}
	})
	t.Logf("%d connections, %d statements", conns, statements)
	if conns == 0 {
		t.Error("no connection")
	}
}

func vyosConfig(t *testing.T, lines ...string) *Config {
	t.Helper()
	c, err := Parse("f", strings.NewReader(strings.Join(lines, "\n")), Options{Dialect: VyOS})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Source NAT takes what no rule before excludes.
func TestVyOSTranslated(t *testing.T) {
	const rule = "set nat source rule "
	for _, x := range []struct {
		rules string
		want  string
	}{
		{"", ""},
		{"20 translation address masquerade", "rule 20"},
		{"20 source address 10.1.0.0/16|20 translation address masquerade", "rule 20"},
		{"20 source address 10.7.0.0/16|20 translation address masquerade", ""},
		{"20 translation address masquerade|10 exclude|10 destination address 10.2.0.0/24", ""},
		{"20 translation address masquerade|30 exclude|30 destination address 10.2.0.0/24", "rule 20"},
		{"20 translation address masquerade|10 exclude|10 destination address 10.2.0.0/25", ""}, // a part of it
		{"20 translation address masquerade|10 exclude|10 destination address 10.9.0.0/24", "rule 20"},
		{"20 destination address !10.2.0.0/16|20 translation address masquerade", ""},
		{"20 destination address !10.9.0.0/16|20 translation address masquerade", "rule 20"},
		{"20 translation address masquerade|20 disable", ""},
		{"20 protocol tcp|20 translation address masquerade", ""},
		{"20 destination group network-group N|20 translation address masquerade", ""},
	} {
		lines := []string{"set vpn ipsec site-to-site peer 192.0.2.1 tunnel 0 local prefix 10.1.0.0/24", "set vpn ipsec site-to-site peer 192.0.2.1 tunnel 0 remote prefix 10.2.0.0/24"}
		for l := range strings.SplitSeq(x.rules, "|") {
			if l != "" {
				lines = append(lines, rule+l)
			}
		}
		if got := vyosConfig(t, lines...).Connections[0].Children[0].Translated.V; got != x.want {
			t.Errorf("%s: got %q, want %q", x.rules, got, x.want)
		}
	}
}

func TestVyOSKeys(t *testing.T) {
	const peer = "set vpn ipsec site-to-site peer "
	for _, x := range []struct {
		name, lines, want string
		hidden            bool
	}{
		{"at the peer", peer + "192.0.2.1 authentication pre-shared-secret one|" + peer + "192.0.2.1 local-address 192.0.2.2", "one", false},
		{"apart", peer + "a remote-address 192.0.2.1|" + peer + "a authentication mode pre-shared-secret|set vpn ipsec authentication psk x id 192.0.2.1|set vpn ipsec authentication psk x secret two", "two", false},
		{"base64", peer + "a remote-address 192.0.2.1|" + peer + "a authentication mode pre-shared-secret|set vpn ipsec authentication psk x secret dGhyZWU=|set vpn ipsec authentication psk x secret-type base64", "three", false},
		{"taken out", peer + "192.0.2.1 authentication pre-shared-secret xxxxxx", "", true},
		{"stars", peer + "192.0.2.1 authentication pre-shared-secret ****************", "", true},
	} {
		c := vyosConfig(t, strings.Split(x.lines, "|")...)
		m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]})
		if err != nil || string(m.Secret.V.Reveal()) != x.want || (m.Secret.Origin == Hidden) != x.hidden {
			t.Errorf("%s: %v, %d octets, %v", x.name, err, m.Secret.V.Len(), m.Secret.Origin)
		}
	}
}

// Since 1.4 the daemon hears what comes for the addresses of its interfaces.
func TestVyOSHeard(t *testing.T) {
	base := []string{"set interfaces ethernet eth0 address 192.0.2.2/24", "set vpn ipsec site-to-site peer a remote-address 192.0.2.1", "set vpn ipsec site-to-site peer a local-address 192.0.2.2"}
	for line, want := range map[string]bool{
		"set vpn ipsec interface eth0": false, "set vpn ipsec interface eth1": true, "set vpn ipsec interface eth1\nset vpn ipsec interface eth0": false,
		"set vpn ipsec ipsec-interfaces interface eth1": false, "": false,
	} {
		got := slices.ContainsFunc(Lint(vyosConfig(t, append(base, line)...)), func(i Issue) bool { return i.Kind == IssueNotLetIn })
		if got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

// What VyOS means by a peer's name.
func TestVyOSPeers(t *testing.T) {
	for name, want := range map[string]AddressKind{"192.0.2.1": AddressHost, "2001:db8::1": AddressHost, "any": AddressAny, "@a.example.net": AddressAny, "gw.example.net": AddressName, "branch": AddressAny, "0.0.0.0": AddressAny} {
		c := vyosConfig(t, "set vpn ipsec site-to-site peer "+name+" local-address any")
		if k := &c.Connections[0]; k.Remote.Addresses.V[0].Kind != want || want == AddressAny != k.Passive() {
			t.Errorf("%s: %v passive=%v", name, k.Remote.Addresses.V, k.Passive())
		}
	}
}

// A combined mode has no hash of its own; in phase 1 its hash is for the keys.
func TestVyOSCombined(t *testing.T) {
	c := vyosConfig(t, "set vpn ipsec ike-group g proposal 1 encryption aes256gcm128", "set vpn ipsec ike-group g proposal 1 hash sha384", "set vpn ipsec esp-group e proposal 1 encryption aes256gcm128",
		"set vpn ipsec site-to-site peer 192.0.2.1 ike-group g", "set vpn ipsec site-to-site peer 192.0.2.1 vti bind vti0", "set vpn ipsec site-to-site peer 192.0.2.1 vti esp-group e")
	k := &c.Connections[0]
	if p := k.Proposals.V.List[0]; len(p.Integrity) > 0 || !slices.Equal(p.PRF, []ike.PRF{ike.IntegritySHA384.PRF()}) {
		t.Errorf("phase 1: %v", p)
	}
	if p := k.Children[0].Proposals.V.List[0]; len(p.Integrity) > 0 || !slices.Equal(p.Groups, []ike.Group{ike.GroupMODP1024}) {
		t.Errorf("phase 2: %v", p)
	}
}
