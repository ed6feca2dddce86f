package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// Bounds of what Text shows unless Options.Verbose is set.
const (
	fullSections = 20 // tunnels and gateways with findings that are shown whole
	quietTunnels = 12 // tunnels that are up and of which nothing bad is said
	othersShown  = 4  // other explanations of a failure that are shown whole
	tallies      = 8  // advice, notes
	pastShown    = 3
)

// writeText writes a report for people.
func writeText(w io.Writer, r *diag.Report, o *Options) error {
	p := newPrinter(w, r, o)
	g := group(r, &p.resolver)
	p.verdict(r, g)
	full := len(g.sections)
	if !p.verbose {
		full = min(full, fullSections)
	}
	for _, s := range g.sections[:full] {
		p.blank()
		p.section(s)
	}
	p.inBrief(g.sections[full:])
	p.quiet(g)
	p.tallies("Advice", g.advice, r)
	p.tallies("Notes", g.notes, r)
	p.tallies("Silenced", g.silenced, r)
	p.sources(r)
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// verdict writes the answer in one sentence.
func (p *printer) verdict(r *diag.Report, g *groups) {
	s := map[diag.ReportVerdict]style{diag.Healthy: green, diag.Degraded: yellow, diag.Broken: red, diag.Undecided: yellow}[r.Verdict]
	label := safe(strings.ToUpper(string(word(r.Verdict.String())))) + ":"
	p.para(0, label, s, upper(sentence(r, g)))
}

// sentence is the verdict's.
func sentence(r *diag.Report, g *groups) safe {
	n := len(r.Tunnels)
	_, root := g.root()
	var lead safe
	if n > 1 && g.broken > 0 {
		lead = safe(fmt.Sprintf("%d of %d tunnels do not work. ", g.broken, n))
		if g.broken == 1 {
			lead = safe(fmt.Sprintf("1 of %d tunnels does not work. ", n))
		}
	}
	switch {
	case root == nil && n == 0 && len(r.Sources) == 0:
		return "nothing was given."
	case root == nil && n == 0:
		return "no tunnel was found in what was given."
	case root == nil || r.Verdict == diag.Healthy:
		return lead + state(r, g) + reservation(r)
	}
	f := root.head
	summary := upper(stop(say(f.Summary)))
	switch {
	case f.Kind == diag.Symptom:
		return lead + summary + " What causes it is not known."
	case f.Verdict == diag.Confirmed:
		return lead + summary + " This is proven."
	case f.Verdict == diag.Likely:
		return lead + "most likely this: " + summary
	case len(root.others) > 0:
		return lead + safe(fmt.Sprintf("%d explanations are left, none proven. The first to check: ", len(root.others)+1)) + summary
	}
	return lead + "not proven; the first to check: " + summary
}

// reservation says why tunnels that are up are not called healthy.
func reservation(r *diag.Report) safe {
	if r.Verdict != diag.Undecided {
		return ""
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Note && f.Scope == diag.ScopeReport {
			return " But " + stop(say(f.Summary))
		}
	}
	return ""
}

// state says how the tunnels are where there is no cause to name.
func state(r *diag.Report, g *groups) safe {
	n := len(r.Tunnels)
	if n == 1 {
		t := &r.Tunnels[0]
		switch t.Outcome {
		case diag.OutcomeEstablished:
			return "the tunnel " + pair(t) + " is up."
		case diag.OutcomeNegotiating:
			return "the tunnel " + pair(t) + " is still negotiating where the evidence ends."
		case diag.OutcomeUnknown:
			return "what was given tells of the tunnel " + pair(t) + " and not whether it works."
		}
		return "the tunnel " + pair(t) + ": " + outcomeText(t.Outcome) + ". Nothing that was given says why."
	}
	switch {
	case n == 0:
		return "nothing wrong was found."
	case g.up == n:
		return safe(fmt.Sprintf("all %d tunnels are up.", n))
	case g.broken > 0:
		return "Nothing that was given says why."
	}
	return safe(fmt.Sprintf("up are %d of %d tunnels; whether the others work does not show.", g.up, n))
}

// stop ends a sentence.
func stop(s safe) safe {
	if s == "" || strings.HasSuffix(string(s), ".") || strings.HasSuffix(string(s), "…") {
		return s
	}
	return s + "."
}

// upper starts a sentence with a capital.
func upper(s safe) safe {
	if len(s) > 1 && 'a' <= s[0] && s[0] <= 'z' {
		return safe(s[0]-'a'+'A') + s[1:]
	}
	return s
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

// inBrief writes sections that are not shown whole, a line or two each.
func (p *printer) inBrief(ss []*section) {
	if len(ss) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, "More of that kind")
	for _, s := range ss {
		f := s.incidents[0].head
		p.item(2, s.name()+":", joined(", ", say(f.Summary), brief(string(f.Code)), word(f.Verdict.String())))
	}
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

// quiet lists the tunnels of which nothing bad is said: those that are not up
// all the same first, and all of them.
func (p *printer) quiet(g *groups) {
	if len(g.quiet) == 0 {
		return
	}
	p.blank()
	if len(g.sections) > 0 {
		p.heading(0, bold, "Other tunnels")
	}
	slices.SortStableFunc(g.quiet, func(a, b *section) int { return a.well() - b.well() })
	well := slices.IndexFunc(g.quiet, func(s *section) bool { return s.well() > 0 })
	shown := len(g.quiet)
	if well >= 0 && !p.verbose {
		shown = min(shown, well+quietTunnels)
	}
	width := 0
	for _, s := range g.quiet[:shown] {
		width = max(width, columns(string(s.name())))
	}
	width = min(width, p.width/2)
	for _, s := range g.quiet[:shown] {
		p.quietLine(s, width)
		p.past(s)
	}
	if n := len(g.quiet) - shown; n > 0 {
		p.heading(2, plain, "and "+plural(n, "other")+" that are up")
	}
}

// well orders quiet sections: 0 where something is not up.
func (s *section) well() int {
	if s.tunnel != nil && s.tunnel.Outcome != diag.OutcomeEstablished {
		return 0
	}
	return 1
}

func (p *printer) quietLine(s *section, width int) {
	if s.gateway != nil {
		p.heading(2, plain, s.name())
		return
	}
	t := s.tunnel
	st := red
	switch t.Outcome {
	case diag.OutcomeEstablished:
		st = green
	case diag.OutcomeUnknown, diag.OutcomeNegotiating:
		st = yellow
	}
	about := outcomeText(t.Outcome)
	if t.Outcome != diag.OutcomeEstablished {
		if stage := stageText(t.Stage); stage != "" {
			about += ", last seen: " + stage
		}
	} else if n := len(t.Children); n == 1 {
		about += ": " + selectors(&t.Children[0])
	} else if n > 1 {
		about += safe(fmt.Sprintf(" with %d children", n))
	}
	p.hang(2, width, s.name(), st, about)
}

func selectors(c *diag.ChildReport) safe {
	var parts []safe
	for _, s := range c.Selectors {
		parts = append(parts, brief(s))
	}
	return joined(" === ", parts...)
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

// tallies lists codes that are no faults, one line each.
func (p *printer) tallies(heading safe, ts []*tally, r *diag.Report) {
	if len(ts) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, heading)
	shown := len(ts)
	if !p.verbose {
		shown = min(shown, tallies)
	}
	for _, t := range ts[:shown] {
		p.tally(t, r)
	}
	if n := len(ts) - shown; n > 0 {
		p.heading(2, plain, "and "+plural(n, "other"))
	}
}

// insteadShown bounds the places that an advice names.
const insteadShown = 2

// instead says what to write where, as far as an advice knows it.
func (p *printer) instead(f *diag.Finding) {
	n := 0
	for i := range f.Remedies {
		r := &f.Remedies[i]
		if r.Value == "" || r.Line == 0 || f.Kind != diag.Advice {
			continue
		}
		if n++; n > insteadShown && !p.verbose {
			continue
		}
		p.heading(4, dim, joined(" ", "write", p.setting(r)))
	}
	if n > insteadShown && !p.verbose {
		p.heading(4, dim, safe(fmt.Sprintf("and in %d other places", n-insteadShown)))
	}
}

func (p *printer) tally(t *tally, r *diag.Report) {
	f := t.first
	text := say(f.Summary)
	if t.count > 1 {
		if c := title(f.Code); c != "" {
			text = c
		}
		text += safe(fmt.Sprintf(" (%d findings)", t.count))
	}
	p.item(2, "", text+" ("+brief(string(f.Code))+")")
	if t.count == 1 {
		p.instead(f)
	}
	if !p.verbose {
		return
	}
	if t.count == 1 {
		p.evidence(4, &section{}, f, false)
		return
	}
	for _, list := range [][]diag.Finding{r.Findings, r.Silenced} {
		for i := range list {
			if g := &list[i]; g.Code == f.Code {
				p.item(4, "", say(g.Summary))
				p.evidence(6, &section{}, g, false)
			}
		}
	}
}
