package capture

import (
	"math"
	"slices"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// fragments holds the assemblies, oldest first.
type fragments struct {
	limit    int
	wait     time.Duration
	deadline time.Time // of the oldest
	live     int       // len(table) + len(gone) + what is lent
	table    []*assembly
	gone     []*assembly // given up, not yet delivered
	lent     *assembly   // given up and delivered
	lending  bool        // an assembly is busy
	free     []*assembly

	seen, refused, evicted, incomplete int
}

// add puts a fragment in its place. It returns nil for one that is refused and
// that is not worth showing.
func (s *fragments) add(f fragment, depth uint8, d *exchange.Datagram) *assembly {
	s.seen++
	possible := f.possible()
	if !possible && (f.offset > 0 || f.wire <= 0) {
		s.refused++
		return nil
	}
	key := fragmentKey{d.Source.Addr(), d.Destination.Addr(), f.id, f.protocol, depth}
	if f.v6 {
		key.protocol = 0
	}
	a := s.find(key, d)
	if f.offset == 0 || a.count == 0 {
		a.datagram = *d
		a.datagram.Protocol, a.datagram.Payload, a.datagram.WireLen = f.protocol, nil, 0
		a.v6 = f.v6
	}
	a.datagram.Time, a.datagram.Frame = d.Time, d.Frame
	switch {
	case !possible:
		// What begins a datagram is shown though nothing can follow it.
		s.refused++
		if a.count == 0 {
			a.refused = true
			f.wire = min(f.wire, maxDatagram)
			f.data = f.data[:min(len(f.data), f.wire)]
			a.put(f)
		}
	case a.refused:
		s.refused++
	case a.repeats(f):
	case a.contradicts(f):
		a.refused = true
		s.refused++
	default:
		a.put(f)
	}
	return a
}

// find returns the assembly of a key: a running one, a new one, or that of a
// datagram which was delivered and begins again.
func (s *fragments) find(key fragmentKey, d *exchange.Datagram) *assembly {
	again := false
	for i, a := range s.table {
		if a.key.id != key.id || a.key != key {
			continue
		}
		if !a.done {
			return a
		}
		again = true
		s.remove(i)
		s.free = append(s.free, a)
		break
	}
	if len(s.table) >= s.limit {
		s.evict()
	}
	var a *assembly
	if n := len(s.free); n > 0 {
		a, s.free = s.free[n-1], s.free[:n-1]
	} else {
		a = new(assembly)
	}
	*a = assembly{key: key, total: -1, known: math.MaxInt, again: again, buf: a.buf[:0]}
	if !d.Time.IsZero() {
		a.deadline = d.Time.Add(s.wait)
	}
	s.table = append(s.table, a)
	s.count()
	return a
}

// evict makes room: the oldest that has been delivered goes first, as nothing
// is lost with it.
func (s *fragments) evict() {
	victim := -1
	for i, a := range s.table {
		if a.busy {
			continue
		}
		if a.done {
			victim = i
			break
		}
		if victim < 0 {
			victim = i
		}
	}
	if victim < 0 {
		return // all are being delivered: nesting is bounded, so is this
	}
	if !s.table[victim].done {
		s.evicted++
	}
	s.giveUp(victim)
}

// giveUp takes an assembly out of the table. One that repeats a delivered
// datagram is dropped: whoever records every frame twice misses nothing.
func (s *fragments) giveUp(i int) {
	a := s.table[i]
	s.remove(i)
	if a.done || a.again {
		s.free = append(s.free, a)
	} else {
		s.incomplete++
		if len(s.gone) >= 2*s.limit { // nobody asks for them
			s.free = append(s.free, s.gone[0])
			s.gone = slices.Delete(s.gone, 0, 1)
		}
		s.gone = append(s.gone, a)
	}
	s.count()
}

func (s *fragments) remove(i int) {
	copy(s.table[i:], s.table[i+1:])
	s.table = s.table[:len(s.table)-1]
}

// count keeps what Peel looks at on every frame.
func (s *fragments) count() {
	s.live = len(s.table) + len(s.gone)
	if s.lent != nil {
		s.live++
	}
	s.deadline = time.Time{}
	if len(s.table) > 0 {
		s.deadline = s.table[0].deadline
	}
}

// release takes back what the datagram delivered last has lent.
func (s *fragments) release() {
	if s.lent != nil {
		s.free = append(s.free, s.lent)
		s.lent = nil
		s.count()
	}
	if s.lending {
		for _, a := range s.table {
			a.busy = false
		}
		s.lending = false
	}
}

// expire gives up what has waited too long.
func (s *fragments) expire(now time.Time) {
	for len(s.table) > 0 && !now.Before(s.table[0].deadline) {
		s.giveUp(0)
	}
}

// giveUpAll ends all waiting.
func (s *fragments) giveUpAll() {
	for len(s.table) > 0 {
		s.giveUp(0)
	}
}

// nextGivenUp returns the next datagram that was given up and holds on to it
// until the next call.
func (s *fragments) nextGivenUp() *assembly {
	if s.lent != nil {
		s.free = append(s.free, s.lent)
		s.lent = nil
	}
	if len(s.gone) > 0 {
		s.lent = s.gone[0]
		copy(s.gone, s.gone[1:])
		s.gone = s.gone[:len(s.gone)-1]
	}
	s.count()
	return s.lent
}
