package observe

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// date reads a time that is not the one of the line before.
func (l *Log) date(e *logparse.Event) {
	l.stamp.set(e.Prefix.Time)
	t, precision := e.Time(l.Reference, l.Zone)
	if t.IsZero() {
		l.o.Time = diag.Time{}
		return
	}
	if !l.dated {
		l.dated, l.assume = true, l.assumed(e)
	}
	w := &l.o.Time
	w.Value, w.Precision = t, precision
	if w.Assumed == "" { // else it is that
		w.Assumed = l.assume
	}
	at := instantOf(t)
	late := at.after(l.to)
	if late {
		l.to = at
	}
	if l.from == (instant{}) || !late && l.from.after(at) {
		l.from = at
	}
}

// assumed says what of the time of this log's lines the log does not say. One
// line tells for all.
func (l *Log) assumed(e *logparse.Event) string {
	var what []string
	if !e.Prefix.YearWritten() {
		what = append(what, "year")
	}
	if l.Zone == nil && !e.Prefix.ZoneWritten() {
		what = append(what, "zone")
	}
	return strings.Join(what, ", ")
}

// A stamp is a time as written. The zero stamp is that of a line without one.
type stamp struct {
	n    int
	text [48]byte
}

// set keeps a time. One that is too long is kept as none that is ever written.
func (s *stamp) set(b []byte) {
	s.n = -1
	if len(b) <= len(s.text) {
		s.n = copy(s.text[:], b)
	}
}

// is reports whether a time is written the same. Most that are not differ in
// their last octets.
func (s *stamp) is(b []byte) bool {
	n := len(b)
	if n != s.n || n > len(s.text) {
		return false
	}
	if n < 8 {
		return string(b) == string(s.text[:n])
	}
	return binary.LittleEndian.Uint64(b[n-8:]) == binary.LittleEndian.Uint64(s.text[n-8:]) &&
		binary.LittleEndian.Uint64(b) == binary.LittleEndian.Uint64(s.text[:]) && (n <= 16 || string(b) == string(s.text[:n]))
}

// An instant is a time.Time in UTC without what the collector of memory would
// have to look at. That of the zero time is zero.
type instant struct {
	sec  int64 // since that
	nsec int32
}

// yearOne is the zero time in Unix time.
const yearOne = -62135596800

func instantOf(t time.Time) instant { return instant{t.Unix() - yearOne, int32(t.Nanosecond())} }

func (i instant) after(o instant) bool { return i.sec > o.sec || i.sec == o.sec && i.nsec > o.nsec }

func (i instant) time() time.Time { return time.Unix(i.sec+yearOne, int64(i.nsec)).UTC() }
