package diag

import "testing"

// Numbers are what a map would give, however the tokens lie, and none is left
// when they are used again.
func TestNumbers(t *testing.T) {
	for _, n := range []int{0, 1, 3, 64, 1000} {
		for shift := range 64 {
			x, want := newNumbers(n), map[token]int32{}
			for i := range n {
				k := token(i+1) << shift
				if len(want) == n {
					break
				}
				if got := *x.of(k); got != want[k] {
					t.Fatalf("%d tokens, shift %d: %#x has %d, want %d", n, shift, k, got, want[k])
				}
				*x.of(k), want[k] = int32(i+1), int32(i+1)
			}
			for k, number := range want {
				if got := *x.of(k); got != number {
					t.Fatalf("%d tokens, shift %d: %#x has %d, want %d", n, shift, k, got, number)
				}
			}
			if got := *x.of(token(n+1) << shift); n+1 < 1<<(63-min(shift, 62)) && got != 0 {
				t.Fatalf("%d tokens, shift %d: another one has %d", n, shift, got)
			}
			x.free()
		}
	}
}
