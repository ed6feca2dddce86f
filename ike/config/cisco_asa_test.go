package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestCiscoASAConfigs reads the public samples: what they hold outside of the
// model is listed here, with how often.
func TestCiscoASAConfigs(t *testing.T) {
	unknown, problems, undefined := map[string]int{}, map[string]int{}, map[string]int{}
	n, conns, units, recognized := 0, 0, 0, 0
	read := func(p string, b []byte) {
		if strings.Contains(string(decodeText(b)), "xsl:stylesheet") {
			return // a configuration made by a program, with the program
		}
		if d := Detect(b); d != CiscoASA {
			t.Errorf("%s: %q", p, d)
		}
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return
		}
		n, conns, units, recognized = n+1, conns+len(c.Connections), units+c.Units, recognized+c.Recognized
		for _, u := range c.Unknown {
			if !u.Word {
				unknown[u.Section+"/"+u.Key]++
			}
		}
		for _, x := range c.Problems {
			problems[x.Key]++
		}
		for _, r := range c.Undefined() {
			undefined[r.Kind]++
		}
	}
	files(t, recordings.Path(t, "configs/cisco-asa"), func(base string) bool { return filepath.Ext(base) != ".md" }, read)
	files(t, recordings.Path(t, "configs/state/ntc-templates"), func(base string) bool {
		return strings.HasPrefix(base, "cisco_asa_show_running-config") && filepath.Ext(base) == ".raw"
	}, read)
	if n != 7 || conns < 28 || units != recognized {
		t.Errorf("%d files, %d connections, %d of %d statements", n, conns, recognized, units)
	}
	// The extracts name what they do not show.
	if got := fmt.Sprint(unknown, problems, undefined); got != "map[] map[] map[access-list:27 crypto dynamic-map:3 crypto ipsec ikev1 transform-set:49]" {
		t.Error(got)
	}
}

// TestCiscoASALayout: what a terminal or a mail did to a configuration does not
// change what it says.
func TestCiscoASALayout(t *testing.T) {
	b, err := os.ReadFile("testdata/cisco_asa/hub.cfg")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(b), "\n!\n", "\n")
	want := dump(parse(t, CiscoASA, text))
	for name, changed := range map[string]string{
		"carriage returns": strings.ReplaceAll(text, "\n", "\r\n"),
		"indented":         "    " + strings.ReplaceAll(text, "\n", "\n    "),
		"pager":            strings.ReplaceAll(text, "\ncrypto map OUT 20", "\n<--- More --->\r              \rcrypto map OUT 20"),
	} {
		if got := dump(parse(t, CiscoASA, changed)); got != want {
			t.Errorf("%s: %s", name, firstDifference(got, want))
		}
	}
	// Without indentation what stands below foreign commands is not told apart.
	flat := parse(t, CiscoASA, strings.ReplaceAll(text, "\n ", "\n"))
	x, y := parse(t, CiscoASA, text), flat
	for i := range x.Connections {
		if a, b := dumpConnection(x, i), dumpConnection(y, i); a != b {
			t.Errorf("without indentation: %s", firstDifference(b, a))
		}
	}
}

func dumpConnection(c *Config, i int) string {
	if i >= len(c.Connections) {
		return ""
	}
	return dump(&Config{Connections: c.Connections[i : i+1]})
}

