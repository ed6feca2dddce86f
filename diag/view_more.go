package diag

import (
	"slices"
	"time"
)

// After reports whether the evidence stands later in the same source than x.
// It compares places, not clocks; evidence of two sources has no order.
func (e Evidence) After(x Evidence) bool {
	return e.Source == x.Source && x.Where.before(e.Where)
}

// Elapsed returns the time between two pieces of evidence of one source, whose
// clock is then the same; ok is false for two sources, and where one of them
// has no time.
func Elapsed(from, to Evidence) (d time.Duration, ok bool) {
	if from.Source != to.Source || !from.Time.Known() || !to.Time.Known() {
		return 0, false
	}
	return to.Time.Value.Sub(from.Time.Value), true
}

// Kind returns the kind of the source that a piece of evidence is from.
func (v *View) Kind(e Evidence) SourceKind {
	if uint64(e.Source) >= uint64(len(v.engine.sources)) {
		return KindUnknown
	}
	return v.engine.sources[e.Source].Kind
}

// Dated returns the time of a piece of evidence; where its source does not say
// the year, that of the attempt in another source, which suffices to tell
// years. It is unknown where no source does.
func (a *Attempt) Dated(e Evidence) Time {
	if e.Time.Value.Year() > noYear {
		return e.Time
	}
	for _, s := range a.strands {
		if s.start().Value.Year() > noYear {
			return s.start()
		}
	}
	return Time{}
}

// Written returns when the source of a piece of evidence was written to last,
// the zero time where nobody knows: what it tells is not later.
func (v *View) Written(e Evidence) time.Time {
	if uint64(e.Source) >= uint64(len(v.engine.sources)) {
		return time.Time{}
	}
	return v.engine.sources[e.Source].Written
}

// noYear is the last year in which nobody ran IKE. What is dated earlier has a
// clock, and no year.
const noYear = 1997

// clockSlack is how far the clocks of two gateways may be apart and still be
// called the same.
const clockSlack = 5 * time.Minute

// ClocksAgree reports whether two gateways saw the attempt at the same time by
// their own clocks: then neither of them is wrong by much, or both are.
func (a *Attempt) ClocksAgree() (Evidence, bool) {
	for i, s := range a.strands {
		for _, t := range a.strands[:i] {
			g, h := s.gateway, t.gateway
			if g == nil || h == nil || g == h || !s.start().Known() || !t.start().Known() {
				continue
			}
			if d := s.start().Value.Sub(t.start().Value); d.Abs() <= clockSlack && s.start().Value.Year() > noYear && t.start().Value.Year() > noYear {
				return a.tunnel.view.strandEvidence(s), true
			}
		}
	}
	return Evidence{}, false
}

func (v *View) strandEvidence(s *strand) Evidence {
	e := Evidence{Source: s.key.source, Kind: v.engine.sources[s.key.source].Kind.evidence(), Where: s.first.where(), Time: s.start(), Basis: Logged}
	if g := s.gateway; g != nil {
		e.Gateway = g.id
	}
	return e
}

// at returns the side that a strand is the view of.
func (s *strand) at() Side {
	if s.observer {
		return s.nearer()
	}
	return s.side()
}

// SeenAt returns the first fact of a kind that match accepts and that a side's
// own source shows: its log, or a capture taken there.
func (a *Attempt) SeenAt(side Side, kind BodyKind, match func(Body) bool) (Evidence, bool) {
	for _, s := range a.strands {
		if s.at() != side {
			continue
		}
		for _, sl := range s.factsOf(kind) {
			if sl.kind == kind && match(sl.first.body) {
				return a.tunnel.view.evidence(s, &sl.first), true
			}
		}
	}
	return Evidence{}, false
}

