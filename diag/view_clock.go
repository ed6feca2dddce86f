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
	sink := &a.tunnel.view.engine.sink
	all, views := sink.stamped[:0], sink.seen[:0]
	for _, s := range a.strands {
		n := len(all)
		all = s.stamped(all)
		if len(all) > n && !s.state() {
			views = append(views, seen{by: s, messages: all[n:], folded: s.open().dropped > 0})
		}
	}
	sink.stamped, sink.seen = all, views // for the next attempt
	var furthest apart
	for i := range views {
		for j := i + 1; j < len(views); j++ {
			x, y := &views[i], &views[j]
			if x.by.key.source == y.by.key.source || ok && x.within(y, furthest.ahead.Abs()) {
				continue
			}
			if y.by.rank < x.by.rank {
				x, y = y, x
			}
			found, is := a.apart(x, y)
			if is && (!ok || found.ahead.Abs() > furthest.ahead.Abs()) {
				furthest, ok = found, true
			}
		}
	}
	if !ok {
		return most, false
	}
	most.Ahead, most.Within = furthest.ahead, furthest.spread
	for i, m := range furthest.message {
		most.Within += max(m.fact.when.clock.precision, time.Millisecond)
		most.Assumed = most.Assumed || m.fact.when.clock.assumed != ""
		a.tunnel.view.show(&most.Evidence[i], furthest.seen[i].by, m.fact)
	}
	return most, true
}

// seen are the messages that a strand shows.
type seen struct {
	by       *strand
	messages []stamped
	folded   bool  // what stands for a child may be several
	from, to int64 // the times of those that are dated, in seconds, once somebody asks
	timed    bool
}

// times finds out when the messages are from. Where none is dated, that is never, and
// no two are apart.
func (v *seen) times() {
	if v.timed {
		return
	}
	v.timed = true
	any := false
	for i := range v.messages {
		m := &v.messages[i]
		if !m.dated {
			continue
		}
		at := m.fact.when.seconds()
		if !any {
			v.from, v.to, any = at, at, true
		}
		v.from, v.to = min(v.from, at), max(v.to, at)
	}
}

// within reports whether one look tells that no message of another strand is further
// than d from any of this one.
func (v *seen) within(o *seen, d time.Duration) bool {
	const rounding = 2 // of either time
	v.times()
	o.times()
	return max(v.to-o.from, o.to-v.from)+rounding <= int64(d/time.Second)
}

// ofChild returns the messages of a child, and those of later ones.
func ofChild(all []stamped, child uint64) (same, later []stamped) {
	n := 0
	for n < len(all) && all[n].child < child {
		n++
	}
	all, n = all[n:], 0
	for n < len(all) && all[n].child == child {
		n++
	}
	return all[:n], all[n:]
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

// first returns the first of the same message in a list of its child's.
func (m *stamped) first(list []stamped) (found *stamped) {
	for i := range list {
		o := &list[i]
		if o.passage != m.passage {
			continue
		}
		if found == nil || cmp.Compare(o.fact.time().Value.UnixNano(), found.fact.time().Value.UnixNano()) < 0 {
			found = o
		}
	}
	return found
}

// apart is how far what two strands show is, with the message that tells it.
type apart struct {
	ahead, spread time.Duration
	seen          [2]*seen
	message       [2]*stamped
}

// apart compares what two strands show. least is the least difference, by which the
// second source has a message later, of those that each side sent.
func (a *Attempt) apart(x, y *seen) (s apart, ok bool) {
	var least [2]time.Duration
	var by [2][2]*stamped
	var same []stamped // of its child: both lists are in the order of children
	later := y.messages
	for i := range x.messages {
		m := &x.messages[i]
		if i == 0 || x.messages[i-1].child != m.child {
			same, later = ofChild(later, m.child)
		}
		if !m.dated || m.child != 0 && (x.folded || y.folded) {
			continue
		}
		o := m.first(same)
		if o == nil || !o.dated {
			continue
		}
		n := 0
		if m.from() == Responder {
			n = 1
		}
		if d := o.fact.when.sub(m.fact.when); by[n][0] == nil || d < least[n] {
			least[n], by[n] = d, [2]*stamped{m, o}
		}
	}
	s.seen, s.message = [2]*seen{x, y}, by[1]
	there, back := by[0][0] != nil, by[1][0] != nil
	if there && back {
		s.ahead, s.spread = (least[0]+least[1])/2, ((least[0] - least[1]) / 2).Abs()
		return s, true
	}
	if !there && !back {
		return s, false
	}
	// Of the one who sends, the other's clock shows the message late by what
	// it takes: the initiator's messages are late in the responder's source.
	atX, atY := a.vantage(x.by), a.vantage(y.by)
	switch {
	case atX == atY || atX == SideUnknown || atY == SideUnknown:
		return s, false
	case there:
		s.message = by[0]
		s.ahead, ok = before(least[0], atX == Initiator)
	default:
		s.ahead, ok = before(least[1], atX == Responder)
	}
	return s, ok
}

// before returns a difference that no time on the way explains: the message
// comes before it left. near says that the first source is at its sender.
func before(d time.Duration, near bool) (time.Duration, bool) {
	return d, near && d < 0 || !near && d > 0
}

// dated reports whether a time has a year.
func dated(t Time) bool { return t.Known() && t.Value.Year() > noYear }

// dated reports whether the time that a moment was made of has one.
func (m moment) dated() bool {
	return m.clock != nil && (m.clock.start >= 0 && m.since > (sureYear+1)*time.Second || dated(m.time()))
}

// sureYear is later than noYear in all time zones.
const sureYear = 885_000_000