// TestCiscoTerminal: of what a terminal or a support bundle shows only the
// configuration is read.
func TestCiscoTerminal(t *testing.T) {
	const config = "crypto map M 10 match address A\ncrypto map M 10 set peer 192.0.2.1\ncrypto map M 10 set ikev1 transform-set T\ncrypto map M interface outside\ncrypto ikev1 enable outside\n"
	const other = "Crypto map tag: M, seq num: 10, local addr: 192.0.2.2\n access-list A extended permit ip any any\ncrypto map M 20 set peer 192.0.2.3\n"
	for name, text := range map[string]string{
		"session": "gw> en\nPassword:\ngw# show run\n: Saved\n" + config + "gw# show crypto ipsec sa\n" + other + "gw# exit\n",
		"bundle":  "------------------ show version ------------------\n\nCisco Adaptive Security Appliance Software Version 9.8\n\n------------------ show running-config ------------------\n\n" + config + "\n------------------ show crypto ipsec sa ------------------\n" + other,
		"FTD":     "> show running-config\n" + config + "> show crypto ipsec sa\n" + other,
		"typed":   "gw(config)# " + strings.ReplaceAll(config, "\n", "\ngw(config)# "),
	} {
		if d := Detect([]byte(text)); d != CiscoASA {
			t.Errorf("%s: detected as %q", name, d)
		}
		c := parse(t, CiscoASA, text)
		if len(c.Connections) != 1 || c.Connections[0].Name != "crypto map M 10" || len(c.Problems) > 0 {
			t.Errorf("%s: %d connections, %v", name, len(c.Connections), c.Problems)
		}
	}
	ios := parse(t, CiscoIOS, "r1#show running-config\nBuilding configuration...\ncrypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\nr1#sh crypto map\ncrypto map M 20 ipsec-isakmp\n")
	if len(ios.Connections) != 1 {
		t.Errorf("IOS: %d connections", len(ios.Connections))
	}
}

// TestCiscoASANAT: which traffic is translated before the crypto map sees it.
func TestCiscoASANAT(t *testing.T) {
	const head = "interface Gi0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\ninterface Gi0/1\n nameif inside\n ip address 10.1.0.1 255.255.255.0\ninterface Gi0/2\n nameif dmz\n ip address 10.5.0.1 255.255.255.0\n" +
		"object network here\n subnet 10.1.0.0 255.255.255.0\nobject network there\n subnet 10.2.0.0 255.255.255.0\nobject network all\n subnet 0.0.0.0 0.0.0.0\nobject network host\n host 10.1.0.7\n" +
		"access-list A extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0\naccess-list N extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0\n" +
		"crypto map M 10 match address A\ncrypto map M 10 set peer 192.0.2.9\ncrypto map M interface outside\n"
	for _, x := range []struct{ rules, want string }{
		{"", ""},
		{"nat (inside,outside) source dynamic any interface\n", "source dynamic any interface"},
		{"nat (inside,outside) source static here here destination static there there\nnat (inside,outside) source dynamic any interface\n", ""},
		{"nat (inside,outside) source dynamic any interface\nnat (inside,outside) source static here here destination static there there\n", "source dynamic any interface"},
		{"nat (dmz,outside) source dynamic any interface\n", ""},
		{"nat (inside,dmz) source dynamic any interface\n", ""},
		{"nat (any,any) source static any any destination static there there\nnat (inside,outside) after-auto source dynamic any interface\n", ""},
		{"nat (inside,outside) source static all all destination static here here\nnat (inside,outside) after-auto source dynamic any interface\n", "after-auto source dynamic any interface"},
		{"object network all\n nat (inside,outside) dynamic interface\n", "dynamic interface"},
		{"object network all\n nat (inside,outside) dynamic interface\nnat (inside,outside) source static here here destination static there there\n", ""},
		{"object network host\n nat (inside,outside) static 192.0.2.7\n", ""}, // a part of it
		{"nat (inside,outside) source static here all destination static there there\n", "source static here all destination static there there"},
		{"nat (inside) 1 0.0.0.0 0.0.0.0\nglobal (outside) 1 interface\n", "1 0.0.0.0 0.0.0.0"},
		{"nat (inside) 1 0.0.0.0 0.0.0.0\n", ""},
		{"nat (inside) 0 access-list N\nnat (inside) 1 0.0.0.0 0.0.0.0\nglobal (outside) 1 interface\n", ""},
		{"nat (inside) 1 10.1.0.0 255.255.0.0\nnat (inside) 0 access-list N\nglobal (outside) 1 interface\n", ""},
	} {
		c := parse(t, CiscoASA, head+x.rules)
		if v := c.Connections[0].Children[0].Translated; v.V != x.want || (v.Origin == Unset) != (x.want == "") {
			t.Errorf("%q: %q", x.rules, v.V)
		}
	}
}

