package logparse

// duplicates notices logs in which every message stands twice: with and
// without the SA's name, or because two sinks write into one journal. There
// is one for each thread.
type duplicates struct {
	last  []byte
	said  bool
	was   bool // the last line was the second of a pair
	pairs int  // how many lines in a row came in pairs
}

// doubled is how many pairs in a row make it a habit.
const doubled = 3

// check reports whether the line repeats the thread's last one, and whether
// that is the log's habit and not the daemon's.
func (d *duplicates) check(e *Event) (again, habit bool) {
	if len(e.Text) > 0 && string(d.last) == string(e.Text) {
		if d.was { // a third one begins a new pair
			d.was = false
			d.said = e.Prefix.HasSAID
			return true, false
		}
		d.was = true
		d.pairs = min(d.pairs+1, 100)
		habit = d.said != e.Prefix.HasSAID || d.pairs > doubled
		d.said = e.Prefix.HasSAID
		return true, habit
	}
	if !d.was {
		d.pairs = 0
	}
	d.was = false
	d.said = e.Prefix.HasSAID
	d.last = append(d.last[:0], e.Text...)
	return false, false
}

// echo notices a daemon whose lines come a second time without a thread, from
// its other logger.
type echo struct {
	last    []byte
	begun   bool
	both    bool // lines with and without a thread were seen
	without bool // the last line had none
}

func (d *echo) check(e *Event) bool {
	without := e.Prefix.Thread < 0
	if !d.both {
		d.both = d.begun && without != d.without
		d.begun, d.without = true, without
		if !d.both {
			return false
		}
	}
	dup := without != d.without && string(d.last) == string(e.Text)
	d.last = append(d.last[:0], e.Text...)
	d.without = without
	return dup
}
