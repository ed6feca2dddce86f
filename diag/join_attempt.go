package diag

import (
	"cmp"
	"net/netip"
	"slices"
)

// attemptsOf sorts a tunnel's strands into attempts: one ISAKMP SA, or one
// try at one, as all vantage points saw it.
func attemptsOf(t *tunnel) []*Attempt {
	n := 0
	for _, l := range t.legs {
		n += len(l.strands)
	}
	strands := make([]*strand, 0, n)
	var states []*strand
	for _, l := range t.legs {
		for _, s := range l.strands {
			if s.state() {
				states = append(states, s)
			} else {
				strands = append(strands, s)
			}
		}
	}
	set := newUnion(len(strands))
	tieByTokens(strands, set)
	if slices.ContainsFunc(strands, func(s *strand) bool { return s.rank != strands[0].rank }) {
		alignVantages(strands, set)
		alignByTime(strands, set)
		placeCallers(strands, set)
	}
	as := gather(t, strands, set)
	for _, a := range as {
		slices.SortFunc(a.strands, compareStrandSource)
	}
	slices.SortStableFunc(as, compareAttempt)
	as = attachState(t, as, states)
	for i, a := range as {
		a.index = int32(i)
		a.assumeRoles()
	}
	return as
}

// gather makes an attempt of each set of strands.
func gather(t *tunnel, strands []*strand, set *union) []*Attempt {
	counts := make([]int, 2*len(strands))
	size, of, n := counts[:len(strands)], counts[len(strands):], 0 // by root, which is the first of its set
	for i := range strands {
		root := set.find(i)
		if size[root]++; root == i {
			n++
		}
	}
	made, room := make([]Attempt, 0, n), make([]*strand, len(strands))
	as := make([]*Attempt, n)
	for i, s := range strands {
		root := set.find(i)
		if root == i {
			of[i] = len(made)
			made = append(made, Attempt{tunnel: t, strands: room[:0:size[i]]})
			room = room[size[i]:]
			as[of[i]] = &made[of[i]]
		}
		a := as[of[root]]
		a.strands = append(a.strands, s)
	}
	return as
}

// assumeRoles gives views that do not know their role the one that the other
// end's leaves.
func (a *Attempt) assumeRoles() {
	var known [2]Side // of the tunnel's ends
	for _, s := range a.strands {
		s.assumed = SideUnknown
		if end := a.tunnel.endOf(s); end >= 0 && s.role != SideUnknown {
			known[end] = s.role
		}
	}
	assume := [2]Side{known[1].Other(), known[0].Other()}
	if a.roleless = a.onlySAs(); a.roleless {
		known, assume = [2]Side{}, [2]Side{Initiator, Responder}
	}
	for _, s := range a.strands {
		if end := a.tunnel.endOf(s); end >= 0 && known[end] == SideUnknown {
			s.assumed = assume[end]
		}
	}
}

// endOf returns the end of the tunnel whose own view a strand is, -1 for a
// capture's and one of neither.
func (t *tunnel) endOf(s *strand) int {
	return slices.IndexFunc(t.ends[:], func(l *leg) bool { return l != nil && l.gateway == s.gateway && !s.observer })
}

// onlySAs reports whether nothing is known of an attempt but what dumps say of
// its SAs, and none of them says who initiated it.
func (a *Attempt) onlySAs() bool {
	sas := false
	for _, s := range a.strands {
		if s.role != SideUnknown || !s.state() {
			return false
		}
		sas = sas || slices.ContainsFunc(s.factsOf(BodySA), func(sl *slot) bool {
			sa, ok := sl.first.body.(*SA)
			return ok && sa.Child && sa.State == SAEstablished
		})
	}
	return sas
}

func compareStrandSource(a, b *strand) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), compareStrand(a, b))
}

// alignVantages joins what tokens do not: where two vantage points saw the
// same number of attempts, and no token ties two that are not in the same place,
// the first is the first and the last is the last.
func alignVantages(strands []*strand, set *union) {
	order := make([]int, len(strands))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compareStrandSource(strands[i], strands[j]) })
	var views [][]int // strands of one rank are one vantage point's
	for i, from := 1, 0; i <= len(order); i++ {
		if i == len(order) || strands[order[i]].rank != strands[order[from]].rank {
			views, from = append(views, order[from:i]), i
		}
	}
	at := make([]int, len(strands)) // by root: the place in a view, from 1
	crossed := func(a, b []int) (yes bool) {
		for k, i := range a {
			at[set.find(i)] = k + 1
		}
		for k, j := range b {
			n := at[set.find(j)]
			yes = yes || n != 0 && n != k+1
		}
		for _, i := range a {
			at[set.find(i)] = 0
		}
		return yes
	}
	for x, a := range views {
		for _, b := range views[:x] {
			if len(a) != len(b) || crossed(a, b) {
				continue
			}
			for k := range a {
				if x, y := strands[a[k]], strands[b[k]]; compatible(x, y) && !x.apart(y) {
					set.join(a[k], b[k])
				}
			}
		}
	}
}

