package report

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// fullFrame is a snap length that keeps any frame of an Ethernet whole.
const fullFrame = 1522

// sources writes what was read, and what of it was not understood.
func (p *printer) sources(r *diag.Report) {
	if len(r.Sources) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, "Read")
	// The names take what the rest leaves, and no more than they need.
	labels, width := make([]safe, len(r.Sources)), 0
	for i := range r.Sources {
		s := &r.Sources[i]
		labels[i] = safe(cutFront(string(shown(s.Name)), p.width/2))
		if p.verbose {
			labels[i] = brief(s.ID) + " " + safe(cutFront(string(shown(s.Name)), p.width/2-6))
		}
		width = max(width, columns(string(labels[i])))
	}
	for i := range r.Sources {
		s := &r.Sources[i]
		p.hang(2, width, labels[i], plain, sourceText(s))
		if s.Err != "" {
			p.para(4, "error:", red, say(s.Err))
		}
		for _, f := range s.NotRead {
			p.para(4, "not read:", dim, say(f))
		}
		if p.verbose && !s.Coverage.From.IsZero() {
			p.heading(4, dim, safe(s.Coverage.From.UTC().Format("2006-01-02 15:04:05")+" to "+s.Coverage.To.UTC().Format("2006-01-02 15:04:05 UTC")))
		}
	}
}

// sourceText says what a source is and how much of it was understood.
func sourceText(s *diag.SourceReport) safe {
	what := word(s.Kind.String())
	if s.Dialect != "" && name(s.Dialect) != what {
		what += " (" + brief(s.Dialect) + ")"
	}
	if s.Kind == diag.KindEmpty || s.Units == 0 {
		return what
	}
	text := what + ", " + unitsText(s.Kind, s.Units)
	switch n := s.Units - s.Recognized; {
	case n <= 0:
	case s.Recognized <= 0:
		text += ", none understood"
	default:
		text += safe(fmt.Sprintf(", %d not understood", n))
	}
	if s.Coverage.CutStart {
		text += ", starts late"
	}
	if s.Coverage.CutEnd {
		text += ", ends early"
	}
	if n := s.Coverage.SnapLen; n > 0 && n < fullFrame {
		text += safe(fmt.Sprintf(", packets cut at %d octets", n))
	}
	return text
}
