package diag

import "slices"

// patchy reports whether a capture taken at a side lacks what another has of
// the packets that the side sent: its recorder missed them, though it may not
// know, and may have missed as much of what came.
func (a *Attempt) patchy(s *strand, side Side) bool {
	return slices.ContainsFunc(a.strands, func(o *strand) bool {
		if o == s || !s.observer || !o.observer || a.tunnel.view.engine.sources[o.key.source].Kind != KindCapture {
			return false
		}
		return slices.ContainsFunc(o.numbered(side), func(k messageKey) bool { return s.count(k, side) < o.count(k, side) }) ||
			slices.ContainsFunc(o.flowsOf(side), func(f *Flow) bool { return s.misses(f, side) })
	})
}

// flowsOf returns the flows of a side that a strand shows.
func (s *strand) flowsOf(side Side) (all []*Flow) {
	for _, sl := range s.factsOf(BodyFlow) {
		if f, ok := sl.first.body.(*Flow); ok && !f.Clear && f.party().side(s.side()) == side {
			all = append(all, f)
		}
	}
	return all
}

// misses reports whether a strand has nothing of a flow that a side sent, or
// not as far back, more gaps in it, or not the end of it, although it goes on.
func (s *strand) misses(f *Flow, side Side) bool {
	own := s.flowsOf(side)
	i := slices.IndexFunc(own, func(x *Flow) bool { return x.SPI == f.SPI && x.AH == f.AH })
	return i < 0 || own[i].First > f.First || own[i].Lost > f.Lost || own[i].Last < f.Last && own[i].Since > f.Seconds
}
