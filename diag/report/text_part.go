package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// part writes what is said about one tunnel or gateway.
func (p *printer) part(s *part, ladder bool) {
	p.title(s)
	for _, c := range s.cards {
		p.blank()
		p.incident(c)
	}
	if len(s.works) > 0 {
		p.blank()
		p.heading(2, bold, worksTitle(s.section))
		for _, x := range s.works {
			p.item(4, "", x.text)
			if p.verbose {
				p.evidence(6, x.proofs)
			}
		}
	}
	p.past(s)
	p.exchange(s, ladder)
}

// title writes which tunnel it is and how far it got.
func (p *printer) title(s *part) {
	kind := safe("TUNNEL ")
	if s.tunnel == nil {
		kind = ""
		t := safe(strings.ToUpper(string(s.title)))
		if s.gateway != nil {
			t = "GATEWAY " + gatewayName(s.gateway)
		}
		if s.more != "" {
			t += "  " + s.more
		}
		p.heading(0, bold, t)
		return
	}
	p.heading(0, bold, kind+s.title)
	width := len("reached")
	for _, e := range s.facts {
		width = max(width, columns(string(e.label)))
	}
	for _, e := range s.facts {
		p.hang(2, width, e.label, plain, e.texts[0])
	}
	if p.verbose {
		for _, e := range s.ledger {
			p.hang(2, width, e.label, dim, e.texts[0])
		}
	}
}

// incident writes an incident's best explanation, and the others.
func (p *printer) incident(c *card) {
	p.cause(c)
	p.symptoms(c)
	if c.finding.Severity >= diag.Error || p.verbose {
		p.excluded(c)
	}
	p.missing(c)
	p.others(c)
	p.references(c.finding)
}

// cause writes what, how sure, what to do, and what proves it.
func (p *printer) cause(c *card) {
	f := c.finding
	if kind := brief(string(f.Code)) + ", " + word(f.Severity.String()); c.said {
		p.heading(2, severityStyle(f), c.label+": "+kind)
	} else {
		p.heading(2, severityStyle(f), c.label+": "+c.text)
		p.heading(4, dim, kind)
	}
	if p.verbose {
		p.heading(4, dim, joined(", ", brief(f.ID), "incident "+brief(f.Incident), brief(f.Fingerprint)))
	}
	if f.Kind == diag.Cause {
		p.heading(4, plain, c.sure)
		for _, d := range c.doubts {
			p.item(4, "", d)
		}
	}
	if !c.plain || p.verbose {
		p.values(0, c.values)
	}
	if len(c.todo) > 0 || c.who != "" {
		p.blank()
		p.heading(2, bold, "What to do")
		p.tasks(4, c.todo)
		if c.who != "" {
			p.heading(4, plain, c.who)
		}
	}
	if len(f.Evidence) > 0 {
		p.blank()
		p.heading(2, bold, "Evidence"+c.proofs.legend)
		p.evidence(4, c.proofs)
	}
}

func severityStyle(f *diag.Finding) style {
	switch f.Severity {
	case diag.Critical, diag.Error:
		return red
	case diag.Warning:
		return yellow
	}
	return bold
}

// tasks writes who must change what.
func (p *printer) tasks(indent int, ts []*task) {
	for _, t := range ts {
		who := t.who
		if who != "" {
			who += ":"
		}
		p.item(indent, who, t.action)
		for _, a := range t.at {
			p.heading(indent+2, dim, a)
		}
	}
}

// symptoms writes what else the failure shows as.
func (p *printer) symptoms(c *card) {
	if len(c.symptoms) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Seen as")
	for _, x := range c.symptoms {
		p.item(4, "", x.text+" ("+brief(string(x.finding.Code))+")")
		p.values(2, x.values)
		if p.verbose {
			p.evidence(6, x.proofs)
		}
	}
}

// excluded writes what was ruled out and why.
func (p *printer) excluded(c *card) {
	if len(c.excluded) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Ruled out")
	for i, x := range c.excluded {
		if slices.ContainsFunc(c.excluded[:i], func(y excluded) bool { return y.reason == x.reason }) {
			continue // said with the first of that reason
		}
		p.heading(4, dim, upper(x.reason)+":")
		for _, y := range c.excluded[i:] {
			if y.reason == x.reason {
				p.item(6, "", y.title)
			}
		}
	}
}

// missing writes which evidence would decide, and how to get it.
func (p *printer) missing(c *card) {
	if len(c.missing) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "What would decide it")
	for _, r := range c.missing {
		p.item(4, "", r.how)
		for i := range r.steps {
			a := &r.steps[i]
			if a.product != "" {
				p.heading(6, plain, "on "+a.lead())
			}
			for _, c := range a.commands {
				p.raw("      " + string(c)) // whole, to be copied
			}
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
func (p *printer) others(c *card) {
	if len(c.others) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Other explanations, the likelier first")
	full := len(c.others)
	if !p.verbose {
		full = min(full, othersShown)
	}
	for n, o := range c.others[:full] {
		f := o.finding
		p.para(4, safe(fmt.Sprintf("%d.", n+2)), bold, o.text)
		p.heading(7, dim, brief(string(f.Code))+", "+word(f.Severity.String()))
		p.heading(7, plain, o.sure)
		for _, d := range o.doubts {
			p.item(7, "", d)
		}
		switch {
		case len(o.todo) == 0:
		case o.same:
			p.heading(7, plain, "What to do: the same.")
		default:
			p.heading(7, plain, "What to do:")
			p.tasks(7, o.todo)
		}
		if len(o.proofs.rows) > 0 {
			p.heading(7, plain, "Evidence"+o.proofs.legend+":")
			p.evidence(7, o.proofs)
		}
	}
	for _, o := range c.others[full:] {
		p.item(4, "", say(o.finding.Summary)+" ("+brief(string(o.finding.Code))+")")
	}
}

// references lists documents. A URL stands whole, to be copied.
func (p *printer) references(f *diag.Finding) {
	if len(f.References) == 0 || !p.verbose {
		return
	}
	p.blank()
	p.heading(2, bold, "References")
	for _, r := range f.References {
		p.item(4, "", say(r.String()))
		if r.Link() != "" {
			p.raw("      " + string(clean(r.Link(), maxPath)))
		}
	}
}

// past lists what was got over.
func (p *printer) past(s *part) {
	if len(s.past) == 0 {
		return
	}
	p.heading(4, dim, "Over by now:")
	shown := len(s.past)
	if !p.verbose {
		shown = min(shown, pastShown)
	}
	for _, x := range s.past[:shown] {
		f := x.finding
		p.item(6, "", joined(", ", x.text, brief(string(f.Code)), word(f.Status.String())))
	}
	if n := len(s.past) - shown; n > 0 {
		p.heading(6, plain, "and "+plural(n, "other"))
	}
}
