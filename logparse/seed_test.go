package logparse

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// seedLogs cuts the Securepoint page into its logs, each as it is pasted from
// the viewer: service, bar and message on lines of their own.
func seedLogs(t *testing.T) map[string][]string {
	f, err := os.Open(recordings.Path(t, "seeds", "securepoint-ikev1-troubleshooting.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]string{}
	var lines []string
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		lines = append(lines, sc.Text())
	}
	title, side, prev := "", "", ""
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l, "Initiator-Log"):
			side = "/initiator"
		case strings.HasPrefix(l, "Responder-Log"):
			side = "/responder"
		case l == "|" && i > 0 && len(prev) < 40 && !strings.Contains(prev, "|") && !strings.Contains(prev, "[") && prev != "Message" && !strings.HasSuffix(prev, "-Log") && prev != "|" && !strings.HasSuffix(prev, "."):
			title, side = prev, ""
		case strings.Contains(l, "[") && l[0] >= '0' && l[0] <= '9':
			out[title+side] = append(out[title+side], "IPSec |", l, "|")
		}
		prev = l
	}
	return out
}

// TestSeedPage reads every log of the page: no line is unknown, and each log
// is one negotiation.
func TestSeedPage(t *testing.T) {
	logs := seedLogs(t)
	if len(logs) < 12 {
		t.Fatalf("only %d logs found", len(logs))
	}
	joined := func(l []string) (out []string) {
		for i := 0; i+1 < len(l); i += 3 {
			out = append(out, l[i]+" "+l[i+1])
		}
		return out
	}
	for name, lines := range logs {
		for form, in := range map[string][]string{"column": lines, "row": joined(lines)} {
			var p Parser
			handles := map[uint64]bool{}
			for e, err := range p.Events(strings.NewReader(strings.Join(in, "\n"))) {
				if err != nil {
					t.Fatal(err)
				}
				if e.Kind == Unknown || e.Kind == Blank {
					t.Errorf("%s (%s): line %d is %v: %q", name, form, e.Number, e.Kind, e.Text)
				}
				if e.Session.Handle == 0 {
					t.Errorf("%s (%s): line %d %v has no session: %q", name, form, e.Number, e.Kind, e.Text)
				}
				handles[e.Session.Handle] = true
			}
			if len(handles) != 1 {
				t.Errorf("%s (%s): %d sessions", name, form, len(handles))
			}
			if s := p.Stats(); s.Unknown != 0 {
				t.Errorf("%s (%s): unknown %v", name, form, s.Samples)
			}
		}
	}
}
