package report

import (
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// part writes what is said of one tunnel or gateway.
func (h *webPage) part(p *part, i int) {
	id := h.id(partID(p, i))
	h.in("section", func() {
		kind := safe("")
		if p.tunnel != nil {
			kind = "Tunnel "
		}
		h.line("h2", joined(", ", upper(kind+twoWay(p.title)), p.more))
		// The answer, then the picture, then what the answer rests on.
		if len(p.cards) > 0 {
			h.card(p.cards[0], false)
		}
		if i < openParts {
			h.rest(p)
		} else {
			h.fold("How it came, and what shows it", false, func() { h.rest(p) })
		}
	}, "class", "part", "id", id)
}

// rest writes what comes after a part's answer.
func (h *webPage) rest(p *part) {
	h.facts(p.facts)
	h.views(p)
	h.pairs(p)
	for n, c := range p.cards {
		if n == 0 {
			h.level = "h3"
			h.grounds(c)
			continue
		}
		h.card(c, true)
	}
	h.remarks(worksTitle(p.section), p.works, true)
	h.remarks("Over by now", p.past, true)
}

// card writes an explanation, with its grounds or without.
func (h *webPage) card(c *card, whole bool) {
	h.in("article", func() {
		h.level = "h4"
		h.answer(c)
		if whole {
			h.grounds(c)
		}
	}, "class", joined(" ", "card", tone(c.finding)), "id", h.id(anchor(name(c.finding.ID))))
}

func (h *webPage) facts(facts []entry) {
	if len(facts) == 0 {
		return
	}
	h.in("dl", func() {
		for _, e := range facts {
			h.el("dt", upper(e.label))
			h.line("dd", e.texts[0])
		}
	}, "class", "facts")
}

// tone is the class of what a finding looks like.
func tone(f *diag.Finding) safe {
	switch {
	case f.Severity >= diag.Error:
		return "bad"
	case f.Severity == diag.Warning:
		return "warn"
	}
	return "mild"
}

// answer writes a failure's best explanation: what it is, how sure that is, and
// what to do.
func (h *webPage) answer(c *card) {
	f := c.finding
	h.open("h3")
	h.el("span", c.label+": ", "class", "label")
	h.text(twoWay(c.text))
	h.end("h3")
	h.open("p", "class", "meta")
	h.code(f.Code)
	h.text(", " + word(f.Severity.String()))
	if f.Kind == diag.Cause {
		h.text(". " + c.sure)
	}
	h.end("p")
	if f.Kind == diag.Cause {
		h.list(c.doubts)
	}
	if !c.plain {
		h.values(c.values)
	}
	if len(c.todo) > 0 || c.who != "" {
		h.line(h.level, "What to do")
		h.tasks(c)
	}
}

// grounds writes what an explanation rests on, and what speaks for others.
func (h *webPage) grounds(c *card) {
	h.proofs(c.proofs)
	h.symptoms(c)
	h.excluded(c)
	h.missing(c)
	h.others(c)
	h.references(c.finding)
}

func (h *webPage) list(texts []safe) {
	if len(texts) == 0 {
		return
	}
	h.in("ul", func() {
		for _, t := range texts {
			h.line("li", t)
		}
	})
}

func (h *webPage) values(list []entry) {
	if len(list) == 0 {
		return
	}
	h.in("dl", func() {
		for _, e := range list {
			h.el("dt", upper(e.label))
			for _, t := range e.texts {
				h.line("dd", t)
			}
		}
	}, "class", "facts")
}

func (h *webPage) tasks(c *card) {
	if c.who != "" {
		h.line("p", upper(c.who)+".")
	}
	if len(c.todo) == 0 {
		return
	}
	h.in("ul", func() {
		for _, t := range c.todo {
			h.open("li")
			if t.who != "" {
				h.el("b", upper(t.who)+": ")
			}
			h.text(t.action)
			for _, at := range t.at {
				h.el("code", at, "class", "at")
			}
			h.end("li")
		}
	}, "class", "todo")
}

// proofs writes the places that show a finding: the best, and the others
// folded.
func (h *webPage) proofs(p *proofs) {
	if len(p.rows) == 0 {
		return
	}
	h.line(h.level, "Evidence")
	kept, left := p.chosen()
	h.rows(kept)
	if left > 0 {
		var rest []*row
		for _, r := range p.rows {
			if !r.chosen {
				rest = append(rest, r)
			}
		}
		h.fold(plural(left, "other place"), false, func() { h.rows(rest) })
	}
}

// rows writes evidence as a table, with a heading for each source.
func (h *webPage) rows(rows []*row) {
	if len(rows) == 0 {
		return
	}
	h.in("table", func() {
		h.WriteString("<thead><tr><th scope=\"col\">Where</th><th scope=\"col\">When</th><th scope=\"col\">What it shows</th></tr></thead>\n")
		for i, r := range rows {
			if i == 0 || rows[i-1].source != r.source || rows[i-1].end != r.end {
				if i > 0 {
					h.end("tbody")
				}
				h.open("tbody")
				h.open("tr")
				h.el("th", r.teller(), "colspan", "3", "scope", "rowgroup")
				h.end("tr")
			}
			h.row(r)
		}
		h.end("tbody")
	}, "class", "evidence")
}

// teller names the end and the source of a row.
func (r *row) teller() safe {
	if r.source == nil {
		return upper(r.who)
	}
	return joined(", ", upper(r.who), r.from)
}

func (h *webPage) row(r *row) {
	class, says := safe(""), safe("")
	switch r.mark {
	case ">":
		class, says = "proof", "proves it"
	case "x":
		class, says = "against", "speaks against it"
	}
	h.open("tr", "class", class)
	h.el("td", safe(r.place))
	h.el("td", safe(r.moment))
	h.open("td")
	h.el("code", r.text)
	if says != "" {
		h.text(" ")
		h.el("em", says)
	}
	h.close("td")
	h.end("tr")
}

// twoWay writes the arrow between two ends as one character.
func twoWay(title safe) safe { return safe(strings.ReplaceAll(string(title), " <-> ", " ↔ ")) }
