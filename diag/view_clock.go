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
	if len(a.strands) < 2 {
		return most, false
	}
	var room [64]stamped
	var places [8]int
	all, ends := room[:0], append(places[:0], 0) // of all views, one after another
	for _, s := range a.strands {
		all = s.stamped(all)
		ends = append(ends, len(all))
	}
	var furthest apart
	for i := range a.strands {
		for j := i + 1; j < len(a.strands); j++ {
			x, y := i, j
			s, t := a.strands[x], a.strands[y]
			if s.key.source == t.key.source || s.state() || t.state() {
				continue
			}
			if a.tunnel.view.engine.compareSource(t.key.source, s.key.source) < 0 {
				x, y, s, t = y, x, t, s
			}
			found, is := a.apart(s, t, all[ends[x]:ends[x+1]], all[ends[y]:ends[y+1]])
			if is && (!ok || found.ahead.Abs() > furthest.ahead.Abs()) {
				furthest, ok = found, true
			}
		}
	}
	if !ok {
		return most, false
	}
	most.Ahead, most.Within, most.Assumed = furthest.ahead, furthest.within, furthest.assumed
	for i, x := range furthest.shows {
		a.tunnel.view.show(&most.Evidence[i], x.s, x.f)
	}
	return most, true
}

// stamped is a message that has a place in its exchange, as it was seen first.
type stamped struct {
	passage
	dated bool
	child uint64
	fact  *fact
}

// stamped lists those that a strand shows.
func (s *strand) stamped(all []stamped) []stamped {
	by := s.side()
	for _, sl := range s.of(BodyMessage) {
		m, ok := sl.first.body.(*Message)
		if !ok || m.Number == 0 || m.Retransmission > 0 {
			continue
		}
		if from := m.From.side(by); from != SideUnknown {
			all = append(all, stamped{newPassage(from, m.Exchange, m.Number), sl.first.when.dated(), sl.child, &sl.first})
		}
	}
	return all
}

// first returns the first of the same message in another list.
func (m *stamped) first(list []stamped) (found *stamped) {
	for i := range list {
		o := &list[i]
		if o.passage != m.passage || o.child != m.child {
			continue
		}
		if found == nil || cmp.Compare(o.fact.time().Value.UnixNano(), found.fact.time().Value.UnixNano()) < 0 {
			found = o
		}
	}
	return found
}

// apart is a Skew, with the message that tells it.
type apart struct {
	ahead, within time.Duration
	assumed       bool
	shows         [2]shown
}

// apart compares two strands, by the messages of each. least is the least
// difference, by which the second source has a message later, of those that each
// side sent.
func (a *Attempt) apart(x, y *strand, xs, ys []stamped) (s apart, ok bool) {
	var least [2]time.Duration
	var seen [2]bool
	var by [2][2]shown
	// Where children were folded, what stands for one may be several.
	phase1 := x.open().dropped > 0 || y.open().dropped > 0
	for i := range xs {
		m := &xs[i]
		if !m.dated || phase1 && m.child != 0 {
			continue
		}
		o := m.first(ys)
		if o == nil || !o.dated {
			continue
		}
		n := 0
		if m.from() == Responder {
			n = 1
		}
		if d := o.fact.when.sub(m.fact.when); !seen[n] || d < least[n] {
			least[n], seen[n] = d, true
			by[n] = [2]shown{{x, m.fact}, {y, o.fact}}
		}
	}
	switch {
	case seen[1]:
		s.shows = by[1]
	case seen[0]:
		s.shows = by[0]
	default:
		return s, false
	}
	for _, x := range s.shows {
		s.within += max(x.f.when.clock.precision, time.Millisecond)
		s.assumed = s.assumed || x.f.when.clock.assumed != ""
	}
	// Of the one who sends, the other's clock shows the message late by what
	// it takes: the initiator's messages are late in the responder's source.
	atX, atY := a.vantage(x), a.vantage(y)
	switch {
	case seen[0] && seen[1]:
		s.ahead = (least[0] + least[1]) / 2
		s.within += ((least[0] - least[1]) / 2).Abs()
	case atX == atY || atX == SideUnknown || atY == SideUnknown:
		return s, false
	case seen[0]:
		s.ahead, ok = before(least[0], atX == Initiator)
		return s, ok
	default:
		s.ahead, ok = before(least[1], atX == Responder)
		return s, ok
	}
	return s, true
}

// before returns a difference that no time on the way explains: the message
// comes before it left. near says that the first source is at its sender.
func before(d time.Duration, near bool) (time.Duration, bool) {
	return d, near && d < 0 || !near && d > 0
}

// dated reports whether a time has a year.
func dated(t Time) bool { return t.Known() && t.Value.Year() > noYear }

// dated reports whether the time that a moment was made of has one.
func (m moment) dated() bool { return m.clock != nil && (m.seconds() > sureYear || dated(m.time())) }

// sureYear is later than noYear in all time zones.
const sureYear = 885_000_000
