package diag

import "time"

// doubt keeps those who forge packets from raising an alarm: what is possible at
// most, or merely claimed, and rests on nothing but what anybody may have sent, is
// no error where the tunnel is seen to work after it; nor is a claim as long as
// nobody can have seen that it does not, nor what a live source does not show as
// long as it may still come. It returns when that will have been long enough, the
// zero time where nothing waits for it.
func (t *tunnel) doubt(all []Finding) (until time.Time) {
	for i := range all {
		f := &all[i]
		if f.Severity <= Warning || f.Verdict > Likely || f.Status != Active {
			continue
		}
		doubtful, again := t.doubtful(f)
		if !doubtful {
			doubtful, again = t.early(f)
		}
		if doubtful {
			f.Severity = Warning
		}
		until = sooner(until, again)
	}
	return until
}

// early reports whether a finding rests on what a live source does not show, and
// so soon after what it does not show that the source may yet do it. again is
// when it has had the time.
func (t *tunnel) early(f *Finding) (yes bool, again time.Time) {
	e := t.view.engine
	live, first := false, time.Time{}
	for i := range f.Evidence {
		switch v := &f.Evidence[i]; {
		case v.Against || v.Weight == Background:
		case v.Kind == EvidenceAbsence:
			live = live || !e.sources[v.Source].Since.IsZero()
		case dated(v.Time):
			first = sooner(first, v.Time.Value)
		}
	}
	if again = first.Add(lag); !live || e.ended || first.IsZero() || !e.now.Before(again) {
		return false, time.Time{}
	}
	return true, again
}

// doubtful reports whether all that speaks for a finding is unauthenticated, and
// nothing bears it out. again is when it may be otherwise.
func (t *tunnel) doubtful(f *Finding) (yes bool, again time.Time) {
	last := map[SourceID]Evidence{}
	for _, e := range f.Evidence {
		switch {
		case e.Against || e.Weight == Background:
		case !e.claim && (e.Basis != Unauthenticated || f.Verdict > Possible):
			return false, again
		default:
			if o, ok := last[e.Source]; !ok || e.After(o) {
				last[e.Source] = e
			}
		}
	}
	for _, e := range last {
		if t.worksAfter(e) {
			continue
		}
		enough := e.Time.Value.Add(t.view.engine.options.Patience)
		if !e.claim || !e.Time.Known() || !t.came() || !t.view.heardUntil(e).Before(enough) {
			return false, time.Time{}
		}
		if !t.view.engine.ended && enough.After(again) {
			again = enough
		}
	}
	return len(last) > 0, again
}

// came reports whether a child of the tunnel came up.
func (t *tunnel) came() bool {
	for _, a := range t.attempts {
		if a.child() {
			return true
		}
	}
	return false
}

// heardUntil is the time until which the source of a piece of evidence would
// have shown what came after it.
func (v *View) heardUntil(e Evidence) time.Time {
	if v.engine.ended {
		return v.engine.sources[e.Source].Coverage.To
	}
	return v.engine.now
}

// worksAfter reports whether a child came up after a piece of evidence, or both
// ends sent what takes the keys of an SA that they have: a peer that lost its
// SAs sends none.
func (t *tunnel) worksAfter(e Evidence) bool {
	for _, a := range t.attempts {
		var sent [2]bool
		for _, s := range a.strands {
			for _, sl := range s.facts() {
				f := sl.latest()
				if !a.tunnel.view.follows(s, f, e) {
					continue
				}
				keyed := false
				switch b := f.body.(type) {
				case *Progress:
					if b.Step == Phase2Up {
						return true
					}
				case *Flow:
					keyed = !b.Clear
				case *Message:
					keyed = b.Encrypted && b.Retransmission == 0
				}
				if !keyed {
					continue
				}
				switch f.body.party().side(s.side()) {
				case Initiator:
					sent[0] = true
				case Responder:
					sent[1] = true
				}
			}
		}
		if sent[0] && sent[1] {
			return true
		}
	}
	return false
}

// follows reports whether a fact is later than a piece of evidence: by its place
// in the same source, by its time in another one of the same gateway, whose
// clock is the same.
func (v *View) follows(s *strand, f *fact, e Evidence) bool {
	if s.key.source == e.Source {
		return e.Where.spot() < f.at
	}
	return s.gateway != nil && s.gateway.id == e.Gateway && dated(f.time()) && dated(e.Time) && f.time().Value.After(e.Time.Value)
}

// claims reports whether a fact is that an end says something, in the clear.
func (f *fact) claims() bool {
	n, ok := f.body.(*Notify)
	return ok && !n.Protected
}
