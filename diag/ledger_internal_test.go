package diag

import (
	"slices"
	"testing"
)

// A question about one kind is answered with the facts of that kind, all of
// them, whatever came meanwhile and was folded.
func TestFactsOf(t *testing.T) {
	s := &strand{names: &noNames}
	folded := false
	for i := range 3 * slotsKept {
		for _, b := range []Body{&Message{Number: uint8(i % 7)}, &Progress{Step: Phase2Up, SPIIn: uint32(i)}, &Notify{Type: 14}, &Check{What: CheckHash}}[:1+i%4] {
			o := Observation{Where: Where{Line: i + 1}, Text: []byte("a line"), Body: b, Keys: Keys{Child: uint64(i / 5 * 7919 % 101)}}
			s.observe(&o, moment{}, 1, &familiar{})
			folded = folded || s.ledger.dropped > 0
			for k := BodyUnset + 1; k < bodyKinds; k++ {
				var want []*slot
				for _, sl := range s.facts() {
					if sl.kind == k {
						want = append(want, sl)
					}
				}
				if got := s.factsOf(k); !slices.Equal(got, want) {
					t.Fatalf("observation %d: %d facts of kind %s, want %d", i, len(got), k, len(want))
				}
			}
		}
	}
	if n := len(s.factsOf(BodyMessage, BodyProgress)); !folded || n != len(s.facts()) {
		t.Errorf("folded: %v; %d facts of %d are from the first kind to the last", folded, n, len(s.facts()))
	}
}
