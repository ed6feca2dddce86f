package report

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// part writes what is said of one tunnel or gateway.
func (m *mdPage) part(p *part) {
	kind := safe("")
	if p.tunnel != nil {
		kind = "Tunnel "
	}
	m.heading(2, joined(", ", upper(kind+twoWay(p.title)), p.more))
	for n, c := range p.cards {
		m.answer(c)
		if n == 0 {
			var rows [][]string
			for _, e := range p.facts {
				rows = append(rows, []string{mdCell(e.label), mdCell(e.texts[0])})
			}
			m.table([]string{"", ""}, rows)
			m.views(p)
			m.pairs(p)
		}
		m.grounds(c)
	}
	m.remarks(string(worksTitle(p.section)), p.works)
	m.remarks("Over by now", p.past)
}

// answer writes a failure's best explanation.
func (m *mdPage) answer(c *card) {
	f := c.finding
	m.para("**" + string(c.label) + ":** " + mdText(twoWay(c.text)))
	line := mdCodeOf(f.Code) + ", " + mdText(word(f.Severity.String())) + "."
	if f.Kind == diag.Cause {
		line += " " + mdText(c.sure)
	}
	m.para(line)
	var list []string
	if f.Kind == diag.Cause {
		for _, d := range c.doubts {
			list = append(list, mdText(d))
		}
	}
	if !c.plain {
		list = append(list, mdValues(c.values)...)
	}
	m.items(list)
	if len(c.todo) > 0 || c.who != "" {
		m.para("**What to do**")
		m.tasks(c)
	}
}

func mdValues(values []entry) (list []string) {
	for _, e := range values {
		for i, t := range e.texts {
			if i == valuesShown && len(e.texts) > valuesShown+1 {
				list = append(list, fmt.Sprintf("and %d more", len(e.texts)-i))
				break
			}
			list = append(list, mdText(upper(e.label))+": "+mdText(t))
		}
	}
	return list
}

func (m *mdPage) tasks(c *card) {
	var list []string
	if c.who != "" {
		list = append(list, mdText(upper(c.who)))
	}
	for _, t := range c.todo {
		text := mdText(t.action)
		if t.who != "" {
			text = "**" + mdText(upper(t.who)) + ":** " + text
		}
		for _, at := range t.at {
			text += "\n  - " + mdCode(at, false)
		}
		list = append(list, text)
	}
	m.items(list)
}

// views writes the attempts in characters: the one that matters, and the others
// folded; where nothing stands out in that one, what passed on its SAs alone.
func (m *mdPage) views(p *part) {
	for _, v := range p.views {
		if len(v.steps)+len(v.flows) == 0 {
			continue
		}
		draw := func() {
			if len(v.steps) > 0 {
				m.fence(append([]string{string(ladderTitle(v)), ""}, drawLadder(v, mdWidth)...))
			}
		}
		switch {
		case !v.shows:
			m.fold(joined(", ", v.title, v.day), func() { draw(); m.flows(v) })
		case v.smooth() && len(v.steps) > 0:
			m.fold(joined(", ", v.title, v.day), draw)
			m.flows(v)
		default:
			draw()
			m.flows(v)
		}
	}
}

func (m *mdPage) flows(v *ladderView) {
	var rows [][]string
	for _, f := range v.flows {
		for _, b := range f.bars {
			rows = append(rows, []string{mdCell(f.title), mdCell(b.where), mdCell(b.packets), mdCell(joined(", ", b.span, b.note))})
		}
	}
	m.table([]string{"packets of", "seen", "packets", "when"}, rows)
}

