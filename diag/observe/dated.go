package observe

import (
	"bytes"
	"iter"
	"sync"

	"github.com/ikediag/ikediag/logparse"
)

// datedLines is the number of lines that tell how a log writes times.
const datedLines = 8

// Dated reports whether the first lines of a log that have a time say its year.
func Dated(head []byte, own ...*Dialect) bool {
	timed := 0
	for e := range prefixes(head, own) {
		if len(e.Prefix.Time) == 0 {
			continue
		}
		if timed++; !e.Prefix.YearWritten() {
			return false
		}
		if timed == datedLines {
			break
		}
	}
	return true
}

// prefixes lists the lines of a log of which no more is read than what stands
// before their messages. The Event is reused.
func prefixes(text []byte, own []*Dialect) iter.Seq[*logparse.Event] {
	return func(yield func(*logparse.Event) bool) {
		r := prefixReaders.Get().(*prefixReader)
		defer prefixReaders.Put(r)
		r.Reset()
		r.Dialects, r.event = logparse.Dialects(own...), logparse.Event{}
		for line := range bytes.Lines(text) {
			r.Parse(bytes.TrimRight(line, "\r\n"), &r.event)
			if !yield(&r.event) {
				return
			}
		}
	}
}

type prefixReader struct {
	logparse.Parser
	event logparse.Event
}

// prefixReaders are used again: who reads one log reads many.
var prefixReaders = sync.Pool{New: func() any { return &prefixReader{Parser: logparse.Parser{PrefixOnly: true}} }}
