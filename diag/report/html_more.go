package report

import "github.com/ikediag/ikediag/diag"

func (h *webPage) symptoms(c *card) {
	if len(c.symptoms) == 0 {
		return
	}
	h.line(h.level, "Seen as")
	h.in("ul", func() {
		for _, x := range c.symptoms {
			h.open("li", "id", h.id(anchor(name(x.finding.ID))))
			h.text(upper(stop(x.text)) + " ")
			h.code(x.finding.Code)
			h.values(x.values)
			if len(x.proofs.rows) > 0 {
				h.fold("Evidence", false, func() { h.rows(x.proofs.rows) })
			}
			h.end("li")
		}
	})
}

func (h *webPage) excluded(c *card) {
	if len(c.excluded) == 0 {
		return
	}
	h.fold("Ruled out: "+plural(len(c.excluded), "look-alike"), false, func() {
		h.in("dl", func() {
			for _, x := range c.excluded {
				h.el("dt", upper(x.title))
				h.line("dd", x.reason)
			}
		})
	})
}

func (h *webPage) missing(c *card) {
	if len(c.missing) == 0 {
		return
	}
	h.line(h.level, "What would decide it")
	h.in("ul", func() {
		for _, r := range c.missing {
			h.open("li")
			h.text(upper(r.how))
			for i := range r.steps {
				a := &r.steps[i]
				if a.product != "" {
					h.open("p", "class", "meta")
					h.text("On ")
					h.link(a.link, a.lead())
					h.close("p")
				}
				for _, c := range a.commands {
					h.el("code", c, "class", "at")
				}
			}
			if why := joined("; ", r.why...); why != "" {
				h.el("p", upper(stop(why)))
			}
			if len(r.decides) > 0 {
				h.open("p", "class", "meta")
				h.text("Decides ")
				for i, d := range r.decides {
					if i > 0 {
						h.text(", ")
					}
					h.code(diag.Code(d))
				}
				h.close("p")
			}
			h.end("li")
		}
	})
}

// others writes the explanations that are left, in rank order, each folded.
func (h *webPage) others(c *card) {
	if len(c.others) == 0 {
		return
	}
	h.line(h.level, "Other explanations, the likelier first")
	for _, o := range c.others {
		h.fold(joined(" ", upper(word(o.finding.Verdict.String()))+":", twoWay(o.text)), false, func() {
			h.open("p", "class", "meta")
			h.code(o.finding.Code)
			h.text(", " + word(o.finding.Severity.String()) + ". " + o.sure)
			h.end("p")
			h.list(o.doubts)
			if !o.plain {
				h.values(o.values)
			}
			switch {
			case o.same:
				h.line("p", "What to do: the same.")
			case len(o.todo) > 0 || o.who != "":
				h.line("h5", "What to do")
				h.tasks(o)
			}
			h.rows(o.proofs.rows)
			h.references(o.finding)
		})
	}
}

func (h *webPage) references(f *diag.Finding) {
	if len(f.References) == 0 {
		return
	}
	h.open("p", "class", "meta")
	h.text("See ")
	for i, r := range f.References {
		if i > 0 {
			h.text("; ")
		}
		h.link(clean(r.Link(), maxPath), say(r.String()))
	}
	h.end("p")
}

// remarks lists findings in a sentence each, with their evidence folded.
func (h *webPage) remarks(title safe, list []*remark, heading bool) {
	if len(list) == 0 {
		return
	}
	if heading {
		h.line("h3", title)
	}
	h.in("ul", func() {
		for _, x := range list {
			h.remark(x)
		}
	})
}

func (h *webPage) remark(x *remark) {
	f := x.finding
	h.open("li", "id", h.id(anchor(name(f.ID))))
	h.text(upper(stop(x.text)) + " ")
	h.code(f.Code)
	if f.Status != diag.Active {
		h.text(", " + word(f.Status.String()))
	}
	if len(x.proofs.rows) > 0 {
		h.fold("Evidence", false, func() { h.rows(x.proofs.rows) })
	}
	h.end("li")
}

// quiet lists the tunnels of which nothing bad is said; a long list folds.
func (h *webPage) quiet() {
	quiet := h.page.quiet
	if len(quiet) == 0 {
		return
	}
	h.in("section", func() {
		title := safe("Tunnels")
		if len(h.page.parts) > 0 {
			title = "Other tunnels"
		}
		h.line("h2", title)
		const folded = 24
		table := func() {
			h.in("table", func() {
				h.WriteString("<thead><tr><th scope=\"col\">Tunnel</th><th scope=\"col\">State</th></tr></thead>\n")
				h.in("tbody", func() {
					for _, p := range quiet[:min(len(quiet), htmlQuiet)] {
						h.quietRow(p)
					}
				})
			}, "class", "quiet")
			if n := len(quiet) - htmlQuiet; n > 0 {
				h.line("p", "and "+plural(n, "other"))
			}
		}
		if len(quiet) > folded {
			h.fold(plural(len(quiet), "tunnel"), false, table)
		} else {
			table()
		}
		if len(quiet) == 1 && quiet[0].tunnel != nil {
			h.views(quiet[0])
			h.pairs(quiet[0])
		}
	})
}

func (h *webPage) quietRow(p *part) {
	h.open("tr")
	h.el("th", twoWay(p.title), "scope", "row")
	h.open("td")
	if p.tunnel != nil {
		h.text(standing(p.tunnel))
	}
	h.remarks("", p.past, false)
	h.close("td")
	h.end("tr")
}

// tallies lists codes that are no faults.
func (h *webPage) tallies(ts tallies) {
	if len(ts.list) == 0 {
		return
	}
	h.in("section", func() {
		h.line("h2", ts.title)
		h.in("ul", func() {
			for _, t := range ts.list {
				h.open("li")
				h.text(upper(stop(t.text)) + " ")
				h.code(t.all[0].finding.Code)
				for _, at := range t.instead {
					h.el("code", joined(" ", "write", at), "class", "at")
				}
				switch {
				case t.several:
					h.fold(plural(len(t.all), "finding"), false, func() { h.remarks("", t.all, false) })
				case len(t.all[0].proofs.rows) > 0:
					h.fold("Evidence", false, func() { h.rows(t.all[0].proofs.rows) })
				}
				h.end("li")
			}
		}, "class", "tally")
	})
}

// sources lists what was read.
func (h *webPage) sources() {
	list := h.page.sources
	if len(list) == 0 {
		return
	}
	h.in("section", func() {
		h.line("h2", h.page.read())
		h.fold(plural(len(list), "source"), len(list) <= 16, func() {
			h.in("table", func() {
				h.WriteString("<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">What it is</th></tr></thead>\n")
				h.in("tbody", func() {
					for _, o := range list {
						h.open("tr")
						h.el("th", o.name, "scope", "row")
						h.open("td")
						h.text(upper(o.text))
						if o.err != "" {
							h.el("p", "Error: "+o.err, "class", "error")
						}
						for _, f := range o.notRead {
							h.el("p", "Not read: "+f)
						}
						h.close("td")
						h.end("tr")
					}
				})
			}, "class", "sources")
		})
	})
}
