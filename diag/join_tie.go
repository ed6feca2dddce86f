package diag

import (
	"cmp"
	"slices"
)

// tieByTokens joins the strands that have a token in common. A capture knows
// which ISAKMP SA a message is of by its cookies; a log may put a line to the
// wrong one of two that it tells of at once. So messages tie no two ISAKMP SAs of
// a capture, and a log that has some of both goes with the one of which it has
// more.
func tieByTokens(strands []*strand, set *union) {
	watched := slices.ContainsFunc(strands, func(s *strand) bool { return s.observer })
	if watched {
		slices.SortFunc(strands, compareStrandSource)
	}
	holders := newNumbers(sharedBy(strands)) // counted from 1
	defer holders.free()
	shared := map[[2]int]int{} // how many messages two have in common
	for i, s := range strands {
		for t := range s.shared() {
			holder := holders.of(t)
			j := int(*holder) - 1
			switch {
			case j < 0:
				*holder = int32(i + 1)
			case !watched || t.parts()[0] != tokenMessageID:
				set.join(i, j)
			default:
				shared[[2]int{j, i}]++
			}
		}
	}
	shows := map[int][]SourceID{} // the captures of a set
	for i, s := range strands {
		if s.observer {
			root := set.find(i)
			shows[root] = append(shows[root], s.key.source)
		}
	}
	pairs := make([][2]int, 0, len(shared))
	for p := range shared {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), slices.Compare(a[:], b[:]))
	})
	for _, p := range pairs {
		i, j := set.find(p[0]), set.find(p[1])
		if i == j || slices.ContainsFunc(shows[i], func(id SourceID) bool { return slices.Contains(shows[j], id) }) {
			continue
		}
		both := append(shows[i], shows[j]...)
		set.join(i, j)
		shows[set.find(i)] = both
	}
}
