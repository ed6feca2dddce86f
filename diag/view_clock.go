package diag

import (
	"cmp"
	"time"
)

// Skew is how far the clocks of two sources are apart, as the messages tell
// that both show.
type Skew struct {
	// Ahead is by how much the second source's clock is ahead of the first's.
	Ahead time.Duration
	// Within is how far that may be wrong: by the time that messages take, and
	// by what the sources leave out of theirs.
	Within time.Duration
	// Assumed: one of the sources does not name its time zone.
	Assumed  bool
	Evidence [2]Evidence // one message in both
}

// Skew compares the clocks of an attempt's sources by the messages that two of
// them show, and returns the pair that is furthest apart; ok is false where no
// two sources of different clocks show the same message. A message takes no
// less than no time: with one in each direction what they took cancels out,
// and with one direction alone only a clock that has it come before it left is
// known to be wrong.
func (a *Attempt) Skew() (most Skew, ok bool) {
	var both [2]shown // of the message that tells it
	for i, x := range a.strands {
		for _, y := range a.strands[i+1:] {
			if x.key.source == y.key.source || x.state() || y.state() {
				continue
			}
			first, second := x, y
			if a.tunnel.view.engine.compareSource(y.key.source, x.key.source) < 0 {
				first, second = y, x
			}
			if s, shows, found := a.skew(first, second); found && (!ok || s.Ahead.Abs() > most.Ahead.Abs()) {
				most, both, ok = s, shows, true
			}
		}
	}
	for i, x := range both {
		if ok {
			most.Evidence[i] = a.tunnel.view.evidence(x.s, x.f)
		}
	}
	return most, ok
}

// skew compares two strands, by messages of which it returns one. least is the
// least difference, by which the second source has a message later, of those that
// each side sent.
func (a *Attempt) skew(x, y *strand) (s Skew, shows [2]shown, ok bool) {
	var least [2]time.Duration
	var seen [2]bool
	var by [2][2]shown
	// Where children were folded, what stands for one may be several.
	phase1 := x.open().dropped > 0 || y.open().dropped > 0
	for _, slot := range x.factsOf(BodyMessage) {
		m, isMessage := slot.first.body.(*Message)
		if !isMessage || phase1 && slot.child != 0 || m.Number == 0 || m.Retransmission > 0 {
			continue
		}
		from := m.party().side(x.side())
		if from == SideUnknown || !slot.first.when.dated() {
			continue
		}
		other := y.same(slot, m, from)
		if other == nil || !other.first.when.dated() {
			continue
		}
		n := 0
		if from == Responder {
			n = 1
		}
		if d := other.first.when.sub(slot.first.when); !seen[n] || d < least[n] {
			least[n], seen[n] = d, true
			by[n] = [2]shown{{x, &slot.first}, {y, &other.first}}
		}
	}
	switch {
	case seen[1]:
		shows = by[1]
	case seen[0]:
		shows = by[0]
	default:
		return s, shows, false
	}
	for _, x := range shows {
		s.Within += max(x.f.when.clock.precision, time.Millisecond)
		s.Assumed = s.Assumed || x.f.when.clock.assumed != ""
	}
	// Of the one who sends, the other's clock shows the message late by what
	// it takes: the initiator's messages are late in the responder's source.
	atX, atY := a.vantage(x), a.vantage(y)
	switch {
	case seen[0] && seen[1]:
		s.Ahead = (least[0] + least[1]) / 2
		s.Within += ((least[0] - least[1]) / 2).Abs()
	case atX == atY || atX == SideUnknown || atY == SideUnknown:
		return s, shows, false
	case seen[0]:
		s.Ahead, ok = before(least[0], atX == Initiator)
		return s, shows, ok
	default:
		s.Ahead, ok = before(least[1], atX == Responder)
		return s, shows, ok
	}
	return s, shows, true
}

// before returns a difference that no time on the way explains: the message
// comes before it left. near says that the first source is at its sender.
func before(d time.Duration, near bool) (time.Duration, bool) {
	return d, near && d < 0 || !near && d > 0
}

// dated reports whether a time has a year.
func dated(t Time) bool { return t.Known() && t.Value.Year() > noYear }

// dated reports whether the time that a moment was made of has one.
func (m moment) dated() bool { return m.clock != nil && (m.seconds > sureYear || dated(m.time())) }

// sureYear is later than noYear in all time zones.
const sureYear = 885_000_000

// same returns the slot of a strand that shows the same message first.
func (s *strand) same(of *slot, m *Message, from Side) (found *slot) {
	for _, sl := range s.factsOf(BodyMessage) {
		if sl.child != of.child {
			continue
		}
		o, ok := sl.first.body.(*Message)
		if !ok || o.Number != m.Number || o.Exchange != m.Exchange || o.Retransmission > 0 || o.party().side(s.side()) != from {
			continue
		}
		if found == nil || cmp.Compare(sl.first.time().Value.UnixNano(), found.first.time().Value.UnixNano()) < 0 {
			found = sl
		}
	}
	return found
}
