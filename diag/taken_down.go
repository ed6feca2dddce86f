package diag

import (
	"cmp"
	"slices"

	"github.com/ikediag/ikediag/isakmp"
)

// takenDown reports whether the tunnel was up, and its children were taken down
// with none to replace them: it ended in order, and is not there.
func (t *tunnel) takenDown() bool {
	down := false
	for _, a := range t.attempts {
		switch {
		case a.Emptied():
			down = true
		case a.child(), !a.Over() && a.index == int32(len(t.attempts)-1):
			return false
		}
	}
	return down
}

// Emptied reports whether children came up in the attempt of which each was
// deleted since, as every log says that tells of them, and no capture shows
// another: the DELETEs themselves are encrypted.
func (a *Attempt) Emptied() bool {
	if !a.Stepped(Phase2Deleted) && !a.Stepped(ChildDeleteSent) ||
		Any(a, AnySide, func(s *SA) bool { return s.Child && s.State == SAEstablished }) {
		return false
	}
	all := map[uint64]pairLife{} // by child, of all logs
	for _, s := range a.strands {
		if !s.observer && !s.ended(all) {
			return false
		}
	}
	return len(all) > 0 && !slices.ContainsFunc(a.strands, func(s *strand) bool { return s.observer && s.shows(all) })
}

// A pairLife is what a log tells of a child: that it came up, and its end.
type pairLife struct{ up, gone *fact }

// ended reports whether a log says of each child that came up that it was
// deleted after that, and adds them to all.
func (s *strand) ended(all map[uint64]pairLife) bool {
	mine := map[uint64]pairLife{}
	var gone []*slot
	for _, sl := range s.factsOf(BodyProgress) {
		switch p, _ := sl.first.body.(*Progress); {
		case p == nil:
		case p.Step == Phase2Up:
			c := mine[sl.child]
			c.up = newest(c.up, sl)
			mine[sl.child] = c
		case p.Step == Phase2Deleted, p.Step == ChildDeleteSent:
			gone = append(gone, sl)
		}
	}
	for _, sl := range gone {
		p, ok := sl.latest().body.(*Progress)
		if !ok || p.SPIIn|p.SPIOut == 0 && (p.Step != Phase2Deleted || len(mine) != 1) {
			continue // which one it is of is not said
		}
		child := sl.child
		switch {
		case p.SPIIn|p.SPIOut == 0:
			for child = range mine { // the only one
			}
		case child == 0:
			child = childOf(cmp.Or(p.SPIIn, p.SPIOut), mine)
		}
		c := mine[child]
		c.gone = newest(c.gone, sl)
		mine[child] = c
	}
	for child, c := range mine {
		switch {
		case c.up == nil:
		case c.gone == nil || c.up.at >= c.gone.at:
			return false
		default:
			all[child] = c
		}
	}
	return true
}

// newest returns the later of a fact and a slot's last.
func newest(f *fact, sl *slot) *fact {
	if l := sl.latest(); f == nil || f.at < l.at {
		return l
	}
	return f
}

// shows reports whether a capture shows a child that is none of these: its quick
// mode or its SAs.
func (s *strand) shows(these map[uint64]pairLife) bool {
	return slices.ContainsFunc(s.factsOf(BodyMessage, BodyFlow), func(sl *slot) bool {
		switch b := sl.first.body.(type) {
		case *Message:
			_, told := these[sl.child]
			return b.Exchange == isakmp.ExchangeQuick && !told
		case *Flow:
			return !b.Clear && b.SPI != 0 && childOf(b.SPI, these) == 0
		}
		return false
	})
}

// childOf returns the child that has an SPI, 0 if none of these does.
func childOf(spi uint32, these map[uint64]pairLife) (child uint64) {
	for n, c := range these {
		if c.up == nil {
			continue
		}
		if p, ok := c.up.body.(*Progress); ok && (p.SPIIn == spi || p.SPIOut == spi) {
			child = max(child, n)
		}
	}
	return child
}
