package observe

import (
	"bytes"
	"testing"
)

// What many octets at once say of a head is what they say one by one, wherever
// they stand.
func TestIsText(t *testing.T) {
	const size = 83
	for c := range 256 {
		for at := range size {
			head := bytes.Repeat([]byte{'x'}, size)
			head[at] = byte(c)
			want := 0
			if c < ' ' {
				want = 1
			}
			if got := controls(head); got != want {
				t.Errorf("%#x at %d: %d", c, at, got)
			}
		}
		for from := range 8 {
			for every, many := range map[int]bool{9: true, 11: false} { // more than a tenth, less
				head := bytes.Repeat([]byte{'x'}, size)
				for at := from; at < size; at += every {
					head[at] = byte(c)
				}
				want := !many || c >= ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1b
				if got := isText(head); got != want {
					t.Errorf("%#x from %d, one of %d: %v", c, from, every, got)
				}
			}
		}
	}
}
