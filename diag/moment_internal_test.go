package diag

import (
	"testing"
	"time"
)

// A moment is the time that it was made of, and like moments share a clock.
func TestMoment(t *testing.T) {
	zone := time.FixedZone("", 3600)
	var c *clock
	var known []moment
	for i, want := range []Time{
		{},
		{Precision: time.Second},
		{Value: time.Date(2026, 3, 1, 8, 0, 0, 7, time.UTC), Precision: time.Microsecond},
		{Value: time.Date(1, 1, 1, 0, 0, 0, 1, zone), Assumed: "year"},
		{Value: time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, zone), Assumed: "year"},
		{Value: time.Date(2026, 3, 1, 8, 0, 0, 0, time.Local)},
		{Value: time.Date(noYear, 12, 31, 23, 59, 59, 0, zone)},
		{Value: time.Date(noYear+1, 1, 1, 0, 0, 0, 0, zone)},
	} {
		var m moment
		if m, c = c.moment(&want); m.time() != want {
			t.Errorf("%d: %+v, want %+v", i, m.time(), want)
		}
		if again, _ := c.moment(&want); again != m {
			t.Errorf("%d: %+v, then %+v", i, m, again)
		}
		if m.dated() != dated(want) {
			t.Errorf("%d: %+v: dated is %v", i, want, m.dated())
		}
		if !want.Known() {
			continue
		}
		known = append(known, m)
		for _, n := range known {
			if got, want := m.sub(n), m.time().Value.Sub(n.time().Value); got != want || n.sub(m) != n.time().Value.Sub(m.time().Value) {
				t.Errorf("%d: from %v it is %v, want %v", i, n.time(), got, want)
			}
		}
	}
}
