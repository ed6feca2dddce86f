package config

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

func TestConfigs(t *testing.T) {
	unknown := map[string]int{}
	for _, sub := range []string{"strongswan", "libreswan"} {
		dir := recordings.Path(t, filepath.Join("configs", sub))
		n, conns, problems := 0, 0, 0
		files(t, dir, func(base string) bool {
			return isConf(base) && base != "strongswan.conf" && !strings.Contains(base, "racoon") && !strings.Contains(base, "xl2tp") && !strings.HasSuffix(base, ".strongswan.conf")
		}, func(p string, b []byte) {
			c, err := Parse(p, bytes.NewReader(b), Options{})
			if err != nil {
				t.Errorf("%s: %v", p, err)
				return
			}
			n++
			conns += len(c.Connections)
			problems += len(c.Problems)
			for _, pr := range c.Problems {
				if !errors.Is(pr, ErrSyntax) || !strings.Contains(p, "_azure-openswan") { // one lost its indentation
					t.Errorf("%v", pr)
				}
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
	if len(unknown) > 0 {
		t.Errorf("words that the format does not have: %v", unknown)
	}
}

func TestDetectConfigs(t *testing.T) {
	want := map[string]map[Dialect]bool{
		"cisco-ios": {CiscoIOS: true, CiscoASA: true}, "cisco-asa": {CiscoASA: true}, "juniper-srx": {JuniperSRX: true}, "juniper-screenos": {ScreenOS: true},
		"fortigate": {FortiGate: true}, "racoon": {Racoon: true, Setkey: true}, "vyos": {VyOS: true}, "opnsense": {OPNsense: true}, "mikrotik": {MikroTik: true},
		"aws": {AWS: true}, "paloalto": {PaloAlto: true}, "strongswan": {Swanctl: true, StrongSwan: true, IPsecSecrets: true, StrongSwanOpt: true},
		"libreswan": {Libreswan: true, IPsecSecrets: true, Racoon: true, Swanctl: true, StrongSwan: true, StrongSwanOpt: true},
	}
	found := map[Dialect]int{}
	dir := recordings.Path(t, "configs")
	files(t, dir, func(base string) bool { return base != "README.md" }, func(p string, b []byte) {
		rel, _ := filepath.Rel(dir, p)
		top, _, _ := strings.Cut(rel, string(filepath.Separator))
		d := Detect(b)
		if ok, listed := want[top][d], want[top] != nil; d != Unknown && listed && !ok {
			t.Errorf("%s is called %s", rel, d)
		}
		if ext := filepath.Ext(p); d == Unknown && (ext == ".cfg" || ext == ".secrets" || filepath.Base(p) == "ipsec.conf" || filepath.Base(p) == "swanctl.conf") {
			t.Errorf("%s is not recognised", rel)
		}
		found[d]++
	})
	t.Logf("%v", found)
	for _, d := range []Dialect{Swanctl, StrongSwan, Libreswan, IPsecSecrets, StrongSwanOpt, CiscoIOS, CiscoASA, JuniperSRX, ScreenOS, FortiGate, Racoon, Setkey, VyOS, OPNsense, MikroTik, PaloAlto, AWS} {
		if found[d] == 0 {
			t.Errorf("no %s", d)
		}
	}
	if _, err := Parse("x", strings.NewReader("charon {\n  load_modular = yes\n}\ninclude strongswan.d/*.conf\n"), Options{}); !errors.Is(err, ErrNotRead) || !strings.Contains(err.Error(), string(StrongSwanOpt)) {
		t.Errorf("got %v", err)
	}
}

// TestDetectOther: what merely speaks of configurations is none.
func TestDetectOther(t *testing.T) {
	n := 0
	for _, sub := range []string{"corpus", "logs"} {
		files(t, recordings.Path(t, sub), func(base string) bool { return !isConf(base) }, func(p string, b []byte) {
			n++
			if d := Detect(b); d != Unknown {
				t.Errorf("%s is called %s", p, d)
			}
		})
	}
	t.Logf("%d files", n)
}

func TestDetectMarkup(t *testing.T) {
	for text, want := range map[string]Dialect{
		"<?xml version=\"1.0\"?>\n<pfsense>\n<version>21</version>": PfSense,
		"<?xml version=\"1.0\"?>\n<opnsense>":                       OPNsense,
		"<vpn_connection id=\"vpn-1\">":                             AWS,
		"{\"VpnConnections\": []}":                                  AWS,
		"{\"other\": 1}":                                            Unknown,
		"# jan/02/2024 by RouterOS 7.1\n/ip ipsec peer\nadd":        MikroTik,
		"%s": Unknown, "": Unknown,
	} {
		if got := Detect([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
