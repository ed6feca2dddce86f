package diag

import "testing"

// An attempt may have ends of which nothing tells which they are: asking for
// what is known of them gives nothing.
func TestUnknownEnd(t *testing.T) {
	v := &View{tunnel: &tunnel{}}
	for _, end := range []int{-1, 0, 2} {
		if v.Connection(end).OK || v.Gateway(end) != "" || v.Sole(end) {
			t.Errorf("end %d", end)
		}
	}
}