// Unseen reports whether a side's own sources show facts of a kind in this
// attempt and, although they would, none that match accepts: it never came to
// that side, or never left it. What the other side's sources show does not
// count. It is false where no source of that side shows facts of the kind.
func (a *Attempt) Unseen(side Side, kind BodyKind, match func(Body) bool) (e Evidence, ok bool) {
	hidden := func(c *Coverage) bool { // a filter may keep it from the source
		return c.Hides != 0 && kind == BodyMessage && c.Hides&a.packetsOf(match) != 0
	}
	for _, s := range a.strands {
		if s.at() != side {
			continue
		}
		src := &a.tunnel.view.engine.sources[s.key.source].Source
		shows := src.Coverage.Shows.Has(kind) && !src.Coverage.CutEnd && s.open().dropped == 0
		var last Time
		any := false
		for _, sl := range s.factsOf(kind) {
			if sl.kind != kind {
				continue
			}
			any = true
			if match(sl.first.body) {
				return Evidence{}, false
			}
			// What is only repeated is no progress: the source goes on, and
			// waits.
			if t := sl.first.time(); t.Value.After(last.Value) {
				last = t
			}
		}
		// A capture shows what came to the host, a log what came to its daemon.
		gaps := src.Coverage.Lost > 0 || hidden(&src.Coverage) || src.Kind == KindCapture && a.patchy(s, side)
		if shows && any && (!ok || src.Kind == KindCapture && (e.gaps || !gaps)) {
			ok = true
			e = a.tunnel.view.absence(s.key.source, s)
			e.gaps = gaps
			e.Span = &Span{last, Time{Value: src.Coverage.To}}
			if e.Span.To.Value.Before(s.end().Value) {
				e.Span.To = s.end()
			}
		}
	}
	return e, ok
}

// Whole reports whether the source of an absence that Unseen found would have
// shown what is missing: a capture may have been made with a filter, or its
// recorder have missed some of it.
func (e Evidence) Whole() bool { return !e.gaps }

// Outlasts reports whether such an absence is of a Whole source and lasted for
// a while: the source goes on after the last new thing that came, and did not
// just end too early.
func (e Evidence) Outlasts() bool {
	t := e.span()
	return !e.gaps && t.From.Known() && t.To.Value.Sub(t.From.Value) >= aWhile
}

// Outlasted reports whether a source that shows the attempt goes on for a while
// after the last thing of it: what did not come would have come. It is false
// where the evidence ends with the attempt.
func (a *Attempt) Outlasted() bool {
	return slices.ContainsFunc(a.strands, func(s *strand) bool {
		return s.end().Known() && a.tunnel.view.engine.sources[s.key.source].Coverage.To.Sub(s.end().Value) >= aWhile
	})
}

// aWhile is the time in which an initiator repeats a message that got no
// answer, by any implementation's default.
const aWhile = 3 * time.Second

func (v *View) absence(id SourceID, s *strand) Evidence {
	src := &v.engine.sources[id].Source
	e := Evidence{Source: id, Kind: EvidenceAbsence, Basis: Logged, Span: &Span{Time{Value: src.Coverage.From}, Time{Value: src.Coverage.To}}, gaps: src.Coverage.Lost > 0}
	if s != nil {
		e.Where, *e.Span = s.open().last.where(), Span{s.start(), s.end()}
		if g := s.gateway; g != nil {
			e.Gateway = g.id
		}
	}
	return e
}

// Missed reports whether the sources of a side, which are there and would have
// shown the attempt, show nothing of it at all. spans says that one of them
// covers the time in which the other side saw it; otherwise the source may
// merely have ended before, or its clock be wrong.
//
// kinds limits the sources that are asked; none are all.
func (a *Attempt) Missed(side Side, kinds ...SourceKind) (e Evidence, spans, ok bool) {
	far := a.sourcesOf(side)
	slices.SortFunc(far, a.tunnel.view.engine.compareSource)
	if len(kinds) > 0 {
		far = slices.DeleteFunc(far, func(id SourceID) bool { return !slices.Contains(kinds, a.tunnel.view.engine.sources[id].Kind) })
	}
	if len(far) == 0 || slices.ContainsFunc(a.strands, func(s *strand) bool { return slices.Contains(far, s.key.source) }) {
		return Evidence{}, false, false
	}
	for _, b := range a.tunnel.attempts {
		for _, s := range b.strands {
			// It tells of several attempts at once, and stands with one.
			if s.caller() && slices.Contains(far, s.key.source) && slices.ContainsFunc(a.strands, s.mayBeDuring) {
				return Evidence{}, false, false
			}
		}
	}
	if a.elsewhere(side, far) {
		return Evidence{}, false, false
	}
	start, end := a.start(), a.end()
	hidden := func(c *Coverage) bool {
		return c.Hides != 0 && c.Hides&a.packetsOf(func(Body) bool { return true }) != 0
	}
	for _, id := range far {
		c := &a.tunnel.view.engine.sources[id].Coverage
		if !c.Shows.Has(BodyMessage) || start.Known() && !c.To.IsZero() && (c.To.Before(start.Value.Add(-sameDay)) || c.From.After(end.Value.Add(sameDay))) {
			continue
		}
		covers := start.Known() && !c.From.IsZero() && !c.From.After(start.Value) && !c.To.Before(end.Value) && !c.CutEnd && !c.CutStart && c.Lost == 0 && !hidden(c)
		if !ok || covers && !spans {
			e, spans, ok = a.tunnel.view.absence(id, nil), covers, true
		}
	}
	return e, spans, ok
}

