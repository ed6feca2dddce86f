package observe_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ikediag/ikediag/diag/observe"
)

// TestLastLine finds a log's latest time in its end, however it is read, and
// none where no line has a year.
func TestLastLine(t *testing.T) {
	const (
		asa   = "Mar 01 2026 09:04:02 fw : %ASA-5-713120: Group = 192.0.2.7, IP = 192.0.2.7, PHASE 2 COMPLETED (msgid=12319bed)\n"
		later = "Mar 01 2026 09:05:00 fw : %ASA-5-713120: Group = 192.0.2.7, IP = 192.0.2.7, PHASE 2 COMPLETED (msgid=12319bee)\n"
		bare  = "Mar  1 09:04:02 gw charon[811]: 07[IKE] sending DPD request\n"
	)
	want := time.Date(2026, 3, 1, 9, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		name, log string
		want      time.Time
	}{
		{"two lines", later + asa, want},
		{"the last of many", strings.Repeat(asa, 5000) + later, want},
		{"behind many without a year", strings.Repeat(bare, 5000) + later + strings.Repeat(bare, 300), want},
		{"too far from the end", later + strings.Repeat(bare, 5000), time.Time{}},
		{"no year", bare, time.Time{}},
		{"nothing", "", time.Time{}},
	} {
		if got := observe.LastLine(strings.NewReader(c.log)); !got.Equal(c.want) {
			t.Errorf("%s, of which the end alone is read: %v", c.name, got)
		}
		if got := observe.LastLine(struct{ io.Reader }{strings.NewReader(c.log)}); !got.Equal(c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := observe.LastLine(iotest.OneByteReader(strings.NewReader(c.log))); !got.Equal(c.want) {
			t.Errorf("%s, an octet at a time: %v", c.name, got)
		}
	}
}
