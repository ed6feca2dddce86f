package logparse

import (
	"math/rand/v2"
	"testing"
)

// TestNumbers compares what finds sessions by their numbers with a map of them
// all.
func TestNumbers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var s sessions
		s.init(8, &room{})
		origins := [2]*origin{{id: 1}, {id: 2}}
		all := map[saKey]int32{}
		forget := func(i int32) {
			n := &s.slots[i]
			if k := (saKey{n.origin, n.s.SAID}); n.s.HasSAID && all[k] == i {
				delete(all, k)
			}
		}
		sa := func() uint64 { return rnd.Uint64N(3) + maxSmall*rnd.Uint64N(3) }
		for line := range 500 {
			o := origins[rnd.IntN(2)]
			i := rnd.Int32N(int32(len(s.slots)))
			alive := s.slots[i].s.Handle != 0
			switch {
			case rnd.IntN(4) == 0 && alive:
				forget(i)
				s.drop(i)
			case alive && s.slots[i].origin == o.id:
				forget(i)
				k := sa()
				s.setSA(o, i, k)
				all[saKey{o.id, k}] = i
			case s.live < s.max:
				s.add(o.id, uint64(line+1), line)
			}
			for _, o := range origins {
				for k := range uint64(3 * maxSmall) {
					if k%maxSmall > 3 {
						continue
					}
					if got, want := s.find(o, k), all[saKey{o.id, k}]; got != want {
						t.Fatalf("number %d is session %d's, not %d's", k, want, got)
					}
				}
			}
			if len(s.bySA) > s.live {
				t.Fatalf("%d numbers of %d sessions", len(s.bySA), s.live)
			}
		}
	}
}
