package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// Bounds of the evidence for a finding that is shown at once; formats fold or
// leave out the rest.
const (
	rowsOfSource = 4 // for an incident's best explanation
	rowsOfOther  = 3 // for each of the others, of all sources
	// rowsOfContext is how many rows a source gets that say where something
	// was and not what: less where it has better ones.
	rowsOfContext = 2
)

// A row is a piece of evidence laid out.
type row struct {
	e                   *diag.Evidence
	end                 int // of the tunnel, -1 where of neither
	source              *diag.SourceReport
	from                safe // the source's name
	who                 safe // the end
	mark, place, moment string
	text                safe
	chosen              bool // to be shown at once
}

// proofs lays out the places that show a finding, by end and source.
func (b *builder) proofs(s *section, f *diag.Finding, best bool) *proofs {
	p := &proofs{legend: legend(f), rows: b.rows(s, f)}
	b.choose(p.rows, best)
	return p
}

// chosen returns the rows to be shown at once and the number of the others.
func (p *proofs) chosen() (kept []*row, left int) {
	for _, r := range p.rows {
		if r.chosen {
			kept = append(kept, r)
		}
	}
	return kept, len(p.rows) - len(kept)
}

// legend explains the marks that a finding's evidence bears.
func legend(f *diag.Finding) safe {
	var proof, against bool
	for i := range f.Evidence {
		e := &f.Evidence[i]
		proof = proof || e.Weight == diag.Proof && !e.Against
		against = against || e.Against
	}
	switch {
	case proof && against:
		return " (> proves it, x speaks against it)"
	case proof:
		return " (> proves it)"
	case against:
		return " (x speaks against it)"
	}
	return ""
}

// rows lays a finding's evidence out, the initiator's first.
func (b *builder) rows(s *section, f *diag.Finding) []*row {
	rows := make([]*row, 0, len(f.Evidence))
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e.Kind == diag.EvidenceAbsence && e.Weight < diag.Proof && e.Span != nil && e.Span.From.Known() && e.Span.To.Value.Sub(e.Span.From.Value) < time.Second {
			continue // it was not looked at for long enough to say something to people
		}
		r := &row{e: e, end: s.end(b.of(e)), source: b.source(e.Source), mark: " ", text: say(e.Text)}
		if r.source != nil {
			r.from = b.name(r.source)
		}
		r.who = s.teller(r.end, r.source)
		switch {
		case e.Against:
			r.mark = "x"
		case e.Weight == diag.Proof:
			r.mark = ">"
		}
		r.place = spot(e.Where)
		if e.Kind == diag.EvidenceAbsence {
			r.place = "after " + r.place
			if e.Where.Frame == 0 && e.Where.Line == 0 {
				r.place = ""
			}
			r.text = absence(e)
		}
		r.moment = moment(e.Time)
		if day := e.Time.Value.UTC().Format(time.TimeOnly); e.Time.Known() && strings.Contains(e.Text, day) {
			if rest, ok := message(string(r.text), day); ok && !b.verbose {
				r.text = safe(rest)
			} else {
				r.moment = ""
			}
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return s.rank(a.end) - s.rank(b.end) })
	return rows
}

// spot is a place in a source: a line or a frame.
func spot(w diag.Where) string {
	switch {
	case w.Frame > 0:
		return fmt.Sprintf("#%d", w.Frame)
	case w.Line > 0:
		return fmt.Sprintf(":%d", w.Line)
	}
	return ""
}

// teller names the end that a piece of evidence is of.
func (s *section) teller(end int, src *diag.SourceReport) (who safe) {
	switch {
	case end >= 0:
		return joined(" ", s.label(end), s.addressOf(end))
	case src == nil:
		return "elsewhere"
	}
	return ""
}

// rank orders ends: initiator, responder, unknown ones, elsewhere.
func (s *section) rank(end int) int {
	if end < 0 {
		return 9
	}
	switch s.tunnel.Ends[end].Role {
	case diag.Initiator:
		return 0
	case diag.Responder:
		return 1
	}
	return 2 + end
}

// choose marks the weightiest rows.
func (b *builder) choose(rows []*row, best bool) {
	byWeight := slices.Clone(rows)
	slices.SortStableFunc(byWeight, func(x, y *row) int { return y.weight() - x.weight() })
	ofSource := map[*diag.SourceReport]int{}
	for n, r := range byWeight {
		src := r.source
		switch {
		case b.verbose:
			r.chosen = true
		case best:
			r.chosen = ofSource[src] < rowsOfSource && (r.weight() > 0 || ofSource[src] < rowsOfContext)
		default:
			r.chosen = n < rowsOfOther
		}
		if r.chosen {
			ofSource[src]++
		}
	}
}

func (r *row) weight() int {
	if r.e.Against {
		return int(diag.Proof)
	}
	return int(r.e.Weight)
}

// absence says what was not seen.
func absence(e *diag.Evidence) safe {
	t := say(e.Text)
	if t == "" {
		t = "nothing of the kind"
	}
	if p := e.Span; p != nil && p.From.Known() && p.To.Known() {
		t += safe(" from " + p.From.Value.UTC().Format(time.TimeOnly) + " to " + p.To.Value.UTC().Format(time.TimeOnly))
	}
	return t
}

// message returns a line of a log without the time, host and process that it
// starts with, since the time and the place are shown beside it: what the line
// says is at its end, and lines are cut.
func message(text, day string) (string, bool) {
	i := strings.Index(text, day)
	if i < 0 || i > 32 {
		return "", false
	}
	after := text[i+len(day):]
	prefix, rest, ok := strings.Cut(after, ": ")
	fields := strings.Fields(prefix)
	switch {
	case ok && rest != "" && len(prefix) <= 64 && !strings.ContainsAny(prefix, "\"'") && len(fields) <= 3 && (len(fields) == 0 || !thread(fields[0])):
		return rest, true
	case i <= len("2006-01-02T") && len(after) > 1 && after[0] == ' ':
		return after[1:], true // a file that a daemon writes itself: no host, no process
	}
	return "", false
}

// thread reports whether a word is what charon begins its messages with, such as
// 12[IKE].
func thread(w string) bool { return w[0] <= '9' && strings.HasSuffix(w, "]") }

// moment is the time of day in UTC, to a millisecond where its source counts in
// such units.
func moment(m diag.Time) string {
	if !m.Known() {
		return ""
	}
	t := m.Value.UTC()
	if p := m.Precision; p > 0 && p < time.Second {
		return t.Format("15:04:05.000")
	}
	return t.Format(time.TimeOnly)
}

// place names a place in a source.
func (v *resolver) place(e *diag.Evidence) safe {
	s := v.source(e.Source)
	if s == nil {
		return ""
	}
	switch {
	case e.Where.Frame > 0:
		return v.name(s) + safe(fmt.Sprintf(" frame %d", e.Where.Frame))
	case e.Where.Line > 0:
		return v.lineOf(s, e.Where.Line)
	}
	return v.name(s)
}

// lineOf names a line of a source.
func (v *resolver) lineOf(s *diag.SourceReport, line int) safe {
	return v.name(s) + safe(fmt.Sprintf(":%d", line))
}
