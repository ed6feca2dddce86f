package logparse

import "testing"

// TestPhrases finds each phrase wherever it stands, and none that is cut.
func TestPhrases(t *testing.T) {
	for _, set := range []*phrases{&plutoAnchors, &racoonAnchors, &vpncAnchors} {
		for _, p := range set.list {
			if len(p) < 4 {
				t.Fatalf("%q is too short", p)
			}
			for _, in := range []string{p, "a " + p, p + " z", "abc" + p + "z"} {
				if !set.in([]byte(in)) {
					t.Errorf("%q is not found in %q", p, in)
				}
			}
			if cut := p[:len(p)-1]; set.in([]byte(cut)) {
				t.Errorf("%q is found in %q", p, cut)
			}
		}
		if set.in(nil) || set.in([]byte("Sta")) || set.in([]byte("no word of theirs")) {
			t.Error("found where there is none")
		}
	}
}
