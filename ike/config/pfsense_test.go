package config

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

func TestPfSenseConfigs(t *testing.T) {
	other := map[string]int{}
	n := 0
	dir := recordings.Path(t, "configs/opnsense")
	files(t, dir, func(base string) bool { return strings.HasSuffix(base, ".xml") }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Fatal(err)
		}
		n++
		if len(c.Connections) != 1 || len(c.Connections[0].Children) != 1 {
			t.Fatalf("%s: %d connections", p, len(c.Connections))
		}
		k := &c.Connections[0]
		if _, ok := k.Local.Host(); !ok || k.Children[0].Local.V[0].Bad {
			t.Errorf("%s: the interfaces were not found: %+v", p, k.Local.Addresses)
		}
		if m, err := c.SecretFor(SecretQuery{Conn: k}); err != nil || m.Secret.V.Len() == 0 {
			t.Errorf("%s: %v", p, err)
		}
		for _, x := range c.Problems {
			t.Error(x)
		}
		for _, u := range c.Unknown {
			if !u.Word {
				t.Errorf("%s:%d: %s is not a word of the format", p, u.At.Line, u.Section)
			}
			other[u.Section+"."+u.Key]++
		}
	})
	if n != 2 {
		t.Errorf("%d files", n)
	}
	t.Log(other)
}

// A file that is cut apart gives what was whole; what a limit or a fault tears
// apart is left out.
func TestPfSenseHostile(t *testing.T) {
	whole := string(file(t, "testdata/pfsense/pfsense.xml"))
	c, err := Parse("f", strings.NewReader(whole[:strings.Index(whole, "<ikeid>2")]), Options{})
	if err != nil || len(c.Connections) != 1 || len(c.Problems) != 1 {
		t.Errorf("%v: %d connections, %v", err, len(c.Connections), c.Problems)
	}
	for name, text := range map[string]string{
		"entities":  `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><pfsense><ipsec><phase1><ikeid>&b;</ikeid></phase1></ipsec></pfsense>`,
		"deep":      "<pfsense><ipsec>" + strings.Repeat("<a>", 100000) + "</ipsec></pfsense>",
		"unbound":   "<pfsense></ipsec></pfsense>",
		"mixed":     "<pfsense><ipsec><phase1><ikeid>1</phase1></ikeid></ipsec>",
		"attribute": `<pfsense><ipsec a="1" a=2 b><phase1 uuid='<'>`,
		"encoding":  `<?xml version="1.0" encoding="KOI8-R"?><pfsense><ipsec><phase1/></ipsec></pfsense>`,
		"empty":     "<pfsense></pfsense>",
	} {
		c, err := Parse("f", strings.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(fmt.Sprintf("%+v", c.Connections), "aaaa") {
			t.Errorf("%s: an entity was expanded", name)
		}
		Lint(c)
	}
	var b strings.Builder
	b.WriteString("<pfsense><ipsec>")
	for i := range 500 {
		fmt.Fprintf(&b, "<phase1><ikeid>%d</ikeid><remote-gateway>192.0.2.1</remote-gateway></phase1><phase2><ikeid>%d</ikeid></phase2>", i, i)
	}
	b.WriteString("</ipsec></pfsense>")
	c, _ = Parse("f", strings.NewReader(b.String()), Options{Limits: Limits{Connections: 20}})
	if len(c.Connections) != 20 || len(c.Cut) == 0 {
		t.Errorf("%d connections, %v", len(c.Connections), c.Cut)
	}
	c, _ = Parse("f", strings.NewReader(b.String()), Options{Limits: Limits{Statements: 100}})
	if len(c.Cut) == 0 {
		t.Errorf("%d statements, nothing said", c.Units)
	}
}

// An excerpt without the product's element is read.
func TestPfSenseExcerpt(t *testing.T) {
	c, err := Parse("f", strings.NewReader("<ipsec>\n<phase1>\n<ikeid>1</ikeid>\n<remote-gateway>192.0.2.1</remote-gateway>\n</phase1></ipsec>"), Options{})
	if err != nil || len(c.Connections) != 1 || c.Connections[0].Remote.Addresses.At.Line != 4 {
		t.Errorf("%v %+v", err, c.Connections)
	}
}

// OPNsense's IPsec is on or off as a whole.
func TestOPNsenseOff(t *testing.T) {
	c, _ := Parse("f", strings.NewReader("<opnsense><ipsec><phase1><ikeid>1</ikeid></phase1></ipsec></opnsense>"), Options{})
	if len(c.Connections) != 1 || c.Connections[0].Loaded() {
		t.Errorf("%+v", c.Connections)
	}
}

// A key that was taken out is hidden, and not compared.
func TestPfSenseMasked(t *testing.T) {
	for key, hidden := range map[string]bool{"xxxxx": true, "********": true, "&lt;removed&gt;": true, "xavier": false} {
		c, err := Parse("f", strings.NewReader("<ipsec><phase1><ikeid>1</ikeid><remote-gateway>192.0.2.1</remote-gateway><pre-shared-key>"+key+"</pre-shared-key></phase1></ipsec>"), Options{})
		if err != nil || len(c.Secrets) != 1 || (c.Secrets[0].Secret.Origin == Hidden) != hidden {
			t.Errorf("%s: %v %+v", key, err, c.Secrets)
		}
	}
}
