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
// not. It reads the whole and keeps the end; of an io.Seeker the end alone.
func LastLine(r io.Reader, own ...*Dialect) (last time.Time) {
	b := ends.Get().(*[2 * lastLines]byte)
	defer ends.Put(b)
	var end []byte
	for n := endLines; ; n *= 8 {
		if skip(r, n) || end == nil {
			end = tail(r, b[:0])
		}
		var seen stamp // lines of one moment tell no more than the first of them
		for e := range prefixes(end[max(0, len(end)-n):], own) {
			if seen.is(e.Prefix.Time) {
				continue
			}
			seen.set(e.Prefix.Time)
			if t, _ := e.Time(time.Time{}, time.UTC); t.After(last) && e.Prefix.YearWritten() {
				last = t
			}
		}
		if !last.IsZero() || len(end) < n {
			return last
		}
	}
}

// skip leaves so many octets to be read, if it can.
func skip(r io.Reader, n int) bool {
	s, ok := r.(io.Seeker)
	if !ok {
		return false
	}
	size, err := s.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = s.Seek(max(0, size-int64(n)), io.SeekStart)
	}
	return err == nil
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
