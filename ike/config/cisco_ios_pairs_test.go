package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

// spokes writes a hub of n crypto map entries, or their branches turned round
// as one device.
func spokes(n int, branch bool) string {
	var b strings.Builder
	b.WriteString("crypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14\ncrypto ipsec transform-set T esp-aes esp-sha-hmac\n")
	for i := range n {
		far := fmt.Sprintf("198.18.%d.%d", i>>8, i&255)
		lan := fmt.Sprintf("10.%d.%d.0 0.0.0.255", 1+i>>8, i&255)
		peer, acl := far, "10.0.0.0 0.0.255.255 "+lan
		if branch {
			peer, acl = "192.0.2.1", lan+" 10.0.0.0 0.0.255.255"
			fmt.Fprintf(&b, "interface Gi0/%d\n ip address %s 255.255.255.255\n crypto map M%d\ncrypto map M%d 1 ipsec-isakmp\n", i, far, i, i)
		} else {
			fmt.Fprintf(&b, "crypto map M %d ipsec-isakmp\n", i+1)
		}
		fmt.Fprintf(&b, " set peer %s\n set transform-set T\n match address L%d\nip access-list extended L%d\n permit ip %s\n", peer, i, i, acl)
	}
	if !branch {
		b.WriteString("interface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n crypto map M\n")
	}
	return b.String()
}

func TestCiscoIOSMany(t *testing.T) {
	n := 2000
	if testing.Short() {
		n = 200
	}
	a, b := parse(t, CiscoIOS, spokes(n, false)), parse(t, CiscoIOS, spokes(n, true))
	pairs, left := Match(a, b)
	if len(pairs) != n || len(left) != 0 {
		t.Fatalf("%d pairs, %d left", len(pairs), len(left))
	}
	for _, p := range pairs {
		if p.Candidates > 3*maxCandidates {
			t.Fatalf("%d candidates", p.Candidates)
		}
		if c := Compare(p.A, p.B); c.Worst() == Mismatch && c.Differences[0].Field != FieldPSK {
			t.Fatalf("%+v", c)
		}
	}
}

