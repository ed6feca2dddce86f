package config

import (
	"bytes"
	"errors"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

// racoonGateway reads a racoon.conf with its keys and its policies.
func racoonGateway(t *testing.T, conf string, more ...string) *Config {
	t.Helper()
	c, err := Parse("racoon.conf", strings.NewReader(conf), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range more {
		if err := c.AddSecrets("more", strings.NewReader(m), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// A racoon.conf, its keys and its policies are one gateway's configuration.
func TestRacoonJoined(t *testing.T) {
	c, err := Parse("hub.conf", bytes.NewReader(file(t, "testdata/racoon/hub.conf")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"psk.txt", "setkey.conf"} {
		if err := c.AddSecrets(name, bytes.NewReader(file(t, "testdata/racoon/"+name)), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "testdata/racoon/joined.golden", dump(c))
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const racoonText = "remote anonymous { exchange_mode %; proposal { encryption_algorithm aes 256; hash_algorithm sha1; authentication_method pre_shared_key; dh_group 2; } }\n" +
	"sainfo anonymous { encryption_algorithm aes; authentication_algorithm hmac_sha1; compression_algorithm deflate; }\n"

// The key is that of the address in main mode, of the identity in aggressive
// mode.
func TestRacoonKeys(t *testing.T) {
	const keys = "192.0.2.9 keyOfTheAddress\nbranch.example.com keyOfTheName\n* keyOfAnybody\n"
	for _, x := range []struct {
		mode, peer, id string
		line           int
	}{
		{"main", "192.0.2.9", "branch.example.com", 1}, {"aggressive", "192.0.2.9", "branch.example.com", 2},
		{"aggressive", "192.0.2.9", "", 0}, {"main", "192.0.2.10", "branch.example.com", 3}, {"aggressive", "192.0.2.10", "other.example.com", 3},
	} {
		c := racoonGateway(t, strings.ReplaceAll(racoonText, "%", x.mode), keys)
		q := SecretQuery{Conn: &c.Connections[0], Remote: netip.MustParseAddr(x.peer)}
		if x.id != "" {
			q.RemoteID = ike.ParseIdentity(x.id, ike.DialectRacoon)
		}
		for _, find := range []func(SecretQuery) (SecretMatch, error){c.SecretFor, c.IndexSecrets().SecretFor} {
			m, err := find(q)
			if x.line == 0 && !errors.Is(err, ErrPeerUnknown) || x.line > 0 && (err != nil || m.Secret.At.Line != x.line) {
				t.Errorf("%+v: line %d, %v", x, m.Secret.At.Line, err)
			}
		}
	}
	// What the peer is expected to be called is what its key is looked up by.
	text := strings.ReplaceAll(racoonText, "%", "aggressive; peers_identifier fqdn \"branch.example.com\"")
	c := racoonGateway(t, text, keys)
	if m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]}); err != nil || m.Secret.At.Line != 2 {
		t.Errorf("line %d, %v", m.Secret.At.Line, err)
	}
}

// What racoon does not start with is said.
func TestRacoonRefuses(t *testing.T) {
	c := racoonGateway(t, `remote 192.0.2.1 inherit 192.0.2.7 { exchange_mode main,aggressive;
		proposal { encryption_algorithm aes; hash_algorithm sha1; authentication_method pre_shared_key; dh_group 2; }
		proposal { encryption_algorithm aes; hash_algorithm sha1; authentication_method pre_shared_key; dh_group 5; }
		proposal { encryption_algorithm aes; dh_group 2; hash_algorithm md5; } }
remote 192.0.2.2 { passive on; }
`)
	var got []string
	for _, i := range Lint(c) {
		if i.Effect == Fails {
			got = append(got, i.Kind.String()+" "+i.Subject)
		}
	}
	for _, want := range []string{"reference 192.0.2.7", "algorithm-mix dh_group", "proposal-lacks authentication_method", "proposal-lacks exchange_mode", "proposal-lacks proposal"} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("no %s: %v", want, got)
		}
	}
}

// A fault costs its line.
func TestRacoonFaults(t *testing.T) {
	c := racoonGateway(t, `remote 192.0.2.1 {
	exchange_mode main
	my_identifier fqdn "hub.example.com";
	peers_identifier fqdn "unclosed;
	proposal { encryption_algorithm aes 256; hash_algorithm whirl; authentication_method pre_shared_key; dh_group 2; }
	lifetime time 5 fortnights;
	shiny on;
}
}
`)
	if len(c.Connections) != 1 {
		t.Fatal(len(c.Connections))
	}
	k := &c.Connections[0]
	if k.Local.ID.V.Value != "hub.example.com" || k.Aggressive.Origin != Written || k.Lifetime.Total.Origin != Default {
		t.Errorf("%+v %+v", k.Local.ID, k.Lifetime.Total)
	}
	lines := map[int]bool{}
	for _, p := range c.Problems {
		lines[p.Line] = true
	}
	for _, n := range []int{2, 4, 5, 6, 9} {
		if !lines[n] {
			t.Errorf("no problem in line %d: %v", n, c.Problems)
		}
	}
	if n := len(k.Unknown); n != 1 || k.Unknown[0].Word {
		t.Errorf("%+v", k.Unknown)
	}
}

// Policies name the peers that an anonymous section is for.
func TestRacoonPolicies(t *testing.T) {
	c := racoonGateway(t, strings.ReplaceAll(racoonText, "%", "main"),
		"spdadd 10.1.0.0/24[any] 10.2.0.0/24[any] tcp -P out ipsec esp/tunnel/192.0.2.1-192.0.2.9/require;\nspdadd 10.3.0.0/24 10.1.0.0/24 any -P in ipsec esp/tunnel/192.0.2.8-192.0.2.1/unique:4;\n")
	if len(c.Connections) != 2 {
		t.Fatalf("%d connections", len(c.Connections))
	}
	for i, peer := range []string{"192.0.2.9", "192.0.2.8"} {
		k := &c.Connections[i]
		if a, ok := k.Remote.Host(); !ok || a.String() != peer || len(k.Children) != 1 {
			t.Errorf("%v %v", k.Remote.Addresses, k.Children)
		}
		if a, ok := k.Local.Host(); !ok || a.String() != "192.0.2.1" {
			t.Errorf("%v", k.Local.Addresses)
		}
	}
	if s := c.Connections[0].Children[0].Remote.V[0].String(); s != "10.2.0.0/24[tcp]" {
		t.Error(s)
	}
	if s := c.Connections[1].Children[0].Local.V[0].String(); s != "10.1.0.0/24" {
		t.Error(s)
	}
}

func TestRacoonConfigs(t *testing.T) {
	other := map[string]int{}
	n := 0
	dir := recordings.Path(t, "configs")
	files(t, dir, func(base string) bool {
		return strings.Contains(base, "racoon") && !strings.HasSuffix(base, ".md") || strings.HasPrefix(base, "src_setkey")
	}, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return
		}
		n++
		for _, x := range c.Problems {
			t.Error(x)
		}
		for _, i := range Lint(c) {
			if i.Effect == Fails {
				t.Errorf("%s: %+v", p, i)
			}
		}
		for i := range c.Connections {
			c.Unknown = append(c.Unknown, c.Connections[i].Unknown...)
			for _, k := range c.Connections[i].Children {
				c.Unknown = append(c.Unknown, k.Unknown...)
			}
		}
		for _, u := range append(c.Unknown, c.Setup...) {
			if !u.Word {
				t.Errorf("%s:%d: not a word of the format", p, u.At.Line)
			}
			other[u.Section+"."+u.Key]++
		}
	})
	if n < 12 {
		t.Errorf("%d files", n)
	}
	t.Log(n, other)
}

func TestLooksLikeKeys(t *testing.T) {
	for text, want := range map[string]bool{
		"192.0.2.1 x\n": true, "# c\n\nfoo.example.com\tabc def\nalice secret\n": true, "": false, "# only\n": false, "192.0.2.1\n": false,
		"hello world\nthis is\n": false, "remote 192.0.2.1 {\n": false, "192.0.2.1 x;\n": false, "a=b c\n": false,
	} {
		if got := LooksLikeKeys([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if _, err := Parse("x", strings.NewReader("192.0.2.1 x\n"), Options{}); !errors.Is(err, ErrFormat) {
		t.Error("a file of two words is no configuration by itself")
	}
}

// Without its policies a racoon.conf says neither mode nor subnets, and nothing
// is made of that.
func TestRacoonCompare(t *testing.T) {
	swan, err := Parse("swanctl.conf", strings.NewReader("connections { a { version = 1\n local_addrs = 192.0.2.9\n remote_addrs = 192.0.2.1\n proposals = aes256-sha1-modp1024\n local { auth = psk\n }\n remote { auth = psk\n }\n"+
		"children { k { local_ts = 10.2.0.0/24\n remote_ts = 10.1.0.0/24\n esp_proposals = aes128-sha1\n } } } }\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := racoonGateway(t, strings.ReplaceAll(strings.ReplaceAll(racoonText, "%", "main"), "anonymous { exchange", "192.0.2.9 { exchange")+"listen { isakmp 192.0.2.1 [500]; }")
	pairs, _ := Match(c, swan)
	if len(pairs) != 1 {
		t.Fatalf("%d pairs", len(pairs))
	}
	for _, d := range Compare(pairs[0].A, pairs[0].B).Differences {
		if d.Degree == Mismatch {
			t.Errorf("%+v", d)
		}
	}
}

// A policy whose peer has no remote section is named beside the one remote
// section that has no policy.
func TestRacoonStray(t *testing.T) {
	text := strings.ReplaceAll(strings.ReplaceAll(racoonText, "%", "main"), "anonymous { exchange", "192.0.2.9 { exchange")
	for policy, want := range map[string]bool{
		"spdadd 10.1.0.0/24 10.2.0.0/24 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.99/require;": true,
		"spdadd 10.1.0.0/24 10.2.0.0/24 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.9/require;":  false,
		"flush;": false,
	} {
		c := racoonGateway(t, text, "spdflush;\n"+policy)
		found := ""
		for _, i := range Lint(c) {
			if i.Kind == IssueReference && i.Connection == 0 {
				found = i.Subject
			}
		}
		if found != map[bool]string{true: "remote 192.0.2.99"}[want] {
			t.Errorf("%s: %q", policy, found)
		}
	}
}
