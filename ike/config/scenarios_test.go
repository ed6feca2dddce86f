package config

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestScenarios compares the hosts of public test scenarios with each other:
// what succeeds there must not be called a mismatch.
func TestScenarios(t *testing.T) {
	dir := recordings.Path(t, filepath.Join("configs", "strongswan"))
	scen, _ := filepath.Glob(filepath.Join(dir, "ikev1*", "*", "hosts"))
	pairs := 0
	for _, s := range scen {
		name := filepath.Base(filepath.Dir(s))
		hosts, _ := filepath.Glob(filepath.Join(s, "*"))
		var cs []*Config
		for _, h := range hosts {
			for _, f := range []string{"etc/swanctl/swanctl.conf", "etc/ipsec.conf"} {
				b, err := os.ReadFile(filepath.Join(h, f))
				if err != nil {
					continue
				}
				c, err := Parse(filepath.Base(h), bytes.NewReader(b), Options{})
				if err != nil {
					continue
				}
				cs = append(cs, c)
			}
		}
		for i := range cs {
			for j := i + 1; j < len(cs); j++ {
				ps, _ := Match(cs[i], cs[j])
				for _, p := range ps {
					if p.Score < 6 || strings.Contains(name, "fail") {
						continue
					}
					pairs++
					r := Compare(p.A, p.B)
					for _, d := range r.Differences {
						if d.Degree == Mismatch && !strings.Contains(s, "multi-ca") { // there, refusals are the point
							t.Errorf("%s/%s %s.%s ~ %s.%s: %v %q %q %v %s", filepath.Base(filepath.Dir(filepath.Dir(s))), name, cs[i].Name, p.A.Connection.Name, cs[j].Name, p.B.Connection.Name, d.Field, d.A.Text, d.B.Text, d.Attributes, d.Note)
						}
					}
				}
			}
		}
	}
	t.Logf("%d pairs", pairs)
}

// TestLibreswanScenarios does the same with another project's scenarios, most
// of whose connections are loaded by hand. Those built to fail name the field.
func TestLibreswanScenarios(t *testing.T) {
	scen, _ := filepath.Glob(filepath.Join(recordings.Path(t, filepath.Join("configs", "libreswan")), "*"))
	fails := map[string][]Field{
		"ikev1-aggr-07-no-isakmp-proposal-chosen": {FieldProposals}, "ikev1-algo-04-mismatch": {FieldChildProposals},
		"ikev1-x509-13-san-dn-mismatch": {FieldID}, "linux-audit-02-ike-fail-ikev1": {FieldMode, FieldProposals}, "linux-audit-03-ipsec-fail-ikev1": {FieldSelectors},
		// Their point is a daemon-wide policy; the two ends differ besides.
		"ikev1-policy-01-drop": {FieldAuth, FieldID}, "ikev1-policy-02-reject": {FieldAuth, FieldID}, "ikev1-policy-03-stats": {FieldAuth, FieldID},
	}
	pairs := 0
	for _, s := range scen {
		var cs []*Config
		for _, h := range []string{"east", "west", "road", "north"} {
			b := oneOf(s, h+".conf", h+".ipsec.conf")
			if b == nil {
				continue
			}
			c, err := Parse(h, bytes.NewReader(b), Options{})
			if err != nil {
				t.Error(err)
				continue
			}
			if sec := oneOf(s, h+".secrets", "ipsec.secrets"); sec != nil {
				if err := c.AddSecrets(h+".secrets", bytes.NewReader(sec), Options{}); err != nil {
					t.Error(err)
				}
			}
			for i := range c.Connections {
				if c.Connections[i].Start.V == StartIgnore {
					c.Connections[i].Start.V = StartNone
				}
			}
			cs = append(cs, c)
		}
		got := map[Field]bool{}
		for i := range cs {
			for j := i + 1; j < len(cs); j++ {
				ps, _ := Match(cs[i], cs[j])
				for _, p := range ps {
					pairs++
					r := Compare(p.A, p.B)
					for _, d := range r.Differences {
						if d.Degree == Mismatch {
							got[d.Field] = true
						}
					}
				}
			}
		}
		if g := slices.Sorted(maps.Keys(got)); !slices.Equal(g, fails[filepath.Base(s)]) {
			t.Errorf("%s: %v, want %v", filepath.Base(s), g, fails[filepath.Base(s)])
		}
	}
	t.Logf("%d pairs", pairs)
}

// oneOf returns the first of the files that exists.
func oneOf(dir string, names ...string) []byte {
	for _, n := range names {
		if b, err := os.ReadFile(filepath.Join(dir, n)); err == nil {
			return b
		}
	}
	return nil
}
