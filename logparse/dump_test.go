package logparse

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestDumpedSecrets finds the pre-shared keys of the corpus where charon
// wrote them, and no rendering shows them.
func TestDumpedSecrets(t *testing.T) {
	for _, dir := range recordings.Glob(t, "corpus", "strongswan", "ok-*-keys") {
		conf, err := os.ReadFile(dir + "/initiator.swanctl.conf")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(conf), "secret = ")
		want := strings.Trim(strings.Fields(rest)[0], `"`)
		b, err := os.ReadFile(dir + "/initiator.log")
		if err != nil {
			t.Fatal(err)
		}
		var p Parser
		names := map[string]int{}
		found := false
		for e := range p.Events(bytes.NewReader(b)) {
			if name, s, ok := e.Secret(); ok {
				names[string(name)]++
				if string(s.Reveal()) == want {
					found = true
				}
				if r := string(e.Redacted(nil)); !strings.Contains(r, hidden) {
					t.Errorf("%s:%d: shown: %s", dir, e.Number, r)
				}
			}
		}
		if !found {
			t.Errorf("%s: the secret %q was not found among %v", dir, want, names)
		}
		if names["SKEYID"] == 0 && names["SKEYID_d"] == 0 {
			t.Errorf("%s: no session keys among %v", dir, names)
		}
	}
}

// TestDumpedPackets puts messages together from hex dumps.
func TestDumpedPackets(t *testing.T) {
	sent, received := 0, 0
	for _, name := range recordings.Glob(t, "captures", "RUB*", "*charon-lines.log") {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var p Parser
		for e := range p.Events(f) {
			if b := e.Packet(); b != nil {
				switch e.Side {
				case Local:
					sent++
				case Remote:
					received++
				}
			}
		}
		f.Close()
	}
	if received < 4 || sent == 0 {
		t.Errorf("%d received, %d sent", received, sent)
	}
}
