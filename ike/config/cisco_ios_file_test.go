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

// TestCiscoIOSConfigs reads the public samples: what they hold outside of the
// model is listed here, with how often.
func TestCiscoIOSConfigs(t *testing.T) {
	unknown, problems, undefined := map[string]int{}, map[string]int{}, map[string]int{}
	n, conns := 0, 0
	files(t, recordings.Path(t, "configs/cisco-ios"), func(base string) bool { return filepath.Ext(base) != ".md" }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{Dialect: CiscoIOS})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return
		}
		if strings.Contains(string(decodeText(b)), "xsl:stylesheet") {
			return // a configuration made by a program, with the program
		}
		n++
		conns += len(c.Connections)
		if c.Units < c.Recognized {
			t.Errorf("%s: %d of %d", p, c.Recognized, c.Units)
		}
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
	})
	if n != 21 || conns < 30 {
		t.Errorf("%d files, %d connections", n, conns)
	}
	if got := fmt.Sprint(unknown); got != "map[]" {
		t.Errorf("statements outside of the format: %v", got)
	}
	// Addresses that a reader is to fill in, and undefined names that the
	// samples have on purpose.
	if got := fmt.Sprint(problems, undefined); got != "map[access-list 102:2 crypto isakmp key:2] map[access-list:4 crypto dynamic-map:1 crypto ipsec profile:2 crypto ipsec transform-set:16 crypto isakmp profile:1 crypto keyring:2]" {
		t.Error(got)
	}
}

