package report

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// A ladderView is an attempt as people read it: the initiator on the left.
type ladderView struct {
	title safe
	roles [2]safe // of the lines on the left and on the right
	heads [2]safe // and whose they are
	day   safe    // of the first step, and what was assumed of it
	steps []*step
	left  int // steps that are missing before the one at gap
	gap   int
	flows []*flowView
	shows bool // the one that the part's first finding is about
}

// smooth reports whether nothing stands out in an attempt: what is wrong is not
// in its messages.
func (v *ladderView) smooth() bool {
	return !slices.ContainsFunc(v.steps, func(s *step) bool { return s.decides || s.rung.Fault || s.outcome != "" })
}

// Columns of a ladder.
const (
	onLeft = iota
	onPath
	onRight
)

// A step is a rung of a ladder.
type step struct {
	rung    *diag.Rung
	side    int  // where it comes from or happens: onLeft, onRight, onPath where nothing tells
	label   safe // what it is, and how often
	outcome safe // what became of a message, empty where it came
	decides bool // the part's first finding rests on it
	sights  [3][]*sight
}

// A sight is a place that shows a step, or the first of several.
type sight struct {
	source *diag.SourceReport
	from   safe // the source's name
	place  string
	moment string
	more   safe // "3 more, the last at 12:00:14"
	text   safe // of a log; what a packet is the step says
}

// message reports whether the step is an arrow.
func (s *step) message() bool { return s.rung.Kind == diag.RungMessage && s.side != onPath }

// ladders lays out the attempts of a section's tunnel.
func (b *builder) ladders(s *section) (out []*ladderView) {
	t := s.tunnel
	rests := decisive(s)
	best, most := -1, 0
	for i := range t.Ladders {
		v, decides := b.ladder(s, &t.Ladders[i], rests)
		if best < 0 || decides > most || decides == most && len(v.steps) >= len(out[best].steps) {
			best, most = i, decides
		}
		out = append(out, v)
	}
	if best >= 0 {
		out[best].shows = true
	}
	return out
}

// decisive lists the places that a section's first finding rests on: those of
// the best evidence that a ladder can show.
func decisive(s *section) map[sightKey]diag.Weight {
	if len(s.incidents) == 0 {
		return nil
	}
	places := map[sightKey]diag.Weight{}
	for _, e := range s.incidents[0].head.Evidence {
		if e.Against || e.Weight < diag.Strong || e.Kind == diag.EvidenceConfig || e.Kind == diag.EvidenceAbsence {
			continue
		}
		k := sightKey{e.Source, e.Where.Line, e.Where.Frame}
		places[k] = max(places[k], e.Weight)
	}
	return places
}

type sightKey struct {
	source      diag.SourceID
	line, frame int
}

func (b *builder) ladder(s *section, l *diag.Ladder, rests map[sightKey]diag.Weight) (v *ladderView, decides int) {
	v = &ladderView{title: "The exchange", left: l.Left, gap: l.Gap}
	if n := s.tunnel.Attempts; n > 1 {
		v.title = safe(fmt.Sprintf("Attempt %d of %d", l.Attempt, n))
	}
	ends := [2]int{l.Initiator, 1 - l.Initiator}
	for i, role := range [2]safe{"initiator", "responder"} {
		v.roles[i] = role
		if l.Initiator >= 0 {
			v.heads[i] = endName(&s.tunnel.Ends[ends[i]])
		}
	}
	best := diag.Strong
	for i := range l.Rungs {
		x := b.step(&l.Rungs[i], v)
		for _, g := range x.rung.Seen {
			if w := rests[sightKey{g.Source, g.Where.Line, g.Where.Frame}]; w > best {
				best, decides = w, 0 // what is weaker is not what it rests on
				for _, y := range v.steps {
					y.decides = false
				}
				x.decides = true
			} else if w == best {
				x.decides = true
			}
		}
		if x.decides {
			decides++
		}
		v.steps = append(v.steps, x)
	}
	v.flows = b.flows(l)
	return v, decides
}

// column is where a side stands.
func column(s diag.Side) int {
	switch s {
	case diag.Initiator:
		return onLeft
	case diag.Responder:
		return onRight
	}
	return onPath
}

