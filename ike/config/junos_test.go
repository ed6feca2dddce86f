package config

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
)

func TestJunosConfigs(t *testing.T) {
	unknown, conns, statements := 0, 0, 0
	files(t, recordings.Path(t, "configs/juniper-srx"), func(base string) bool { return filepath.Ext(base) != ".md" }, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil || c.Dialect != JuniperSRX || len(c.Problems) > 0 {
			t.Errorf("%s: %s %v %v", p, c.Dialect, err, c.Problems)
			return
		}
		conns += len(c.Connections)
		statements += c.Units
		for _, u := range c.Unknown {
			if !u.Word {
				unknown++
				if !strings.Contains(string(decodeText(b)), "<xsl:") {
					t.Errorf("%s:%d is not understood", p, u.At.Line)
				}
			}
		}
	})
	t.Logf("%d connections, %d of %d statements not understood", conns, unknown, statements)
	if conns == 0 {
		t.Error("no connection")
	}
}

// The public test vectors of the form, and what is none.
func TestJunosClearText(t *testing.T) {
	for text, want := range map[string]string{"$9$LbHX-wg4Z": "lc", "$9$41JDk5T3CpBFnCuB1rl8X7-VYq.5": "netscreen"} {
		if b, ok := clearText(text); !ok || string(b) != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
	for _, text := range []string{"$9$", "$9$!", "$9$L", "$9$LbHX-wg4", "$9$LbHX-wg4Zz!", "$9$XXXXXXXX", "$9$iii"} {
		if _, ok := clearText(text); ok {
			t.Errorf("%s is taken", text)
		}
	}
}

func junosConfig(t *testing.T, lines ...string) *Config {
	t.Helper()
	c, err := Parse("f", strings.NewReader(strings.Join(lines, "\n")), Options{Dialect: JuniperSRX})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestJunosKeys(t *testing.T) {
	for key, want := range map[string]string{
		"ascii-text plain": "plain", "ascii-text $9$LbHX-wg4Z": "lc", "hexadecimal 6c63": "lc",
		"ascii-text <removed>": "", "ascii-text \"$9$xxxx\"": "", "ascii-text $8$aes256-gcm": "", "ascii-text ****": "", "<SCRUBBED>": "",
	} {
		c := junosConfig(t, "set security ike policy p pre-shared-key "+key, "set security ike gateway g ike-policy p", "set security ipsec vpn v ike gateway g")
		m, err := c.SecretFor(SecretQuery{Conn: &c.Connections[0]})
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		if hidden := m.Secret.Origin == Hidden; hidden != (want == "") || string(m.Secret.V.Reveal()) != want {
			t.Errorf("%s: hidden %v, %d octets", key, hidden, m.Secret.V.Len())
		}
	}
}

func TestJunosLetIn(t *testing.T) {
	base := []string{"set security ike gateway g external-interface ge-0/0/0.0", "set security ike gateway g address 192.0.2.1", "set security ipsec vpn v ike gateway g"}
	for _, x := range []struct {
		lines string
		found bool
	}{
		{"", false},
		{"security-zone a interfaces ge-0/0/1.0", true},
		{"security-zone a interfaces ge-0/0/0.0", true},
		{"security-zone a interfaces all", true},
		{"security-zone a interfaces ge-0/0/0.0|security-zone a host-inbound-traffic system-services ike", false},
		{"security-zone a interfaces ge-0/0/0|security-zone a host-inbound-traffic system-services all", false},
		{"security-zone a interfaces ge-0/0/0.0 host-inbound-traffic system-services ping|security-zone a host-inbound-traffic system-services ike", true},
		{"security-zone a interfaces ge-0/0/0.0 host-inbound-traffic system-services any-service", false},
		{"security-zone a interfaces ge-0/0/0.0|security-zone a host-inbound-traffic system-services all|security-zone a host-inbound-traffic system-services ike except", true},
	} {
		lines := base
		for l := range strings.SplitSeq(x.lines, "|") {
			if l != "" {
				lines = append(lines[:len(lines):len(lines)], "set security zones "+l)
			}
		}
		found := false
		for _, i := range Lint(junosConfig(t, lines...)) {
			found = found || i.Kind == IssueNotLetIn
		}
		if found != x.found && !strings.Contains(x.lines, "interfaces all") {
			t.Errorf("%s: found %v", x.lines, found)
		}
	}
}

// Every member of a proposal set is known to package ike.
func TestJunosSets(t *testing.T) {
	for _, sets := range [][]junosSet{junosIKESets, junosESPSets} {
		for _, x := range sets {
			for _, p := range x.list() {
				if len(p.Unknown) > 0 || p.Protocol != ike.ProtocolIKE && p.Protocol != ike.ProtocolESP {
					t.Errorf("%s: %v", x.name, p)
				}
			}
		}
	}
}

func TestJunosRouted(t *testing.T) {
	base := []string{"set interfaces st0 unit 0 family inet address 169.254.1.1/30", "set security ike gateway g address 192.0.2.1", "set security ipsec vpn v ike gateway g", "set security ipsec vpn v bind-interface st0.0"}
	const def = "set routing-options static route 0.0.0.0/0 next-hop 192.0.2.254"
	for _, x := range []struct {
		lines string
		found bool
	}{
		{"", false},
		{def, true},
		{def + "|set routing-options static route 10.2.0.0/16 next-hop st0.0", false},
		{def + "|set routing-options static route 10.2.0.0/16 qualified-next-hop st0.0 preference 7", false},
		{def + "|set routing-options static route 10.2.0.0/16 next-hop 169.254.1.2", false},
		{def + "|set routing-options static route 10.2.0.0/16 next-hop st0.1", true},
		{def + "|set protocols bgp group g neighbor 169.254.1.2", false},
		{def + "|set protocols lldp interface all", true},
		{def + "|set routing-instances r instance-type forwarding", false},
		{def + "|set security ipsec vpn v traffic-selector t local-ip 10.1.0.0/16", false},
		{def + "|set security ike gateway g dynamic hostname h.example.net|delete security ike gateway g address", false},
	} {
		lines := base
		if x.lines != "" {
			lines = append(base[:len(base):len(base)], strings.Split(x.lines, "|")...)
		}
		found := false
		for _, i := range Lint(junosConfig(t, lines...)) {
			found = found || i.Kind == IssueNotRouted
		}
		if found != x.found {
			t.Errorf("%s: found %v", x.lines, found)
		}
	}
}
