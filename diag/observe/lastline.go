package observe

import (
	"bytes"
	"io"
	"time"

	"github.com/ikediag/ikediag/logparse"
)

// lastLines is how much of a log's end LastLine looks at.
const lastLines = 64 << 10

// endLines is how much it looks at first: nearly always that tells.
const endLines = lastLines / 8

// LastLine returns the latest time with a year among a log's last lines, the
// zero time where they have none: it tells the year of logs beside it that do
// not. It reads the whole and keeps the end.
func LastLine(r io.Reader, own ...*Dialect) (last time.Time) {
	end := tail{make([]byte, 0, 2*lastLines)}
	_, _ = io.Copy(&end, r) // what can be read tells
	for n := endLines; last.IsZero(); n *= 8 {
		p := logparse.Parser{Dialects: logparse.Dialects(own...)}
		var e logparse.Event
		for line := range bytes.Lines(end.b[max(0, len(end.b)-n):]) {
			p.Parse(bytes.TrimRight(line, "\r\n"), &e)
			if t, _ := e.Time(time.Time{}, time.UTC); e.Prefix.YearWritten() && t.After(last) {
				last = t
			}
		}
		if n >= len(end.b) {
			break
		}
	}
	return last
}

// A tail keeps the end of what is written to it.
type tail struct{ b []byte }

func (t *tail) Write(b []byte) (int, error) {
	n := len(b)
	b = b[max(0, n-lastLines):]
	if len(t.b)+len(b) > cap(t.b) {
		t.b = t.b[:copy(t.b, t.b[len(t.b)-min(len(t.b), lastLines-len(b)):])]
	}
	t.b = append(t.b, b...)
	return n, nil
}
