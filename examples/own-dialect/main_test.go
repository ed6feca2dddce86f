package main

import (
	"context"
	"os"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/logparse"
)

const sample = "testdata/edge7.log"

// TestTunneld: every pattern is reached by the sample, and every line known.
func TestTunneld(t *testing.T) {
	f, err := os.Open(sample)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := tunneld.Check(f); err != nil {
		t.Error(err)
	}
}

// TestFixtures: what each line means to the rules stands on it.
func TestFixtures(t *testing.T) {
	diagtest.RunWith(t, "testdata/*.txtar", ingest.Options{Dialects: []*logparse.Dialect{tunneld}})
}

// TestDiagnosis: what is wrong is found, beside a tunnel that works; it is
// confirmed only where the dialect says that a real daemon's log shows it.
func TestDiagnosis(t *testing.T) {
	for basis, want := range map[logparse.Basis]diag.Verdict{logparse.Recalled: diag.Likely, logparse.Recorded: diag.Confirmed} {
		d := &logparse.Dialect{Name: tunneld.Name, Basis: basis, Programs: tunneld.Programs, Spelling: tunneld.Spelling, Templates: tunneld.Templates}
		r, err := ingest.Files(context.Background(), ingest.Options{Dialects: []*logparse.Dialect{d}}, sample)
		if err != nil {
			t.Fatal(err)
		}
		c, ok := r.Cause()
		if !ok || c.Code != diag.IKEP1ProposalMismatch || c.Verdict != want {
			t.Errorf("basis %d: %v %v, want %v", basis, c.Code, c.Verdict, want)
		}
		if len(r.Tunnels) != 2 {
			t.Errorf("%d tunnels", len(r.Tunnels))
		}
	}
	// Without the dialect nobody knows what the file is.
	if _, err := ingest.Files(context.Background(), ingest.Options{}, sample); err == nil {
		t.Error("read without its dialect")
	}
}