func (b *builder) step(r *diag.Rung, v *ladderView) *step {
	x := &step{rung: r, side: column(r.Side), label: say(r.Text)}
	times := max(r.Sent, r.Arrived)
	for i := range r.Seen {
		g := &r.Seen[i]
		times = max(times, g.Count)
		n := column(g.At)
		x.sights[n] = append(x.sights[n], b.sight(g))
		if v.day == "" && g.Time.Known() {
			v.day = day(g.Time)
		}
	}
	switch {
	case r.Repeated && times > 1:
		x.label += safe(fmt.Sprintf(", repeated %d times", times))
	case r.Repeated:
		x.label += ", repeated"
	case times > 1 && repeats(r.Kind):
		x.label += safe(fmt.Sprintf(", %d times", times))
	}
	if x.message() {
		x.outcome = fateText(r)
	}
	return x
}

// repeats reports whether it says something that a thing of its kind was seen
// several times: a log tells in two lines that an end gave up.
func repeats(k diag.RungKind) bool {
	switch k {
	case diag.RungMessage, diag.RungLookup, diag.RungCheck, diag.RungObstacle, diag.RungUnreachable, diag.RungRekey:
		return true
	}
	return false
}

// fateText says what became of a message that did not simply come.
func fateText(r *diag.Rung) safe {
	to := word(r.Side.Other().String())
	switch r.Fate {
	case diag.FateLost:
		return "lost on the way"
	case diag.FatePartly:
		if r.Arrived == 0 {
			return "came in parts only"
		}
		return safe(fmt.Sprintf("came %d of %d times", r.Arrived, r.Sent))
	case diag.FateUnseen:
		return "not seen at the " + to
	case diag.FateUnknown:
		if !r.Repeated {
			return "nothing tells whether it came"
		}
	}
	return ""
}

func (b *builder) sight(g *diag.Glimpse) *sight {
	s := &sight{source: b.source(g.Source), place: spot(g.Where), moment: moment(g.Time)}
	if s.source != nil {
		s.from = b.name(s.source)
	}
	if g.Count > 1 {
		s.more = safe(fmt.Sprintf("%d times", g.Count))
		if at := spot(g.Last); at != "" {
			s.more += safe(", the last at " + at)
			if m := moment(g.Until); m != "" {
				s.more += safe(", " + m)
			}
		}
	}
	if g.Incomplete {
		s.more = joined(", ", "parts of it are missing", s.more)
	}
	if g.Where.Frame == 0 {
		s.text = say(g.Text)
		if g.Time.Known() {
			if rest, ok := message(string(s.text), g.Time.Value.UTC().Format("15:04:05")); ok {
				s.text = safe(rest)
			}
		}
	}
	return s
}

// day is the date of a time in UTC, and what was assumed of it.
func day(t diag.Time) safe {
	d := safe(t.Value.UTC().Format("2006-01-02"))
	if t.Value.Year() == 1970 {
		d = safe(t.Value.UTC().Format("2 Jan")) // nothing told the year
	}
	if t.Assumed != "" {
		d += ", " + brief(t.Assumed) + " assumed"
	}
	return d
}

// describe says a step in a sentence, for those who cannot see the arrow.
func (s *step) describe() safe {
	who := word(s.rung.Side.String())
	if !s.message() {
		return joined(": ", who, s.label)
	}
	text := who + " to " + word(s.rung.Side.Other().String()) + ": " + s.label
	switch {
	case s.outcome != "":
		text += "; " + s.outcome
	case s.rung.Fate == diag.FateArrived:
		text += "; arrived"
	}
	return text
}

// places lists the places in a column, shortest first told: lines and frames.
func (s *step) places(column int) (out []string) {
	for _, x := range s.sights[column] {
		if x.place != "" && !slices.Contains(out, x.place) {
			out = append(out, x.place)
		}
	}
	return out
}

// moment is the time of a step in a column: of the source that tells it best.
func (s *step) moment(column int) (best string) {
	for _, x := range s.sights[column] {
		if len(x.moment) > len(best) {
			best = x.moment
		}
	}
	return best
}

// clock is the column whose times a ladder shows where there is room for one.
func (v *ladderView) clock() int {
	for _, c := range [...]int{onLeft, onPath, onRight} {
		if slices.ContainsFunc(v.steps, func(s *step) bool { return s.moment(c) != "" }) {
			return c
		}
	}
	return onLeft
}
