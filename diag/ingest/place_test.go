package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
)

// everything takes all that a person would give of both ends.
func everything(_, kind string) bool { return kind != "cert.pem" }

// flat puts inputs of two folders into one, under names that rename makes.
func flat(in []ingest.Input, rename func(i int, folder, file string) string) []ingest.Input {
	out := slices.Clone(in)
	for i := range out {
		folder, file, _ := strings.Cut(out[i].Name, "/")
		out[i].Name, out[i].Group = rename(i, folder, file), ""
	}
	return out
}

// What the state files of both ends say is found as well where they lie in one
// folder: their content places them, and where that names nobody, as the
// counters of a kernel, the name that they share with other files.
func TestFlatFolder(t *testing.T) {
	for _, s := range scenarios(t, "*") {
		if strings.Contains(s.name, "/p1-") || !s.healthy && !slices.Contains(s.strict, "all") {
			continue
		}
		in := s.inputs(t, everything)
		r := diagnose(t, flat(in, func(_ int, folder, file string) string { return folder + "-" + file }))
		c, ok := r.Cause()
		right := append(slices.Clone(s.codes), s.accept...)
		if !s.healthy && (!ok || !slices.Contains(right, string(c.Code))) {
			t.Errorf("%s: want %v:\n%s", s.name, s.codes, diagtest.Summary(r))
		}
		if len(r.Gateways) != 2 {
			t.Errorf("%s: %d gateways, want 2:", s.name, len(r.Gateways))
			for _, src := range r.Sources {
				t.Errorf("  %s: %s", src.Name, src.GatewayID)
			}
		}
	}
}

// Where not even the names tell, the report says so, and calls nothing
// healthy.
func TestUnplaced(t *testing.T) {
	for _, s := range scenarios(t, "strongswan") {
		if !strings.Contains(s.name, "/ok-") && !strings.Contains(s.name, "/p2-") {
			continue
		}
		in := s.inputs(t, everything)
		r := diagnose(t, flat(in, func(i int, _, _ string) string { return fmt.Sprintf("%02d", i) }))
		right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Kind == diag.Cause && f.Severity >= diag.Error && f.Verdict == diag.Confirmed && !slices.Contains(right, string(f.Code)) {
				t.Errorf("%s: %s is confirmed and wrong", s.name, f.Code)
			}
		}
		said := slices.ContainsFunc(r.Findings, func(f diag.Finding) bool {
			return f.Code == diag.EvidInsufficient && f.Scope == diag.ScopeReport && len(f.Evidence) >= 2 && len(f.Missing) == 1
		})
		if !said || r.Verdict == diag.Healthy {
			t.Errorf("%s: files are at no end, and nothing says so:\n%s", s.name, diagtest.Summary(r))
		}
	}
}

// A file whose name is the other end's is not given to the only one that is
// known.
func TestStranger(t *testing.T) {
	log := sample(t, "wrong-psk/branch/charon.log")
	stat := []byte("XfrmInError 0\nXfrmInNoStates 5\n")
	r := diagnose(t, []ingest.Input{memory("west.log", "", log), memory("west-xfrm_stat", "", stat), memory("east-xfrm_stat", "", stat)})
	if len(r.Gateways) != 2 {
		t.Errorf("%d gateways:\n%s", len(r.Gateways), diagtest.Summary(r))
	}
	r = diagnose(t, []ingest.Input{memory("west.log", "", log), memory("xfrm_stat.1", "", stat), memory("xfrm_stat.2", "", stat)})
	if len(r.Gateways) != 1 {
		t.Errorf("%d gateways:\n%s", len(r.Gateways), diagtest.Summary(r))
	}
}
