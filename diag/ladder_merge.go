package diag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// A drawing is what a ladder is put together of. What it has room for serves
// for the next attempt's.
type drawing struct {
	*Attempt
	items  []item    // that its views show
	lists  []*item   // the same, one view after the other
	places []*item   // of one of them
	missed [3]Fate   // by side, of what it was sent, where none of its sources shows the attempt
	asked  [3]bool   // by side, whether that is known
	texts  [64]named // of messages that say nothing, where their place points
}

// named is the text of a message that says nothing, by its exchange and number.
type named struct {
	exchange isakmp.ExchangeType
	number   uint8
	text     string
}

// collect puts the views of an attempt together: the one that shows most
// messages first, since the places of the others' rungs are found by what they
// have in common with it.
func (d *drawing) collect() []*item {
	var room [ladderStrands]*strand
	strands, n := room[:0], 0
	for _, s := range d.strands {
		// A table of SAs is of one moment, and tells in no order.
		if d.tunnel.view.engine.sources[s.key.source].Kind != KindState && !s.state() && len(strands) < ladderStrands {
			strands = append(strands, s)
			n += len(s.facts())
		}
	}
	d.items, d.lists = slices.Grow(d.items[:0], n), slices.Grow(d.lists[:0], n) // their addresses stay
	var listed [ladderStrands][]*item
	views := listed[:len(strands)]
	for i, s := range strands {
		views[i] = d.list(s)
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
	for _, y := range all {
		y.mate = nil
	}
	var dated *item // the last that both show with a time, at first the first
	for _, x := range view {
		if y := x.among(all); y != nil {
			x.mate, y.mate = y, x
			if dated == nil && x.dated() {
				dated = x
			}
		}
	}
	pos := 0
	for _, x := range view {
		if y := x.mate; y != nil {
			if x.dated() {
				dated = x
			}
			y.fold(x)
			pos += slices.Index(all[pos:], y) + 1
			continue
		}
		if len(all) >= rungsCollected {
			continue
		}
		if dated != nil && x.when.clock != nil {
			x.when.since += dated.mate.when.sub(dated.when)
		}
		if x.after != nil {
			if j := slices.IndexFunc(all, x.after.same); j >= 0 {
				pos = max(pos, j+1)
			}
		}
		for pos < len(all) && all[pos].mate == nil && x.follow(all[pos]) {
			pos++
		}
		all = slices.Insert(all, pos, x)
		pos++
	}
	return all
}

// dated reports whether an item and its mate have times.
func (x *item) dated() bool { return x.when.clock != nil && x.mate.when.clock != nil }

// among finds what is the same among the items of others. A message that the
// source has shown already, in another negotiation of its own, is a repetition
// to all others.
func (x *item) among(all []*item) *item {
	y := x.free(all)
	if y != nil && x.rung.Kind == RungMessage && !x.rung.Repeated && y.from(&x.shown) != nil {
		x.rung.Repeated = true
		z := x.free(all)
		x.rung.Repeated = false
		if z != nil {
			return z
		}
	}
	return y
}

// free returns the first that is the same and has no mate.
func (x *item) free(all []*item) *item {
	for _, y := range all {
		if y.mate == nil && (y.class == x.class || y.loose || x.loose) && y.same(x) {
			return y
		}
	}
	return nil
}

// follow reports whether an item comes after one of another view. What has no
// time stays with what it follows in its own, unless it is an end.
func (x *item) follow(y *item) bool {
	if x.when.clock == nil {
		return x.rung.Kind == RungGaveUp || x.rung.Kind == RungFailed || x.rung.Kind == RungEnd
	}
	return y.when.clock == nil || y.when.before(x.when)
}

// ladder draws an attempt.
func (d *drawing) ladder(a *Attempt) Ladder {
	d.Attempt = a
	d.missed, d.asked = [3]Fate{}, [3]bool{}
	l := Ladder{Attempt: int(a.index) + 1, Initiator: a.EndOf(Initiator), Flows: a.flowReports()}
	all := d.collect()
	losses := a.Losses()
	if over := len(all) - rungsKept; over > 0 {
		l.Left, l.Gap = over, rungsKept/2
	}
	n, size := 0, 0 // of the places that show its rungs, and of their texts
	for i, x := range all {
		for y := x; y != nil && !l.leaves(i); y = y.also {
			n, size = n+1, size+int(y.shown.first.size)
		}
	}
	l.Rungs = slices.Grow(l.Rungs, min(len(all), rungsKept))
	seen := make([]Glimpse, n)
	var texts strings.Builder
	texts.Grow(size)
	for i, x := range all {
		if l.leaves(i) {
			continue
		}
		l.Rungs = append(l.Rungs, x.rung)
		r, places := &l.Rungs[len(l.Rungs)-1], d.placesOf(x)
		r.Seen, seen = seen[:len(places):len(places)], seen[len(places):]
		for j, y := range places {
			from := texts.Len()
			texts.Write(y.shown.by.said(y.shown.first))
			y.shown.glimpse(&r.Seen[j], texts.String()[from:])
		}
		if r.MessageID = uint32(x.child); r.Kind == RungMessage {
			d.fate(r, all[i+1:], losses)
			r.Text = d.text(r)
		}
	}
	return l
}

// leaves reports whether a ladder has no room for the rung of an item.
func (l *Ladder) leaves(i int) bool { return i >= l.Gap && i < l.Gap+l.Left }

// placesOf lists where an item is shown, in the order of a rung's.
func (d *drawing) placesOf(x *item) []*item {
	d.places = append(d.places[:0], x)
	if x.also == nil {
		return d.places
	}
	for x = x.also; x != nil; x = x.also {
		d.places = append(d.places, x)
	}
	slices.SortStableFunc(d.places, func(x, y *item) int {
		return cmp.Or(cmp.Compare(x.shown.at.order(), y.shown.at.order()), d.tunnel.view.engine.compareSource(x.shown.by.key.source, y.shown.by.key.source), cmp.Compare(x.at/spotUnit, y.at/spotUnit))
	})
	return d.places
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
	for i := range r.Tunnels {
		index[r.Tunnels[i].ID] = i
	}
	drawn, with := map[int]bool{}, drawing{}
	draw := func(i, attempt int) {
		if len(drawn) < ladderTunnels && !drawn[i] {
			drawn[i] = true
			t := e.tunnels[i]
			r.Tunnels[i].Settings = t.view.settings()
			for _, a := range t.shown(attempt) {
				if l := with.ladder(a); len(l.Rungs)+len(l.Flows) > 0 {
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
