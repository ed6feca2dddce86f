package diag

// A lru lists strands, the least recently observed first. It is a ring
// through the strands themselves, so that touching one costs no allocation.
type lru struct {
	root strand
	n    int
}

// reset empties the list.
func (l *lru) reset() {
	l.n = 0
	l.root.prev, l.root.next = &l.root, &l.root
}

func (l *lru) remove(s *strand) {
	if s.next == nil {
		return
	}
	s.prev.next, s.next.prev = s.next, s.prev
	s.prev, s.next = nil, nil
	l.n--
}

func (l *lru) push(s *strand) {
	s.prev, s.next = l.root.prev, &l.root
	s.prev.next, s.next.prev = s, s
	l.n++
}

// newest returns the most recently observed strand, the root where there is none.
func (l *lru) newest() *strand { return l.root.prev }

// oldest returns the least recently observed strand, nil where there is none.
func (l *lru) oldest() *strand {
	if l.n == 0 {
		return nil
	}
	return l.root.next
}
