package report

import (
	"fmt"
	"strings"
)

// Bounds of how Text shows a finding's evidence and values unless
// Options.Verbose is set.
const (
	linesOfRow  = 2
	valuesShown = 3 // entries of a list of values
	// textRoom is the least width of a text that is worth its place beside
	// the columns.
	textRoom = 28
)

// evidence writes the places that show a finding, by end and source.
func (p *printer) evidence(indent int, all *proofs) {
	rows, left := all.chosen()
	var placeWidth, timeWidth int
	for _, r := range rows {
		placeWidth, timeWidth = max(placeWidth, columns(r.place)), max(timeWidth, columns(r.moment))
	}
	for i, r := range rows {
		if i == 0 || rows[i-1].source != r.source || rows[i-1].end != r.end {
			p.heading(indent, plain, p.origin(r, p.width-indent))
		}
		p.row(indent+1, r, placeWidth, timeWidth)
	}
	if left > 0 {
		p.heading(indent+3, dim, plural(left, "other place")+" not shown")
	}
}

// origin names the end and the source of rows.
func (p *printer) origin(r *row, width int) safe {
	if r.source == nil {
		return r.who
	}
	where := string(r.from)
	if r.who == "" {
		return safe(cutFront(where, width))
	}
	who := r.who + ", "
	return who + safe(cutFront(where, max(width-columns(string(who)), 16)))
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

// values writes a finding's values in aligned columns.
func (p *printer) values(indent int, list []entry) {
	width := 0
	for _, e := range list {
		width = max(width, columns(string(e.label)))
	}
	for _, e := range list {
		texts := e.texts
		if n := len(texts) - valuesShown; n > 1 && !p.verbose {
			texts = append(texts[:valuesShown:valuesShown], safe(fmt.Sprintf("and %d more", n)))
		}
		for i, t := range texts {
			if i > 0 {
				p.hang(indent+4+width+1, 0, "", plain, t)
				continue
			}
			p.hang(indent+4, width, e.label, plain, t)
		}
	}
}