// pairs writes what the two ends do not have alike, side by side.
func (m *mdPage) pairs(p *part) {
	if len(p.pairs) == 0 {
		return
	}
	heads := p.pairs[0].heads
	var rows [][]string
	for _, fits := range []bool{false, true} {
		for _, v := range p.pairs {
			if v.fits != fits {
				continue
			}
			row := []string{mdCell(v.name)}
			if fits {
				row[0] += " (goes together all the same)"
			}
			for _, c := range v.cells {
				row = append(row, mdCode(c.text, true)+" "+mdCell(c.where))
			}
			rows = append(rows, row)
		}
	}
	m.table([]string{"configured differently", mdCell(heads[0]), mdCell(heads[1])}, rows)
}

// grounds writes what an explanation rests on, and what speaks for others.
func (m *mdPage) grounds(c *card) {
	if n := len(c.proofs.rows); n > 0 {
		m.fold("Evidence: "+plural(n, "place"), func() { m.proofs(c.proofs) })
	}
	if len(c.symptoms) > 0 {
		m.para("**Seen as**")
		var list []string
		for _, x := range c.symptoms {
			text := mdText(upper(stop(x.text))) + " " + mdCodeOf(x.finding.Code)
			for _, v := range mdValues(x.values) {
				text += "\n  - " + v
			}
			list = append(list, text)
		}
		m.items(list)
	}
	if n := len(c.excluded); n > 0 {
		m.fold("Ruled out: "+plural(n, "look-alike"), func() {
			var list []string
			for _, x := range c.excluded {
				list = append(list, mdText(upper(x.title))+": "+mdText(x.reason))
			}
			m.items(list)
		})
	}
	m.missing(c)
	m.others(c)
}

// proofs writes the places that show a finding.
func (m *mdPage) proofs(p *proofs) {
	var rows [][]string
	last := ""
	for _, r := range p.rows {
		who := r.teller()
		if string(who) == last {
			who = ""
		} else {
			last = string(who)
		}
		text := mdCode(r.text, true)
		switch r.mark {
		case ">":
			text = "**proves it:** " + text
		case "x":
			text = "**speaks against it:** " + text
		}
		rows = append(rows, []string{mdCell(who), mdCode(safe(r.place), true), mdCell(safe(r.moment)), text})
	}
	m.table([]string{"source", "where", "when", "what it shows"}, rows)
}

func (m *mdPage) missing(c *card) {
	if len(c.missing) == 0 {
		return
	}
	m.para("**What would decide it**")
	var list []string
	for _, r := range c.missing {
		text := mdText(upper(r.how))
		for i := range r.steps {
			a := &r.steps[i]
			if a.product != "" {
				text += "\n  On [" + mdText(a.lead()) + "](" + string(a.link) + ")"
			}
			for k, c := range a.commands {
				sep := ", "
				if k == 0 {
					if sep = ": "; a.product == "" {
						sep = " "
					}
				}
				text += sep + mdCode(c, false)
			}
		}
		if why := joined("; ", r.why...); why != "" {
			text += "\n  " + mdText(upper(stop(why)))
		}
		if d := joined(", ", r.decides...); d != "" {
			text += "\n  Decides " + mdText(d)
		}
		list = append(list, text)
	}
	m.items(list)
}

// others writes the explanations that are left, in rank order.
func (m *mdPage) others(c *card) {
	if len(c.others) == 0 {
		return
	}
	m.para("**Other explanations, the likelier first**")
	for _, o := range c.others[:min(len(c.others), mdOthers)] {
		m.fold(joined(" ", upper(word(o.finding.Verdict.String()))+":", o.text), func() {
			m.answer(o)
			m.proofs(o.proofs)
		})
	}
	if n := len(c.others) - mdOthers; n > 0 {
		m.para("and " + string(plural(n, "other")))
	}
}

// remarks lists findings in a sentence each.
func (m *mdPage) remarks(title string, list []*remark) {
	if len(list) == 0 {
		return
	}
	m.para("**" + title + "**")
	var items []string
	for _, x := range list {
		items = append(items, mdText(upper(stop(x.text)))+" "+mdCodeOf(x.finding.Code))
	}
	m.items(items)
}