// TestCiscoASAKeys: a key is that of the tunnel group by whose name the peer
// goes, or of the default group.
func TestCiscoASAKeys(t *testing.T) {
	const text = "crypto ikev1 policy 10\n authentication pre-share\ncrypto map M 10 set peer 192.0.2.9\ncrypto map M 20 set peer 192.0.2.8\n%s" +
		"tunnel-group 192.0.2.9 type ipsec-l2l\ntunnel-group 192.0.2.9 ipsec-attributes\n ikev1 pre-shared-key the-own\n"
	for _, x := range []struct {
		more  string
		lines [2]int
	}{
		{"", [2]int{7, 0}},
		{"tunnel-group DefaultL2LGroup ipsec-attributes\n ikev1 pre-shared-key the-default\n", [2]int{9, 6}},
		{"tunnel-group DefaultRAGroup ipsec-attributes\n ikev1 pre-shared-key of-users\n", [2]int{9, 0}},
		{"tunnel-group STAFF type remote-access\ntunnel-group STAFF ipsec-attributes\n ikev1 pre-shared-key of-users\n", [2]int{10, 0}},
	} {
		c := parse(t, CiscoASA, fmt.Sprintf(text, x.more))
		for i := range c.Connections {
			m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[i]})
			if m.Secret.At.Line != x.lines[i] || (err == nil) != (x.lines[i] > 0) {
				t.Errorf("%q: connection %d has line %d, %v", x.more, i, m.Secret.At.Line, err)
			}
		}
	}
}

// TestCiscoASALint: what the device will not do.
func TestCiscoASALint(t *testing.T) {
	c := parse(t, CiscoASA, `ASA Version 9.8(4)
interface Gi0/0
 nameif outside
 ip address 192.0.2.1 255.255.255.0
access-list A extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
access-list B extended permit ip 10.1.0.0 0.0.0.255 10.3.0.0 0.0.0.255
crypto ipsec ikev1 transform-set T esp-aes-256 esp-sha-hmac
crypto map M 10 match address A
crypto map M 10 set peer 198.51.100.9
crypto map M 10 set ikev1 transform-set T
crypto map M 20 match address B
crypto map M 20 set peer 198.51.100.8
crypto map M 20 set ikev1 transform-set GONE
crypto map M interface outside
crypto map SPARE 10 match address A
crypto map SPARE 10 set peer 198.51.100.7
crypto ikev1 enable dmz
group-policy OLD attributes
 vpn-tunnel-protocol ikev2 ssl-client
tunnel-group 198.51.100.9 general-attributes
 default-group-policy OLD
tunnel-group 198.51.100.9 ipsec-attributes
 ikev1 pre-shared-key *****
`)
	var got []string
	for _, i := range Lint(c) {
		if !i.Kind.Practice() {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d %v %v %s: %s %s", i.Setting.At.Line, i.Kind, i.Effect, i.Subject, i.Key, i.Write)))
		}
	}
	want := []string{
		"19 v1-disabled fails vpn-tunnel-protocol: vpn-tunnel-protocol ikev2 ssl-client ikev1",
		"14 v1-disabled fails crypto ikev1 enable: crypto ikev1 enable outside",
		"15 unbound fails crypto map SPARE: crypto map SPARE",
		"13 reference fails GONE:",
		"14 v1-disabled fails crypto ikev1 enable: crypto ikev1 enable outside",
	}
	slices.Sort(got)
	slices.Sort(want)
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	if len(c.Problems) != 1 || c.Problems[0].Line != 6 { // a wildcard mask in the place of a netmask
		t.Errorf("%v", c.Problems)
	}
}

