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
	made    *made       // where what it holds is made, nil before the next observation
	few     [8]*slot    // slots, while these are few
	marks   [8]uint8    // ends, while these are
}

// made is where what ledgers hold is made. An engine that is told no time packs
// none of them, and has one for all that are not large; of one that is told, each
// ledger comes and goes by itself, and has its own.
type made struct {
	most     int // at once
	slots    several[slot]
	latest   several[latest]
	messages several[Message]
	steps    several[Progress]
	traffic  several[Traffic]
	offers   several[Offer]
}

// How many of a kind are made at once, for one ledger and for all of an engine.
const (
	madeForOne = 8
	madeForAll = 16
)

// several are made a few at once: what comes and goes together costs one
// allocation.
type several[T any] []T

// one returns the next of them. Where there is none it makes twice as many as the
// last time, up to most.
func (s *several[T]) one(most int) *T {
	if len(*s) == cap(*s) {
		*s = make([]T, 0, min(max(2*cap(*s), 4), most))
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

// insert puts a new slot at a place. A negotiation has two dozen, and one that is
// made up has one or two.
func (l *ledger) insert(at int) *slot {
	n := len(l.slots)
	if n == cap(l.slots) { // seldom more than twice
		l.grow()
	}
	sl := l.made.slots.one(l.made.most)
	l.slots = l.slots[:n+1]
	copy(l.slots[at+1:], l.slots[at:n])
	l.slots[at] = sl
	if l.ends != nil {
		l.ends = nil
	}
	return sl
}

// grow makes room for more slots: for 8, for 40, then for all that are kept.
func (l *ledger) grow() {
	n := len(l.slots)
	if n == 0 {
		l.slots = l.few[:0]
		return
	}
	l.slots = slices.Grow(l.slots, min(8+3*n, slotsKept-n))
	if n > len(l.few) {
		l.made = &made{most: madeForOne}
	}
}

// body returns where a new fact's body is kept, of which kind it is, nil for those
// of which there are seldom many.
func (m *made) body(b Body, k BodyKind, f *familiar) Body {
	switch k {
	case BodyMessage:
		return m.messages.one(m.most)
	case BodyProgress:
		return m.steps.one(m.most)
	case BodyTraffic:
		return m.traffic.one(m.most)
	case BodyOffer:
		o := m.offers.one(m.most)
		o.Proposals = f.proposals(b.(*Offer))
		return o
	}
	return nil
}

// clear empties the slots of a ledger that is dropped: what lies beside them may
// be another's, which stays.
func (l *ledger) clear() {
	for _, sl := range l.slots {
		if sl.last != nil {
			*sl.last = latest{}
		}
		*sl = slot{}
	}
}

// mark notes where each kind ends.
func (l *ledger) mark() {
	l.ends = append(l.marks[:0], 0)
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

// begin returns the ledger of a strand that is observed, with the content of its
// source and with where what it holds is made.
func (s *strand) begin(content []byte) *ledger {
	if s.ledger == nil {
		s.open().content = content
	}
	if s.ledger.made == nil {
		s.ledger.made = &made{most: madeForOne}
	}
	return s.ledger
}

// facts returns what was observed, sorted.
func (s *strand) facts() []*slot { return s.open().slots }
