package config

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// fuzz feeds a dialect's reader. What it checks: no panic, problems with a
// place, and that what was read can be used.
func fuzz(f *testing.F, d Dialect, seeds ...string) {
	paths, _ := filepath.Glob("testdata/*.conf")
	more, _ := filepath.Glob("testdata/*.secrets")
	for _, p := range append(paths, more...) {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o := Options{Dialect: d, Limits: Limits{Statements: 5000, Expand: 5000, Problems: 50}}
		c, err := Parse("f", bytes.NewReader(b), o)
		if err != nil {
			return
		}
		if c.Recognized > c.Units {
			t.Errorf("%d of %d statements understood", c.Recognized, c.Units)
		}
		for _, p := range c.Problems {
			if p.File != "f" || p.Line <= 0 || p.Err == nil {
				t.Errorf("a problem without place: %v", p)
			}
		}
		for i := range c.Connections {
			x := &c.Connections[i]
			_, _ = c.SecretFor(SecretQuery{Conn: x})
			x.Reverse()
			_ = x.Passive()
		}
		_, _ = c.SecretFor(SecretQuery{Responder: true})
		for _, i := range Lint(c) {
			if i.Kind == 0 || i.Connection >= len(c.Connections) || i.Child >= 0 && i.Connection < 0 {
				t.Errorf("an issue of nothing: %+v", i)
			}
		}
		if d != IPsecSecrets {
			_ = c.AddSecrets("f", bytes.NewReader(b), Options{Dialect: IPsecSecrets})
		}
	})
}

func FuzzSwanctl(f *testing.F) {
	fuzz(f, Swanctl, "a : b, c { x = \"y\\n\" }\nconnections { a { version = 1 } }", "include x\nsecrets { ike { secret = 0sab= } }")
}

func FuzzStrongSwan(f *testing.F) {
	fuzz(f, StrongSwan, "conn a\n\talso=b\nconn b\n\talso=a\n\tleftid=\"x\\\n y\"\n\tauto=add\n")
}

func FuzzLibreswan(f *testing.F) {
	fuzz(f, Libreswan, "conn a\n\tleftsubnets={1.2.3.4/8 5.6.7.8}\n\tauto=start\n\tike=aes-sha1;dh14\n")
}

func FuzzSecrets(f *testing.F) {
	fuzz(f, IPsecSecrets, ": RSA {\n a\n }\n1.2.3.4 : PSK 'x' # y\n@a:PSK 0x1\n")
}

func FuzzCiscoIOS(f *testing.F) {
	b, err := os.ReadFile("testdata/cisco_ios/hub.cfg")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, CiscoIOS, string(b), "crypto isakmp key\na address 1.2.3.4\naccess-list 100 permit ip any\nhost 1.2.3.4\ncrypto map m 1\nipsec-\nisakmp\n match address 100\n set peer x\n")
}

func FuzzRacoon(f *testing.F) {
	b, err := os.ReadFile("testdata/racoon/hub.conf")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, Racoon, string(b), "remote a { remote b inherit a { } }\nsainfo address 1.2.3.4/8 [5] tcp anonymous from x { lifetime time 1; }", "include \"f\";;{}{")
}

func FuzzPfSense(f *testing.F) {
	var seeds []string
	for _, name := range []string{"pfsense", "opnsense"} {
		b, err := os.ReadFile("testdata/pfsense/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(b))
	}
	fuzz(f, OPNsense, append(seeds, "<a><ipsec><phase1><ikeid>1<b/></ikeid></phase1>", "<ipsec>&lt;&x;<![CDATA[<]]></ipsec>")...)
}

func FuzzAWS(f *testing.F) {
	var seeds []string
	for _, name := range []string{"json", "xml"} {
		b, err := os.ReadFile("testdata/aws/vpn." + name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(b))
	}
	fuzz(f, AWS, append(seeds, "[{\"VpnConnections\":[[[1]]],\"VpnConnection\":{}}", "{\"VpnConnections\":{\"Options\":{\"TunnelOptions\":\"x\"}}}")...)
}

func FuzzRacoonKeys(f *testing.F) {
	fuzz(f, RacoonKeys, "1.2.3.4 x\n* 0x1\n\ta b\r\n")
}

// FuzzSetkey joins policies to a racoon.conf.
func FuzzSetkey(f *testing.F) {
	f.Add([]byte("spdadd -4 10.0.0.0/8[1] 1.2.3.4 [any] any -P out ipsec esp/tunnel/1.2.3.4[500] - 5.6.7.8/require ah/transport//use;spdflush;"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, _ := Parse("f", bytes.NewReader([]byte("remote anonymous { }\nsainfo anonymous { }")), Options{Dialect: Racoon})
		if err := c.AddSecrets("f", bytes.NewReader(b), Options{Dialect: Setkey}); err != nil {
			return
		}
		if c.Recognized > c.Units {
			t.Errorf("%d of %d", c.Recognized, c.Units)
		}
		Lint(c)
	})
}

func FuzzCiscoASA(f *testing.F) {
	b, err := os.ReadFile("testdata/cisco_asa/hub.cfg")
	if err != nil {
		f.Fatal(err)
	}
	pix, err := os.ReadFile("testdata/cisco_asa/pix.cfg")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, CiscoASA, string(b), string(pix), "gw# show run\nobject-group network a\n group-object a\ngw# show version\nx\n", "nat (a,b) source static x\nobject network x\n nat (a,b) dynamic y\nstatic (a,b) 1.2.3.4\nisakmp key a address\n")
}