// TestCiscoASAHealthy: a configuration that lacks nothing has no issue but
// advice, whole or as an extract.
func TestCiscoASAHealthy(t *testing.T) {
	for _, text := range []string{
		"crypto ikev1 policy 10\n authentication pre-share\ncrypto map M 10 match address A\ncrypto map M 10 set peer 192.0.2.9\ncrypto map M 10 set ikev1 transform-set T\n",
		"crypto map M interface outside\ncrypto map M 10 match address A\ncrypto map M 10 set peer 192.0.2.9\n",
		"interface Gi0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\ncrypto map M 10 set peer 192.0.2.9\ncrypto map M interface outside\n",
	} {
		for _, i := range Lint(parse(t, CiscoASA, text)) {
			if !i.Kind.Practice() {
				t.Errorf("%q: %v %s", text, i.Kind, i.Subject)
			}
		}
	}
}

// TestCiscoASAIncomplete: an entry without peer or access list is passed over,
// where the file shows that there is none.
func TestCiscoASAIncomplete(t *testing.T) {
	const text = "crypto map M 10 set peer 192.0.2.9\ncrypto map M 20 match address A\ncrypto map M 30 match address A\ncrypto map M 30 set peer 192.0.2.9\ncrypto map M interface outside\n"
	for tail, want := range map[string]string{"": "true true true", ": end\n": "false false true"} {
		var got []string
		c := parse(t, CiscoASA, text+tail)
		for i := range c.Connections {
			got = append(got, fmt.Sprint(c.Connections[i].Loaded()))
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: %s", tail, g)
		}
	}
}

// TestCiscoASANames: a name stands for an address wherever one may stand.
func TestCiscoASANames(t *testing.T) {
	c := parse(t, CiscoASA, "name 10.1.0.0 Here description the own\nname 10.2.0.7 server\nname 192.0.2.9 far-end\nnameif ethernet0 outside security0\nname 192.0.2.1 near-end\nip address outside near-end 255.255.255.0\n"+
		"object-group network there\n network-object host server\naccess-list A permit ip Here 255.255.255.0 host server\naccess-list A permit tcp Here 255.255.255.0 object-group there eq www\n"+
		"crypto map M 10 match address A\ncrypto map M 10 set peer far-end\ncrypto map M interface outside\ntunnel-group far-end ipsec-attributes\n pre-shared-key some-key\n")
	k := &c.Connections[0]
	var got []string
	for _, x := range k.Children {
		got = append(got, selectorText(x.Local.V), selectorText(x.Remote.V))
	}
	if g := strings.Join(got, " "); g != "10.1.0.0/24 10.2.0.7/32 10.1.0.0/24[tcp] 10.2.0.7/32[tcp/80]" && g != "10.1.0.0/24 10.2.0.7/32 10.1.0.0/24[tcp] 10.2.0.7/32[tcp/http]" {
		t.Error(g)
	}
	if a, b := addressText(k.Local.Addresses.V), addressText(k.Remote.Addresses.V); a != "192.0.2.1" || b != "192.0.2.9" || len(c.Problems) > 0 {
		t.Error(a, b, c.Problems)
	}
	if m, err := c.SecretFor(SecretQuery{Conn: k}); err != nil || m.Secret.At.Line != 15 {
		t.Error(m.Secret.At, err)
	}
}