// alignByTime joins what neither tokens nor numbers do: two ends' views of one
// time, each the only one of the other's that is.
func alignByTime(strands []*strand, set *union) {
	size := make([]int, len(strands)) // by root
	for i := range strands {
		size[set.find(i)]++
	}
	var left []int
	for i, s := range strands {
		if size[set.find(i)] == 1 && !s.observer && s.role != SideUnknown {
			left = append(left, i)
		}
	}
	if len(left) > fewSources {
		return
	}
	sole := make([]int, len(strands))
	for _, i := range left {
		at, s := -1, strands[i]
		other := s.role.Other()
		for n, o := range strands {
			if o.role != other || o.observer || o.rank == s.rank || !s.during(o) || !s.faces(o) {
				continue
			}
			if at >= 0 {
				at = -1
				break
			}
			at = n
		}
		sole[i] = at
	}
	for _, i := range left {
		if j := sole[i]; j > i && size[j] == 1 && sole[j] == i {
			set.join(i, j)
		}
	}
}

// faces reports whether two views may be of the same two hosts: where both
// know an address, it is the same.
func (s *strand) faces(o *strand) bool {
	same := func(x, y netip.Addr) bool { return !x.IsValid() || !y.IsValid() || x == y }
	return same(s.local.Addr(), o.remote.Addr()) && same(s.remote.Addr(), o.local.Addr())
}

// apart reports whether two views are two logs of one end that begin at
// different times: two members of a cluster, or one daemon's two runs.
func (s *strand) apart(o *strand) bool {
	return !s.observer && !o.observer && s.role != SideUnknown && s.role == o.role && s.start().Known() && o.start().Known() && s.start().Value.Sub(o.start().Value).Abs() > aWhile
}

// placeCallers joins a view that knows no more than who called, and may be of
// several attempts at once, with the last one that it is of by its time.
func placeCallers(strands []*strand, set *union) {
	for i, s := range strands {
		if !s.caller() || !s.start().Known() {
			continue
		}
		best := -1
		for j, o := range strands {
			if o.rank == s.rank || o.caller() || !compatible(s, o) || !s.during(o) {
				continue
			}
			if set.find(j) == set.find(i) {
				best = -1 // it has its place
				break
			}
			if best < 0 || compareStrand(strands[best], o) < 0 {
				best = j
			}
		}
		if best >= 0 {
			set.join(i, best)
		}
	}
}

// caller reports whether a view knows the peer's address and nothing that
// would tell one of its attempts from another.
func (s *strand) caller() bool {
	return len(s.tokens) == 0 && !s.observer && s.remote.IsValid() && !s.local.IsValid()
}

// during reports whether two views are of the same time, by their clocks.
func (s *strand) during(o *strand) bool {
	return s.start().Known() && o.start().Known() && !s.start().Value.After(o.end().Value.Add(aWhile)) && !o.start().Value.After(s.end().Value.Add(aWhile))
}

// mayBeDuring is during, or that no clock tells.
func (s *strand) mayBeDuring(o *strand) bool {
	return !s.start().Known() || !o.start().Known() || s.during(o)
}

// compatible reports whether two views can be of one attempt: not if both are
// the initiator's.
func compatible(a, b *strand) bool {
	if a.role != SideUnknown && a.role == b.role && a.local.IsValid() && b.local.IsValid() && a.local.Addr() != b.local.Addr() {
		return false
	}
	return true
}

// began is start as it is kept.
func (a *Attempt) began() (first moment) {
	for _, s := range a.strands {
		if s.from.clock != nil && (first.clock == nil || s.from.before(first)) {
			first = s.from
		}
	}
	return first
}

func compareAttempt(a, b *Attempt) int {
	if x, y := a.began(), b.began(); x.clock != nil && y.clock != nil {
		switch {
		case x.before(y):
			return -1
		case y.before(x):
			return 1
		}
	}
	for _, s := range a.strands {
		for _, o := range b.strands {
			if s.rank == o.rank {
				return compareStrand(s, o) // one source has both in its order
			}
		}
	}
	// No source tells: the one that more is seen of is what people ask about.
	return cmp.Or(cmp.Compare(len(a.strands), len(b.strands)), compareStrandSource(a.strands[0], b.strands[0]))
}

// attachState puts each state dump's SA to the attempt with its cookies, else
// to the last one; where there are dumps only, each ISAKMP SA is an attempt, and
// SAs of phase 2 whose ISAKMP SA nothing tells are of the last one.
func attachState(t *tunnel, as []*Attempt, states []*strand) []*Attempt {
	slices.SortFunc(states, func(a, b *strand) int {
		return cmp.Or(compareBool(!a.phase1(), !b.phase1()), compareStrandSource(a, b))
	})
	logged := len(as)
	for _, s := range states {
		shares := func(a *Attempt) bool {
			return slices.ContainsFunc(a.strands, func(o *strand) bool { return sharesToken(s, o) })
		}
		i := slices.IndexFunc(as, shares)
		if i < 0 && (logged > 0 || !s.phase1()) {
			i = len(as) - 1
			if logged > 0 {
				i = logged - 1
			}
		}
		if i < 0 {
			as = append(as, &Attempt{tunnel: t})
			i = len(as) - 1
		}
		as[i].strands = append(as[i].strands, s)
		for j := len(as) - 1; j > i && j >= logged; j-- { // what it ties together is one
			if shares(as[j]) {
				as[i].strands = append(as[i].strands, as[j].strands...)
				as = slices.Delete(as, j, j+1)
			}
		}
	}
	return as
}

// phase1 reports whether a dump's strand is of an ISAKMP SA, of which it says
// more than that SAs of phase 2 are there.
func (s *strand) phase1() bool {
	return slices.ContainsFunc(s.factsOf(BodySA), func(sl *slot) bool {
		sa, ok := sl.first.body.(*SA)
		return ok && !sa.Child && sa.State != SAUnknown
	})
}