func FuzzFortiGate(f *testing.F) {
	b, err := os.ReadFile("testdata/fortigate/hq.conf")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, FortiGate, string(b), "edit a\nconfig vpn ipsec phase1\nedit \"x\nset psksecret \"y\\\"\nnext\nend\nend\nset", "F # config vdom\nedit a\nconfig x\nconfig y\nedit 0\nend")
}

func FuzzMikroTik(f *testing.F) {
	b, err := os.ReadFile("testdata/mikrotik/office.rsc")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, MikroTik, string(b), "[a@b] /ip ipsec> set 0 x=\"$y\\\n\n/ip/ipsec/peer/add name=[ find ]=(\n:local y \"z\"; add", "/ip ipsec policy add dst-address=::/0 protocol=tcp;/ip firewall nat add chain=srcnat action=masquerade")
}

func FuzzPaloAlto(f *testing.F) {
	var seeds []string
	for _, name := range []string{"edge.set.txt", "edge.xml"} {
		b, err := os.ReadFile("testdata/paloalto/" + name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(b))
	}
	fuzz(f, PaloAlto, append(seeds, "ike {\n gateway {\n A {\n peer-address {\n ip 1.2.3.4;\n}}}}\n", "set network ike gateway [ a b ] \"x\ndelete network ike\nset network ike gateway a protocol ikev1 \\\n dpd enable yes")...)
}

func FuzzJunos(f *testing.F) {
	for _, name := range []string{"hub", "branch"} {
		b, err := os.ReadFile("testdata/junos/" + name + ".conf")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	fuzz(f, JuniperSRX, "security { ike { policy p { proposals [ a\nb ]; inactive: pre-shared-key ascii-text \"$9$x\"; } } }", "edit security ike\nset gateway g address 1.2.3.4\ndelete gateway g\ntop\nset groups g security ipsec vpn <*> ike gateway g\nset apply-groups g\nset security ipsec vpn v")
}

func FuzzVyOS(f *testing.F) {
	for _, name := range []string{"office", "datacentre"} {
		b, err := os.ReadFile("testdata/vyos/" + name + ".conf")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	fuzz(f, VyOS, "vpn {\n ipsec {\n  site-to-site {\n   peer any {\n    tunnel 1 {\n     local {\n      prefix x\n     }\n    }\n   }\n  }\n }\n}\n", "set vpn ipsec authentication psk a secret 'b\nset vpn ipsec profile p bind tunnel t\n")
}

func FuzzScreenOS(f *testing.F) {
	b, err := os.ReadFile("testdata/screenos/ssg.cfg")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, ScreenOS, string(b), "set ike gateway g\nset vpn \"v\" gateway g\nset vpn \"v\" proxy-id local-ip x remote-ip^1\nset policy from a to b c d e tunnel vpn v\nunset vpn v\nset ike p1-proposal p preshare group2 esp des md5 day 99999\n")
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("conn x\n\tleft=%any\n"))
	f.Add([]byte("\xff\xfec\x00"))
	f.Fuzz(func(t *testing.T, b []byte) { Detect(b) })
}

// FuzzLint parses whatever is recognised and lints it: no panic, and what is
// advised for a list of proposals can be read again.
func FuzzLint(f *testing.F) {
	for _, s := range []string{swanctlText, strongText, libreText, "conn a\n\tesp=aes_gcm-sha1,3des\n\tike=x;y\n\tpfs=yes\n\tauto=add\n", "connections { a : b { proposals = aes-aes128gcm16-ke1_x, default\n children { k { ah_proposals = md5\n esp_proposals = null } } } }"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, d := range []Dialect{Unknown, Swanctl, StrongSwan, Libreswan, FortiGate, MikroTik, PaloAlto} {
			c, err := Parse("f", bytes.NewReader(b), Options{Dialect: d, Limits: Limits{Statements: 5000, Expand: 5000, Problems: 50}})
			if err != nil {
				continue
			}
			for _, i := range Lint(c) {
				if i.Kind.String() == "" || i.Kind.Practice() != (i.Effect == Unwise) {
					t.Errorf("%s %s", i.Kind, i.Effect)
				}
			}
		}
	})
}
