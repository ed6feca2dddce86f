package diag

import (
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// carrier returns the attempt whose children go on where the last one renews
// phase 1 and has none of its own: an ISAKMP SA may end before the SAs that it
// made. It returns nil where there is none.
func (t *tunnel) carrier() *Attempt {
	n := len(t.attempts)
	if n < 2 {
		return nil
	}
	last := t.attempts[n-1]
	if last.child() || last.inPhase2() || last.failed() || last.deleted() {
		return nil
	}
	done, renews := last.complete() || !last.Over(), false
	next := last
	for i := n - 2; i >= 0; i-- {
		a := t.attempts[i]
		if Any(a, AnySide, func(*GaveUp) bool { return true }) {
			return nil
		}
		if at, deleted := a.deletion(); deleted {
			begun := next.start()
			if !at.Known() || !begun.Known() || at.Value.Before(begun.Value.Add(-renewed*time.Second)) {
				return nil // it was down before the next was asked for
			}
			renews = true
		}
		if !a.child() {
			// Both ends may renew at once: one of the two is enough.
			done = done || a.complete() && last.start().Value.Sub(a.start().Value) <= 2*renewed*time.Second
			next = a
			continue
		}
		if done && a.childLeft() && (renews || !t.contact(i+1)) {
			return a
		}
		return nil
	}
	return nil
}

// contact reports whether an end said in an attempt from the i-th on that it
// knows of no SA from before (RFC 2407, section 4.6.3.3). It also does so where
// it has just taken the old one down itself.
func (t *tunnel) contact(i int) bool {
	for _, a := range t.attempts[i:] {
		if Any(a, AnySide, func(n *Notify) bool { return n.Type == isakmp.NotifyInitialContact }) {
			return true
		}
	}
	return false
}

// Replaced reports whether a later attempt completed phase 1, or is on its way:
// the one before is taken down for it.
func (a *Attempt) Replaced() bool { return a.replaced }

// complete reports whether phase 1 was seen to its end.
func (a *Attempt) complete() bool { return a.came(reachEnd) }

// deletion returns when the ISAKMP SA was first said to be taken down.
func (a *Attempt) deletion() (at Time, ok bool) {
	for _, s := range a.strands {
		for _, sl := range s.facts() {
			p, is := sl.first.body.(*Progress)
			if !is || p.Step != DeleteSent && p.Step != Phase1Deleted {
				continue
			}
			if t := sl.first.time(); !ok || t.Value.Before(at.Value) {
				at = t
			}
			ok = true
		}
	}
	return at, ok
}

// childLeft reports whether no source tells of as many children's ends as it
// tells of children.
func (a *Attempt) childLeft() bool {
	for _, s := range a.strands {
		up, gone := uint32(0), uint32(0)
		for _, sl := range s.facts() {
			if p, ok := sl.first.body.(*Progress); ok {
				switch p.Step {
				case Phase2Up:
					up += sl.count
				case Phase2Deleted:
					gone += sl.count
				}
			}
		}
		if up > 0 && gone >= up {
			return false
		}
	}
	return true
}
