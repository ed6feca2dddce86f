package observe

import (
	"bytes"
	"testing"
)

// What eight octets at once say of a head is what they say one by one, wherever
// they stand.
func TestIsText(t *testing.T) {
	for c := range 256 {
		for at := range 19 {
			head := bytes.Repeat([]byte{'x'}, 19)
			head[at], head[18-at] = byte(c), byte(c)
			want := c >= 0x20 || c == '\n' || c == '\r' || c == '\t' || c == 0x1b
			if at == 9 {
				want = true // one of 19 is too few
			}
			if got := isText(head); got != want {
				t.Errorf("%#x at %d: %v", c, at, got)
			}
		}
	}
}
