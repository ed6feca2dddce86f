package report

import (
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// instant writes a moment as RFC 3339 in UTC, empty where there is none or
// where its year has no four digits, which RFC 3339 (section 5.6) demands.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	if y := t.Year(); y < 0 || y > 9999 {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// provenance returns the coarsest precision of the known times and what was
// assumed of any.
func provenance(ts ...diag.Time) (precision string, assumed safe) {
	var unit time.Duration
	for _, t := range ts {
		if !t.Known() {
			continue
		}
		unit = max(unit, t.Precision)
		if assumed == "" {
			assumed = name(t.Assumed)
		}
	}
	return unitText(unit), assumed
}

// unitText writes a precision as time.ParseDuration reads it, in ASCII.
func unitText(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return strings.Replace(d.String(), "µ", "u", 1)
}
