package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// show renders everything that a caller can get hold of.
func show(c *Config, err error) string {
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&b, verb+"\n", c)
		fmt.Fprintf(&b, verb+"\n", err)
		if c == nil {
			continue
		}
		fmt.Fprintf(&b, verb+"\n", *c)
		for _, p := range c.Problems {
			fmt.Fprintf(&b, verb+" "+verb+"\n", p, *p)
		}
		for i := range c.Secrets {
			fmt.Fprintf(&b, verb+"\n", c.Secrets[i])
			m, err := c.SecretFor(SecretQuery{Conn: &Connection{}, RemoteID: ike.Identity{Any: true}})
			fmt.Fprintf(&b, verb+verb+"\n", m, err)
		}
		for i := range c.Connections {
			m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[i]})
			fmt.Fprintf(&b, verb+verb+verb+"\n", c.Connections[i], m, err)
			fmt.Fprintf(&b, verb+"\n", Compare(Side{c, &c.Connections[i]}, Side{c, &c.Connections[0]}))
		}
	}
	return b.String()
}

// leaks reports whether text holds secret, also in the ways a formatting verb
// spells it.
func leaks(text, secret string) bool {
	return len(secret) >= 4 && (strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) ||
		strings.Contains(text, strings.Trim(fmt.Sprintf("%v", []byte(secret)), "[]")) ||
		strings.Contains(text, strings.Trim(fmt.Sprintf("%#v", []byte(secret)), "[]byte{}")))
}

const canary = "CaNaRy7Zq"

