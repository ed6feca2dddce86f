package logparse

// Daemons count their SAs, and speak of the last ones. So the place of a
// session is found by the rest of its number; in the map are only those that a
// newer one pushed out of there.

// maxSmall is how many places there are. A number below it is never pushed out
// by one above.
const maxSmall = 1024

type saKey struct {
	origin uint32
	sa     uint64
}

// find returns the session of a number, 0 if there is none.
func (t *sessions) find(o *origin, sa uint64) int32 {
	if k := sa % maxSmall; k < uint64(len(o.byNumber)) && t.has(o, o.byNumber[k], sa) {
		return o.byNumber[k]
	}
	return t.fromMap(o.id, sa)
}

// has reports whether session i is alive and has a number.
func (t *sessions) has(o *origin, i int32, sa uint64) bool {
	n := &t.slots[i]
	return i != 0 && n.s.SAID == sa && n.s.HasSAID && n.origin == o.id && n.s.Handle != 0
}

// setSA gives a session its number; the number of an older session of that
// origin now means this one.
func (t *sessions) setSA(o *origin, i int32, sa uint64) {
	n := &t.slots[i]
	t.unmap(n)
	if j := t.fromMap(n.origin, sa); j != 0 {
		t.unmap(&t.slots[j])
	}
	n.s.SAID, n.s.HasSAID = sa, true
	k := int(sa % maxSmall)
	if k >= len(o.byNumber) {
		o.byNumber = append(o.byNumber, make([]int32, k+1-len(o.byNumber))...)
	}
	was := o.byNumber[k]
	if sa >= maxSmall && t.has(o, was, uint64(k)) {
		t.toMap(i)
		return
	}
	if old := t.slots[was].s.SAID; old != sa && old >= maxSmall && int(old%maxSmall) == k && t.has(o, was, old) {
		t.toMap(was)
	}
	o.byNumber[k] = i
}

func (t *sessions) fromMap(origin uint32, sa uint64) int32 {
	if sa < t.low || sa > t.high { // a new one, most likely
		return 0
	}
	return t.bySA[saKey{origin, sa}]
}

func (t *sessions) toMap(i int32) {
	n := &t.slots[i]
	sa := n.s.SAID
	if len(t.bySA) == 0 {
		t.low, t.high = sa, sa
	}
	t.low, t.high = min(t.low, sa), max(t.high, sa)
	t.bySA[saKey{n.origin, sa}], n.mapped = i, true
}

func (t *sessions) unmap(n *slot) {
	if n.mapped {
		delete(t.bySA, saKey{n.origin, n.s.SAID})
		n.mapped = false
	}
}
