package diag

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A token is what it was made of, and of many the same are kept, in whatever
// order they came.
func TestToken(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var all []token
	for i := range uint64(3 * tokensKept) {
		for _, p := range [][2]uint64{{tokenCookie, r.Uint64()}, {tokenMessageID, i}, {tokenSPI, 1<<32 - 1 - i}} {
			k := newToken(uint8(p[0]), p[1])
			if k.parts() != p {
				t.Errorf("%x became %x", p, k.parts())
			}
			all = append(all, k)
		}
	}
	a, b := &strand{}, &strand{}
	for _, k := range all {
		a.addToken(k)
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, k := range all {
		b.addToken(k)
		if b.addToken(k) {
			t.Errorf("%x is new twice", k.parts())
		}
	}
	if len(a.tokens) != tokensKept || !slices.IsSorted(a.tokens) || !slices.Equal(a.tokens, b.tokens) {
		t.Errorf("%x, in another order %x", a.tokens, b.tokens)
	}
	of := map[uint64]int{}
	for _, k := range a.tokens {
		of[k.parts()[0]]++
	}
	if len(of) != 3 {
		t.Errorf("%v are kept, by kind", of)
	}
}