// TestCanaryPlanted breaks files in every way around a secret.
func TestCanaryPlanted(t *testing.T) {
	swan := "connections {\n a { version = 1\n local { auth = psk\n id = gw.example.com\n }\n children { k { local_ts = 10.0.0.0/24\n } } } }\n" +
		"secrets {\n ike-a { id = b.example.com\n secret = %s\n }\n xauth-u { id = u\n secret = %s\n } }\n"
	ios := "hostname r\ncrypto isakmp policy 10\n authentication pre-share\ncrypto isakmp key %s address 192.0.2.2\ncrypto keyring k\n pre-shared-key address 192.0.2.9 key %s\n" +
		"username a password %s\ninterface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n crypto map m\ncrypto map m 10 ipsec-isakmp\n set peer 192.0.2.2\n"
	racoon := "remote 192.0.2.2 {\n exchange_mode main;\n shared_secret use %s;\n proposal { hash_algorithm %s;\n } }\nldap_cfg { bind_pw %s; }\nsainfo anonymous { }\n"
	xml := "<pfsense><ipsec><phase1><ikeid>1</ikeid><authentication_method>pre_shared_key</authentication_method>\n<pre-shared-key>%s</pre-shared-key><private-key>%s</private-key></phase1>" +
		"<mobilekey><ident>u</ident><pre-shared-key>%s</pre-shared-key></mobilekey></ipsec><OPNsense><IPsec><preSharedKeys><preSharedKey><ident>a</ident><Key>%s</Key></preSharedKey></preSharedKeys></IPsec></OPNsense></pfsense>"
	aws := "{\"VpnConnections\":[{\"CustomerGatewayConfiguration\":\"<vpn_connection><ipsec_tunnel><vpn_gateway><tunnel_outside_address><ip_address>192.0.2.1</ip_address></tunnel_outside_address></vpn_gateway>" +
		"<ike><pre_shared_key>%s</pre_shared_key></ike></ipsec_tunnel></vpn_connection>\",\"Options\":{\"TunnelOptions\":[{\"PreSharedKey\": \"%s\",\"OutsideIpAddress\":\"192.0.2.2\"}]}}]}"
	keys := "192.0.2.2 %s\nbranch.example.com %s\n"
	asa := "ASA Version 9.8(4)\nhostname a\ncrypto ikev1 policy 10\n authentication pre-share\ncrypto map m 10 set peer 192.0.2.2\ncrypto map m interface outside\n" +
		"tunnel-group 192.0.2.2 type ipsec-l2l\ntunnel-group 192.0.2.2 ipsec-attributes\n ikev1 pre-shared-key %s\n ikev2 local-authentication pre-shared-key %s\n" +
		"isakmp key %s address 192.0.2.3 netmask 255.255.255.255\nusername a password %s\naaa-server x (inside) host 10.0.0.1\n key %s\n"
	forti := "config vpn ipsec phase1-interface\n edit \"a\"\n  set remote-gw 192.0.2.2\n  set psksecret %s\n  set proposal aes256-sha256\n  set authpasswd %s\n next\nend\n" +
		"config vpn certificate local\n edit \"c\"\n  set private-key %s\n next\nend\n"
	ros := "# by RouterOS 6.49\n/ip ipsec peer\nadd address=192.0.2.2 name=a secret=%s password=%s\n/ip ipsec identity\nadd peer=a password=%s comment=\\\n    x secret=%s\n"
	palo := "set network ike gateway A authentication pre-shared-key key %s\nset network ike gateway A peer-address ip 192.0.2.2\nset mgt-config users a phash %s\n"
	paloXML := "<config version=\"10\"><devices><entry name=\"l\"><network><ike><gateway><entry name=\"A\"><authentication><pre-shared-key><key>%s</key></pre-shared-key></authentication>\n<peer-address><ip>192.0.2.2</ip></peer-address></entry></gateway></ike></network></entry></devices></config>\n"
	junos := "security {\n ike {\n  policy p {\n   proposal-set standard;\n   pre-shared-key ascii-text %s; ## SECRET-DATA\n  }\n  gateway g {\n   ike-policy p;\n   address 192.0.2.2;\n  }\n }\n ipsec {\n  vpn v {\n   ike {\n    gateway g;\n   }\n  }\n }\n}\n" +
		"set security ike policy q pre-shared-key hexadecimal %s\nset security ike gateway h ike-policy q\nset security ipsec vpn w ike gateway h\nset system login user a authentication plain-text-password-value %s\n"
	vyos := "vpn {\n ipsec {\n  site-to-site {\n   peer 192.0.2.2 {\n    authentication {\n     mode pre-shared-secret\n     pre-shared-secret %s\n    }\n    ike-group g\n   }\n  }\n }\n}\n" +
		"set vpn ipsec authentication psk p secret %s\nset vpn ipsec site-to-site peer p authentication mode pre-shared-secret\nset vpn l2tp remote-access authentication local-users username a password %s\n"
	screen := "set ike gateway \"g\" address 192.0.2.2 Main outgoing-interface \"ethernet0/0\" preshare %s proposal \"pre-g2-3des-sha\"\nset ike gateway \"g\" xauth client any username u password %s\n" +
		"set vpn \"v\" gateway \"g\" tunnel proposal \"x\"\nset admin password %s\n"
	file := "192.0.2.1 %%any : PSK %s\n: RSA key.pem %s\nu : XAUTH %s\n"
	for n, form := range []string{
		`"` + canary + `"`, canary, `"` + canary, canary + `"`, `'` + canary + `'`, `'` + canary, canary + "}" + canary + "=" + canary, canary + "}}" + canary + "{",
		canary + "#" + canary, "0x" + canary, "0s" + canary + "!", `"` + canary + "\n" + canary + `"`, canary + " = " + canary, canary + "{", "{" + canary + "}",
		`"a" ` + canary, canary + " " + canary, canary + ":" + canary, ": " + canary, "\\\"" + canary, "\"\\" + canary, canary + ",", canary + "\r", "0t" + canary,
		canary + "\n\t" + canary + "=" + canary, "\n include " + `"` + canary,
	} {
		if testing.Short() && n%4 != 0 {
			continue
		}
		for _, x := range []struct {
			text string
			own  []Dialect
		}{
			{"pools { p { addrs = 10.0.0.0/8\n }\n authorities { a { " + fmt.Sprintf(swan, form, form), nil}, {fmt.Sprintf(swan, form, form), nil},
			{fmt.Sprintf(file, form, form, form), nil}, {fmt.Sprintf(ios, form, form, form), nil}, {fmt.Sprintf(asa, form, form, form, form, form), []Dialect{CiscoASA}},
			{fmt.Sprintf(racoon, form, "sha1", form), []Dialect{Racoon, Setkey}}, {fmt.Sprintf(keys, form, form), []Dialect{RacoonKeys}},
			{fmt.Sprintf(xml, form, form, form, form), []Dialect{OPNsense}}, {fmt.Sprintf(aws, form, form), []Dialect{AWS}},
			{fmt.Sprintf(forti, form, form, form), []Dialect{FortiGate}}, {fmt.Sprintf(ros, form, form, form, form), []Dialect{MikroTik}},
			{fmt.Sprintf(palo, form, form), []Dialect{PaloAlto}}, {fmt.Sprintf(paloXML, form), []Dialect{PaloAlto}},
			{fmt.Sprintf(junos, form, form, form), []Dialect{JuniperSRX, VyOS}}, {fmt.Sprintf(vyos, form, form, form), []Dialect{VyOS, JuniperSRX}},
			{fmt.Sprintf(screen, form, form, form), []Dialect{ScreenOS}},
		} {
			text := x.text
			for i, broken := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.Replace(text, "}", "", 1), strings.Replace(text, "{", "", 3), "conn x\n\tleft=1.2.3.4\n" + text, text + text, `x = "` + text, text[:len(text)/2], text[len(text)/2:]} {
				as := append([]Dialect{Unknown, Swanctl, StrongSwan, Libreswan, IPsecSecrets, CiscoIOS}, x.own...)
				if i == 0 {
					as = append(as, Racoon, RacoonKeys, Setkey, PfSense, OPNsense, AWS, CiscoASA, FortiGate, MikroTik, PaloAlto, JuniperSRX, VyOS, ScreenOS)
				}
				for _, d := range as {
					c, err := Parse("f", strings.NewReader(broken), Options{Dialect: d})
					if strings.Contains(form, "include") {
						c.Includes = nil // a file's name, which must be shown to be found
					}
					if s := show(c, err); leaks(s, canary) {
						i := strings.Index(s, canary)
						t.Fatalf("as %q leaks in %q:\n%s", d, broken, s[max(0, i-200):min(len(s), i+60)])
					}
				}
			}
		}
	}
}

