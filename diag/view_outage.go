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
	by := map[SourceID]int{}
	for a := range v.Attempts() {
		for k := range Facts[Outage](a, AnySide) {
			if !k.V.Back || k.V.Age >= ShortLived || k.V.Reason == EndedIdle || k.V.Reason == EndedLimit {
				continue
			}
			by[k.First().Source] += k.Count
			n = max(n, by[k.First().Source])
			ev = append(ev, k.Evidence...)
		}
	}
	v.sortEvidence(ev)
	return n, ev
}
