package report

import "github.com/ikediag/ikediag/diag"

// views writes the attempts of a part, the one that its first finding is about
// unfolded; where nothing stands out in that one, what passed on its SAs alone.
func (h *webPage) views(p *part) {
	if len(p.views) == 0 {
		return
	}
	h.line("h3", "As both ends saw it")
	for _, v := range p.views {
		shows := v.shows && len(p.cards) > 0
		apart := shows && v.smooth()
		h.fold(joined(", ", v.title, v.day), shows && !apart, func() {
			h.ladder(v)
			if !apart {
				h.flows(v)
			}
		})
		if apart {
			h.flows(v)
		}
	}
}

// ladder writes an attempt as a table: what the initiator's sources show on the
// left, what the responder's show on the right, the step between them.
func (h *webPage) ladder(v *ladderView) {
	if len(v.steps) == 0 {
		return
	}
	h.in("table", func() {
		h.WriteString("<thead role=\"rowgroup\"><tr role=\"row\">")
		for i, c := range [...]int{onLeft, onPath, onRight} {
			h.open("th", "scope", "col", "role", "columnheader", "class", side(c))
			switch c {
			case onPath:
				h.text("Message or event")
			default:
				h.text(upper(v.roles[i/2]) + " ")
				h.el("span", v.heads[i/2])
			}
			h.close("th")
		}
		h.WriteString("</tr></thead>\n")
		h.in("tbody", func() {
			for i, s := range v.steps {
				if v.left > 0 && i == v.gap {
					h.open("tr", "role", "row", "class", "gap")
					h.el("td", plural(v.left, "step")+" left out", "colspan", "3", "role", "cell")
					h.end("tr")
				}
				h.step(s)
			}
		}, "role", "rowgroup")
	}, "class", "ladder", "role", "table", "aria-label", v.title+", message by message")
}

// side is the class of a column.
func side(column int) safe { return [...]safe{"left", "mid", "right"}[column] }

func (h *webPage) step(s *step) {
	class := safe("")
	if s.rung.Fault {
		class = "fault"
	}
	if s.decides {
		class = joined(" ", class, "decides")
	}
	h.open("tr", "role", "row", "class", class)
	h.sights(s, onLeft)
	h.open("td", "role", "cell", "class", "mid")
	if s.message() {
		h.arrow(s)
	} else {
		h.el("p", s.label, "class", joined(" ", "event", "at-"+side(s.side), mood(s)))
	}
	if s.decides {
		h.el("p", "the cause rests on it", "class", "why")
	}
	h.sightings(s.sights[onPath])
	h.close("td")
	h.sights(s, onRight)
	h.end("tr")
}

// mood is the class of an event: a failure, or a step forward.
func mood(s *step) safe {
	switch {
	case s.rung.Fault:
		return "bad"
	case s.rung.Kind == diag.RungPhase1Up || s.rung.Kind == diag.RungChildUp:
		return "good"
	}
	return "mild"
}

func (h *webPage) sights(s *step, column int) {
	h.open("td", "role", "cell", "class", side(column))
	h.sightings(s.sights[column])
	h.close("td")
}

// sightings writes the places that show a step, a log's with its line.
func (h *webPage) sightings(list []*sight) {
	for _, x := range list {
		h.open("div", "class", "sight")
		where := safe(x.place)
		if x.source != nil {
			h.el("span", safe(cutFront(string(x.from), maxBrief))+where, "class", "where")
		}
		if x.moment != "" {
			h.text(" ")
			h.el("time", safe(x.moment))
		}
		if x.text != "" {
			h.text(" ")
			h.el("code", x.text)
		}
		if x.more != "" {
			h.text(" ")
			h.el("small", x.more)
		}
		h.close("div")
	}
}

