package ingest_test

import (
	"flag"
	"hash/fnv"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// everyCombination has TestEveryCombination try them all: that takes minutes.
var everyCombination = flag.Bool("every-combination", false, "try all 255 combinations of evidence of each recording")

// groupsOfEvidence are what an operator has or has not of a tunnel: of each
// side a log, a capture, the configuration and the state.
var groupsOfEvidence = [4]func(kind string) bool{
	func(kind string) bool { return kind == "log" },
	func(kind string) bool { return kind == "pcap" },
	func(kind string) bool {
		return strings.HasSuffix(kind, ".conf") || kind == "ipsec.secrets" || kind == "cert.pem"
	},
	func(kind string) bool { return strings.HasSuffix(kind, ".txt") },
}

// Whatever part of the evidence is there: what works is quiet, nothing wrong is
// confirmed, and a right confirmed cause stays in front when more is added.
func TestEveryCombination(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, s := range scenarios(t, "*") {
		var groups [8][]ingest.Input
		have := 0
		for i := range groups {
			side := []string{"initiator", "responder"}[i/4]
			groups[i] = s.inputs(t, func(of, kind string) bool { return of == side && groupsOfEvidence[i%4](kind) })
			if len(groups[i]) > 0 {
				have |= 1 << i
			}
		}
		right := append(slices.Clone(s.codes), s.accept...)
		known := append(slices.Clone(right), s.also...)
		sure := map[int]bool{} // combinations by which a right cause is confirmed
		for set := 1; set < 256; set++ {
			if set&^have != 0 || !*everyCombination && !chosen(s.name, set) {
				continue
			}
			var in []ingest.Input
			for i := range groups {
				if set>>i&1 != 0 {
					in = append(in, groups[i]...)
				}
			}
			tried++
			r := diagnose(t, in)
			lawful(t, s, known, set, r)
			n, c := rank(r, right)
			if first := c != nil && n == 0; first && c.Verdict == diag.Confirmed {
				sure[set] = true
			} else if less := below(sure, set); less != 0 && !first {
				t.Errorf("%s: with %s a right cause is confirmed, with %s it is not first any more", s.name, nameSet(less), nameSet(set))
			}
		}
	}
	t.Logf("%d combinations", tried)
}

// chosen takes a few combinations of each recording, always the same.
func chosen(name string, set int) bool {
	if bits.OnesCount(uint(set)) == 8 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	h.Write([]byte{byte(set)})
	if testing.Short() || raceEnabled {
		return h.Sum32()%400 == 0
	}
	return h.Sum32()%40 == 0
}

// below returns a combination by which something was confirmed and to which set
// adds.
func below(sure map[int]bool, set int) int {
	for less := (set - 1) & set; less > 0; less = (less - 1) & set {
		if sure[less] {
			return less
		}
	}
	return 0
}

// lawful checks what holds for any evidence.
func lawful(t *testing.T, s scenario, known []string, set int, r *diag.Report) {
	t.Helper()
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind != diag.Cause || f.Status != diag.Active || f.Severity < diag.Error || slices.Contains(known, string(f.Code)) {
			continue
		}
		if f.Verdict == diag.Confirmed {
			t.Errorf("%s with %s: %s is confirmed and wrong: %s", s.name, nameSet(set), f.Code, f.Summary)
		}
		if s.healthy {
			t.Errorf("%s with %s: false alarm: %s: %s", s.name, nameSet(set), f.Code, f.Summary)
		}
	}
}

// nameSet names a combination: i and r for the sides.
func nameSet(set int) string {
	var out []string
	for i := range 8 {
		if set>>i&1 != 0 {
			out = append(out, [2]string{"i", "r"}[i/4]+[4]string{"log", "capture", "config", "state"}[i%4])
		}
	}
	return strings.Join(out, "+")
}
