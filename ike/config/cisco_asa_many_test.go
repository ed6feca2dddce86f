package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// asaHub writes a hub of n tunnels, each with all that one takes.
func asaHub(n int) string {
	var b strings.Builder
	b.WriteString("ASA Version 9.8(4)\ninterface Gi0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\ninterface Gi0/1\n nameif inside\n ip address 10.0.0.1 255.255.0.0\n" +
		"object network here\n subnet 10.0.0.0 255.255.0.0\ncrypto ikev1 policy 10\n authentication pre-share\n encryption aes-256\n hash sha\n group 14\ncrypto ipsec ikev1 transform-set T esp-aes-256 esp-sha-hmac\n")
	for i := range n {
		x, y := i>>8, i&255
		fmt.Fprintf(&b, "object network net%d\n subnet 10.%d.%d.0 255.255.255.0\naccess-list A%d extended permit ip object here object net%d\n", i, 1+x, y, i, i)
		fmt.Fprintf(&b, "nat (inside,outside) source static here here destination static net%d net%d\nroute outside 10.%d.%d.0 255.255.255.0 192.0.2.254 1\n", i, i, 1+x, y)
		fmt.Fprintf(&b, "crypto map M %d match address A%d\ncrypto map M %d set peer 198.18.%d.%d\ncrypto map M %d set ikev1 transform-set T\n", i+1, i, i+1, x, y, i+1)
		fmt.Fprintf(&b, "tunnel-group 198.18.%d.%d type ipsec-l2l\ntunnel-group 198.18.%d.%d ipsec-attributes\n ikev1 pre-shared-key the-key-of-number-%d\n", x, y, x, y, i)
	}
	b.WriteString("nat (inside,outside) after-auto source dynamic any interface\ncrypto map M interface outside\ncrypto ikev1 enable outside\n: end\n")
	return b.String()
}

// TestCiscoASAMany: a hub of many tunnels is read in linear time but for the
// order of its translations, which is bounded, and has no issue but advice.
func TestCiscoASAMany(t *testing.T) {
	n := 1000
	start := time.Now()
	c := parse(t, CiscoASA, asaHub(n))
	if len(c.Connections) != n || len(c.Problems) > 0 || len(c.Undefined()) > 0 || c.Recognized != c.Units {
		t.Errorf("%d connections, %v, %v", len(c.Connections), c.Problems, c.Undefined())
	}
	for _, i := range Lint(c) {
		if !i.Kind.Practice() {
			t.Errorf("%v %s at line %d", i.Kind, i.Subject, i.Setting.At.Line)
			break
		}
	}
	for i := range c.Connections {
		k := &c.Connections[i]
		if len(k.Children) != 1 || k.Children[0].Translated.Origin != Unset {
			t.Fatalf("%s: %+v", k.Name, k.Children)
		}
	}
	t.Log(time.Since(start))
}

// TestCiscoASAGroups: what object groups multiply to is bounded, in one entry
// and in a file, and said.
func TestCiscoASAGroups(t *testing.T) {
	group := func(name, net string, n int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "object-group network %s\n", name)
		for i := range n {
			fmt.Fprintf(&b, " network-object host %s.%d\n", net, i+1)
		}
		return b.String()
	}
	const entry = "access-list A extended permit ip object-group here object-group there\n"
	const use = "crypto map M 10 match address A\ncrypto map M 10 set peer 192.0.2.9\n"
	for _, x := range []struct{ here, there, entries, kids, problems int }{
		{30, 30, 1, 900, 0}, {40, 40, 1, maxACEPairs, 1}, {30, 30, 2, maxACEPairs, 1}, {30, 30, 500, maxACEPairs, 500 - maxACETotal/899 + 1},
	} {
		c := parse(t, CiscoASA, group("here", "10.1.0", x.here)+group("there", "10.2.0", x.there)+strings.Repeat(entry, x.entries)+use)
		if n := len(c.Connections[0].Children); n != x.kids || len(c.Problems) != x.problems {
			t.Errorf("%v: %d children, %d problems", x, n, len(c.Problems))
		}
	}
}
