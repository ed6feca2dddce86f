package logparse

import "time"

// The spans that tell a session that may be spoken of again from one that may
// not. A day is longer than SAs live unrenewed: 24 hours is what the longest
// defaults are, of Cisco's devices.
const (
	anHour = time.Hour
	aDay   = 25 * time.Hour
)

// A past tells which lines of a log are older than a span, by the log's own
// clock. It is asked only when a session begins, so that no line costs more for
// it.
type past struct {
	at   int64 // when it was asked last that a span had passed
	mark int   // the line then
	old  int   // lines before it are old
}

// oldLines is how far back a line of a log without times is a day old.
const oldLines = 1 << 16

// ask notes the time of a line.
func (p *past) ask(at int64, line int, span time.Duration) {
	switch {
	case p.at == 0, at < p.at: // or the clock was put back
		p.at, p.mark = at, line
	case at-p.at >= int64(span):
		p.at, p.mark, p.old = at, line, p.mark
	}
}

// passed notes the time of a line with which a session begins, 0 where it has
// none.
func (t *sessions) passed(at int64, line int) {
	switch {
	case at != 0:
		t.hour.ask(at, line, anHour)
		t.day.ask(at, line, aDay)
	case t.day.at == 0:
		t.day.old = line - oldLines
	}
}
