package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

// TestLogAndCaptureAreOne reads logs that never name the peer's address beside
// captures, which name nothing else: each recording is one tunnel, whoever
// gives what.
func TestLogAndCaptureAreOne(t *testing.T) {
	for _, log := range recordings.Glob(t, "corpus", "libreswan-*", "*", "initiator.log") {
		dir := filepath.Dir(log)
		for _, files := range [][]string{{"initiator.log", "initiator.pcap"}, {"initiator.log", "initiator.pcap", "responder.log", "responder.pcap"}} {
			var args []string
			for _, f := range files {
				if _, err := os.Stat(filepath.Join(dir, f)); err == nil {
					args = append(args, filepath.Join(dir, f))
				}
			}
			r, err := ingest.Files(context.Background(), ingest.Options{}, args...)
			if err != nil || len(r.Tunnels) != 1 {
				t.Errorf("%s: %d tunnels of %v, %v", dir, len(r.Tunnels), files, err)
			}
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
