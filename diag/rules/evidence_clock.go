package rules

import (
	"fmt"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// EvidenceClock notes that the clocks of two sources disagree.
var EvidenceClock = &diag.Rule{
	Code: diag.EvidClockOffset,
	Doc: diag.Doc{
		Meaning: "Two sources show the same messages at different times: their clocks are apart, or they are written in different time zones. What belongs together was found by cookies, " +
			"message IDs and SPIs; only the times must not be compared.",
		Remedy: "let both gateways take their time from the same servers (NTP)",
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			s, ok := a.Skew()
			if !ok || s.Ahead.Abs() <= tolerated+s.Within {
				continue
			}
			how, d := "ahead of", s.Ahead
			if d < 0 {
				how, d = "behind", -d
			}
			f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{s.Evidence[0].As(diag.Background), s.Evidence[1].As(diag.Background)},
				Summary: fmt.Sprintf("the clock of one source is about %s %s that of the other", span(d), how)}
			if zone := d.Round(quarter); s.Assumed && zone > 0 && zone <= furthest && (d-zone).Abs() <= tolerated+s.Within {
				f.Summary += ", which a time zone that is not written would explain"
			}
			out.Add(f)
			return
		}
	},
}

// tolerated is how far clocks may be apart without a word; quarter is what
// time zones differ by multiples of, furthest the most that one is off.
const (
	tolerated = 2 * time.Second
	quarter   = 15 * time.Minute
	furthest  = 14 * time.Hour
)

// span writes how far clocks are apart.
func span(d time.Duration) string {
	if days := d.Round(24 * time.Hour); days > 2*24*time.Hour {
		return fmt.Sprintf("%d days", days/(24*time.Hour))
	}
	return d.Round(time.Second).String()
}
