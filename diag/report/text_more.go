package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// excluded writes what was ruled out and why.
func (p *printer) excluded(f *diag.Finding) {
	if len(f.RuledOut) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Ruled out")
	for i := range f.RuledOut {
		x := &f.RuledOut[i]
		p.item(4, "", titled(x.Code))
		reason := say(x.Reason)
		if x.Evidence.Kind != 0 {
			reason = joined("; ", reason, p.place(&x.Evidence))
		}
		p.heading(6, dim, reason)
	}
}

// place names a place in a source.
func (p *printer) place(e *diag.Evidence) safe {
	s := p.source(e.Source)
	if s == nil {
		return ""
	}
	t := shown(s.Name)
	switch {
	case e.Where.Frame > 0:
		t += safe(fmt.Sprintf(" frame %d", e.Where.Frame))
	case e.Where.Line > 0:
		t += safe(fmt.Sprintf(":%d", e.Where.Line))
	}
	return t
}

// missing writes which evidence would decide, and how to get it. Hypotheses
// of one incident often ask for the same.
func (p *printer) missing(s *section, i *incident) {
	type request struct {
		how     safe
		command safe
		decides []safe
		why     []safe
	}
	var rs []*request
	for _, f := range append([]*diag.Finding{i.head}, i.others...) {
		for j := range f.Missing {
			m := &f.Missing[j]
			how, command := s.ask(m)
			var r *request
			for _, q := range rs {
				if q.how == how {
					r = q
				}
			}
			if r == nil {
				r = &request{how: how, command: command}
				rs = append(rs, r)
			}
			for _, c := range m.Decides {
				if n := brief(string(c)); !strings.Contains(string(joined(" ", r.decides...))+" ", string(n)+" ") {
					r.decides = append(r.decides, n)
				}
			}
			if w := say(m.Why); w != "" && !strings.Contains(string(joined("\n", r.why...)), string(w)) {
				r.why = append(r.why, w)
			}
		}
	}
	if len(rs) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "What would decide it")
	for _, r := range rs {
		p.item(4, "", r.how)
		if r.command != "" {
			p.raw("      " + string(r.command)) // whole, to be copied
		}
		if why := joined("; ", r.why...); why != "" {
			p.heading(6, plain, why)
		}
		if d := joined(", ", r.decides...); d != "" {
			p.heading(6, dim, "decides "+d)
		}
	}
}

// others writes the explanations that are left, in rank order.
func (p *printer) others(s *section, i *incident) {
	if len(i.others) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Other explanations, the likelier first")
	full := len(i.others)
	if !p.verbose {
		full = min(full, othersShown)
	}
	for n, f := range i.others[:full] {
		p.para(4, safe(fmt.Sprintf("%d.", n+2)), bold, upper(stop(say(f.Summary))))
		p.heading(7, dim, brief(string(f.Code))+", "+word(f.Severity.String()))
		p.heading(7, plain, sureText(f.Verdict))
		for _, d := range doubts(f) {
			p.item(7, "", d)
		}
		switch {
		case len(f.Remedies) == 0:
		case slices.Equal(f.Remedies, i.head.Remedies):
			p.heading(7, plain, "What to do: the same.")
		default:
			p.heading(7, plain, "What to do:")
			p.remedyList(7, s, f)
		}
		if g := p.unseen(f, i.head); len(g.Evidence) > 0 {
			p.heading(7, plain, "Evidence"+legend(g)+":")
			p.evidence(7, s, g, p.verbose)
		}
	}
	for _, f := range i.others[full:] {
		p.item(4, "", say(f.Summary)+" ("+brief(string(f.Code))+")")
	}
}

// unseen returns the finding without the evidence that another has, too, and
// that is shown with that.
func (p *printer) unseen(f, shown *diag.Finding) *diag.Finding {
	if p.verbose {
		return f
	}
	g := *f
	g.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e diag.Evidence) bool {
		return slices.ContainsFunc(shown.Evidence, func(o diag.Evidence) bool {
			return o.Source == e.Source && o.Where == e.Where && o.Kind == e.Kind
		})
	})
	return &g
}

// past lists what was got over.
func (p *printer) past(s *section) {
	if len(s.past) == 0 {
		return
	}
	p.heading(4, dim, "Over by now:")
	shown := len(s.past)
	if !p.verbose {
		shown = min(shown, pastShown)
	}
	for _, f := range s.past[:shown] {
		p.item(6, "", joined(", ", say(f.Summary), brief(string(f.Code)), word(f.Status.String())))
	}
	if n := len(s.past) - shown; n > 0 {
		p.heading(6, plain, "and "+plural(n, "other"))
	}
}
