package logparse

// duplicates notices logs in which every message stands twice: with and
// without the SA's name, or because two sinks write into one journal. There
// is one for each thread, and one habit for all.
type duplicates struct {
	last []byte
	said bool
	was  bool // the last line was the second of a pair
}

// habit counts how many lines in a row came in pairs.
type habit int

// doubled is how many pairs in a row make it a habit.
const doubled = 4

// check reports whether the line repeats the thread's last one, whether it
// names the SA where that one did not, and whether repeating is the log's
// habit and not the daemon's.
func (d *duplicates) check(e *Event, h *habit) (again, named, duplicate bool) {
	said := d.said
	d.said = e.Prefix.HasSAID
	if len(e.Text) == 0 || string(d.last) != string(e.Text) {
		if !d.was && d.last != nil {
			*h = 0
		}
		d.was = false
		d.last = append(d.last[:0], e.Text...)
		return false, false, false
	}
	if d.was { // a third one begins a new pair
		d.was = false
		return true, false, false
	}
	d.was = true
	*h = min(*h+1, 1000)
	return true, d.said && !said, d.said != said || *h > doubled
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
