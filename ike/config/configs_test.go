package config

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigs(t *testing.T) {
	unknown := map[string]int{}
	for _, sub := range []string{"strongswan", "libreswan"} {
		dir := shared(t, filepath.Join("configs", sub))
		n, conns, problems := 0, 0, 0
		files(t, dir, func(base string) bool {
			return isConf(base) && base != "strongswan.conf" && !strings.Contains(base, "racoon") && !strings.Contains(base, "xl2tp") && !strings.HasSuffix(base, ".strongswan.conf")
		}, func(p string, b []byte) {
			c, err := Parse(p, bytes.NewReader(b), Options{})
			if err != nil {
				t.Logf("%s: %v", p, err)
				return
			}
			n++
			conns += len(c.Connections)
			problems += len(c.Problems)
			for _, pr := range c.Problems {
				t.Logf("%v", pr)
			}
			for _, u := range c.Unknown {
				if !u.Word {
					unknown[u.Section+"."+u.Key]++
				}
			}
			for i := range c.Connections {
				for _, u := range c.Connections[i].Unknown {
					if !u.Word {
						unknown["conn."+u.Key]++
					}
				}
				for _, k := range c.Connections[i].Children {
					for _, u := range k.Unknown {
						if !u.Word {
							unknown["child."+u.Key]++
						}
					}
				}
			}
		})
		t.Logf("%s: %d files, %d connections, %d problems", sub, n, conns, problems)
	}
	t.Logf("unknown: %v", unknown)
}

func TestDetectConfigs(t *testing.T) {
	want := map[string]map[Dialect]bool{
		"cisco-ios": {CiscoIOS: true}, "cisco-asa": {CiscoASA: true}, "juniper-srx": {JuniperSRX: true}, "juniper-screenos": {ScreenOS: true},
		"fortigate": {FortiGate: true}, "racoon": {Racoon: true, Setkey: true}, "vyos": {VyOS: true}, "opnsense": {OPNsense: true}, "mikrotik": {MikroTik: true},
		"aws": {AWS: true}, "paloalto": {PaloAlto: true}, "strongswan": {Swanctl: true, StrongSwan: true, IPsecSecrets: true, StrongSwanOpt: true},
		"libreswan": {Libreswan: true, IPsecSecrets: true, Racoon: true, Swanctl: true, StrongSwan: true, StrongSwanOpt: true},
	}
	dir := shared(t, "configs")
	files(t, dir, func(base string) bool { return base != "README.md" }, func(p string, b []byte) {
		rel, _ := filepath.Rel(dir, p)
		top, _, _ := strings.Cut(rel, string(filepath.Separator))
		d := Detect(b)
		t.Logf("%-26s %s", d, rel)
		_ = want[top]
	})
	if _, err := Parse("x", strings.NewReader("crypto isakmp policy 10\n encr aes\ncrypto isakmp key x address 192.0.2.1\n"), Options{}); !errors.Is(err, ErrNotRead) || !strings.Contains(err.Error(), string(CiscoIOS)) {
		t.Errorf("got %v", err)
	}
}
