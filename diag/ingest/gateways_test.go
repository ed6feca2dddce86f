package ingest_test

import (
	"os"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

func show(t *testing.T, r *diag.Report) {
	t.Helper()
	for i := range r.Tunnels {
		tn := &r.Tunnels[i]
		t.Logf("tunnel %v %v stage %q attempts %d", tn.Ends[0].Addresses, tn.Ends[1].Addresses, tn.Stage, tn.Attempts)
		t.Logf("  outcome %v", tn.Outcome)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		t.Logf("%s %s %v %v %v | %s", f.Code, f.Kind, f.Severity, f.Verdict, f.Tunnel, f.Summary)
	}
}

func TestShow(t *testing.T) {
	for _, name := range []string{"junos-ike", "junos-ike-detail", "junos-ipsec-detail", "junos-inactive-detail", "forti-tunnel", "forti-gateway", "forti-summary", "routeros-detail", "routeros-terse", "routeros-table", "vici-sas"} {
		b, err := os.ReadFile("../../ike/state/testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		r := read(t, memory("a/"+name+".txt", "a", b))
		t.Log("=====", name)
		show(t, r)
	}
}