// TestCanaryCorpus: no secret of the corpus in anything that is returned.
func TestCanaryCorpus(t *testing.T) {
	corpusFolders(t, func(dir, name string) {
		for _, side := range []string{"initiator", "responder"} {
			c := gateway(t, dir, side)
			s := show(c, nil)
			for i := range c.Secrets {
				if b := c.Secrets[i].Secret.V.Reveal(); len(b) >= 8 && leaks(s, string(b)) { // a short one may be a word
					t.Errorf("%s: the secret of entry %d shows", dir, i)
				}
			}
		}
		paths, _ := filepath.Glob(filepath.Join(dir, "*.secrets"))
		for _, p := range paths {
			b, _ := os.ReadFile(p)
			for _, d := range []Dialect{Swanctl, StrongSwan, Libreswan} { // read as what it is not
				c, err := Parse(p, bytes.NewReader(b), Options{Dialect: d})
				_, secret, _ := strings.Cut(string(b), `"`)
				secret, _, _ = strings.Cut(secret, `"`)
				if leaks(show(c, err), secret) {
					t.Errorf("%s as %s", p, d)
				}
			}
		}
	})
}

func TestParseErrorUnwraps(t *testing.T) {
	e := &ParseError{File: "f", Line: 3, Key: "k", Err: wrong("why")}
	if !errors.Is(e, ErrValue) || e.Error() != "f:3: k: value not understood: why" {
		t.Error(e.Error())
	}
}
