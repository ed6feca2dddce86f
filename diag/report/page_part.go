package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// part says what is to be said of a section.
func (b *builder) part(s *section) *part {
	p := &part{section: s, title: s.name()}
	switch {
	case s.tunnel != nil:
		t := s.tunnel
		for i := range t.Ends {
			p.facts = append(p.facts, entry{s.label(i), []safe{endText(&t.Ends[i])}})
		}
		p.facts = append(p.facts, entry{"reached", []safe{reached(t)}})
		if len(s.incidents) > 0 {
			if seen := seen(s); seen != "" {
				p.facts = append(p.facts, entry{"seen", []safe{seen}})
			}
		}
		p.ledger = []entry{{"id", []safe{brief(t.ID)}}}
		p.views = b.ladders(s)
		p.pairs = b.settings(s)
	case s.gateway != nil:
		if len(s.gateway.Identities) > 0 {
			p.more = brief(s.gateway.Identities[0])
		}
	}
	for _, i := range s.incidents {
		p.cards = append(p.cards, b.incident(s, i))
	}
	p.works = b.remarks(s, s.works)
	p.past = b.remarks(s, s.past)
	return p
}

func (b *builder) remarks(s *section, fs []*diag.Finding) (out []*remark) {
	for _, f := range fs {
		out = append(out, b.remark(s, f))
	}
	return out
}

func (b *builder) remark(s *section, f *diag.Finding) *remark {
	return &remark{finding: f, text: say(f.Summary), proofs: b.proofs(s, f, false)}
}

// inOrder returns the tunnels of which nothing bad is said: those that are not
// up all the same first.
func (g *groups) inOrder() []*section {
	slices.SortStableFunc(g.quiet, func(a, b *section) int { return a.well() - b.well() })
	return g.quiet
}

// well orders quiet sections: 0 where something is not up.
func (s *section) well() int {
	if s.tunnel != nil && s.tunnel.Outcome != diag.OutcomeEstablished {
		return 0
	}
	return 1
}

// name names what a section is about.
func (s *section) name() safe {
	switch {
	case s.tunnel != nil:
		return pair(s.tunnel)
	case s.gateway != nil:
		return "gateway " + gatewayName(s.gateway)
	}
	return "all that was given"
}

// pair names a tunnel by its ends.
func pair(t *diag.TunnelReport) safe {
	return endName(&t.Ends[0]) + " <-> " + endName(&t.Ends[1])
}

// endName is the shortest text that tells people which end is meant.
func endName(e *diag.EndReport) safe {
	switch {
	case len(e.Addresses) > 0 && e.Addresses[0].IsValid():
		return address(e.Addresses[0])
	case e.Identity != "":
		return brief(e.Identity)
	case e.Connection != "":
		return brief(e.Connection)
	}
	return "?"
}

func gatewayName(g *diag.GatewayReport) safe {
	if len(g.Addresses) > 0 {
		return address(g.Addresses[0])
	}
	if g.Name != "" {
		return brief(g.Name)
	}
	return brief(g.ID)
}

// label names an end: by its role, else by its number.
func (s *section) label(end int) safe {
	if end < 0 || s.tunnel == nil {
		return "elsewhere"
	}
	switch r := s.tunnel.Ends[end].Role; r {
	case diag.Initiator, diag.Responder:
		return word(r.String())
	}
	return safe(fmt.Sprintf("end %d", end+1))
}

func endText(e *diag.EndReport) safe {
	var as, id, conn safe
	for _, a := range e.Addresses {
		as = joined(", ", as, address(a))
	}
	if as == "" {
		as = "address not known"
	}
	if e.Identity != "" {
		id = "identity " + shown(e.Identity)
	}
	if e.Connection != "" {
		conn = "connection " + shown(e.Connection)
	}
	t := joined("; ", as, id, conn)
	if e.GatewayID == "" {
		t += "; nothing from this end was given"
	}
	return t
}

// reached says how far the tunnel got.
func reached(t *diag.TunnelReport) safe {
	text := outcomeText(t.Outcome)
	if stage := stageText(t.Stage); stage != "" {
		text = stage + "; " + text
	}
	if t.Attempts > 0 {
		text += "; " + plural(t.Attempts, "attempt")
	}
	return text
}

// worksTitle stands above the proofs that something works, or did.
func worksTitle(s *section) safe {
	if s.tunnel != nil && s.tunnel.Outcome == diag.OutcomeLost {
		return "What worked before"
	}
	return "What works"
}

// standing says how a tunnel is of which nothing bad is said.
func standing(t *diag.TunnelReport) safe {
	about := outcomeText(t.Outcome)
	if t.Outcome != diag.OutcomeEstablished {
		if stage := stageText(t.Stage); stage != "" {
			about += ", last seen: " + stage
		}
	} else if n := len(t.Children); n == 1 {
		about = joined(": ", about, selectors(&t.Children[0]))
	} else if n > 1 {
		about += safe(fmt.Sprintf(" with %d children", n))
	}
	return about
}

func selectors(c *diag.ChildReport) safe {
	var parts []safe
	for _, s := range c.Selectors {
		parts = append(parts, brief(s))
	}
	return joined(" === ", parts...)
}

// seen says when the evidence for a section's first finding was.
func seen(s *section) safe {
	f := s.incidents[0].head
	if !f.FirstSeen.Known() {
		return ""
	}
	from, to := f.FirstSeen.Value.UTC(), f.LastSeen.Value.UTC()
	day := "2006-01-02"
	if from.Year() == 1970 && strings.Contains(f.FirstSeen.Assumed, "year") {
		day = "2 Jan" // nothing told the year
	}
	text := from.Format(day + " 15:04:05")
	switch {
	case to.Before(from):
	case to.Format(day) != from.Format(day):
		text += to.Format(" to " + day + " 15:04:05")
	case to.Unix() != from.Unix():
		text += to.Format(" to 15:04:05")
	}
	text += " UTC"
	if f.FirstSeen.Assumed != "" {
		return safe(text) + " (" + brief(f.FirstSeen.Assumed) + " assumed)"
	}
	return safe(text)
}
