package diag

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// What two strands have in common is found, whatever the tokens; of what one has
// alone little is taken for such.
func TestMarkCommon(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name  string
		next  func(i int) token
		alone int // percent that may be taken for common
	}{
		{"random cookies", func(int) token { return newToken(tokenCookie, r.Uint64()) }, 15},
		{"counted message IDs", func(i int) token { return newToken(tokenMessageID, uint64(i)) }, 15},
		{"SPIs counted in the upper octets", func(i int) token { return newToken(tokenSPI, uint64(i)<<20) }, 15},
		{"cookies that differ in one octet", func(i int) token { return newToken(tokenCookie, uint64(i)<<56|1) }, 100},
	} {
		all, taken, alone := []*unit{{}, {}}, 0, 0
		for i := range 400 {
			a, b := &strand{}, &strand{}
			for j := range i % tokensKept {
				a.addToken(c.next(100*i + 2*j))
				b.addToken(c.next(100*i + 2*j + 1))
			}
			both := c.next(100*i + 99)
			a.addToken(both)
			b.addToken(both)
			all[0].strands, all[1].strands = append(all[0].strands, a), append(all[1].strands, b)
		}
		markCommon(all)
		have := map[token]int{}
		for _, u := range all {
			for _, s := range u.strands {
				for _, k := range s.tokens {
					have[k]++
				}
			}
		}
		for _, u := range all {
			for _, s := range u.strands {
				shared := slices.Collect(s.shared())
				if len(shared) != sharedBy([]*strand{s}) {
					t.Errorf("%s: %d shared, %d counted", c.name, len(shared), sharedBy([]*strand{s}))
				}
				for _, k := range s.tokens {
					switch is := slices.Contains(shared, k); {
					case have[k] > 1 && !is:
						t.Fatalf("%s: %x is in %d strands and not shared", c.name, k, have[k])
					case have[k] == 1:
						alone++
						if is {
							taken++
						}
					}
				}
			}
		}
		if taken*100 > alone*c.alone {
			t.Errorf("%s: %d of %d tokens that one strand has alone are taken for shared", c.name, taken, alone)
		}
	}
}
