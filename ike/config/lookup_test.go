package config

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

// gateway reads one side of a folder of the corpus, secrets included.
func gateway(t *testing.T, dir, side string) *Config {
	t.Helper()
	for _, kind := range []string{"swanctl.conf", "ipsec.conf"} {
		f, err := os.Open(filepath.Join(dir, side+"."+kind))
		if err != nil {
			continue
		}
		defer f.Close()
		c, err := Parse(f.Name(), f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := os.Open(filepath.Join(dir, side+".ipsec.secrets")); err == nil {
			defer s.Close()
			if err := c.AddSecrets(s.Name(), s, Options{}); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	t.Fatalf("%s: no configuration of the %s", dir, side)
	return nil
}

// corpusFolders calls f with every folder of the corpus.
func corpusFolders(t *testing.T, f func(dir, name string)) {
	t.Helper()
	dirs, _ := filepath.Glob(filepath.Join(recordings.Path(t, "corpus"), "*", "*", "truth.json"))
	if len(dirs) == 0 {
		t.Fatal("no folders")
	}
	for _, d := range dirs {
		d = filepath.Dir(d)
		f(d, filepath.Base(d))
	}
}

func TestSecretForCorpus(t *testing.T) {
	n := 0
	corpusFolders(t, func(dir, name string) {
		i, r := gateway(t, dir, "initiator"), gateway(t, dir, "responder")
		if !i.Connections[0].UsesPSK() || !r.Connections[0].UsesPSK() {
			return
		}
		n++
		a, err1 := i.SecretFor(SecretQuery{Conn: &i.Connections[0]})
		b, err2 := r.SecretFor(SecretQuery{Conn: &r.Connections[0], Responder: true})
		missing := strings.HasPrefix(name, "p1-no-psk")
		if missing != (errors.Is(err1, ErrNoSecret) || errors.Is(err2, ErrNoSecret)) {
			t.Errorf("%s: initiator %v, responder %v", dir, err1, err2)
		}
		if missing || err1 != nil || err2 != nil {
			return
		}
		if want := !strings.Contains(name, "wrong-psk"); a.Secret.V.Equal(b.Secret.V) != want {
			t.Errorf("%s: equal keys: %v", dir, !want)
		}
		if a.Secret.At.Line == 0 || a.Conflict || a.Wildcard() || a.By != ByIdentities || a.Remote != OwnsExactly {
			t.Errorf("%s: %+v", dir, a)
		}
		// A responder that does not know the connection yet finds the same.
		c := &r.Connections[0]
		if c.Version.V == IKEv2 {
			return
		}
		local, _ := c.Local.Host()
		remote, ok := c.Remote.Host()
		if !ok {
			remote = netip.MustParseAddr("192.0.2.99")
		}
		if m, err := r.SecretFor(SecretQuery{Local: local, Remote: remote, Responder: true}); err != nil || m.Entry != b.Entry || m.Conn != c {
			t.Errorf("%s: by addresses: %+v, %v", dir, m, err)
		}
	})
	t.Logf("%d folders with pre-shared keys", n)
}

func secretsOf(t *testing.T, d Dialect, text string) *Config {
	t.Helper()
	c := &Config{Dialect: d}
	if err := c.AddSecrets("ipsec.secrets", strings.NewReader(text), Options{Dialect: IPsecSecrets}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSecretForRank(t *testing.T) {
	const file = `
: PSK "default"
%any : PSK "any"
@me.example.com : PSK "me-alone"
@me.example.com %any : PSK "me-any"
%any @peer.example.com : PSK "any-peer"
@peer.example.com : PSK "peer-alone"
@me.example.com @peer.example.com : PSK "both"
@me.example.com @other.example.com : PSK "me-other"
*@users.example.com : PSK "pattern"
@twice.example.com : PSK "first"
@twice.example.com : PSK "second"
`
	for _, x := range []struct {
		d             Dialect
		local, remote string
		drop          string // entries taken away, by their secret
		want          string
		ownL, ownR    Ownership
		conflict      bool
	}{
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", want: "both", ownL: OwnsExactly, ownR: OwnsExactly},
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", drop: "both", want: "any-peer", ownL: OwnsAny, ownR: OwnsExactly},
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", drop: "both any-peer", want: "peer-alone", ownR: OwnsExactly},
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", drop: "both any-peer peer-alone", want: "me-any", ownL: OwnsExactly, ownR: OwnsAny},
		// The wildcard beats the entry that names the local end.
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", drop: "both any-peer peer-alone me-any", want: "default", ownL: OwnsAny, ownR: OwnsAny, conflict: true},
		{d: StrongSwan, local: "@me.example.com", remote: "@peer.example.com", drop: "both any-peer peer-alone me-any any default", want: "me-alone", ownL: OwnsExactly, conflict: true},
		{d: StrongSwan, local: "@x.example.com", remote: "a@users.example.com", want: "pattern", ownR: OwnsWildcard},
		{d: StrongSwan, local: "@x.example.com", remote: "@twice.example.com", want: "first", ownR: OwnsExactly, conflict: true},
		{d: StrongSwan, local: "@x.example.com", remote: "@y.example.com", drop: "default any me-any any-peer", want: ""},

		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", want: "both", ownL: OwnsExactly, ownR: OwnsExactly},
		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", drop: "both", want: "me-any", ownL: OwnsExactly, ownR: OwnsAny},
		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", drop: "both me-any", want: "me-alone", ownL: OwnsExactly, ownR: OwnsAny},
		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", drop: "both me-any me-alone", want: "any-peer", ownL: OwnsAny, ownR: OwnsExactly},
		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", drop: "both me-any me-alone any-peer", want: "default", ownL: OwnsAny, ownR: OwnsAny, conflict: true},
		{d: Libreswan, local: "@me.example.com", remote: "@peer.example.com", drop: "both me-any me-alone any-peer default any", want: ""},
	} {
		c := secretsOf(t, x.d, file)
		var kept []SecretEntry
		for _, e := range c.Secrets {
			if !hasWord(x.drop, string(e.Secret.V.Reveal())) {
				kept = append(kept, e)
			}
		}
		c.Secrets = kept
		id := func(s string) ike.Identity { return ike.ParseIdentity(s, c.identityDialect()) }
		m, err := c.SecretFor(SecretQuery{Conn: &Connection{}, LocalID: id(x.local), RemoteID: id(x.remote)})
		if got := string(m.Secret.V.Reveal()); got != x.want || (err == nil) != (x.want != "") {
			t.Errorf("%+v: took %q, %v", x, got, err)
			continue
		}
		if m.Local != x.ownL || m.Remote != x.ownR || m.Conflict != x.conflict {
			t.Errorf("%+v: %v %v conflict=%v", x, m.Local, m.Remote, m.Conflict)
		}
	}
}

func TestSecretForAddress(t *testing.T) {
	c, err := Parse("swanctl.conf", strings.NewReader(`
connections {
  a {
    version = 1
    local_addrs = 192.0.2.1
    remote_addrs = %any
    local { auth = psk
      id = gw.example.com
    }
    remote { auth = psk
      id = branch.example.com
    }
  }
}
secrets {
  ike-a {
    id = 198.51.100.7
    secret = "by address"
  }
}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := SecretQuery{Local: netip.MustParseAddr("192.0.2.1"), Remote: netip.MustParseAddr("198.51.100.7"), Responder: true}
	m, err := c.SecretFor(q)
	if err != nil || m.By != ByAddresses || m.Remote != OwnsExactly {
		t.Errorf("%+v, %v", m, err)
	}
	q.Remote = netip.MustParseAddr("198.51.100.8")
	if _, err := c.SecretFor(q); !errors.Is(err, ErrNoSecret) {
		t.Errorf("another address: %v", err)
	}
	if _, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]}); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without address: %v", err)
	}
}

func TestSecretForAnyPeer(t *testing.T) {
	const conf = `connections { rw { version = 1
 local_addrs = 192.0.2.1
 %s
 local { auth = psk
 }
 remote { auth = psk
 } } }
secrets { ike-a { id = 198.51.100.7
 secret = one
 }
 ike-b { id = b.example.com
 secret = two
 }
 %s } `
	for _, x := range []struct {
		conn, secrets string
		q             SecretQuery
		want          string
		err           error
		depends       bool
	}{
		{err: ErrPeerUnknown},
		{secrets: "ike-any { secret = any\n }", want: "any", depends: true},
		{q: SecretQuery{Remote: netip.MustParseAddr("198.51.100.7")}, want: "one"},
		{q: SecretQuery{Remote: netip.MustParseAddr("198.51.100.8")}, err: ErrNoSecret},
		{conn: "aggressive = yes", q: SecretQuery{RemoteID: ike.ParseIdentity("b.example.com", ike.DialectStrongSwan)}, want: "two"},
		{conn: "aggressive = yes", q: SecretQuery{RemoteID: ike.ParseIdentity("c.example.com", ike.DialectStrongSwan)}, err: ErrNoSecret},
	} {
		c := parse(t, Swanctl, fmt.Sprintf(conf, x.conn, x.secrets))
		x.q.Conn = &c.Connections[0]
		m, err := c.SecretFor(x.q)
		if !errors.Is(err, x.err) || (err == nil) != (x.err == nil) || string(m.Secret.V.Reveal()) != x.want || m.Depends != x.depends {
			t.Errorf("%+v: %v, %+v", x, err, m)
		}
	}
}

func TestXAuthSecret(t *testing.T) {
	c := secretsOf(t, StrongSwan, "carol : XAUTH \"one\"\ndave@example.com : EAP two\n")
	for user, want := range map[string]string{"carol": "one", "dave@example.com": "two", "eve": ""} {
		m, _ := c.SecretFor(SecretQuery{XAuth: true, RemoteID: ike.ParseIdentity(user, ike.DialectStrongSwan)})
		if got := string(m.Secret.V.Reveal()); got != want {
			t.Errorf("%s: %q, want %q", user, got, want)
		}
	}
}
