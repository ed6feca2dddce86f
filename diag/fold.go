package diag

import (
	"cmp"
	"slices"
)

// An ISAKMP SA may live for days, and each hour has a child of its own. So that
// the newest are told of, those that are longest past are told of as one: each
// kind of fact once, with the first of them, the last, and how many there were.

// fold makes one of the two children that began first, where there is another
// than the newest, and reports whether it did.
func (l *ledger) fold() bool {
	began := map[uint64]spot{}
	for _, sl := range l.slots {
		if at, seen := began[sl.child]; sl.child != 0 && (!seen || sl.first.at < at) {
			began[sl.child] = sl.first.at
		}
	}
	if len(began) < 3 {
		return false
	}
	children := make([]uint64, 0, len(began))
	for child := range began {
		children = append(children, child)
	}
	slices.SortFunc(children, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(began[a], began[b]), cmp.Compare(a, b))
	})
	first, second := children[0], children[1]
	for _, sl := range l.slots {
		if sl.child == first {
			sl.child = second
		}
	}
	slices.SortStableFunc(l.slots, (*slot).compare)
	kept := l.slots[:1]
	for _, sl := range l.slots[1:] {
		if last := kept[len(kept)-1]; last.compare(sl) == 0 {
			last.take(sl)
			l.dropped++
		} else {
			kept = append(kept, sl)
		}
	}
	clear(l.slots[len(kept):])
	l.slots = kept
	return true
}

// take makes one slot of two that a View does not tell apart.
func (s *slot) take(o *slot) {
	s.count += o.count
	last := *s.latest()
	if l := o.latest(); last.at < l.at {
		last = *l
	}
	if o.first.at < s.first.at {
		s.first = o.first
	}
	if last.at != s.first.at {
		s.last = &latest{fact: last}
	}
}