// TestCiscoIOSExcess: what is too much is said, in bounded time.
func TestCiscoIOSExcess(t *testing.T) {
	var many strings.Builder
	many.WriteString("ip access-list extended A\n")
	for i := range 1000 {
		fmt.Fprintf(&many, " permit ip host 10.0.%d.%d any\n", i>>8, i&255)
	}
	for i := range 1000 {
		fmt.Fprintf(&many, "crypto map M %d ipsec-isakmp\n set peer 192.0.2.1\n match address A\n", i+1)
	}
	c := parse(t, CiscoIOS, many.String())
	n := 0
	for i := range c.Connections {
		n += len(c.Connections[i].Children)
	}
	if n > (Limits{}).defaults().Children || !slices.ContainsFunc(c.Problems, func(e *ParseError) bool { return errors.Is(e, ErrTooMany) }) {
		t.Errorf("%d children, %d problems", n, len(c.Problems))
	}
	if _, err := Parse("x", strings.NewReader(strings.Repeat("crypto map M 1 ipsec-isakmp\n", 1000)), Options{Dialect: CiscoIOS, Limits: Limits{Size: 1000}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if _, err := Parse("x", strings.NewReader("crypto map M 1 ipsec-isakmp\x00"), Options{Dialect: CiscoIOS}); !errors.Is(err, ErrBinary) {
		t.Error(err)
	}
}

// TestCiscoIOSAddresses: which address IKE has on an interface.
func TestCiscoIOSAddresses(t *testing.T) {
	const text = `crypto map M 10 ipsec-isakmp
 set peer %s
interface Gi0/0
 ip address 192.0.2.2 255.255.255.0
 ip address 192.0.2.99 255.255.255.0 secondary
 ipv6 address 2001:db8::2/64
 standby 1 ip 192.0.2.5
 standby 1 name SHARED
 crypto map M%s
`
	for _, x := range []struct{ peer, more, want string }{
		{"198.51.100.1", "", "192.0.2.2"},
		{"198.51.100.1", " redundancy SHARED", "192.0.2.5"},
		{"2001:db8:1::1", "", "2001:db8::2"},
	} {
		c := parse(t, CiscoIOS, fmt.Sprintf(text, x.peer, x.more))
		if got := addressText(c.Connections[0].Local.Addresses.V); got != x.want {
			t.Errorf("%v: %s", x, got)
		}
	}
}

// TestCiscoIOSClients: remote users have the key of their group.
func TestCiscoIOSClients(t *testing.T) {
	c := parse(t, CiscoIOS, `crypto isakmp client configuration group STAFF
 key the-key-of-staff
 pool POOL
crypto isakmp policy 10
 authentication pre-share
crypto dynamic-map D 10
crypto map M client authentication list USERS
crypto map M client configuration address respond
crypto map M 10 ipsec-isakmp dynamic D
`)
	k := &c.Connections[0]
	if k.XAuth.V != XAuthServer || len(k.Remote.VirtualIPs.V) != 1 || !k.Passive() {
		t.Errorf("%+v", k)
	}
	m, err := c.SecretFor(SecretQuery{Conn: k, RemoteID: ike.ParseIdentity("keyid:STAFF", ike.DialectStrongSwan)})
	if err != nil || m.Secret.At.Line != 2 {
		t.Errorf("%v %v", m, err)
	}
	if _, err := c.SecretFor(SecretQuery{Conn: k}); !errors.Is(err, ErrPeerUnknown) {
		t.Error(err)
	}
}

// TestCiscoIOSTestrig: three public configurations that are meant for each
// other. Two of them have one and the same access list instead of its mirror.
func TestCiscoIOSTestrig(t *testing.T) {
	read := func(name string) *Config {
		p := filepath.Join(recordings.Path(t, "configs/cisco-ios/batfish/testrig-ios-crypto-ipsec"), name)
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		return parse(t, CiscoIOS, string(b))
	}
	for _, x := range []struct{ a, b, want string }{
		{"r1.cfg", "r2.cfg", "crypto map mymap 20, crypto map mymap 20: selectors, selectors"},
		{"r1.cfg", "r3.cfg", "crypto map mysecondmap 20, crypto dynamic-map mydynamicmap 5: selectors, selectors"},
		{"r2.cfg", "r3.cfg", "Tunnel23, Tunnel23: "},
	} {
		pairs, _ := Match(read(x.a), read(x.b))
		var got []string
		for _, p := range pairs {
			var bad []string
			for _, d := range Compare(p.A, p.B).Differences {
				if d.Degree == Mismatch {
					bad = append(bad, d.Field.String())
				}
			}
			got = append(got, p.A.Connection.Name+", "+p.B.Connection.Name+": "+strings.Join(bad, ", "))
		}
		if g := strings.Join(got, "; "); g != x.want {
			t.Errorf("%s %s: %s", x.a, x.b, g)
		}
	}
}

// TestCiscoIOSLint: what is found in one configuration, and what to write
// instead in its own words.
func TestCiscoIOSLint(t *testing.T) {
	c := parse(t, CiscoIOS, `crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 2
crypto isakmp key long-enough-to-resist-a-search address 192.0.2.1
crypto ipsec transform-set PLAIN esp-aes
crypto ipsec transform-set BOTH esp-aes ah-sha256-hmac
crypto map M 10 ipsec-isakmp
 set peer 192.0.2.1
 set transform-set PLAIN
 match address NOWHERE
crypto map N 10 ipsec-isakmp
 set peer 192.0.2.9
 set transform-set BOTH GONE
 set pfs group2
interface Gi0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map M
`)
	var got []string
	for _, i := range Lint(c) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%d %v %v %s: %s %s", i.Setting.At.Line, i.Kind, i.Effect, i.Subject, i.Key, i.Write)))
	}
	want := []string{
		"12 reference fails NOWHERE:",
		"9 ikev1 unwise : set ikev2-profile",
		"1 weak-group unwise MODP_1024: crypto isakmp policy 10 encryption aes 256, hash sha256, authentication pre-share, group 14",
		"7 no-authentication unwise AES_CBC_128: crypto ipsec transform-set PLAIN esp-aes 128 esp-sha256-hmac",
		"9 no-pfs unwise none: set pfs group14",
		"13 unbound fails crypto map N: crypto map N",
		"15 reference no-effect GONE:",
		"16 weak-group unwise MODP_1024: set pfs group14",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no %q in\n%s", w, strings.Join(got, "\n"))
		}
	}
}
