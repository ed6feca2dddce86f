package diag

import (
	"testing"
	"time"
)

// A moment is the time that it was made of, and like moments share a clock.
func TestMoment(t *testing.T) {
	zone := time.FixedZone("", 3600)
	var c *clock
	for i, want := range []Time{
		{},
		{Precision: time.Second},
		{Value: time.Date(2026, 3, 1, 8, 0, 0, 7, time.UTC), Precision: time.Microsecond},
		{Value: time.Date(1, 1, 1, 0, 0, 0, 1, zone), Assumed: "year"},
		{Value: time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, zone), Assumed: "year"},
		{Value: time.Date(2026, 3, 1, 8, 0, 0, 0, time.Local)},
	} {
		var m moment
		if m, c = c.moment(want); m.time() != want {
			t.Errorf("%d: %+v, want %+v", i, m.time(), want)
		}
		if again, _ := c.moment(want); again != m {
			t.Errorf("%d: %+v, then %+v", i, m, again)
		}
	}
}
