package config

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// An index finds what a look at all secrets finds.
func TestSecretIndex(t *testing.T) {
	names := []string{"a.example.com", "A.Example.COM.", "b.example.com", "*.example.com", "*@example.com", "u@example.com", "U@EXAMPLE.com", "192.0.2.1", "192.0.2.2",
		"192.0.2.0/24", "2001:db8::1", "%any", "@#0x6b", "C=CH, CN=a", "CN=a, C=CH", "Kelvin.example", "\u212aelvin.example", "ſ.example", "s.example", "", "."}
	rnd := rand.New(rand.NewPCG(1, 2))
	id := func(d ike.Dialect) ike.Identity { return ike.ParseIdentity(names[rnd.IntN(len(names))], d) }
	found := 0
	for round := range 4000 {
		dialect := []Dialect{Swanctl, StrongSwan, Libreswan, CiscoIOS}[round%4]
		c := &Config{Dialect: dialect, SecretsRead: true}
		d := c.identityDialect()
		for range rnd.IntN(12) {
			e := SecretEntry{Kind: []SecretKind{SecretPSK, SecretPSK, SecretPSK, SecretEAP, SecretXAuth}[rnd.IntN(5)], Secret: Value[ike.Secret]{V: ike.NewSecret([]byte{byte(rnd.IntN(3))})}}
			switch {
			case dialect == CiscoIOS && rnd.IntN(3) > 0:
				e.Peers = netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(rnd.IntN(3))}), []int{0, 24, 32, 32}[rnd.IntN(4)])
			default:
				for range rnd.IntN(3) {
					o := id(d)
					e.Owners, e.OwnerText = append(e.Owners, o), append(e.OwnerText, o.Value)
				}
			}
			c.Secrets = append(c.Secrets, e)
		}
		x := c.IndexSecrets()
		for range 8 {
			k := &Connection{Dialect: dialect}
			k.Local.ID.V, k.Remote.ID.V = id(d), id(d)
			k.Local.Addresses.V, k.Remote.Addresses.V = parseAddresses("192.0.2.1"), parseAddresses([]string{"192.0.2.2", "%any", "b.example.com"}[rnd.IntN(3)])
			k.Aggressive.V = rnd.IntN(3) == 0
			q := SecretQuery{Conn: k}
			if rnd.IntN(4) == 0 {
				q = SecretQuery{XAuth: true, RemoteID: id(d)}
			}
			want, err := c.SecretFor(q)
			got, gotErr := x.SecretFor(q)
			if want.Entry != nil {
				found++
			}
			if fmt.Sprint(err) != fmt.Sprint(gotErr) || got.Entry != want.Entry || got.Conflict != want.Conflict || got.Depends != want.Depends || got.By != want.By ||
				got.Local != want.Local || got.Remote != want.Remote || !slices.Equal(got.Equal, want.Equal) {
				t.Fatalf("%s: %+v\nowners %+v\nindex: %+v %v\nall: %+v %v", dialect, q, c.Secrets, got, gotErr, want, err)
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d matches", found)
	}
}

// Thousands of connections that share one end cost no product with their
// secrets; what would is given up.
func TestManySecrets(t *testing.T) {
	const n = 20000
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "hub.example.com spoke%d.example.com : PSK \"key of %d\"\n", i, i)
	}
	c, err := Parse("ipsec.secrets", strings.NewReader(b.String()), Options{})
	if err != nil || len(c.Secrets) != n {
		t.Fatalf("%d secrets: %v", len(c.Secrets), err)
	}
	c.Dialect = StrongSwan
	conn := func(local, remote string) SecretQuery {
		k := &Connection{}
		k.Local.ID.V, k.Remote.ID.V = ike.ParseIdentity(local, ike.DialectStrongSwan), ike.ParseIdentity(remote, ike.DialectStrongSwan)
		return SecretQuery{Conn: k}
	}
	x := c.IndexSecrets()
	for i := range n {
		if m, err := x.SecretFor(conn("hub.example.com", fmt.Sprintf("Spoke%d.example.com", i))); err != nil || m.Entry != &c.Secrets[i] {
			t.Fatalf("%d: %v", i, err)
		}
	}
	for range n {
		if _, err = x.SecretFor(conn("hub.example.com", "nobody.example.com")); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrTooMany) {
		t.Errorf("no end: %v", err)
	}
}
