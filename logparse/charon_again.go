package logparse

import "time"

// retransmit announces a repetition; the datagram that follows tells whose.
func (c *charon) retransmit(o *origin, t *thread, e *Event) {
	t.start()
	n, _ := e.Uint(FieldCount)
	mid, _ := e.MessageID()
	t.resend, t.resendMID = int(min(n, 1000)), mid
	e.Retransmission = t.resend
	if t.cur != 0 {
		c.countRetransmit(t, t.cur, e)
		return
	}
	if i := c.waiting(o, func(s *slot) bool {
		if mid != 0 {
			return s.hasMID(mid)
		}
		return s.retransmits == t.resend-1 && !s.s.Established
	}); i != 0 {
		c.use(t, i)
		c.countRetransmit(t, i, e)
	}
}

func (c *charon) countRetransmit(t *thread, i int32, e *Event) {
	n, _ := e.Uint(FieldCount)
	s := &c.slots[i]
	s.retransmits = int(min(n, 1000))
	s.retransmitTime, s.retransmitSeq = eventTime(e), e.Number
	t.resend = s.retransmits
	e.Retransmission = s.retransmits
	if mid, ok := e.MessageID(); ok {
		t.resendMID = mid
		s.addMID(mid)
	}
}

// waiting returns the only open session of o for which ok says yes.
func (c *charon) waiting(o *origin, ok func(*slot) bool) int32 {
	found := int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 512; i = c.slots[i].next {
		steps++
		if n := &c.slots[i]; n.origin == o.id && !n.closed && ok(n) {
			if found != 0 {
				return 0
			}
			found = i
		}
	}
	return found
}

// exhausted returns the session that has run out of repetitions: the one that
// was repeated as often as the line says, and of several the one whose last
// repetition is the oldest by more than their clocks can be wrong.
func (c *charon) exhausted(o *origin, e *Event) int32 {
	count, _ := e.Uint(FieldCount)
	best, second := int32(0), int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 4096; i = c.slots[i].next {
		steps++
		n := &c.slots[i]
		if n.origin != o.id || n.closed || n.retransmits != int(count) {
			continue
		}
		if best == 0 || n.retransmitSeq < c.slots[best].retransmitSeq {
			best, second = i, best
		} else if second == 0 || n.retransmitSeq < c.slots[second].retransmitSeq {
			second = i
		}
	}
	if second != 0 {
		a, b := &c.slots[best], &c.slots[second]
		if a.retransmitTime == 0 || b.retransmitTime == 0 || b.retransmitTime-a.retransmitTime < int64(2*time.Second) {
			return 0
		}
	}
	if best == 0 && count > 0 {
		// The repetitions were not logged; there may be only one that waits.
		best = c.waiting(o, func(n *slot) bool { return !n.s.Established && n.retransmits == 0 && n.s.Role != Responder })
	}
	if best != 0 {
		c.slots[best].retransmits = 0
	}
	return best
}

// halfOpen returns the oldest unfinished session with the line's peer: they
// time out in the order in which they began.
func (c *charon) halfOpen(o *origin, e *Event) int32 {
	remote, ok := e.Address(Remote)
	if e.Has(FieldSA) {
		if id, ok := e.Uint(FieldSA); ok {
			return c.find(o, id)
		}
	}
	best := int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 4096; i = c.slots[i].next {
		steps++
		n := &c.slots[i]
		if n.origin != o.id || n.closed || n.s.Established || n.s.Role == Initiator || ok && n.s.Remote.Addr() != remote.Addr() {
			continue
		}
		if best == 0 || n.born < c.slots[best].born {
			best = i
		}
	}
	return best
}

// eventTime is the line's time for comparing lines of one log with each other,
// 0 where it has none.
func eventTime(e *Event) int64 {
	var s stamp
	if scanStamp(e.Prefix.Time, &s) == 0 {
		return 0
	}
	t, _ := s.time(time.Time{}, nil)
	return t.UnixNano()
}

// clock is eventTime where many lines ask for it: those of one second have one
// time.
type clock struct {
	text []byte
	at   int64
	day  day
}

func (c *clock) of(e *Event) int64 {
	if !same(e.Prefix.Time, c.text) {
		c.text, c.at = append(c.text[:0], e.Prefix.Time...), 0
		if t, precision := c.day.time(e.Prefix.Time, time.Time{}, nil); precision > 0 {
			c.at = t.UnixNano()
		}
	}
	return c.at
}
