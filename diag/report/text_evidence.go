package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// Bounds of what Text shows of a finding's evidence unless Options.Verbose is
// set.
const (
	rowsOfSource = 4 // for an incident's best explanation
	rowsOfOther  = 3 // for each of the others, of all sources
	// rowsOfContext is how many rows a source gets that say where something
	// was and not what: less where it has better ones.
	rowsOfContext = 2
	linesOfRow    = 2
	// textRoom is the least width of a text that is worth its place beside
	// the columns.
	textRoom = 28
)

// A row is a piece of evidence laid out.
type row struct {
	e                   *diag.Evidence
	end                 int // of the tunnel, -1 where of neither
	source              *diag.SourceReport
	mark, place, moment string
	text                safe
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

// evidence writes the places that show a finding, by end and source.
func (p *printer) evidence(indent int, s *section, f *diag.Finding, best bool) {
	rows, left := p.choose(p.rows(s, f), best)
	var placeWidth, timeWidth int
	for _, r := range rows {
		placeWidth, timeWidth = max(placeWidth, columns(r.place)), max(timeWidth, columns(r.moment))
	}
	for i := range rows {
		r := &rows[i]
		if i == 0 || rows[i-1].source != r.source || rows[i-1].end != r.end {
			p.heading(indent, plain, p.origin(s, r, p.width-indent))
		}
		p.row(indent+1, r, placeWidth, timeWidth)
	}
	if left > 0 {
		p.heading(indent+3, dim, plural(left, "other place")+" not shown")
	}
}

// rows lays a finding's evidence out, the initiator's first.
func (p *printer) rows(s *section, f *diag.Finding) []row {
	rows := make([]row, 0, len(f.Evidence))
	for i := range f.Evidence {
		e := &f.Evidence[i]
		r := row{e: e, end: s.end(p.of(e)), source: p.source(e.Source), mark: " ", text: say(e.Text)}
		switch {
		case e.Against:
			r.mark = "x"
		case e.Weight == diag.Proof:
			r.mark = ">"
		}
		switch {
		case e.Where.Frame > 0:
			r.place = fmt.Sprintf("#%d", e.Where.Frame)
		case e.Where.Line > 0:
			r.place = fmt.Sprintf(":%d", e.Where.Line)
		}
		if e.Kind == diag.EvidenceAbsence {
			r.place = "after " + r.place
			if e.Where.Frame == 0 && e.Where.Line == 0 {
				r.place = ""
			}
			r.text = absence(e)
		}
		r.moment = moment(e)
		if day := e.Time.Value.UTC().Format(time.TimeOnly); e.Time.Known() && strings.Contains(e.Text, day) {
			if rest, ok := message(string(r.text), day); ok && !p.verbose {
				r.text = safe(rest)
			} else {
				r.moment = ""
			}
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return s.rank(a.end) - s.rank(b.end) })
	return rows
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

// choose keeps the weightiest rows in their order and says how many are left
// out.
func (p *printer) choose(rows []row, best bool) (kept []row, left int) {
	if p.verbose {
		return rows, 0
	}
	byWeight := make([]int, len(rows))
	for i := range byWeight {
		byWeight[i] = i
	}
	slices.SortStableFunc(byWeight, func(a, b int) int { return rows[b].weight() - rows[a].weight() })
	keep := make([]bool, len(rows))
	ofSource := map[*diag.SourceReport]int{}
	for n, i := range byWeight {
		src := rows[i].source
		if best {
			keep[i] = ofSource[src] < rowsOfSource && (rows[i].weight() > 0 || ofSource[src] < rowsOfContext)
		} else {
			keep[i] = n < rowsOfOther
		}
		if keep[i] {
			ofSource[src]++
		}
	}
	for i, r := range rows {
		if keep[i] {
			kept = append(kept, r)
		}
	}
	return kept, len(rows) - len(kept)
}

func (r *row) weight() int {
	if r.e.Against {
		return int(diag.Proof)
	}
	return int(r.e.Weight)
}

// origin names the end and the source of rows.
func (p *printer) origin(s *section, r *row, width int) safe {
	var who safe
	switch {
	case r.end >= 0:
		who = s.label(r.end)
		if a := s.addressOf(r.end); a != "" {
			who += " " + a
		}
	case r.source == nil:
		return "elsewhere"
	}
	if r.source == nil {
		return who
	}
	where := shown(r.source.Name)
	if who == "" {
		return safe(cutFront(string(where), width))
	}
	who += ", "
	return who + safe(cutFront(string(where), max(width-columns(string(who)), 16)))
}

// row writes one piece of evidence in aligned columns.
func (p *printer) row(indent int, r *row, placeWidth, timeWidth int) {
	head := r.mark + " " + pad(r.place, placeWidth)
	if timeWidth > 0 {
		head += "  " + pad(r.moment, timeWidth)
	}
	start := indent + columns(head) + 2
	if p.width-start < textRoom {
		// No room beside the place: the text goes below it.
		p.raw(strings.Repeat(" ", indent) + p.marked(r, head))
		start, head = indent+4, ""
	}
	lines := wrap(string(r.text), p.width-start)
	if !p.verbose && len(lines) > linesOfRow {
		last := &lines[linesOfRow-1]
		*last = cut(*last, p.width-start-1) + "…"
		*last = strings.Replace(*last, "……", "…", 1)
		lines = lines[:linesOfRow]
	}
	for i, l := range lines {
		if i == 0 && head != "" {
			p.raw(strings.Repeat(" ", indent) + p.marked(r, head) + "  " + l)
			continue
		}
		p.raw(strings.Repeat(" ", start) + l)
	}
}

// marked makes a row's mark stand out.
func (p *printer) marked(r *row, head string) string {
	if r.mark == " " {
		return head
	}
	return p.styled(bold, r.mark) + head[len(r.mark):]
}

// absence says what was not seen.
func absence(e *diag.Evidence) safe {
	t := say(e.Text)
	if t == "" {
		t = "nothing of the kind"
	}
	if e.From.Known() && e.To.Known() {
		t += safe(" from " + e.From.Value.UTC().Format(time.TimeOnly) + " to " + e.To.Value.UTC().Format(time.TimeOnly))
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
	prefix, rest, ok := strings.Cut(text[i+len(day):], ": ")
	if !ok || rest == "" || len(prefix) > 64 || strings.ContainsAny(prefix, "\"'") || len(strings.Fields(prefix)) > 3 {
		return "", false
	}
	return rest, true
}

// moment is the time of day of a piece of evidence in UTC, to a millisecond
// where its source counts in such units.
func moment(e *diag.Evidence) string {
	if !e.Time.Known() {
		return ""
	}
	t := e.Time.Value.UTC()
	if p := e.Time.Precision; p > 0 && p < time.Second {
		return t.Format("15:04:05.000")
	}
	return t.Format(time.TimeOnly)
}
