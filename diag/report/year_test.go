package report

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// TestUnknownYear shows no year where nothing told it.
func TestUnknownYear(t *testing.T) {
	at := func(year, minute int, assumed string) diag.Time {
		return diag.Time{Value: time.Date(year, 11, 21, 3, minute, 6, 0, time.UTC), Precision: time.Second, Assumed: assumed}
	}
	for want, f := range map[string]diag.Finding{
		"21 Nov 03:27:06 to 03:28:06 UTC (year assumed)":     {FirstSeen: at(1970, 27, "year"), LastSeen: at(1970, 28, "year")},
		"2026-11-21 03:27:06 to 03:28:06 UTC (zone assumed)": {FirstSeen: at(2026, 27, "zone"), LastSeen: at(2026, 28, "zone")},
		"2026-11-21 03:27:06 UTC (year assumed)":             {FirstSeen: at(2026, 27, "year"), LastSeen: at(2026, 27, "year")},
		"1970-11-21 03:27:06 UTC":                            {FirstSeen: at(1970, 27, ""), LastSeen: at(1970, 27, "")},
	} {
		if got := seen(&section{incidents: []*incident{{head: &f}}}); string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
