package config

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func parse(t *testing.T, d Dialect, text string) *Config {
	t.Helper()
	c, err := Parse("file", strings.NewReader(text), Options{Dialect: d})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSettingsSyntax(t *testing.T) {
	c := parse(t, Swanctl, `
defaults {
  version = 1
  dpd_delay = 30s
  local { auth = psk }
  children { base { mode = transport
    rekey_time = 20m } }
}
more { proposals = aes256-sha1-modp1024, 3des-md5-modp768
  dpd_delay = 10 }
connections {
  one : defaults, more {
    local_addrs = 192.0.2.1 , 2001:db8::1,%any
    remote_addrs = "gw.example.com,192.0.2.0/24,192.0.2.5-192.0.2.9" # comment
    local { id = "C=CH, O=\"quoted\",\
 CN=gw" }
    children { base { start_action = trap|start
 } kid { updown = "line one
line two" } }
    unknown_key = x
    mobike=no
  }
  one { encap = yes
    aggressive = yes }
  two
  {
    version = 7
    dpd_delay =
  }
}`)
	if len(c.Connections) != 2 {
		t.Fatalf("%d connections", len(c.Connections))
	}
	one, two := &c.Connections[0], &c.Connections[1]
	if one.Version.V != IKEv1 || one.Version.Origin != Inherited || one.Version.At.Line != 3 {
		t.Errorf("version: %+v", one.Version)
	}
	if one.DPD.Delay.V != 30 { // the reference named first wins
		t.Errorf("dpd_delay: %+v", one.DPD.Delay)
	}
	if len(one.Proposals.V.List) != 2 || one.Proposals.Origin != Inherited {
		t.Errorf("proposals: %+v", one.Proposals)
	}
	var kinds []string
	for _, a := range append(one.Local.Addresses.V, one.Remote.Addresses.V...) {
		kinds = append(kinds, a.Kind.String())
	}
	if got := fmt.Sprint(kinds); got != "[host host any name prefix range]" {
		t.Errorf("addresses: %s", got)
	}
	if one.Local.ID.V.String() == "" || one.Local.ID.At.Line != 15 || one.Local.Auth.V != AuthPSK || one.Local.Auth.Origin != Inherited {
		t.Errorf("local: %+v", one.Local)
	}
	if one.Encap.V != EncapForce || !one.Aggressive.V {
		t.Error("a section that is opened twice is one")
	}
	if len(one.Children) != 2 || one.Children[0].Start.V != StartNow || one.Children[0].Mode.V.String() != "TRANSPORT" || one.Children[0].Mode.Origin != Inherited {
		t.Errorf("children: %+v", one.Children)
	}
	if u := one.Children[1].Unknown; len(u) != 1 || u[0].Value != "line one\nline two" || !u[0].Word {
		t.Errorf("updown: %+v", u)
	}
	if u := one.Unknown; len(u) != 2 || u[0].Key != "unknown_key" || u[0].Value != "" || u[1].Key != "mobike" || u[1].Value != "no" {
		t.Errorf("unknown: %+v", u)
	}
	if two.Version.Origin != Default || two.DPD.Delay.Origin != Default {
		t.Errorf("two: %+v", two.Version)
	}
	if len(c.Problems) != 1 || c.Problems[0].Key != "version" || c.Problems[0].Line != 27 {
		t.Errorf("problems: %v", c.Problems)
	}
	if len(c.Unknown) != 0 {
		t.Errorf("unknown: %+v", c.Unknown)
	}
}

func TestSettingsProblems(t *testing.T) {
	for _, x := range []struct {
		text string
		line int
		want error
		n    int // connections that survive
	}{
		{"connections {\n a { version = 1 }\n", 1, ErrUnclosed, 1},
		{"connections { a { version = 1 } }\n}\n", 2, ErrUnopened, 1},
		{"connections {\n a { x\n y = 1 } }\n", 2, ErrSyntax, 1},
		{"connections {\n a { version = \"1\n aggressive = yes\n }\n}\n", 2, ErrUnterminated, 1},
		{"connections {\n a : nowhere { version = 1 }\n}\n", 2, ErrReference, 1},
		{"connections {\n a : connections.a { version = 1 }\n}\n", 2, ErrCycle, 1},
		{"connections {\n { version = 1 }\n b { }\n}\n", 2, ErrSyntax, 1},
		{"connections {\n \"a\" { version = 1 }\n b { }\n}\n", 2, ErrSyntax, 1},
		{"connections { a { children { k { local_ts = nonsense/99 } } } }\n", 1, ErrValue, 1},
		{strings.Repeat("a {", 100) + strings.Repeat("}", 100) + "\nconnections { a { } }", 1, ErrTooDeep, 1},
	} {
		c := parse(t, Swanctl, x.text)
		if len(c.Problems) == 0 || !errors.Is(c.Problems[0], x.want) || c.Problems[0].Line != x.line {
			t.Errorf("%q: %v", x.text, c.Problems)
		}
		if len(c.Connections) != x.n {
			t.Errorf("%q: %d connections", x.text, len(c.Connections))
		}
	}
}

// opener serves includes from a map.
func opener(m map[string]string) func(string, Pos) ([]Included, error) {
	return func(pattern string, _ Pos) ([]Included, error) {
		text, ok := m[pattern]
		if !ok {
			return nil, errors.New("no such file")
		}
		return []Included{{Name: pattern, Reader: io.NopCloser(strings.NewReader(text))}}, nil
	}
}

func TestIncludes(t *testing.T) {
	const top = "connections { a { include a.conf\n } }\ninclude loop.conf\ninclude missing.conf\ninclude = 1\n"
	c := parse(t, Swanctl, top)
	if len(c.Includes) != 3 || c.Includes[0].Read || len(c.Problems) != 0 {
		t.Errorf("listed: %+v %v", c.Includes, c.Problems)
	}
	c, _ = Parse("top", strings.NewReader(top), Options{Dialect: Swanctl, Include: opener(map[string]string{
		"a.conf": "version = 1\n", "loop.conf": "include loop.conf\ninclude top\nsecrets { ike { secret = x } }\n", "top": top,
	})})
	if !c.Includes[0].Read || c.Connections[0].Version.At != (Pos{"a.conf", 1}) || len(c.Secrets) != 1 {
		t.Errorf("read: %+v", c)
	}
	var cycles, missing int
	for _, p := range c.Problems {
		if errors.Is(p, ErrCycle) {
			cycles++
		}
		if errors.Is(p, ErrInclude) {
			missing++
		}
	}
	if cycles != 2 || missing != 1 {
		t.Errorf("%v", c.Problems)
	}
}

func TestLimits(t *testing.T) {
	big := "connections {\n" + strings.Repeat(" a { version = 1 }\n", 2000) + "}\n"
	if _, err := Parse("f", strings.NewReader(big), Options{Limits: Limits{Size: 1000}}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("size: %v", err)
	}
	c, err := Parse("f", strings.NewReader(big), Options{Limits: Limits{Statements: 10}})
	if err != nil || len(c.Problems) != 1 || !errors.Is(c.Problems[0], ErrTooMany) || c.Units > 10 {
		t.Errorf("statements: %v %v", err, c.Problems)
	}
	var refs strings.Builder
	refs.WriteString("r0 { a = 1\n b = 2\n }\n")
	for i := 1; i < 30; i++ { // each doubles what the one before it copies
		fmt.Fprintf(&refs, "r%d { x : r%d { }\n y : r%d { }\n }\n", i, i-1, i-1)
	}
	c = parse(t, Swanctl, refs.String()+"connections { c : r29 { } }\n")
	if len(c.Problems) == 0 {
		t.Error("references that double went unnoticed")
	}
	if _, err := Parse("f", strings.NewReader("\x7fELF\x00\x01"), Options{}); !errors.Is(err, ErrBinary) {
		t.Errorf("binary: %v", err)
	}
	if _, err := Parse("f", strings.NewReader("hello\n"), Options{}); !errors.Is(err, ErrFormat) {
		t.Errorf("unknown: %v", err)
	}
}

func TestUTF16(t *testing.T) {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range "connections { a { version = 1 } }" {
		b.WriteByte(byte(r))
		b.WriteByte(0)
	}
	c, err := Parse("f", strings.NewReader(b.String()), Options{})
	if err != nil || len(c.Connections) != 1 || Detect([]byte(b.String())) != Swanctl {
		t.Errorf("%v", err)
	}
}
