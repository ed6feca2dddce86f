package diag

import "slices"

// attemptsKept is how many attempts of a tunnel each vantage point has in an
// engine that is told the time: what goes on for years is bounded by its
// tunnels.
const attemptsKept = 16

// forget drops the oldest attempts of tunnels that have had many since, and
// keeps their number.
func (e *Engine) forget() {
	if e.ended || e.now.IsZero() {
		return
	}
	any := false
	for _, t := range e.tunnels {
		any = e.forgetOf(t) || any
	}
	if !any {
		return
	}
	for _, g := range e.gateways {
		for _, u := range g.units {
			u.strands = slices.DeleteFunc(u.strands, (*strand).forgotten)
		}
	}
}

func (e *Engine) forgetOf(t *tunnel) bool {
	seen := map[int32][]*strand{} // by rank: strands of one rank are one vantage point's
	for _, l := range t.legs {
		for _, s := range l.strands {
			if !s.state() {
				seen[s.rank] = append(seen[s.rank], s)
			}
		}
	}
	before, any := uint32(0), false
	for _, list := range seen {
		if len(list) <= attemptsKept {
			continue
		}
		slices.SortFunc(list, compareStrand)
		for _, s := range list[:len(list)-attemptsKept] {
			before += s.before
			e.drop(s)
		}
		any = true
	}
	if !any {
		return false
	}
	for _, l := range t.legs {
		l.strands = slices.DeleteFunc(l.strands, (*strand).forgotten)
	}
	n := len(t.attempts)
	for _, a := range t.attempts {
		a.strands = slices.DeleteFunc(a.strands, (*strand).forgotten)
	}
	t.attempts = slices.DeleteFunc(t.attempts, func(a *Attempt) bool { return len(a.strands) == 0 })
	for i, a := range t.attempts {
		a.index = int32(i)
	}
	t.attempts[0].strands[0].before += before + uint32(n-len(t.attempts))
	return true
}

// drop forgets a strand.
func (e *Engine) drop(s *strand) {
	pool := &e.half
	if s.up {
		pool = &e.up
	}
	pool.remove(s)
	delete(e.strands, s.key)
	e.near.forget(s)
	s.gone = true
	if e.now.IsZero() && s.ledger != nil {
		s.ledger.clear()
		s.ledger = nil
	}
	e.evicted = append(e.evicted, s)
	if len(e.evicted) > e.options.MaxHalfOpen {
		e.evicted = e.evicted[1:]
	}
}

// dropFailed forgets the attempts that failed before a negotiation that came up
// and is forgotten: they would be a failure that nothing got past.
func (e *Engine) dropFailed(up *strand) {
	if up.home == nil || !up.start().Known() {
		return
	}
	for _, l := range up.home.legs {
		for _, s := range l.strands {
			if !s.up && !s.gone && !s.state() && s.end().Known() && s.end().Value.Before(up.start().Value) {
				e.drop(s)
			}
		}
	}
}

// forgotten reports whether the engine has dropped a strand.
func (s *strand) forgotten() bool { return s.gone }

// tried returns how many attempts there were, those that are forgotten too.
func (t *tunnel) tried() int {
	n := len(t.attempts)
	for _, a := range t.attempts {
		for _, s := range a.strands {
			n += int(s.before)
		}
	}
	return n
}
