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
	before, after := v.snapshots(end)
	if after == nil {
		return found
	}
	for _, name := range names {
		k := after.counter(v, name)
		if before != nil {
			was := before.counter(v, name)
			if !k.OK || was.OK && was.V.Value >= k.V.Value {
				continue
			}
			moved := Counter{Name: name, Value: k.V.Value, Delta: true}
			k.Evidence = append([]Evidence{}, k.Evidence...)
			if was.OK {
				moved.Value -= was.V.Value
				k.Evidence = append(k.Evidence, was.Evidence...)
			}
			k.V, k.Last = &moved, &moved
		}
		if k.OK && k.V.Value > 0 && (!found.OK || k.V.Value > found.V.Value) {
			found = k
		}
	}
	return found
}

// snapshots returns the counters of an end's host: the first and the last where
// there are several that can be put in order, else the one that was written
// last. Sources of one name are one, however often they were given.
func (v *View) snapshots(end int) (before, after *strand) {
	var all []*strand
	for _, s := range v.hostStrands(end) {
		same := func(o *strand) bool {
			x, y := &v.engine.sources[s.key.source].Source, &v.engine.sources[o.key.source].Source
			return x.Group == y.Group && x.Name == y.Name
		}
		if s.has(BodyCounter) && !slices.ContainsFunc(all, same) {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(all, func(a, b *strand) int {
		x, y := &v.engine.sources[a.key.source].Source, &v.engine.sources[b.key.source].Source
		return cmp.Or(cmp.Compare(a.counts(), b.counts()), x.Written.Compare(y.Written))
	})
	for i := range all[1:] {
		if !all[i+1].grownFrom(all[i]) { // the host was started anew in between
			return nil, slices.MaxFunc(all, func(a, b *strand) int {
				return v.engine.sources[a.key.source].Written.Compare(v.engine.sources[b.key.source].Written)
			})
		}
	}
	if after = all[len(all)-1]; len(all) > 1 {
		before = all[0]
	}
	return before, after
}

// counter finds a counter in a snapshot.
func (s *strand) counter(v *View, name string) (k Known[*Counter]) {
	for _, sl := range s.slots {
		if c, ok := sl.first.body.(*Counter); ok && c.Name == name {
			return Known[*Counter]{V: c, Last: c, OK: true, Count: int(sl.count), Evidence: v.appendSlot(nil, s, sl), By: s.side()}
		}
	}
	return k
}

// counts returns the sum of a snapshot's counters.
func (s *strand) counts() (n uint64) {
	for _, sl := range s.slots {
		if c, ok := sl.first.body.(*Counter); ok {
			n += c.Value
		}
	}
	return n
}

// grownFrom reports whether no counter has less than in another snapshot.
func (s *strand) grownFrom(earlier *strand) bool {
	now := map[string]uint64{}
	for _, sl := range s.slots {
		if c, ok := sl.first.body.(*Counter); ok {
			now[c.Name] = c.Value
		}
	}
	return !slices.ContainsFunc(earlier.slots, func(sl *slot) bool {
		c, ok := sl.first.body.(*Counter)
		return ok && c.Value > now[c.Name]
	})
}
