package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

const paloOne = `set network ike crypto-profiles ike-crypto-profiles P encryption aes-256-cbc
set network ike crypto-profiles ike-crypto-profiles P hash sha256
set network ike crypto-profiles ike-crypto-profiles P dh-group group14
set network ike gateway G authentication pre-shared-key key thekey
set network ike gateway G protocol ikev1 ike-crypto-profile P
set network ike gateway G peer-address ip 192.0.2.9
set network tunnel ipsec T auto-key ike-gateway G
set network tunnel ipsec T auto-key proxy-id L local 10.1.0.0/16
set network tunnel ipsec T auto-key proxy-id L remote 10.2.0.0/16
`

const paloBraces = `network {
  ike {
    crypto-profiles {
      ike-crypto-profiles {
        P {
          encryption aes-256-cbc;
          hash [ sha256 ];
          dh-group group14;
        }
      }
    }
    gateway {
      G {
        authentication { pre-shared-key { key thekey; } }
        protocol { ikev1 { ike-crypto-profile P; } }
        peer-address { ip 192.0.2.9; }
      }
    }
  }
  tunnel {
    ipsec {
      T { auto-key { ike-gateway { G; } proxy-id { L { local 10.1.0.0/16; remote 10.2.0.0/16; } } } }
    }
  }
}
`

// TestPaloAltoLayout: one meaning in all layouts.
func TestPaloAltoLayout(t *testing.T) {
	for name, text := range map[string]string{
		"set": paloOne, "braces": paloBraces, "CR": strings.ReplaceAll(paloOne, "\n", "\r\n"),
		"braces with CR": strings.ReplaceAll(paloBraces, "\n", "\r\n"),
		"prompt":         "admin@PA-220> configure\n" + strings.ReplaceAll(paloOne, "set network", "admin@PA-220# set network"),
		"template":       strings.ReplaceAll(paloOne, "set network", "set template BRANCHES config devices localhost.localdomain network"),
		"one line": "set network ike crypto-profiles ike-crypto-profiles P encryption aes-256-cbc hash sha256 dh-group group14\n" +
			"set network ike gateway G authentication pre-shared-key key thekey protocol ikev1 ike-crypto-profile P \\\n  peer-address ip 192.0.2.9\n" +
			"set network tunnel ipsec T auto-key ike-gateway G proxy-id L local 10.1.0.0/16 remote 10.2.0.0/16\n",
		"deleted": "set network ike gateway OLD peer-address ip 192.0.2.1\n" + paloOne + "delete network ike gateway OLD\n",
	} {
		c := parse(t, PaloAlto, text)
		if d := Detect([]byte(text)); d != PaloAlto {
			t.Errorf("%s is called %q", name, d)
		}
		if len(c.Connections) != 1 {
			t.Errorf("%s: %d connections", name, len(c.Connections))
			continue
		}
		k := &c.Connections[0]
		p := &k.Proposals.V.List[0]
		if a, ok := k.Remote.Host(); !ok || a.String() != "192.0.2.9" || len(p.Groups) != 1 || p.Groups[0] != ike.GroupMODP2048 || len(p.Integrity) != 1 {
			t.Errorf("%s: %v %v", name, k.Remote.Addresses, p)
		}
		if len(k.Children) != 1 || selectorText(k.Children[0].Local.V) != "10.1.0.0/16" || selectorText(k.Children[0].Remote.V) != "10.2.0.0/16" {
			t.Errorf("%s: %+v", name, k.Children)
		}
		if m, err := c.SecretFor(SecretQuery{Conn: k}); err != nil || string(m.Secret.V.Reveal()) != "thekey" {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.Problems) > 0 {
			t.Errorf("%s: %v", name, c.Problems)
		}
	}
}

// TestPaloAltoModes: auto answers either mode, and begins with main mode.
func TestPaloAltoModes(t *testing.T) {
	for mode, want := range map[string][2]bool{"auto": {false, true}, "main": {false, false}, "aggressive": {true, false}} {
		k := &parse(t, PaloAlto, paloOne+"set network ike gateway G protocol ikev1 exchange-mode "+mode+"\n").Connections[0]
		if k.Aggressive.V != want[0] || k.AnswersBoth() != want[1] {
			t.Errorf("%s: %v %v", mode, k.Aggressive.V, k.AnswersBoth())
		}
	}
}

// TestPaloAltoHalf: an excerpt of XML is read as far as it goes, and says that
// it ends.
func TestPaloAltoHalf(t *testing.T) {
	b, err := os.ReadFile("testdata/paloalto/edge.xml")
	if err != nil {
		t.Fatal(err)
	}
	half := string(b[:strings.Index(string(b), "<tunnel>")])
	c := parse(t, PaloAlto, half)
	if len(c.Connections) != 1 || !slices.ContainsFunc(c.Problems, func(e *ParseError) bool { return errors.Is(e, ErrSyntax) || errors.Is(e, ErrUnclosed) }) {
		t.Errorf("%d connections, %v", len(c.Connections), c.Problems)
	}
	from := strings.Index(string(b), "<ike>")
	if c := parse(t, PaloAlto, string(b[from:strings.Index(string(b), "</ike>")+6])); len(c.Connections) != 1 {
		t.Errorf("%d connections in the section alone", len(c.Connections))
	}
}

func TestPaloAltoLint(t *testing.T) {
	c := parse(t, PaloAlto, strings.Replace(paloOne, "group14", "group2", 1)+"set network tunnel ipsec U auto-key ike-gateway H\nset network ike gateway G protocol ikev1 exchange-mode aggressive\n"+
		"set network ike crypto-profiles ipsec-crypto-profiles Q esp encryption 3des\nset network ike crypto-profiles ipsec-crypto-profiles Q esp authentication md5\nset network ike crypto-profiles ipsec-crypto-profiles Q dh-group no-pfs\n"+
		"set network tunnel ipsec T auto-key ipsec-crypto-profile Q\n")
	var got []string
	for _, i := range Lint(c) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%d %v %v %s: %s %s", i.Setting.At.Line, i.Kind, i.Effect, i.Subject, i.Key, i.Write)))
	}
	for _, w := range []string{
		"10 reference no-effect H:",
		"3 weak-group unwise MODP_1024: dh-group group14",
		"11 aggressive-psk unwise : protocol ikev1 exchange-mode main",
		"14 no-pfs unwise none: dh-group group14",
	} {
		if !slices.Contains(got, w) {
			t.Errorf("no %q in\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestPaloAltoHostile(t *testing.T) {
	for _, text := range []string{
		"set" + strings.Repeat(" a", 1<<16), strings.Repeat("set network ike gateway g protocol\n", 1<<12), "<config version=\"1\">" + strings.Repeat("<ike>", 1<<14), strings.Repeat("{\n", 1<<14), "<" + strings.Repeat("a ", 1<<15),
		"set network ike gateway g [" + strings.Repeat(" x", 1<<14), "<!DOCTYPE a [<!ENTITY b \"cc\"><!ENTITY d \"&b;&b;\">]><config version=\"1\"><ike>&d;</ike></config>", strings.Repeat("set network tunnel ipsec t auto-key ike-gateway g\\\n", 1<<12),
	} {
		if _, err := Parse("f", strings.NewReader(text), Options{Dialect: PaloAlto}); err != nil {
			t.Error(err)
		}
	}
}
