package logparse

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

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

// TestPhrasesWhose: what one pass finds is what looking for each phrase alone
// finds, wherever pieces of them stand, and however they overlap.
func TestPhrasesWhose(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for name, set := range map[string]*phrases{"marks": marks(), "pluto": &plutoAnchors, "racoon": &racoonAnchors, "vpnc": &vpncAnchors} {
		set.in(nil) // which makes it ready
		for range 5000 {
			var text []byte
			for range random.IntN(6) {
				p := set.list[random.IntN(len(set.list))]
				from := max(0, random.IntN(2*len(p))-len(p))
				text = append(text, p[from:max(from, len(p)-max(0, random.IntN(6)-3))]...)
				text = append(text, "x 1:"[:random.IntN(4)]...)
			}
			want := uint64(0)
			for i, p := range set.list {
				if bytes.Contains(text, []byte(p)) {
					want |= 1 << set.of[i]
				}
			}
			if got := set.whose(text); got != want {
				t.Fatalf("%s: %b in %q, want %b", name, got, text, want)
			}
			if want != 0 {
				found++
			}
		}
	}
	if found < 5000 {
		t.Errorf("%d texts with a phrase are too few to tell", found)
	}
}
