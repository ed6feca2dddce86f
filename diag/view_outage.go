package diag

// ShortLived is how many seconds an SA pair lives at least that is of use to
// anybody.
const ShortLived = 120

// flaps is how often a tunnel is lost that soon before that is its outcome.
const flaps = 3

// Flaps returns how often the tunnel came up, was lost within ShortLived
// seconds and came up again, as the source tells that tells most of it. What an
// end takes down on purpose, since nobody uses it, does not count.
func (v *View) Flaps() (n int, ev []Evidence) {
	n = v.flapped(func(s *strand, sl *slot) { ev = v.appendSlot(ev, s, sl) })
	v.sortEvidence(ev)
	return n, ev
}

func (v *View) flapped(shows func(*strand, *slot)) (n int) {
	by := map[SourceID]int{}
	for a := range v.Attempts() {
		for _, s := range a.strands {
			for _, sl := range s.of(BodyOutage) {
				o, ok := sl.first.body.(*Outage)
				if !ok || !o.Back || o.Age >= ShortLived || o.Reason == EndedIdle || o.Reason == EndedLimit {
					continue
				}
				by[s.key.source] += int(sl.count)
				n = max(n, by[s.key.source])
				shows(s, sl)
			}
		}
	}
	return n
}