// arrow draws a message. Lines reach from one column to the other, whatever
// their width: places in an SVG may be shares of it (SVG 2, section 8.9).
func (h *webPage) arrow(s *step) {
	from, to, tip := safe("2%"), safe("98%"), safe("M0,0 L-9,-5 L-9,5 Z")
	if s.side == onRight {
		from, to, tip = "98%", "2%", "M0,0 L9,-5 L9,5 Z"
	}
	class, end, turn := safe("came"), to, safe("")
	switch s.rung.Fate {
	case diag.FateLost:
		class, end = "lost", "70%"
	case diag.FateUnseen, diag.FateUnknown:
		class, end = "unseen", "80%"
	case diag.FatePartly:
		class = "partly"
	}
	if s.side == onRight && end != to {
		end = map[safe]safe{"70%": "30%", "80%": "20%"}[end]
	}
	if s.rung.Repeated {
		turn = "again"
	}
	h.open("p", "class", joined(" ", "label", turn), "aria-hidden", "true") // the drawing says it
	h.text(s.label)
	h.end("p")
	h.open("svg", "role", "img", "width", "100%", "height", "18", "class", joined(" ", class, turn), "aria-label", s.describe())
	h.open("line", "x1", from, "y1", "9", "x2", end, "y2", "9")
	h.close("line")
	h.open("svg", "x", end, "y", "9", "overflow", "visible", "width", "1", "height", "1")
	if class == "lost" {
		h.open("path", "d", "M-6,-6 L6,6 M-6,6 L6,-6", "class", "cross")
	} else {
		h.open("path", "d", tip)
	}
	h.close("path")
	h.close("svg")
	h.end("svg")
	if s.outcome != "" {
		h.el("p", s.outcome, "class", joined(" ", "outcome", class), "aria-hidden", "true")
	}
}

// flows writes what passed on an attempt's SAs: a line in time for each SA and
// each source.
func (h *webPage) flows(v *ladderView) {
	if len(v.flows) == 0 {
		return
	}
	h.line("h4", "Packets")
	for _, f := range v.flows {
		h.in("table", func() {
			h.line("caption", upper(f.title))
			h.WriteString("<thead><tr><th scope=\"col\">Seen</th><th scope=\"col\">Packets</th><th scope=\"col\">When</th></tr></thead>\n")
			h.in("tbody", func() {
				for _, b := range f.bars {
					h.bar(b)
				}
			})
		}, "class", "flow")
	}
}

func (h *webPage) bar(b *bar) {
	h.open("tr")
	h.el("th", b.where, "scope", "row")
	h.el("td", b.packets, "class", "count")
	h.open("td")
	if b.span != "" {
		h.open("svg", "role", "img", "width", "100%", "height", "12", "aria-label", b.span, "class", "time")
		h.open("rect", "x", "0", "y", "5", "width", "100%", "height", "2", "class", "axis")
		h.close("rect")
		h.open("rect", "x", share(b.from), "y", "2", "width", share(max(b.to-b.from, 8)), "height", "8", "class", "span")
		h.close("rect")
		h.close("svg")
	}
	h.el("small", joined(", ", b.span, b.note))
	h.close("td")
	h.end("tr")
}

// share writes thousandths as a percentage.
func share(thousandths int) safe {
	return number(thousandths/10) + "." + number(thousandths%10) + "%"
}

// pairs writes what the two ends do not have alike, side by side.
func (h *webPage) pairs(p *part) {
	if len(p.pairs) == 0 {
		return
	}
	h.line("h3", "Configured differently")
	h.in("table", func() {
		h.open("thead")
		h.open("tr")
		h.el("th", "Setting", "scope", "col")
		for _, t := range p.pairs[0].heads {
			h.el("th", upper(t), "scope", "col")
		}
		h.close("tr")
		h.end("thead")
		h.in("tbody", func() {
			for _, fits := range []bool{false, true} {
				for _, v := range p.pairs {
					if v.fits == fits {
						h.pair(v)
					}
				}
			}
		})
	}, "class", "pairs")
}

func (h *webPage) pair(v *settingView) {
	class := safe("differs")
	if v.fits {
		class = "fits"
	}
	h.open("tr", "class", class)
	h.open("th", "scope", "row")
	h.text(upper(v.name))
	if v.fits {
		h.el("small", "goes together all the same")
	}
	h.close("th")
	for _, c := range v.cells {
		h.open("td")
		h.el("code", c.text)
		h.el("small", joined(" ", c.setting, c.where))
		h.close("td")
	}
	h.end("tr")
}
