package logparse

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Times are the same whatever was read before them.
func TestDay(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	forms := []string{time.Stamp, time.StampMilli, "Jan 02 2006 15:04:05", "2006-01-02T15:04:05.000000Z07:00", "2006-01-02 15:04:05,000", "02/Jan/2006:15:04:05 -0700",
		time.ANSIC, time.RFC1123Z, "Jan _2 15:04:05 2006", "3:04:05", "15:04:05.000", "Jan _2 03:04:05 PM", "1/2/06 03:04:05.000 PM", "2006/01/02 15:04:05 UTC", "20060102", "2006-01-02T15:04:05Z07"}
	refs := []time.Time{{}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 8, 31, 4, 0, 0, 0, berlin)}
	r := rand.New(rand.NewPCG(1, 2))
	for _, form := range forms {
		var d day
		shared := 0
		for range 3000 {
			at := time.Date(2026, 3, 1+r.IntN(2), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e9), time.UTC)
			text := []byte(at.Format(form))
			if r.IntN(8) == 0 { // what is no time, or another one
				text[r.IntN(len(text))] = " 0159:.,AZ"[r.IntN(10)]
			}
			ref, zone := refs[r.IntN(len(refs))], []*time.Location{nil, time.UTC, berlin}[r.IntN(3)]
			if r.IntN(4) > 0 {
				ref, zone = refs[1], nil
			}
			var s stamp
			want, exact := time.Time{}, time.Duration(0)
			if scanStamp(text, &s) > 0 {
				want, exact = s.time(ref, zone)
			}
			if _, _, ok := d.read(text, ref, zone); ok {
				shared++
			}
			if got, precision := d.time(text, ref, zone); !got.Equal(want) || got.Location() != want.Location() || precision != exact {
				t.Fatalf("%q at %v: %v ±%v, want %v ±%v; the day is of %q", text, ref, got, precision, want, exact, d.text[:d.n])
			}
		}
		t.Logf("%s: %d of the day before", form, shared)
		if form == time.Stamp && shared < 500 {
			t.Errorf("%s: only %d of the day before", form, shared)
		}
	}
}