// elsewhere reports whether one of a side's sources shows the negotiation itself,
// by what tells it from all others, in another tunnel of its gateway: as where a
// peer goes by two addresses. Where the side's gateway is not known, the sources
// are few (see sourcesOf).
func (a *Attempt) elsewhere(side Side, far []SourceID) bool {
	gateways := a.tunnel.view.engine.gateways
	if l := a.tunnel.view.leg(a.EndOf(side)); l != nil {
		gateways = []*gateway{l.gateway}
	}
	for _, g := range gateways {
		if len(g.legs) > fewSources || !slices.ContainsFunc(g.units, func(u *unit) bool { return slices.Contains(far, u.id) }) {
			continue
		}
		for _, l := range g.legs {
			for _, s := range l.strands {
				if slices.Contains(far, s.key.source) && slices.ContainsFunc(a.strands, func(o *strand) bool { return sharesToken(s, o) }) {
					return true
				}
			}
		}
	}
	return false
}

// sameDay is how far apart two sources may be and still tell of one event.
const sameDay = 24 * time.Hour

// fewSources is the number of sources up to which those that show nothing at
// all are looked for by their group.
const fewSources = 256

// A groupSet is a set of the groups that sources come in, of which there are few.
type groupSet []string

func (s groupSet) has(group string) bool { return slices.Contains(s, group) }

func (s groupSet) with(group string) groupSet {
	if s.has(group) {
		return s
	}
	return append(s, group)
}

// sourcesOf lists the logs and captures of the gateway that has a role in the
// attempt: those of its tunnel's end, else, where all sources come in two
// groups, those of the other group.
func (a *Attempt) sourcesOf(side Side) (ids []SourceID) {
	v := a.View()
	all := v.engine.sources
	var room [2][4]string
	near, groups := groupSet(room[0][:0]), groupSet(room[1][:0])
	for _, s := range a.strands {
		if s.at() != side {
			near = near.with(all[s.key.source].Group)
		}
	}
	if l := a.tunnel.view.leg(a.EndOf(side)); l != nil {
		for _, u := range l.gateway.units {
			if len(groups) < 2 { // two are too many
				groups = groups.with(u.source.Group)
			}
			if near.has(u.source.Group) && u.source.Err == "" && (u.source.Kind == KindLog || u.source.Kind == KindCapture) {
				ids = append(ids, u.id) // of a folder that both share
			}
		}
		if len(ids) > 0 {
			return ids
		}
	} else if len(all) <= fewSources {
		for name, g := range v.engine.grouped() {
			if g.views && !near.has(name) && len(groups) < 2 {
				groups = groups.with(name)
			}
		}
	}
	if len(groups) != 1 || len(all) > fewSources || near.has(groups[0]) {
		return nil
	}
	group := v.engine.grouped()[groups[0]]
	// A host that is known by other addresses was not the one that was dialled.
	_, remote := a.Addresses(side.Other())
	if remote.IsValid() && slices.ContainsFunc(group.gateways, func(g *gateway) bool { return len(g.addrs) > 0 && !g.owns(remote) }) {
		return nil
	}
	return slices.Clone(group.told)
}

// A sourceGroup is what sources of one group are.
type sourceGroup struct {
	views    bool       // there are others than secrets: keys are nobody's view
	told     []SourceID // logs and captures that were read
	gateways []*gateway // whose views those are
}

// grouped returns the groups of the sources.
func (e *Engine) grouped() map[string]*sourceGroup {
	if e.groups != nil {
		return e.groups
	}
	e.groups = map[string]*sourceGroup{}
	for i := range e.sources {
		s := &e.sources[i].Source
		g := e.groups[s.Group]
		if g == nil {
			g = &sourceGroup{}
			e.groups[s.Group] = g
		}
		g.views = g.views || s.Kind != KindSecrets
		if (s.Kind == KindLog || s.Kind == KindCapture) && s.Err == "" {
			g.told = append(g.told, SourceID(i))
		}
	}
	for _, h := range e.gateways {
		for _, u := range h.units {
			if g := e.groups[e.sources[u.id].Group]; slices.Contains(g.told, u.id) && !slices.Contains(g.gateways, h) {
				g.gateways = append(g.gateways, h)
			}
		}
	}
	return e.groups
}
