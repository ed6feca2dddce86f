package diag

import "time"

// Each end of a tunnel knows both SPIs of every child. So two ends that tell
// them of children of one time, and have none in common, are of two tunnels.

// strangers reports whether two legs are of different tunnels by the SPIs of
// what came up. Where an end leaves one out, or tells of another time, nothing
// is known.
func (l *leg) strangers(m *leg) bool {
	lf, lt, lk := l.cameUp()
	mf, mt, mk := m.cameUp()
	if !lk || !mk || mt.Before(lf) || lt.Before(mf) {
		return false
	}
	for _, s := range m.strands {
		if l.sharesToken(s) {
			return false
		}
	}
	return true
}

// cameUp returns when children came up first and last, as their end's clock has
// it; ok is false where none is known to have, or not with both of its SPIs.
func (l *leg) cameUp() (first, last time.Time, ok bool) {
	for _, s := range l.strands {
		if s.observer {
			return first, last, false
		}
		for _, sl := range s.of(BodyProgress) {
			p, is := sl.first.body.(*Progress)
			if !is || p.Step != Phase2Up {
				continue
			}
			when := sl.first.when.time()
			if !when.Known() || p.SPIIn == 0 || p.SPIOut == 0 || p.SPIIn == p.SPIOut {
				return first, last, false
			}
			if at := when.Value; !ok || at.Before(first) {
				first = at
			}
			if at := when.Value; !ok || last.Before(at) {
				last = at
			}
			ok = true
		}
	}
	return first, last, ok
}
