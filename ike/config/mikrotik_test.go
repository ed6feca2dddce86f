package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

const rosOne = "# 2024-01-01 00:00:00 by RouterOS 7.12\n/ip ipsec profile\nadd dh-group=modp2048 enc-algorithm=aes-256 hash-algorithm=sha256 name=p\n" +
	"/ip ipsec peer\nadd address=192.0.2.9/32 name=a profile=p\n/ip ipsec identity\nadd peer=a secret=\"the key\"\n" +
	"/ip ipsec policy\nadd dst-address=10.2.0.0/16 peer=a src-address=10.1.0.0/16 tunnel=yes\n"

// TestMikroTikLayout: one meaning in the layouts of releases and of people.
func TestMikroTikLayout(t *testing.T) {
	for name, text := range map[string]string{
		"plain":    rosOne,
		"CR":       strings.ReplaceAll(rosOne, "\n", "\r\n"),
		"joined":   strings.ReplaceAll(strings.ReplaceAll(rosOne, " name", " \\\n    name"), "address=", "address=\\\n    "),
		"in words": strings.ReplaceAll(strings.ReplaceAll(rosOne, "the key", "the \\\n    key"), "modp2048", "modp\\\n    2048"),
		"one line": strings.ReplaceAll(rosOne, "\nadd", " add"),
		"slashes":  strings.ReplaceAll(strings.ReplaceAll(rosOne, "/ip ipsec ", "/ip/ipsec/"), "\nadd", "/add"),
		"prompt":   "[admin@x] > export\n" + strings.ReplaceAll(strings.ReplaceAll(rosOne, "\n/ip ", "\n[admin@x] > /ip "), "\nadd", "\n[admin@x] /> add"),
		"quoted":   strings.ReplaceAll(strings.ReplaceAll(rosOne, "name=a", "name=\"a\""), "peer=a", "peer=\"\\61\""),
		"variable": ":local n \"a\"\n:local k \"the key\"\n" + strings.ReplaceAll(strings.ReplaceAll(rosOne, "name=a", "name=$n"), "\"the key\"", "\"$k\""),
		"set":      strings.ReplaceAll(rosOne, "tunnel=yes", "tunnel=no") + "set [ find peer=a ] comment=x\n/ip ipsec peer\nset [ find name=a ] comment=y\n/ip ipsec policy set 0 tunnel=yes\n",
	} {
		if name == "prompt" {
			text = strings.ReplaceAll(text, "[admin@x] /> add", "add")
		}
		c := parse(t, MikroTik, text)
		if len(c.Connections) != 1 {
			t.Errorf("%s: %d connections", name, len(c.Connections))
			continue
		}
		k := &c.Connections[0]
		p := &k.Proposals.V.List[0]
		if a, ok := k.Remote.Host(); !ok || a.String() != "192.0.2.9" || k.Name != "a" || len(k.Children) != 1 || len(p.Groups) != 1 || p.Groups[0] != ike.GroupMODP2048 {
			t.Errorf("%s: %+v", name, k)
		}
		if m, err := c.SecretFor(SecretQuery{Conn: k}); err != nil || string(m.Secret.V.Reveal()) != "the key" {
			t.Errorf("%s: %v %q", name, err, m.Secret.V.Reveal())
		}
	}
}

// TestMikroTikTimes: the ways in which RouterOS writes a time.
func TestMikroTikTimes(t *testing.T) {
	for in, want := range map[string]uint32{"1d": 86400, "8h": 28800, "30m": 1800, "1h30m": 5400, "00:30:00": 1800, "1d00:00:01": 86401, "1w2d": 9 * 86400, "45": 45, "28800s": 28800, "1d 1h": 0, "x": 0, "": 0, "1:2:3:4": 0} {
		if got, ok := rosTime(in); got != want || ok != (want != 0) {
			t.Errorf("%q: %d %v", in, got, ok)
		}
	}
}

// TestMikroTikHidden: an export without keys is not one that has none.
func TestMikroTikHidden(t *testing.T) {
	c := parse(t, MikroTik, strings.ReplaceAll(rosOne, " secret=\"the key\"", ""))
	if m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]}); err != nil || m.Secret.Origin != Hidden {
		t.Errorf("%v %v", m.Secret, err)
	}
	c = parse(t, MikroTik, strings.ReplaceAll(rosOne, "\"the key\"", "\"$unknown\""))
	if m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]}); err != nil || m.Secret.Origin != Hidden {
		t.Errorf("%v %v", m.Secret, err)
	}
	c = parse(t, MikroTik, strings.ReplaceAll(rosOne, "/ip ipsec policy", "add peer=b\n/ip ipsec peer add name=b address=192.0.2.10\n/ip ipsec policy"))
	if _, err := c.SecretFor(SecretQuery{Conn: &c.Connections[1]}); !errors.Is(err, ErrNoSecret) {
		t.Error(err)
	}
}

