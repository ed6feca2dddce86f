package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// At a limit reading ends, and says so once. What was read whole stays; what
// the limit cut apart is left out, since what it lacks may stand behind.
func TestLimitOfConnections(t *testing.T) {
	repeat := func(head, format, tail string) func(n int) string {
		return func(n int) string {
			var b strings.Builder
			b.WriteString(head)
			for i := range n {
				b.WriteString(strings.ReplaceAll(format, "$", fmt.Sprint(i+1)))
			}
			return b.String() + tail
		}
	}
	for dialect, text := range map[Dialect]func(n int) string{
		Swanctl: repeat("connections {\n", " c$ {\n  version = 1\n  remote_addrs = 192.0.2.$\n  children {\n   a { local_ts = 10.0.$.0/24\n }\n   b { local_ts = 10.1.$.0/24\n }\n  }\n }\n",
			"}\nsecrets {\n ike-x { secret = key\n }\n}\n"),
		StrongSwan: repeat("conn %default\n\tkeyexchange=ikev1\n", "conn c$\n\tright=192.0.2.$\n\tauto=add\n", "conn last\n\tauto=add\n"),
		Libreswan:  repeat("conn %default\n\tikev2=no\n", "conn c$\n\tleft=%defaultroute\n\tright=192.0.2.$\n\tleftsubnets=10.0.$.0/24,10.1.$.0/24\n\tauto=add\n", "conn last\n\tauto=add\n"),
		CiscoIOS: repeat("hostname a\ninterface Gi0\n crypto map M\n", "crypto map M $ ipsec-isakmp\n set peer 192.0.2.$\n match address A$\n"+
			"ip access-list extended A$\n permit ip host 10.0.0.$ any\n permit ip host 10.1.0.$ any\n", "interface Gi1\n"),
		CiscoASA: repeat("hostname a\ncrypto map M interface outside\n", "access-list A$ extended permit ip host 10.0.0.$ any\naccess-list A$ extended permit ip host 10.1.0.$ any\n"+
			"crypto map M $ match address A$\ncrypto map M $ set peer 192.0.2.$\n", "interface Gi1\n nameif outside\n"),
		FortiGate: repeat("config vpn ipsec phase1-interface\n edit c0\n next\nend\n", "config vpn ipsec phase1-interface\n edit c$\n set remote-gw 192.0.2.$\n next\nend\n"+
			"config vpn ipsec phase2-interface\n edit a$\n set phase1name c$\n next\n edit b$\n set phase1name c$\n next\nend\n", "config system global\nend\n"),
		MikroTik: repeat("/ip ipsec profile\nadd name=x\n", "/ip ipsec peer\nadd address=192.0.2.$ name=c$\n/ip ipsec policy\nadd peer=c$ src-address=10.0.$.0/24\nadd peer=c$ src-address=10.1.$.0/24\n", "/system\n"),
		PaloAlto: repeat("set deviceconfig system hostname x\n", "set network ike gateway c$ peer-address ip 192.0.2.$\nset network tunnel ipsec t$ auto-key ike-gateway c$\n"+
			"set network tunnel ipsec t$ auto-key proxy-id a local 10.0.$.0/24\nset network tunnel ipsec t$ auto-key proxy-id b local 10.1.$.0/24\n", "set zone z\n"),
		JuniperSRX: repeat("", "set security ike gateway g$ address 192.0.2.$\nset security ipsec vpn c$ bind-interface st0.$\nset security ipsec vpn c$ ike gateway g$\n"+
			"set security ipsec vpn c$ traffic-selector a local-ip 10.0.$.0/24\nset security ipsec vpn c$ traffic-selector b local-ip 10.1.$.0/24\n",
			"set security ike gateway last address 192.0.2.99\nset security ipsec vpn last ike gateway last\n"),
		VyOS: repeat("vpn {\n ipsec {\n  site-to-site {\n", "   peer c$ {\n    local-address 192.0.2.200\n    remote-address 192.0.2.$\n    tunnel 0 {\n     local {\n      prefix 10.0.$.0/24\n     }\n    }\n"+
			"    tunnel 1 {\n     local {\n      prefix 10.1.$.0/24\n     }\n    }\n   }\n", "   peer last {\n    remote-address 192.0.2.99\n   }\n  }\n }\n}\n"),
		ScreenOS: repeat("set interface ethernet0/0 zone \"Untrust\"\n", "set ike gateway \"g$\" address 192.0.2.$ Main preshare \"x\" sec-level basic\nset address \"Trust\" \"a$\" 10.0.$.0/24\n"+
			"set vpn \"c$\" gateway \"g$\" tunnel sec-level basic\nset policy from \"Trust\" to \"Untrust\" \"a$\" \"Any\" \"ANY\" tunnel vpn \"c$\"\n"+
			"set policy from \"Trust\" to \"Untrust\" \"b$\" \"Any\" \"ANY\" tunnel vpn \"c$\"\n", "set ike gateway \"last\" address 192.0.2.99 Main sec-level basic\nset vpn \"last\" gateway \"last\" tunnel sec-level basic\n"),
	} {
		for _, x := range []struct {
			name string
			n    int
			lim  Limits
			most int // connections
			cut  bool
		}{
			{"whole", 20, Limits{Connections: 21, Children: 41}, 21, false},
			{"connections", 20, Limits{Connections: 10}, 10, true},
			{"statements", 20, Limits{Statements: 25}, 11, true},
			{"children", 20, Limits{Children: 9}, 21, true},
		} {
			if x.name == "children" && dialect == StrongSwan {
				continue // its connections have one
			}
			c, err := Parse("f", strings.NewReader(text(x.n)), Options{Dialect: dialect, Limits: x.lim})
			if err != nil {
				t.Fatal(err)
			}
			said := 0
			for _, p := range c.Problems {
				if errors.Is(p, ErrTooMany) {
					said++
				} else if !errors.Is(p, ErrReference) {
					t.Errorf("%s %s: %v", dialect, x.name, p)
				}
			}
			n := len(c.Connections)
			if want := map[bool]int{true: 1}[x.cut]; said != want || len(c.Cut) != want || c.AllRead() == x.cut {
				t.Errorf("%s %s: said %d times: %v, cut %v", dialect, x.name, said, c.Problems, c.Cut)
			}
			if n > x.most || n == 0 || !x.cut && n < x.n || x.name == "connections" && n != x.most {
				t.Errorf("%s %s: %d connections", dialect, x.name, n)
			}
			kids := 0
			for i := range c.Connections {
				k := &c.Connections[i]
				kids += len(k.Children)
				if k.Name == "last" || k.Name == "c0" || dialect == CiscoIOS || dialect == CiscoASA {
					continue
				}
				if a, ok := k.Remote.Host(); !ok || a.String() != "192.0.2."+strings.TrimPrefix(k.Name, "c") || k.Start.V == StartIgnore || dialect == Swanctl && len(k.Children) != 2 {
					t.Errorf("%s %s: %s is in part: %v", dialect, x.name, k.Name, a)
				}
			}
			if x.lim.Children > 0 && kids > x.lim.Children {
				t.Errorf("%s %s: %d children", dialect, x.name, kids)
			}
			if x.cut && slices.ContainsFunc(Lint(c), func(i Issue) bool { return lacks(i.Kind) }) {
				t.Errorf("%s %s: something is said to lack", dialect, x.name)
			}
		}
	}
}
