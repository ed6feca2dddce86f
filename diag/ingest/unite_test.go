package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

// TestOneTunnel reads what one recording's tunnel left behind, in one folder: it
// is one tunnel, whoever gives what. Some logs never name the peer's address,
// some not even their own, and captures name nothing else.
func TestOneTunnel(t *testing.T) {
	t.Parallel()
	kinds := map[string][]string{
		"log": {".log"}, "capture": {".pcap"}, "config": {".conf", ".secrets"}, "state": {".txt"},
	}
	for i, truth := range recordings.Glob(t, "corpus", "*", "*", "truth.json") {
		dir := filepath.Dir(truth)
		if strings.HasSuffix(dir, "p1-wrong-gateway") || (testing.Short() || raceEnabled) && i%6 != 0 {
			continue // one end is configured for another peer: that is another tunnel
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, given := range [][]string{{"log"}, {"log", "capture"}, {"log", "config", "state"}, {"capture", "config"}, {"capture", "state"}, {"log", "state"}} {
			for _, side := range []string{"", "initiator", "responder"} {
				var args []string
				for _, f := range files {
					of := func(kind string) bool {
						return slices.ContainsFunc(kinds[kind], func(end string) bool { return strings.HasSuffix(f, end) })
					}
					if strings.HasPrefix(filepath.Base(f), side) && slices.ContainsFunc(given, of) {
						args = append(args, f)
					}
				}
				if len(args) == 0 {
					continue
				}
				r, err := ingest.Files(context.Background(), ingest.Options{}, args...)
				if err != nil || len(r.Tunnels) > 1 {
					t.Errorf("%s: %d tunnels of %v of %q, %v", dir, len(r.Tunnels), given, side, err)
				}
			}
		}
	}
}

// The logs of two daemons in one folder, of which one is only called by an
// address that a NAT made and does not know its own: two ends of one tunnel.
func TestTwoDaemonsOfOneFolder(t *testing.T) {
	for _, dir := range []string{"ok-nat", "p1-wrong-psk-nat"} {
		r, err := ingest.Files(context.Background(), ingest.Options{}, filepath.Join("testdata", "one-folder", dir, "charon.log"), filepath.Join("testdata", "one-folder", dir, "pluto.log"))
		if err != nil || len(r.Gateways) != 2 || len(r.Tunnels) != 1 {
			t.Errorf("%s: %d gateways, %d tunnels, %v", dir, len(r.Gateways), len(r.Tunnels), err)
		}
	}
}

// TestTwoNamesOfOneCapture is a log that names two connections, of either of
// which the capture may be: no token tells.
func TestTwoNamesOfOneCapture(t *testing.T) {
	dir := recordings.Path(t, "corpus", "libreswan-initiator", "p1-udp500-dropped")
	b, err := os.ReadFile(filepath.Join(dir, "initiator.log"))
	if err != nil {
		t.Fatal(err)
	}
	i := strings.Index(string(b), ` #1: initiating`)
	if i < 0 {
		t.Fatal("the log begins no negotiation")
	}
	start := strings.LastIndexByte(string(b[:i]), '\n') + 1
	line, _, _ := strings.Cut(string(b[start:]), "\n")
	name := strings.Split(line, `"`)[1]
	other := strings.NewReplacer(`"`+name+`" #1`, `"another" #7`).Replace(line)
	log := filepath.Join(t.TempDir(), "initiator.log")
	if err := os.WriteFile(log, []byte(string(b[:start])+other+"\n"+string(b[start:])), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := ingest.Files(context.Background(), ingest.Options{}, log, filepath.Join(dir, "initiator.pcap"))
	if err != nil || len(r.Tunnels) != 3 {
		t.Errorf("%d tunnels, want both names and the capture's: %v", len(r.Tunnels), err)
	}
}
