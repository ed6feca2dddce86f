package ingest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// tally counts how often a rule was sure, and how often it was right.
type tally struct{ confirmed, confirmedRight, likely, likelyRight int }

// What "confirmed" and "likely" are worth: over all recordings of the corpus and
// all selections of their evidence, each rule's word is held against what was
// injected. Warnings are true of a configuration whatever was injected, and are
// not counted; nor is what was mended since.
func TestCalibration(t *testing.T) {
	t.Parallel()
	if testing.Short() || raceEnabled {
		t.Skip("reads the whole corpus")
	}
	by := map[diag.Code]*tally{}
	var all tally
	for _, s := range scenarios(t, "*") {
		right := slices.Concat(s.codes, s.accept, s.also)
		for _, sub := range subsets {
			in := s.inputs(t, sub.takes)
			if len(in) == 0 {
				continue
			}
			r := diagnose(t, in)
			for i := range r.Findings {
				f := &r.Findings[i]
				if f.Kind != diag.Cause || f.Status != diag.Active || f.Severity < diag.Error || f.Verdict < diag.Likely {
					continue
				}
				n := by[f.Code]
				if n == nil {
					n = &tally{}
					by[f.Code] = n
				}
				ok := slices.Contains(right, string(f.Code))
				for _, c := range [...]*tally{n, &all} {
					c.count(f.Verdict, ok)
				}
				if !ok {
					t.Logf("wrong: %s/%s: %s %s: %s", s.name, sub.name, f.Code, f.Verdict, f.Summary)
				}
			}
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-32s %s\n", "rule", "confirmed and right, likely and right")
	for _, c := range slices.Sorted(maps.Keys(by)) {
		n := by[c]
		fmt.Fprintf(&table, "%-32s %3d %3d   %3d %3d\n", c, n.confirmed, n.confirmedRight, n.likely, n.likelyRight)
		if n.confirmed != n.confirmedRight {
			t.Errorf("%s: %d of %d that were confirmed are wrong", c, n.confirmed-n.confirmedRight, n.confirmed)
		}
	}
	fmt.Fprintf(&table, "%-32s %3d %3d   %3d %3d", "all", all.confirmed, all.confirmedRight, all.likely, all.likelyRight)
	t.Log("\n" + table.String())
	if all.likelyRight*100 < 85*all.likely {
		t.Errorf("of %d that were likely %d are right, fewer than 85 of 100", all.likely, all.likelyRight)
	}
}

func (n *tally) count(v diag.Verdict, right bool) {
	total, good := &n.likely, &n.likelyRight
	if v == diag.Confirmed {
		total, good = &n.confirmed, &n.confirmedRight
	}
	*total++
	if right {
		*good++
	}
}
