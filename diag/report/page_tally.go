package report

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// tallies says what is to be said of codes that are no faults.
func (b *builder) tallies(ts []*tally, r *diag.Report) (out []*tallied) {
	for _, t := range ts {
		f := t.first
		x := &tallied{code: brief(string(f.Code)), text: say(f.Summary), several: t.count > 1}
		if x.several {
			if c := title(f.Code); c != "" {
				x.text = c
			}
			x.text += safe(fmt.Sprintf(" (%d findings)", t.count))
			for _, list := range [][]diag.Finding{r.Findings, r.Silenced} {
				for i := range list {
					if g := &list[i]; g.Code == f.Code && len(x.all) < findingsOfTally {
						x.all = append(x.all, b.remark(&section{}, g))
					}
				}
			}
		} else {
			x.instead = b.instead(f)
			x.all = []*remark{b.remark(&section{}, f)}
		}
		out = append(out, x)
	}
	return out
}

// findingsOfTally bounds the findings of one code that are shown one by one.
const findingsOfTally = 50

// instead says what to write where, as far as an advice knows it.
func (b *builder) instead(f *diag.Finding) (out []safe) {
	for i := range f.Remedies {
		if r := &f.Remedies[i]; r.Value != "" && r.Line > 0 && f.Kind == diag.Advice {
			out = append(out, b.whereTo(r))
		}
	}
	return out
}

// originOf says what a source is and how much of it was understood.
func (v *resolver) originOf(s *diag.SourceReport) *origin {
	o := &origin{source: s, name: v.name(s), text: sourceText(s), err: say(s.Err)}
	for _, f := range s.NotRead {
		o.notRead = append(o.notRead, say(f))
	}
	return o
}

// fullFrame is a snap length that keeps any frame of an Ethernet whole.
const fullFrame = 1522

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
