package ingest_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

// TestOutcomes is how far the tunnel of a recording got, and where the failed
// attempts stopped.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name    string
		outcome diag.Outcome
		stage   string
	}{
		{"strongswan/ok-main-psk", diag.OutcomeEstablished, "established"},
		{"strongswan/ok-xauth-modecfg", diag.OutcomeEstablished, "established"},
		{"strongswan/p2-inactivity", diag.OutcomeLost, "established"}, // no SA is left
		{"strongswan/p2-pmtu-blackhole", diag.OutcomeEstablished, "established"},
		{"strongswan/p2-replay", diag.OutcomeEstablished, "established"},
		{"strongswan/p1-enc-mismatch", diag.OutcomePhase1Failed, "main-mode-1"},
		{"strongswan/p1-wrong-psk", diag.OutcomePhase1Failed, "main-mode-5"},
		{"strongswan/p1-ip-fragments-dropped", diag.OutcomePhase1Failed, "main-mode-5"}, // the fifth attempt had only begun
		{"strongswan/p1-xauth-wrong-password", diag.OutcomeXAuthFailed, "transaction"},
		{"strongswan/p2-ts-mismatch", diag.OutcomePhase2Failed, "quick-mode-1"},
		{"libreswan-both/p2-ts-mismatch", diag.OutcomePhase2Failed, "quick-mode-1"}, // with an SPI that the kernel reserved
		{"strongswan/p2-ah-nat", diag.OutcomePhase2Failed, "quick-mode-2"},
		{"strongswan/p2-esp-blocked", diag.OutcomeNoTraffic, "established"},
		{"strongswan/p2-peer-dies", diag.OutcomeLost, "established"},
		{"strongswan/p2-peer-restarted", diag.OutcomeLost, "established"},
		{"strongswan/p2-rekey-fails", diag.OutcomeLost, "established"},
	} {
		dir := recordings.Path(t, "corpus", c.name)
		var files []string
		for _, side := range []string{"initiator.*", "responder.*"} {
			all, err := filepath.Glob(filepath.Join(dir, side))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, all...)
		}
		r, err := ingest.Files(context.Background(), ingest.Options{}, files...)
		if err != nil || len(r.Tunnels) != 1 {
			t.Fatalf("%s: %d tunnels, %v", c.name, len(r.Tunnels), err)
		}
		if tn := &r.Tunnels[0]; tn.Outcome != c.outcome || tn.Stage != c.stage {
			t.Errorf("%s: %v, %q, want %v, %q", c.name, tn.Outcome, tn.Stage, c.outcome, c.stage)
		}
	}
}