// slide returns the commands that the slides of a talk of 1999 show, broken
// into lines as they are there.
func slides(t *testing.T) string {
	b, err := os.ReadFile(filepath.Join(recordings.Path(t, "seeds"), "bird-ipsec-troubleshooting.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, block := range strings.Split(string(b), "```") {
		if s := strings.TrimLeft(block, "\n"); i%2 == 1 && (strings.HasPrefix(s, "crypto ") || strings.HasPrefix(s, "access-list ")) {
			out.WriteString(s)
		}
	}
	return out.String()
}

// birds are the two routers of the slides. Each slide shows what either has;
// the key and the access list of Oakland are said to be symmetric.
func birds(t *testing.T) (sj, oakland string) {
	var mine, other []string
	common := strings.SplitAfter(slides(t), "\n")
	text := strings.Join(common, "")
	from := strings.Index(text, "crypto map oakland-sj")
	acl := strings.Index(text, "access-list 100")
	if from < 0 || acl < from {
		t.Fatalf("the slides changed:\n%s", text)
	}
	mine = append(mine, text[:from], text[acl:])
	other = append(other, strings.ReplaceAll(text[:strings.Index(text, "crypto map sj-oakland")], "167.131.23.12", "131.17.3.25"), text[from:acl],
		strings.NewReplacer("10.1.0.0", "10.2.0.0", "10.2.0.0", "10.1.0.0").Replace(text[acl:]))
	return strings.Join(mine, ""), strings.Join(other, "")
}

func compareTexts(t *testing.T, a, b string, da, db Dialect) Comparison {
	t.Helper()
	x, y := parse(t, da, a), parse(t, db, b)
	pairs, _ := Match(x, y)
	if len(pairs) != 1 {
		t.Fatalf("%d pairs of %d and %d connections", len(pairs), len(x.Connections), len(y.Connections))
	}
	return Compare(pairs[0].A, pairs[0].B)
}

func TestBird(t *testing.T) {
	sj, oakland := birds(t)
	if d := Detect([]byte(sj)); d != CiscoIOS {
		t.Errorf("detected as %q", d)
	}
	c := parse(t, CiscoIOS, sj)
	if len(c.Problems)+len(c.Undefined())+len(c.Unknown) > 0 || len(c.Connections) != 1 || len(c.Secrets) != 1 {
		t.Fatalf("%v %v %v", c.Problems, c.Undefined(), c.Unknown)
	}
	if got := c.Connections[0].Children[0].Proposals.V.Text; got != "esp-3des esp-sha-hmac" {
		t.Error(got)
	}
	if r := compareTexts(t, sj, oakland, CiscoIOS, CiscoIOS); !r.Compatible() {
		t.Errorf("%+v", r)
	}
	bind := "interface Serial0\n ip address 167.131.23.12 255.255.255.0\n"
	for _, x := range []struct {
		old, new string
		want     Field
		line     int
	}{
		{"secretkey", "otherkey", FieldPSK, 3},
		{"esp-3des", "esp-des", FieldChildProposals, 5},
		{"authentication pre-share", "authentication pre-share\nhash md5", FieldProposals, 1},
		{"authentication pre-share", "authentication pre-share\nlifetime 3600", FieldLifetime, 3},
		{"match address 100", "match address 100\n set pfs group2", FieldPFS, 5},
		{"access-list 100 permit ip 10.2.0.0", "access-list 100 permit ip 10.9.0.0", FieldSelectors, 13},
		{"crypto isakmp policy", bind + "crypto isakmp policy", FieldBinding, 10},
		{"crypto isakmp policy", bind + " crypto map oakland-sj\ncrypto isakmp policy", 0, 0},
	} {
		other := strings.Replace(oakland, x.old, x.new, 1)
		if other == oakland {
			t.Fatalf("no %q in\n%s", x.old, oakland)
		}
		r := compareTexts(t, sj, other, CiscoIOS, CiscoIOS)
		if x.want == 0 {
			if !r.Compatible() {
				t.Errorf("%q: %+v", x.new, r)
			}
			continue
		}
		i := slices.IndexFunc(r.Differences, func(d Difference) bool { return d.Field == x.want })
		if i < 0 {
			t.Errorf("%q: no %v: %+v", x.new, x.want, r)
			continue
		}
		if d := r.Differences[i]; d.Degree != Mismatch && x.want != FieldLifetime || d.B.At.Line == 0 {
			t.Errorf("%q: %+v\n%s", x.new, d, other)
		}
	}
}

const iosPeer = `hostname gw
crypto isakmp policy 10
 encr aes
 hash sha256
 authentication pre-share
 group 14
%s
crypto ipsec transform-set T esp-aes esp-sha256-hmac
crypto map M 10 ipsec-isakmp
 set peer 192.0.2.1
 set transform-set T
 set pfs group14
 match address 101
access-list 101 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255
%s
interface Gi0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map M
`

const swanPeer = `connections { c { version = 1
 local_addrs = 192.0.2.1
 remote_addrs = 192.0.2.2
 proposals = %s
 %s
 local { auth = psk
 }
 remote { auth = psk
 }
 children { k { local_ts = %s
 remote_ts = 10.2.0.0/24
 esp_proposals = %s
 %s
 } } } }
secrets { ike { secret = %s
 } }
`

const lswanPeer = `config setup
	plutodebug=none
conn c
	ikev2=no
	authby=secret
	left=192.0.2.1
	right=192.0.2.2
	leftsubnet=10.1.0.0/24
	rightsubnet=10.2.0.0/24
	ike=aes128-sha2_256;modp2048
	phase2alg=aes128-sha2_256;modp2048
	auto=start
`

func TestCompareIOSStrongSwan(t *testing.T) {
	swan := func(change ...string) string {
		x := []any{"aes128-sha256-modp2048", "", "10.1.0.0/24", "aes128-sha256-modp2048", "", "common"}
		for i := 0; i+1 < len(change); i += 2 {
			x[int(change[i][0]-'0')] = change[i+1]
		}
		return fmt.Sprintf(swanPeer, x...)
	}
	const key = "crypto isakmp key common address 192.0.2.1"
	for _, x := range []struct{ key, more, swan, want string }{
		{key, "", swan(), ""},
		{"crypto isakmp key 6 ABCD address 192.0.2.1", "", swan(), "psk unverifiable"},
		{"crypto isakmp key common address 0.0.0.0\ncrypto isakmp key other address 192.0.2.1", "", swan(), "psk mismatch"},
		{"crypto isakmp key other address 0.0.0.0\ncrypto isakmp key common address 192.0.2.1", "", swan(), ""},
		{"crypto isakmp key other address 0.0.0.0\ncrypto isakmp key common address 192.0.2.3", "", swan(), "psk mismatch"},
		{"crypto isakmp key common hostname gw.example.net", "", swan(), "psk mismatch"},
		{key, "", swan("0", "aes256-sha256-modp2048"), "proposals mismatch"},
		{key, "", swan("3", "aes128-sha256"), "pfs mismatch"},
		{key, "", swan("2", "10.1.0.0/16", "4", "start_action = trap"), "selectors mismatch"},
		{key, "", swan("2", "10.1.0.0/16"), "selectors advisory"}, // only the device begins
		{key, "", swan("2", "10.1.0.0/25"), "selectors advisory"},
		{key, "", swan("2", "10.9.0.0/24"), "selectors mismatch"},
		{key, "", swan("1", "aggressive = yes"), "mode advisory"},
		{key, "crypto isakmp aggressive-mode disable", swan("1", "aggressive = yes"), "mode mismatch"},
		{key, "", swan("4", "mode = transport"), "encapsulation mismatch"},
		{key, "", swan("5", `"common "`), "psk mismatch"},
		{key, "ip nat inside source list 120 interface Gi0/0 overload\naccess-list 120 permit ip 10.2.0.0 0.0.0.255 any\ninterface Gi0/1\n ip nat inside\ninterface Gi0/0\n ip nat outside", swan(), ""},
	} {
		r := compareTexts(t, x.swan, fmt.Sprintf(iosPeer, x.key, x.more), Swanctl, CiscoIOS)
		var got []string
		for _, d := range r.Differences {
			if d.Field != FieldLifetime && d.Field != FieldChildLifetime {
				got = append(got, d.Field.String()+" "+d.Degree.String())
			}
		}
		if g := strings.Join(got, "; "); g != x.want {
			t.Errorf("%s %s: %s, want %s", x.key, x.more, g, x.want)
		}
	}
	if r := compareTexts(t, lswanPeer, fmt.Sprintf(iosPeer, key, ""), Libreswan, CiscoIOS); r.Compatible() == false {
		t.Errorf("%+v", r)
	}
}

func TestCiscoIOSNAT(t *testing.T) {
	const nat = `interface Gi0/0
 ip address 192.0.2.2 255.255.255.0
 ip nat outside
 crypto map M
interface Gi0/1
 ip nat inside
ip nat inside source %s interface Gi0/0 overload
access-list 101 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255
access-list 120 %s ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255
access-list 120 permit ip 10.2.0.0 0.0.0.255 any
route-map RM permit 10
 match ip address 120
crypto map M 10 ipsec-isakmp
 set peer 192.0.2.1
 match address 101
`
	for _, x := range []struct {
		source, first string
		want          int
	}{{"list 120", "permit", 9}, {"list 120", "deny", 0}, {"route-map RM", "permit", 9}, {"route-map RM", "deny", 0}} {
		c := parse(t, CiscoIOS, fmt.Sprintf(nat, x.source, x.first))
		if v := c.Connections[0].Children[0].Translated; (v.V != "") != (x.want > 0) || v.At.Line != x.want {
			t.Errorf("%v: %+v", x, v)
		}
	}
}

// TestCiscoIOSLayout: what lost its indentation or was broken into lines reads
// as what it was.
func TestCiscoIOSLayout(t *testing.T) {
	want := dump(parse(t, CiscoIOS, fmt.Sprintf(iosPeer, "crypto isakmp key common address 192.0.2.1", "")))
	flat := strings.ReplaceAll(fmt.Sprintf(iosPeer, "crypto isakmp key common address 192.0.2.1", ""), "\n ", "\n")
	if got := dump(parse(t, CiscoIOS, flat)); got != want {
		t.Errorf("without indentation: %s", firstDifference(got, want))
	}
	deep := "    " + strings.ReplaceAll(fmt.Sprintf(iosPeer, "crypto isakmp key common address 192.0.2.1", ""), "\n", "\r\n    ")
	if got := dump(parse(t, CiscoIOS, deep)); got != want {
		t.Errorf("indented as a whole: %s", firstDifference(got, want))
	}
	prompt := strings.ReplaceAll(flat, "\n", "\ngw(config)#")
	if got := dump(parse(t, CiscoIOS, prompt)); got != want {
		t.Errorf("with prompts: %s", firstDifference(got, want))
	}
}

func TestCiscoIOSHostile(t *testing.T) {
	for _, text := range []string{
		"crypto", "crypto isakmp key", "crypto isakmp key a", "crypto isakmp key address address", "crypto map", "crypto map m 99999999999999999999 ipsec-isakmp", "crypto ipsec transform-set",
		"banner motd", "banner motd ^", "access-list 100", "access-list 100 permit", "access-list 100 permit ip", "access-list 100 permit ip any", "access-list 100 permit tcp any eq any eq",
		"ip access-list extended\n permit", "object-group network a\n group-object a\nip access-list extended x\n permit ip object-group a any\ncrypto map m 1 ipsec-isakmp\n match address x",
		"interface\n ip address", "interface a\n ip unnumbered a\n crypto map m\ncrypto map m 1 ipsec-isakmp", "no", "exit", "\x00", "version", "crypto keyring\n pre-shared-key key", "route-map\n match ip address",
	} {
		c, err := Parse("x", strings.NewReader(text), Options{Dialect: CiscoIOS})
		if err != nil && !errors.Is(err, ErrBinary) || c == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
