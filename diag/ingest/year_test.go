package ingest_test

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// TestYearOfAnotherLog reads an end whose log writes the year beside one whose
// does not: they are of one time, and what is up is not said to have failed
// long after.
func TestYearOfAnotherLog(t *testing.T) {
	logs := newFleet(5, 1).logs(2_000)
	// strongSwan, which writes no year, and its ASA.
	r := diagnose(t, []ingest.Input{memory("gw.log", "a", logs[0]), memory("gw.log", "b", logs[3])})
	if len(r.Tunnels) != 1 || r.Tunnels[0].Outcome != diag.OutcomeEstablished || r.Verdict == diag.Broken {
		t.Errorf("%v, %+v", r.Verdict, r.Tunnels)
	}
}
