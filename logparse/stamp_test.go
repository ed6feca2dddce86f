package logparse

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestStamps reads back what time.Format writes: over the ends of days and years,
// on leap days, in zones and on clocks of twelve hours.
func TestStamps(t *testing.T) {
	const (
		day = 24 * time.Hour
		far = 1000 * day
	)
	rng := rand.New(rand.NewPCG(1, 2))
	zones := []*time.Location{nil, time.UTC, time.FixedZone("", 5*3600+1800), time.FixedZone("", -9*3600)}
	for _, c := range []struct {
		layout    string
		precision time.Duration
		near      time.Duration // how far the reference may be off
	}{
		{"Jan _2 15:04:05", time.Second, 181 * day},
		{"Jan 02 15:04:05.000", time.Millisecond, 181 * day},
		{"Jan _2 15:04:05.000000", time.Microsecond, 181 * day},
		{"jan/02 15:04:05", time.Second, 181 * day},
		{"Jan _2 2006 15:04:05", time.Second, far},
		{"Jan _2 15:04:05 2006", time.Second, far},
		{"2006 Jan _2 15:04:05.000", time.Millisecond, far},
		{"Mon Jan _2 15:04:05 2006", time.Second, far},
		{"Mon, 02 Jan 2006 15:04:05 -0700", time.Second, far},
		{"02/Jan/2006:15:04:05 -0700", time.Second, far},
		{"2006-01-02T15:04:05.000000Z07:00", time.Microsecond, far},
		{"2006-01-02 15:04:05", time.Second, far},
		{"2006/01/02 15:04:05,000", time.Millisecond, far},
		{"2006:01:02-15:04:05", time.Second, far},
		{"02.01.2006 15:04:05", time.Second, far},
		{"1/2/06 3:04:05.000 PM", time.Millisecond, far},
		{"15:04:05.000000000", time.Nanosecond, 10 * time.Hour},
		{"3:04:05 PM", time.Second, 10 * time.Hour},
	} {
		for range 10_000 {
			zone := zones[rng.IntN(len(zones))]
			in := zone
			if in == nil {
				in = time.UTC
			}
			year, clock := 2001+rng.IntN(60), rng.IntN(86400)
			at := time.Date(year, 1, 1+rng.IntN(366), 0, 0, clock, rng.IntN(1e9), in)
			switch rng.IntN(4) {
			case 0: // a minute about the beginning of a year, or of December
				at = time.Date(year, time.Month(1+11*rng.IntN(2)), 1, 0, 0, rng.IntN(120)-60, 0, in)
			case 1:
				at = time.Date((year+3)&^3, 2, 29, 0, 0, clock, 0, in)
			}
			ref := at.Add(time.Duration(rng.Int64N(int64(2*c.near))) - c.near)
			if c.near > day && at.Month() == 2 && at.Day() == 29 {
				ref = at.Add(time.Duration(rng.Int64N(int64(c.near)))) // it is that of the last leap year
			}
			text := at.Format(c.layout)
			if c.layout[0] == 'j' {
				text = strings.ToLower(at.Format(strings.ToUpper(c.layout[:1]) + c.layout[1:]))
			}
			e := Event{Prefix: Prefix{Time: []byte(text)}}
			got, precision := e.Time(ref, zone)
			if want := at.Truncate(c.precision); !got.Equal(want) || precision != c.precision {
				t.Fatalf("%q in %v near %v: %v to %v, want %v to %v", text, zone, ref, got, precision, want, c.precision)
			}
		}
	}
}
