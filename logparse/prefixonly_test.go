package logparse

import (
	"bytes"
	"testing"
	"time"
)

// Who asks for prefixes only is told the same of them as who has messages read,
// and nothing is kept of any message.
func TestPrefixOnly(t *testing.T) {
	for _, w := range workloads {
		whole, only := Parser{}, Parser{PrefixOnly: true}
		var e, f Event
		for line := range bytes.Lines(w.log(t, 2000)) {
			whole.Parse(line, &e)
			only.Parse(line, &f)
			at, _ := e.Time(time.Time{}, nil)
			if got, _ := f.Time(time.Time{}, nil); !got.Equal(at) || string(f.Prefix.Time) != string(e.Prefix.Time) ||
				string(f.Prefix.Host) != string(e.Prefix.Host) || string(f.Prefix.Program) != string(e.Prefix.Program) {
				t.Fatalf("%s: %s: %+v, want %+v", w.name, line, f.Prefix, e.Prefix)
			}
			if f.Kind != Plain && f.Kind != Blank && f.Kind != Foreign || f.Session.Handle != 0 || len(only.asms) > 0 {
				t.Fatalf("%s: %s: %v", w.name, line, f.Kind)
			}
		}
	}
}

// Of all days, or years, a line's time is of the one that brings it closest to
// the reference: half a day and half a year away, too.
func TestClosest(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	for _, zone := range []*time.Location{time.UTC, berlin} {
		for ref := time.Date(2024, 1, 1, 0, 30, 0, 0, time.UTC); ref.Year() < 2026; ref = ref.Add(7*time.Hour + 13*time.Minute) {
			for _, text := range []string{"00:00:00", "02:30:00", "12:00:01", "23:59:59", "Jan  1 00:00:00", "Jul  2 12:00:00", "Mar 31 02:30:00", "Dec 31 23:59:59"} {
				e := Event{Prefix: Prefix{Time: []byte(text)}}
				got, _ := e.Time(ref, zone)
				var s stamp
				scanStamp(e.Prefix.Time, &s)
				in := ref.In(zone)
				y, m, d := in.Date()
				for n := -1; n <= 1; n++ {
					other := time.Date(y, m, d+n, s.hour, s.min, s.sec, 0, zone)
					if s.month != 0 {
						other = time.Date(y+n, time.Month(s.month), s.day, s.hour, s.min, s.sec, 0, zone)
					}
					if other.Sub(ref).Abs() < got.Sub(ref).Abs() {
						t.Fatalf("%s at %v: %v, and %v is closer", text, ref, got, other)
					}
				}
			}
		}
	}
}
