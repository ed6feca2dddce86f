package diag

import (
	"cmp"
	"slices"
)

// Counted returns what the host of an end has counted under one of several
// names: the greatest of these counts, not OK where all are 0. Where two
// snapshots of the host's counters were given, it is what was counted between
// them: Delta is then set, and what was counted before is history. Which one is
// the earlier they tell themselves, since they only grow.
func (v *View) Counted(end int, names ...string) (found Known[*Counter]) {
	for rest := v.counting(end); len(rest) > 0; {
		var like []*strand
		dialect := v.sourceOf(rest[0]).Dialect
		like, rest = split(rest, func(s *strand) bool { return v.sourceOf(s).Dialect == dialect })
		before, after := v.snapshots(like)
		for _, name := range names {
			k := after.counter(v, name)
			if before != nil {
				k = since(before.counter(v, name), k)
			}
			if k.OK && k.V.Value > 0 && (!found.OK || k.V.Value > found.V.Value) {
				found = k
			}
		}
	}
	return found
}

// since returns what a counter has counted since an earlier snapshot.
func since(was, now Known[*Counter]) Known[*Counter] {
	if !now.OK {
		return now
	}
	moved := Counter{Name: now.V.Name, Said: now.V.Said, Value: now.V.Value, Delta: true}
	now.Evidence = slices.Clone(now.Evidence)
	if was.OK {
		moved.Value -= was.V.Value // the later one has no less
		now.Evidence = append(now.Evidence, was.Evidence...)
	}
	now.V, now.Last = &moved, &moved
	return now
}

// counting lists what counts at the host of an end. Sources of one name are
// one, however often they were given.
func (v *View) counting(end int) (all []*strand) {
	for _, s := range v.hostStrands(end) {
		same := func(o *strand) bool {
			x, y := v.sourceOf(s), v.sourceOf(o)
			return x.Group == y.Group && x.Name == y.Name
		}
		if s.kinds.Has(BodyCounter) && !slices.ContainsFunc(all, same) {
			all = append(all, s)
		}
	}
	return all
}

func (v *View) sourceOf(s *strand) *Source { return &v.engine.sources[s.key.source].Source }

// split parts a list in two.
func split(all []*strand, first func(*strand) bool) (a, b []*strand) {
	for _, s := range all {
		if first(s) {
			a = append(a, s)
		} else {
			b = append(b, s)
		}
	}
	return a, b
}

// snapshots returns the first and the last of several snapshots of the same
// counters that can be put in order, else the one that was written last alone.
func (v *View) snapshots(all []*strand) (before, after *strand) {
	slices.SortStableFunc(all, func(a, b *strand) int {
		return cmp.Or(cmp.Compare(a.counts(), b.counts()), v.sourceOf(a).Written.Compare(v.sourceOf(b).Written))
	})
	for i := range all[1:] {
		if !all[i+1].grownFrom(all[i]) { // the host was started anew in between
			return nil, slices.MaxFunc(all, func(a, b *strand) int { return v.sourceOf(a).Written.Compare(v.sourceOf(b).Written) })
		}
	}
	if after = all[len(all)-1]; len(all) > 1 {
		before = all[0]
	}
	return before, after
}

// counter finds a counter in a snapshot.
func (s *strand) counter(v *View, name string) (k Known[*Counter]) {
	for _, sl := range s.factsOf(BodyCounter) {
		if c, ok := sl.first.body.(*Counter); ok && c.Name == name {
			return Known[*Counter]{V: c, Last: c, OK: true, Count: int(sl.count), Evidence: v.appendSlot(nil, s, sl), By: s.side()}
		}
	}
	return k
}

// counts returns the sum of a snapshot's counters.
func (s *strand) counts() (n uint64) {
	for _, sl := range s.factsOf(BodyCounter) {
		if c, ok := sl.first.body.(*Counter); ok {
			n += c.Value
		}
	}
	return n
}

// grownFrom reports whether no counter has less than in another snapshot.
func (s *strand) grownFrom(earlier *strand) bool {
	now := map[string]uint64{}
	for _, sl := range s.factsOf(BodyCounter) {
		if c, ok := sl.first.body.(*Counter); ok {
			now[c.Name] = c.Value
		}
	}
	return !slices.ContainsFunc(earlier.factsOf(BodyCounter), func(sl *slot) bool {
		c, ok := sl.first.body.(*Counter)
		return ok && c.Value > now[c.Name]
	})
}