func TestCiscoASAHostile(t *testing.T) {
	for _, text := range []string{
		"isakmp", "isakmp key", "isakmp policy", "isakmp policy x group 2", "no isakmp", "crypto", "no crypto", "crypto map", "crypto map m 1", "crypto map m 1 set", "crypto map m interface", "crypto ipsec",
		"crypto ipsec ikev1 transform-set", "crypto ipsec ikev1 transform-set t mode", "crypto ipsec profile", "crypto dynamic-map d", "tunnel-group", "tunnel-group x ipsec-attributes\n ikev1 pre-shared-key",
		"tunnel-group x ipsec-attributes\n isakmp keepalive threshold", "group-policy", "group-policy x attributes\n vpn-idle-timeout", "nat", "nat (", "nat ()", "nat (a,b)", "nat (a,b) source", "nat (a,b) source static x", "nat (a) 0", "static (a,b)", "static (a,b) x access-list",
		"global (a)", "route", "route a b c", "name", "name x", "object", "object network", "object network x\n range 1.2.3.4", "object-group service s tcp\n port-object", "object-group service s\n service-object", "access-list", "access-list a line", "access-list a extended",
		"object-group network a\n group-object a\naccess-list x extended permit ip object-group a any\ncrypto map m 1 match address x", "interface", "nameif a", "nameif a b c", "ip address", "ip address a", "banner motd", "<--- More --->", "#", ">", "--- show run ---", "---- show",
		"crypto map m 1 match address a\naccess-list a permit tcp any any object-group", "asa version", "ASA Version 9.", "object service s\n service tcp source", "\x00",
	} {
		c, err := Parse("x", strings.NewReader(text), Options{Dialect: CiscoASA})
		if err != nil && !errors.Is(err, ErrBinary) || c == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestCiscoASAUsers: a group of remote users is a connection, and its members
// have its key.
func TestCiscoASAUsers(t *testing.T) {
	c := parse(t, CiscoASA, `ip local pool P 10.9.0.1-10.9.0.99
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 2
crypto ipsec ikev1 transform-set T esp-aes-256 esp-sha-hmac
crypto dynamic-map D 10 set ikev1 transform-set T
crypto map M 65535 ipsec-isakmp dynamic D
crypto map M interface outside
tunnel-group STAFF type remote-access
tunnel-group STAFF general-attributes
 address-pool P
tunnel-group STAFF ipsec-attributes
 ikev1 pre-shared-key the-key-of-staff
tunnel-group WEB type remote-access
tunnel-group BARE type remote-access
tunnel-group BARE ipsec-attributes
 ikev1 pre-shared-key another-key-here
 ikev1 user-authentication none
`)
	if len(c.Connections) != 3 {
		t.Fatalf("%d connections", len(c.Connections))
	}
	for i, want := range []struct {
		name  string
		xauth XAuthRole
		line  int
	}{{"crypto dynamic-map D 10", XAuthNone, 0}, {"tunnel-group STAFF", XAuthServer, 15}, {"tunnel-group BARE", XAuthNone, 19}} {
		k := &c.Connections[i]
		m, err := c.SecretFor(SecretQuery{Conn: k})
		if k.Name != want.name || k.XAuth.V != want.xauth || m.Secret.At.Line != want.line || !k.Passive() {
			t.Errorf("%s %v, key at line %d: %v", k.Name, k.XAuth.V, m.Secret.At.Line, err)
		}
	}
	const client = "config setup\n\tuniqueids=yes\nconn road\n\tikev2=no\n\tauthby=secret\n\taggressive=yes\n\tleft=%%defaultroute\n\tleftid=@[%s]\n\tleftxauthclient=yes\n\tleftmodecfgclient=yes\n" +
		"\tright=192.0.2.1\n\trightxauthserver=yes\n\trightsubnet=0.0.0.0/0\n\tike=aes256-sha1;modp1024\n\tphase2alg=aes256-sha1\n\tpfs=no\n\tauto=add\n"
	pairs, _ := Match(parse(t, Libreswan, fmt.Sprintf(client, "STAFF")), c)
	if len(pairs) != 1 || pairs[0].B.Connection.Name != "tunnel-group STAFF" {
		t.Errorf("%d pairs: %+v", len(pairs), pairs)
	} else if r := Compare(pairs[0].A, pairs[0].B); r.Worst() == Mismatch && r.Differences[0].Field != FieldPSK {
		t.Errorf("%+v", r.Differences)
	}
}
