package diag

import "slices"

// A ledger is what a strand's observations and the rules ask for, and the join
// does not: of a negotiation that nobody speaks of it is packed.
type ledger struct {
	slots   []*slot // sorted
	last    spot
	at      [values]spot // where the source gave what the strand is known by, 0 where it did not
	cookie  uint64       // that was told last, and the message ID
	number  uint32
	dropped uint32      // facts for which there was no room of their own
	turned  *Connection // the policy with its ends exchanged, set by the join
	content []byte      // of the source, where that is in memory
	texts   texts       // of the facts
	ends    []uint8     // where in slots each kind that there is ends, behind a 0; nil until somebody asks
	made    made
}

// made is where what a ledger holds is made.
type made struct {
	slots    several[slot]
	last     several[latest]
	messages several[Message]
	steps    several[Progress]
}

// several are made a few at once: what comes and goes together costs one
// allocation.
type several[T any] []T

// one returns the next of them, and makes n more if there is none.
func (s *several[T]) one(n int) *T {
	if len(*s) == cap(*s) {
		*s = make([]T, 0, n)
	}
	*s = (*s)[:len(*s)+1]
	return &(*s)[len(*s)-1]
}

// What a strand is known by.
const (
	valueRole = iota
	valueLocal
	valueRemote
	valueName
	valueLocalID
	valueRemoteID
	values
)

// insert makes a slot at a place. The first are few: a negotiation has a dozen,
// and one that is made up has one or two.
func (l *ledger) insert(at int) *slot {
	sl := l.made.slots.one(min(max(len(l.slots)/2, 4), 8))
	if len(l.slots) == cap(l.slots) { // seldom more than twice
		l.slots = slices.Grow(l.slots, min(8+3*len(l.slots), slotsKept-len(l.slots)))
	}
	l.slots, l.ends = append(l.slots, nil), nil
	copy(l.slots[at+1:], l.slots[at:])
	l.slots[at] = sl
	return sl
}

// body returns where a new fact's body is kept, of which kind it is, nil for those
// of which there are seldom many.
func (l *ledger) body(b Body, k BodyKind, f *familiar) Body {
	switch k {
	case BodyMessage:
		return l.made.messages.one(min(max(len(l.slots)/2, 4), 8))
	case BodyProgress:
		return l.made.steps.one(min(max(len(l.slots)/4, 2), 4))
	case BodyOffer:
		return f.offer(b.(*Offer))
	}
	return nil
}

// mark notes where each kind ends.
func (l *ledger) mark() {
	l.ends = make([]uint8, 1, 8)
	for i, sl := range l.slots {
		if i+1 == len(l.slots) || l.slots[i+1].kind != sl.kind {
			l.ends = append(l.ends, uint8(i+1))
		}
	}
}

// open returns the ledger, unpacked.
func (s *strand) open() *ledger {
	if s.ledger == nil {
		s.ledger = &ledger{}
		if s.packed.with != nil {
			s.packed.with.packer.unpack(s)
		}
	}
	return s.ledger
}

// facts returns what was observed, sorted.
func (s *strand) facts() []*slot { return s.open().slots }
