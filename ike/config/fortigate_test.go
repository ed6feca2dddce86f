package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

const fortiOne = "%sconfig vpn ipsec phase1-interface\n edit \"a\"\n  set remote-gw 192.0.2.9\n  set proposal aes256-sha256\n%s next\nend\n" +
	"config vpn ipsec phase2-interface\n edit \"a\"\n  set phase1name \"a\"\n  set proposal aes256-sha256\n%s next\nend\n"

// TestFortiGateDefaults: what a file does not say depends on the release, and
// is open where that is not known.
func TestFortiGateDefaults(t *testing.T) {
	for _, x := range []struct {
		header, want string
	}{
		{"#config-version=FGT60E-5.2.11-FW-build754:opmode=0\n", "MODP_2048 MODP_1536"},
		{"#config-version=FGVM64-7.4.3-FW-build2573-240201:opmode=1:vdom=0:user=admin\n", "MODP_2048 MODP_1536"},
		{"#config-version=FGT50B-5.0-FW-build318-150818:opmode=0\n", "open"},
		{"#config-version=FG200F-7.6.1-FW-build3457:opmode=0\n", "open"},
		{"", "open"},
	} {
		c := parse(t, FortiGate, fmt.Sprintf(fortiOne, x.header, "", ""))
		p := &c.Connections[0].Proposals.V.List[0]
		var got []string
		for _, g := range p.Groups {
			got = append(got, g.String())
		}
		if p.Open.Has(ike.AttrGroup) {
			got = append(got, "open")
		}
		if g := strings.Join(got, " "); g != x.want {
			t.Errorf("%q: %s", x.header, g)
		}
	}
}

// TestFortiGateLayout: what people paste is not whole.
func TestFortiGateLayout(t *testing.T) {
	for name, text := range map[string]string{
		"plain":        fmt.Sprintf(fortiOne, "", "", ""),
		"no next":      strings.ReplaceAll(fmt.Sprintf(fortiOne, "", "", ""), " next\n", ""),
		"no end":       strings.ReplaceAll(fmt.Sprintf(fortiOne, "", "", ""), "end\n", ""),
		"neither":      strings.ReplaceAll(strings.ReplaceAll(fmt.Sprintf(fortiOne, "", "", ""), "end\n", ""), " next\n", ""),
		"CR":           strings.ReplaceAll(fmt.Sprintf(fortiOne, "", "", ""), "\n", "\r\n"),
		"within":       "    set kw=\"x\"\n  next\nend\n" + fmt.Sprintf(fortiOne, "", "", ""),
		"open quote":   fmt.Sprintf(fortiOne, "", "  set comments \"never closed\n", ""),
		"single":       fmt.Sprintf(fortiOne, "", "  set localid ''\n", ""),
		"lines":        fmt.Sprintf(fortiOne, "", "  set comments \"one\ntwo\n\nthree\"\n", ""),
		"prompt":       "FW-1 $ show\n" + strings.ReplaceAll(fmt.Sprintf(fortiOne, "", "", ""), "\n  set", "\nFW-1 (a) # set"),
		"virtual":      "config vdom\nedit v\n" + fmt.Sprintf(fortiOne, "", "", "") + "end\n",
		"given twice":  fmt.Sprintf(fortiOne, "", "", "") + "config vpn ipsec phase1-interface\n edit \"a\"\n  set keylife 86400\n end\n",
		"unset":        fmt.Sprintf(fortiOne, "", "  set localid x\n  unset localid\n", ""),
		"deleted":      "config vpn ipsec phase1-interface\n edit z\n next\n delete z\nend\n" + fmt.Sprintf(fortiOne, "", "", ""),
		"a nested one": fmt.Sprintf(fortiOne, "", "  config ipv4-exclude-range\n   edit 1\n    set start-ip 1.2.3.4\n   next\n  end\n", ""),
	} {
		c := parse(t, FortiGate, text)
		if len(c.Connections) != 1 {
			t.Errorf("%s: %d connections", name, len(c.Connections))
			continue
		}
		k := &c.Connections[0]
		if a, ok := k.Remote.Host(); !ok || a.String() != "192.0.2.9" || len(k.Children) != 1 || len(k.Children[0].Proposals.V.List) != 1 || k.Local.ID.Stated() {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

// TestFortiGateSecrets: a key belongs to its entry, in each virtual device.
func TestFortiGateSecrets(t *testing.T) {
	c := parse(t, FortiGate, "config vdom\nedit x\nconfig vpn ipsec phase1-interface\nedit a\nset type dynamic\nset psksecret ENC AAAA\nend\nend\n"+
		"config vdom\nedit y\nconfig vpn ipsec phase1-interface\nedit a\nset remote-gw 192.0.2.1\nset psksecret \" the key\"\nnext\nedit b\nset remote-gw 192.0.2.2\nend\nend\n")
	a, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]})
	if err != nil || a.Secret.Origin != Hidden || a.Secret.At.Line != 6 {
		t.Errorf("%v %v", a.Secret, err)
	}
	b, err := c.SecretFor(SecretQuery{Conn: &c.Connections[1]})
	if err != nil || string(b.Secret.V.Reveal()) != " the key" || !b.Entry.Suspicious {
		t.Errorf("%v %v", b, err)
	}
	if _, err := c.SecretFor(SecretQuery{Conn: &c.Connections[2]}); !errors.Is(err, ErrNoSecret) {
		t.Error(err)
	}
}

