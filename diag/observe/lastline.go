package observe

import (
	"io"
	"sync"
	"time"
)

// lastLines is how much of a log's end LastLine looks at.
const lastLines = 64 << 10

// endLines is how much it looks at first: nearly always that tells.
const endLines = lastLines / 8

// LastLine returns the latest time with a year among a log's last lines, the
// zero time where they have none: it tells the year of logs beside it that do
// not. It reads the whole and keeps the end.
func LastLine(r io.Reader, own ...*Dialect) (last time.Time) {
	b := ends.Get().(*[2 * lastLines]byte)
	defer ends.Put(b)
	end := tail(r, b[:0])
	for n := endLines; last.IsZero(); n *= 8 {
		for e := range prefixes(end[max(0, len(end)-n):], own) {
			if t, _ := e.Time(time.Time{}, time.UTC); t.After(last) && e.Prefix.YearWritten() {
				last = t
			}
		}
		if n >= len(end) {
			break
		}
	}
	return last
}

// ends are used again: who reads one log reads many.
var ends = sync.Pool{New: func() any { return new([2 * lastLines]byte) }}

// tail returns the end of what can be read, lastLines of it at least, in b.
func tail(r io.Reader, b []byte) []byte {
	for {
		if len(b) == cap(b) {
			b = b[:copy(b, b[len(b)-lastLines:])]
		}
		n, err := r.Read(b[len(b):cap(b)])
		if b = b[:len(b)+n]; err != nil {
			return b
		}
	}
}
