package observe

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// What many octets at once say of a head is what they say one by one, wherever
// they stand.
func TestGlance(t *testing.T) {
	const size = 83
	odd := func(c int) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b }
	for c := range 256 {
		for at := range size {
			head := bytes.Repeat([]byte{'x'}, size)
			head[at] = byte(c)
			want := 0
			if odd(c) {
				want = 1
			}
			if g := glanceAt(head); g.odd != want {
				t.Errorf("%#x at %d: %d", c, at, g.odd)
			}
		}
		for from := range 8 {
			for every, many := range map[int]bool{9: true, 11: false} { // more than a tenth, less
				head := bytes.Repeat([]byte{'x'}, size)
				for at := from; at < size; at += every {
					head[at] = byte(c)
				}
				g := glanceAt(head)
				if got := g.text(size); got != !(many && odd(c)) {
					t.Errorf("%#x from %d, one of %d: %v", c, from, every, got)
				}
			}
		}
	}
	for at := range size {
		head := bytes.Repeat([]byte{'x'}, size)
		for text, want := range map[string]bool{"\ngw#": true, "\n----------BEGIN ": true, "\n- ": true, "\ngw #": false, "\n<gw#": false, "\n\"a#": false} {
			if at+len(text) <= size {
				copy(head[at:], text)
				if g := glanceAt(head); g.marked != want {
					t.Errorf("%q at %d: %v", text, at, g.marked)
				}
				copy(head[at:], bytes.Repeat([]byte{'x'}, len(text)))
			}
		}
	}
}

// A head is marked where one of its lines is prompted, whatever the lines before
// begin with.
func TestMarked(t *testing.T) {
	signs := []byte("ab-#> \"\n")
	random := rand.New(rand.NewPCG(1, 2))
	quiet := 0
	for range 20000 {
		head := make([]byte, random.IntN(60))
		for i := range head {
			head[i] = signs[random.IntN(len(signs))]
			if i >= 10 && random.IntN(3) > 0 {
				head[i] = head[i-10] // lines that begin alike
			}
		}
		want := false
		for line := range bytes.Lines(head) {
			want = want || prompted(line)
		}
		if got := marked(head); got != want {
			t.Fatalf("%q: %v", head, got)
		}
		if !want {
			quiet++
		}
	}
	if quiet < 1000 {
		t.Errorf("%d heads without a mark are too few to tell", quiet)
	}
}
