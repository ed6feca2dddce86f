package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestSecretsFile(t *testing.T) {
	const file = "# comment\r\n" +
		"192.0.2.1 %any : PSK \"a b # c\" # tail\n" +
		"@gw.example.com : PSK 0x6162_63\n" +
		"\n" +
		": PSK 0sYWJj\n" +
		"plain : PSK bare#word\n" +
		"2001:db8::1: PSK 'single'\n" +
		":PSK \"no blank\"\n" +
		"a.example.com\n" +
		"   b.example.com\n" +
		"   : PSK \"over lines\"\n" +
		": RSA key.pem \"pass\"\n" +
		": RSA {\n" +
		"   Modulus: 0x00\n" +
		"   }\n" +
		"carol : XAUTH \"x\"\n" +
		"include other.secrets\n" +
		"nonsense without colon\n" +
		": PSK \"never ends\n" +
		"u : WHAT \"x\"\n" +
		"v : PSK\n" +
		"%any : PSK \" padded \"\n" +
		": PIN %smartcard:01 1234\n"
	c := secretsOf(t, StrongSwan, file)
	var got []string
	for _, e := range c.Secrets {
		got = append(got, fmt.Sprintf("%d %s %q %v %q %s suspicious=%v", e.At.Line, e.Kind, e.OwnerText, e.Spelling, e.Secret.V.Reveal(), e.File, e.Suspicious))
	}
	want := []string{
		`2 psk ["192.0.2.1" "%any"] quoted "a b # c"  suspicious=false`,
		`3 psk ["@gw.example.com"] hex "abc"  suspicious=false`,
		`5 psk [] base64 "abc"  suspicious=false`,
		`6 psk ["plain"] plain "bare#word"  suspicious=false`,
		`7 psk ["2001:db8::1"] quoted "single"  suspicious=false`,
		`8 psk [] quoted "no blank"  suspicious=false`,
		`9 psk ["a.example.com" "b.example.com"] quoted "over lines"  suspicious=false`,
		`12 private-key [] quoted "pass" key.pem suspicious=false`,
		`13 private-key [] plain ""  suspicious=false`,
		`16 xauth ["carol"] quoted "x"  suspicious=false`,
		`22 psk ["%any"] quoted " padded "  suspicious=true`,
		`23 pin [] plain "1234" %smartcard:01 suspicious=false`,
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	var lines []int
	for _, p := range c.Problems {
		lines = append(lines, p.Line)
	}
	if fmt.Sprint(lines) != "[7 18 19 20 21]" {
		t.Errorf("problems: %v", c.Problems)
	}
	if len(c.Includes) != 1 || c.Includes[0].Pattern != "other.secrets" || c.Includes[0].Read {
		t.Errorf("includes: %+v", c.Includes)
	}
}

func TestSecretsLibreswan(t *testing.T) {
	c := secretsOf(t, Libreswan, "a b : PSK bare\nc d: PSK 0sYWJj\n e f : PSK \"x\"\n")
	if len(c.Secrets) != 2 || string(c.Secrets[0].Secret.V.Reveal()) != "abc" {
		t.Errorf("%+v", c.Secrets)
	}
	if len(c.Problems) != 1 || !errors.Is(c.Problems[0], ErrValue) || c.Problems[0].Line != 1 {
		t.Errorf("%v", c.Problems)
	}
}

func TestSwanctlSecrets(t *testing.T) {
	c, err := Parse("s", strings.NewReader(`secrets {
  ike-1 { id-1 = a.example.com
    id-2a = 192.0.2.1
    secret = 0sYWJj
  }
  ike { secret = two words # comment
  }
  ike-hex { secret = "0x616263" }
  eap-u { id = carol
    secret = "p\"w" }
  xauth { secret = "x y" }
  private-x { file = k.pem
     secret = "0x61" }
  token-1 { handle = 01
    pin = 12 }
  ike-none { id = x }
  ike-bad { secret = 0xzz }
  other { secret = hidden }
  stray = value
}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.Secrets {
		got = append(got, fmt.Sprintf("%s %s %q %v %q %s", e.Name, e.Kind, e.OwnerText, e.Spelling, e.Secret.V.Reveal(), e.File))
	}
	want := []string{
		`ike-1 psk ["a.example.com" "192.0.2.1"] base64 "abc" `,
		`ike psk [] plain "two words" `,
		`ike-hex psk [] hex "abc" `,
		`eap-u eap ["carol"] quoted "p\"w" `,
		`xauth xauth [] quoted "x y" `,
		`private-x private-key [] quoted "0x61" k.pem`,
		`token-1 pin [] plain "12" `,
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	if len(c.Problems) != 3 {
		t.Errorf("problems: %v", c.Problems)
	}
}

func TestAddSecretsForm(t *testing.T) {
	c := &Config{Dialect: StrongSwan}
	if err := c.AddSecrets("a", strings.NewReader("  \n# nothing\n"), Options{}); err != nil || !c.SecretsRead {
		t.Errorf("an empty file: %v", err)
	}
	c = &Config{}
	if err := c.AddSecrets("a", strings.NewReader("conn x\n\tleft=1.2.3.4\n"), Options{}); !errors.Is(err, ErrFormat) {
		t.Errorf("an ipsec.conf: %v", err)
	}
}
