package diag_test

import (
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// TestStrangers: the only two tunnels of two gateways are one, unless the SPIs
// of what came up at the same time say that they are not.
func TestStrangers(t *testing.T) {
	mirror := func(n uint32) (in, out uint32) { return 0x2000 + n, 0x1000 + n }
	other := func(n uint32) (in, out uint32) { return 0x4000 + n, 0x3000 + n }
	outOnly := func(n uint32) (in, out uint32) { return 0, 0x3000 + n }
	for _, c := range []struct {
		name   string
		second func(n uint32) (in, out uint32) // SPIs of the second gateway's child
		lines  [2][]int                        // of six, those that tell of a child
		want   int
	}{
		{"one child in common", mirror, [2][]int{{1, 2, 3}, {3, 4, 5}}, 1},
		{"no child in common", other, [2][]int{{1, 3, 5}, {2, 4, 6}}, 2},
		{"no child in common, at another time", other, [2][]int{{1, 2, 3}, {4, 5, 6}}, 1},
		{"an end that leaves an SPI out", outOnly, [2][]int{{1, 3, 5}, {2, 4, 6}}, 1},
		{"an end that has no child", other, [2][]int{{1, 3, 5}, nil}, 1},
	} {
		w := &world{}
		a := w.source(diag.Source{Name: "a.log", Gateway: "a", Kind: diag.KindLog})
		b := w.source(diag.Source{Name: "b.log", Gateway: "b", Kind: diag.KindLog})
		say := func(src int, k diag.Keys, n int, in, out uint32) {
			p := &diag.Progress{By: diag.Self, Step: diag.Phase1Up}
			if slices.Contains(c.lines[src], n) {
				p = &diag.Progress{By: diag.Self, Step: diag.Phase2Up, SPIIn: in, SPIOut: out}
			}
			w.say(src, k, p)
		}
		for n := 1; n <= 6; n++ {
			say(a, diag.Keys{Handle: 1, Child: uint64(n), Role: diag.Initiator, Connection: []byte("site")}, n, 0x1000+uint32(n), 0x2000+uint32(n))
			in, out := c.second(uint32(n))
			say(b, diag.Keys{Handle: 1, Child: uint64(n), Role: diag.Responder, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.7:500")}, n, in, out)
		}
		e := newEngine(t, diag.Options{})
		w.feed(e)
		if got := len(e.Report().Tunnels); got != c.want {
			t.Errorf("%s: %d tunnels, want %d", c.name, got, c.want)
		}
	}
}