// TestFortiGateLint: a tunnel that no policy names, weak algorithms, a name
// that means nothing.
func TestFortiGateLint(t *testing.T) {
	const policy = "config firewall policy\nedit 1\nset srcintf \"%s\"\nset dstintf port1\nnext\nend\n"
	text := fmt.Sprintf(fortiOne, "#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0\n", "  set dhgrp 2\n", "  set pfs disable\n") + "config system zone\nedit Z\nset interface a\nnext\nend\n"
	for carrier, unbound := range map[string]bool{"a": false, "any": false, "Z": false, "lan": true} {
		var got []string
		for _, i := range Lint(parse(t, FortiGate, text+fmt.Sprintf(policy, carrier))) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d %v %v %s: %s %s", i.Setting.At.Line, i.Kind, i.Effect, i.Subject, i.Key, i.Write)))
		}
		if slices.Contains(got, `3 unbound no-effect firewall policy: config firewall policy set dstintf "a"`) != unbound {
			t.Errorf("%s: %v", carrier, got)
		}
		for _, w := range []string{
			"6 weak-group unwise MODP_1024: set dhgrp 14",
			"13 no-pfs unwise none: set pfs enable",
			"3 no-secret fails : set psksecret",
		} {
			if !slices.Contains(got, w) {
				t.Errorf("no %q in\n%s", w, strings.Join(got, "\n"))
			}
		}
	}
	_, excerpt, _ := strings.Cut(text, "\n")
	if c := parse(t, FortiGate, excerpt+fmt.Sprintf(policy, "lan")); len(c.Connections[0].Found) > 0 {
		t.Error("an excerpt tells that no policy names the tunnel")
	}
	c := parse(t, FortiGate, "config vpn ipsec phase2\nedit a\nset phase1name b\nend\n")
	if l := c.Undefined(); len(l) != 1 || l[0].Name != "b" || len(c.Found) != 1 {
		t.Errorf("%v", l)
	}
}

// TestFortiGateHostile: groups within themselves, and tables without end.
func TestFortiGateHostile(t *testing.T) {
	var b strings.Builder
	b.WriteString("config firewall addrgrp\n")
	for i := range 40 {
		fmt.Fprintf(&b, "edit g%d\nset member%s\nnext\n", i, strings.Repeat(fmt.Sprintf(" g%d", (i+1)%40), 40))
	}
	b.WriteString("end\nconfig vpn ipsec phase1\nedit p\nend\nconfig vpn ipsec phase2\n")
	for i := range 200 {
		fmt.Fprintf(&b, "edit s%d\nset phase1name p\nset src-addr-type name\nset src-name g0\nset dst-addr-type name\nset dst-name g1\nnext\n", i)
	}
	c := parse(t, FortiGate, b.String()+"end\n")
	if n := len(c.Connections[0].Children); n != 200 {
		t.Errorf("%d children", n)
	}
	for _, text := range []string{strings.Repeat("config a\n", 1<<16), strings.Repeat("edit \"\n", 1<<16), strings.Repeat("config vpn ipsec phase1\nedit \"x\\\n", 1<<14), strings.Repeat("\"\\\n", 1<<16), strings.Repeat("x (y) # ", 1<<14)} {
		if _, err := Parse("f", strings.NewReader(text), Options{Dialect: FortiGate}); err != nil {
			t.Error(err)
		}
	}
}
