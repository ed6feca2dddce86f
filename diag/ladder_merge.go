package diag

import (
	"cmp"
	"slices"
	"time"
)

// collect puts the views of an attempt together: the one that shows most
// messages first, since the places of the others' rungs are found by what they
// have in common with it.
func (a *Attempt) collect() []*item {
	var views [][]*item
	for _, s := range a.strands {
		// A table of SAs is of one moment, and tells in no order.
		if a.tunnel.view.engine.sources[s.key.source].Kind != KindState && !s.state() && len(views) < ladderStrands {
			views = append(views, a.items(s))
		}
	}
	slices.SortStableFunc(views, func(x, y []*item) int { return cmp.Compare(worth(y), worth(x)) })
	var all []*item
	for _, v := range views {
		all = weave(all, v)
	}
	return all
}

// worth orders views: those with most messages first.
func worth(view []*item) (n int) {
	for _, x := range view {
		if x.rung.Kind == RungMessage {
			n++
		}
	}
	return n
}

// weave puts the items of a view to where they belong among those of others:
// what both show is one; the rest stands between its neighbours in its own view,
// and among what others show there by its time, set right by what was last in
// common.
func weave(all, view []*item) []*item {
	if len(all) == 0 {
		return view[:min(len(view), rungsCollected)]
	}
	mate := make([]*item, len(view)) // among all
	taken := make(map[*item]bool, len(view))
	for i, x := range view {
		if y := x.mate(all, taken); y != nil {
			mate[i], taken[y] = y, true
		}
	}
	ahead, known := time.Duration(0), false
	for i, x := range view {
		if y := mate[i]; !known && y != nil && !x.when.IsZero() && !y.when.IsZero() {
			ahead, known = y.when.Sub(x.when), true
		}
	}
	pos := 0
	for i, x := range view {
		if y := mate[i]; y != nil {
			if !x.when.IsZero() && !y.when.IsZero() {
				ahead = y.when.Sub(x.when)
			}
			y.fold(x)
			pos = max(pos, slices.Index(all, y)+1)
			continue
		}
		if len(all) >= rungsCollected {
			continue
		}
		if !x.when.IsZero() {
			x.when = x.when.Add(ahead)
		}
		if x.after != nil {
			if j := slices.IndexFunc(all, x.after.same); j >= 0 {
				pos = max(pos, j+1)
			}
		}
		for pos < len(all) && !taken[all[pos]] && x.follow(all[pos]) {
			pos++
		}
		all = slices.Insert(all, pos, x)
		pos++
	}
	return all
}

// mate finds what is the same among the items of others. A message that the
// source has shown already, in another negotiation of its own, is a repetition
// to all others.
func (x *item) mate(all []*item, taken map[*item]bool) (y *item) {
	for _, y = range all {
		if !y.same(x) || taken[y] {
			continue
		}
		if x.rung.Kind == RungMessage && !x.rung.Repeated && y.from(&x.rung.Seen[0]) != nil {
			again := *x
			again.rung.Repeated = true
			if z := again.mate(all, taken); z != nil {
				return z
			}
		}
		return y
	}
	return nil
}

// follow reports whether an item comes after one of another view. What has no
// time stays with what it follows in its own, unless it is an end.
func (x *item) follow(y *item) bool {
	if x.when.IsZero() {
		return x.rung.Kind == RungGaveUp || x.rung.Kind == RungFailed || x.rung.Kind == RungEnd
	}
	return y.when.Before(x.when)
}

// ladder draws the attempt.
func (a *Attempt) ladder() Ladder {
	l := Ladder{Attempt: int(a.index) + 1, Initiator: a.EndOf(Initiator), Flows: a.flowReports()}
	all := a.collect()
	losses := a.Losses()
	l.Rungs = slices.Grow(l.Rungs, min(len(all), rungsKept))
	if over := len(all) - rungsKept; over > 0 {
		l.Left, l.Gap = over, rungsKept/2
	}
	for i, x := range all {
		if i >= l.Gap && i < l.Gap+l.Left {
			continue
		}
		r := x.rung
		if r.MessageID = uint32(x.child); r.Kind == RungMessage {
			a.fate(&r, x, all[i+1:], losses)
			r.Text = r.text()
		}
		slices.SortStableFunc(r.Seen, func(g, h Glimpse) int {
			return cmp.Or(cmp.Compare(g.At.order(), h.At.order()), a.tunnel.view.engine.compareSource(g.Source, h.Source), cmp.Compare(g.Where.Line, h.Where.Line), cmp.Compare(g.Where.Frame, h.Where.Frame))
		})
		l.Rungs = append(l.Rungs, r)
	}
	return l
}

// order is the place of a side from left to right.
func (s Side) order() int {
	switch s {
	case Initiator:
		return 0
	case SideUnknown:
		return 1
	}
	return 2
}

// draw gives the tunnels of a report their ladders, as many as it may hold:
// those that the findings are about come first.
func (e *Engine) draw(r *Report) {
	index := make(map[string]int, len(e.tunnels))
	for i, t := range e.tunnels {
		index[t.id()] = i
	}
	drawn := map[int]bool{}
	draw := func(i, attempt int) {
		if len(drawn) < ladderTunnels && !drawn[i] {
			drawn[i] = true
			t := e.tunnels[i]
			r.Tunnels[i].Settings = t.view.settings()
			for _, a := range t.shown(attempt) {
				if l := a.ladder(); len(l.Rungs)+len(l.Flows) > 0 {
					r.Tunnels[i].Ladders = append(r.Tunnels[i].Ladders, l)
				}
			}
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if j, ok := index[f.Tunnel]; ok && f.Status == Active && (f.Kind == Cause || f.Kind == Symptom) {
			draw(j, f.attempt)
		}
	}
	for i := range e.tunnels {
		draw(i, -1)
	}
}

// shown picks the attempts whose ladders a report shows: the one that is asked
// for and the last ones.
func (t *tunnel) shown(attempt int) (as []*Attempt) {
	for i, a := range t.attempts {
		room := laddersKept
		if attempt >= 0 && attempt < len(t.attempts)-laddersKept {
			room--
		}
		if i == attempt || i >= len(t.attempts)-room {
			as = append(as, a)
		}
	}
	return as
}
