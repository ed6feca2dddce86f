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

// passed notes the time of a line with which a session begins, as written; empty
// where it has none.
func (t *sessions) passed(text []byte, line int) {
	if t.while.goesOn(text) {
		return
	}
	var s stamp
	at := int64(0)
	if scanStamp(text, &s) > 0 {
		w, _ := s.time(time.Time{}, nil)
		at = w.UnixNano()
	}
	t.while.text = t.while.text[:0]
	switch {
	case at != 0:
		t.hour.ask(at, line, anHour)
		t.day.ask(at, line, aDay)
		if end := at + int64(tenMinutes); end < t.hour.at+int64(anHour) && end < t.day.at+int64(aDay) {
			t.while.begin(text, &s)
		}
	case t.day.at == 0:
		t.day.old = line - oldLines
	}
}

// A while is ten minutes of a log, as it writes them, in which no span can pass
// any more: the times in it need not be read, as long as the clock is not put
// back.
type while struct {
	text     []byte // the time it was begun with, empty for none
	from, to int    // where the last digit of its minutes and its seconds are, with their fraction
}

// tenMinutes are no less than a while, with a leap second.
const tenMinutes = 10*time.Minute + time.Second

func (m *while) begin(text []byte, s *stamp) {
	m.text = append(m.text, text...)
	m.from, m.to = len(text)-s.fromSeconds, len(text)-s.behind
	if s.fromSeconds > 0 { // a clock's: seconds since an epoch have none
		m.from -= len("0:")
	}
}

// goesOn reports whether a time is in the while, and not before the one that
// it was begun with.
func (m *while) goesOn(text []byte) bool {
	was := m.text
	if len(was) == 0 || len(text) != len(was) {
		return false
	}
	later := false
	for i, c := range text {
		if c == was[i] {
			continue
		}
		if i < m.from || i >= m.to || c-'0' > 9 || was[i]-'0' > 9 || !later && c < was[i] {
			return false
		}
		later = true
	}
	return true
}
