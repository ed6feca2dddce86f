package ingest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/ingest"
)

// fixture reads the files of a fixture of the rules.
func fixture(t *testing.T, name string) (in []ingest.Input) {
	t.Helper()
	b, err := os.ReadFile("../rules/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(b), "\n-- ")
	for _, p := range parts[1:] {
		file, text, _ := strings.Cut(p, " --\n")
		var lines []string
		for l := range strings.Lines(text) {
			l, _, _ = strings.Cut(strings.TrimRight(l, "\n"), " // want ")
			lines = append(lines, l)
		}
		group, _, _ := strings.Cut(file, "/")
		in = append(in, memory(file, group, []byte(strings.Join(lines, "\n"))))
	}
	return in
}

// Two ends that log in different dialects are one tunnel with one attempt.
func TestCiscoJoin(t *testing.T) {
	r := diagnose(t, fixture(t, "cisco-strongswan-join.txtar"))
	if len(r.Tunnels) != 1 || len(r.Gateways) != 2 {
		t.Fatalf("%d tunnels, %d gateways", len(r.Tunnels), len(r.Gateways))
	}
	tn := &r.Tunnels[0]
	if tn.Attempts != 1 {
		t.Errorf("%d attempts", tn.Attempts)
	}
}

// A central syslog with the gateways of four vendors is four tunnels, and the
// fault of one is not laid on another.
func TestCentralSyslog(t *testing.T) {
	r := diagnose(t, fixture(t, "central-syslog.txtar"))
	if len(r.Tunnels) != 4 || len(r.Gateways) != 4 {
		t.Fatalf("%d tunnels, %d gateways", len(r.Tunnels), len(r.Gateways))
	}
	of := map[string]string{} // the tunnel of each first cause
	for i := range r.Findings {
		f := &r.Findings[i]
		if other, seen := of[string(f.Code)]; seen && other != f.Tunnel {
			t.Errorf("%s is in two tunnels", f.Code)
		}
		of[string(f.Code)] = f.Tunnel
	}
	seen := map[string]bool{}
	for _, code := range []string{"IKE-P1-PROPOSAL-MISMATCH", "IKE-P2-TS-MISMATCH", "IKE-P1-PEER-UNKNOWN", "OK-P2-ESTABLISHED"} {
		if of[code] == "" || seen[of[code]] {
			t.Errorf("%s is in tunnel %q", code, of[code])
		}
		seen[of[code]] = true
	}
}

// A device that never names its own address has a tunnel with each of its
// peers.
func TestPeersApart(t *testing.T) {
	r := read(t, memory("a/asa.log", "a", []byte("%ASA-5-713904: IP = 198.51.100.10, All SA proposals found unacceptable\n"+
		"%ASA-5-713119: Group = 198.51.100.11, IP = 198.51.100.11, PHASE 1 COMPLETED\n")))
	if len(r.Tunnels) != 2 {
		t.Fatalf("%d tunnels", len(r.Tunnels))
	}
	for i := range r.Tunnels {
		if n := r.Tunnels[i].Attempts; n != 1 {
			t.Errorf("%d attempts", n)
		}
	}
}