// TestMikroTikNAT: what a rule translates is said only where that is certain.
func TestMikroTikNAT(t *testing.T) {
	const peer = "local-address=203.0.113.1 name=a"
	text := strings.ReplaceAll(rosOne, "name=a", peer) + "/ip address\nadd address=203.0.113.1/24 interface=wan\n/ip firewall nat\n"
	for rules, want := range map[string]bool{
		"add chain=srcnat action=masquerade out-interface=wan":                                                                       true,
		"add chain=srcnat action=masquerade":                                                                                         true,
		"add chain=srcnat action=src-nat to-addresses=203.0.113.1 src-address=10.1.0.0/16":                                           true,
		"add chain=srcnat action=masquerade out-interface=lte1":                                                                      false,
		"add chain=srcnat action=masquerade out-interface=wan disabled=yes":                                                          false,
		"add chain=srcnat action=masquerade ipsec-policy=out,none out-interface=wan":                                                 false,
		"add chain=srcnat action=accept dst-address=10.2.0.0/16\nadd chain=srcnat action=masquerade":                                 false,
		"add chain=srcnat src-address=10.1.0.0/16 dst-address=10.0.0.0/8\nadd chain=srcnat action=masquerade":                        false,
		"add chain=srcnat action=accept dst-address=10.3.0.0/16\nadd chain=srcnat action=masquerade":                                 true,
		"add chain=srcnat action=masquerade\nadd chain=srcnat action=accept dst-address=10.2.0.0/16":                                 true,
		"add chain=srcnat action=accept dst-address-list=vpn\nadd chain=srcnat action=masquerade":                                    false,
		"add chain=srcnat action=masquerade src-address-list=lan":                                                                    false,
		"add chain=srcnat action=jump jump-target=x\nadd chain=srcnat action=masquerade":                                             false,
		"add chain=srcnat action=masquerade out-interface=wan\nadd chain=srcnat action=masquerade out-interface=wan2":                false,
		"add chain=srcnat action=masquerade dst-address=10.1.0.0/16 src-address=10.1.0.0/16 out-interface=lan":                       false,
		"add chain=dstnat action=dst-nat dst-port=80 to-addresses=10.1.0.5":                                                          false,
		"add chain=srcnat action=accept ipsec-policy=out,ipsec\nadd chain=srcnat action=masquerade out-interface-list=WAN comment=x": false,
	} {
		c := parse(t, MikroTik, text+rules+"\n")
		if got := c.Connections[0].Children[0].Translated.Origin != Unset; got != want {
			t.Errorf("%q: %v", rules, got)
		}
	}
}

// TestMikroTikLint: what is weak or means nothing, with the setting to change.
func TestMikroTikLint(t *testing.T) {
	c := parse(t, MikroTik, strings.NewReplacer("modp2048", "modp1024", "peer=a src", "peer=b src", "profile=p", "exchange-mode=aggressive profile=p").Replace(rosOne)+"add peer=a src-address=10.1.0.0/16 dst-address=10.9.0.0/16 tunnel=yes\n")
	var got []string
	for _, i := range Lint(c) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%d %v %v %s: %s %s", i.Setting.At.Line, i.Kind, i.Effect, i.Subject, i.Key, i.Write)))
	}
	for _, w := range []string{
		"9 reference no-effect b:",
		"3 weak-group unwise MODP_1024: dh-group modp2048",
		"5 aggressive-psk unwise : exchange-mode main",
		"5 ikev1 unwise : exchange-mode ike2",
	} {
		if !slices.Contains(got, w) {
			t.Errorf("no %q in\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestMikroTikHostile(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 1<<16), strings.Repeat("\\\n", 1<<16), strings.Repeat("/ip ipsec policy add peer=a\n", 1<<13), ":local a \"" + strings.Repeat("x", 1<<12) + "\"\n" + strings.Repeat(":local a \"$a$a$a$a\"\n", 100),
		strings.Repeat("/ip ipsec peer add name=a\n/ip ipsec identity add peer=a\n/ip ipsec policy add peer=a\n", 300), strings.Repeat("\"", 1<<16), strings.Repeat("/ip ipsec peer set [ find default=yes\n", 1<<12),
	} {
		if _, err := Parse("f", strings.NewReader(text), Options{Dialect: MikroTik}); err != nil {
			t.Error(err)
		}
	}
}
