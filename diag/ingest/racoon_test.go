package ingest_test

import "testing"

// A racoon end and a strongSwan end are one tunnel with one attempt.
func TestRacoonJoin(t *testing.T) {
	r := diagnose(t, fixture(t, "racoon-strongswan-join.txtar"))
	if len(r.Tunnels) != 1 || len(r.Gateways) != 2 {
		t.Fatalf("%d tunnels, %d gateways", len(r.Tunnels), len(r.Gateways))
	}
	if n := r.Tunnels[0].Attempts; n != 1 {
		t.Errorf("%d attempts", n)
	}
}
