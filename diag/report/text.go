package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// Bounds of what Text shows unless Options.Verbose is set.
const (
	fullParts    = 20 // tunnels and gateways with findings that are shown whole
	quietTunnels = 12 // tunnels that are up and of which nothing bad is said
	othersShown  = 4  // other explanations of a failure that are shown whole
	talliesShown = 8  // advice, notes
	pastShown    = 3
	insteadShown = 2 // places that an advice names
	laddersDrawn = 3 // parts that have one
)

// writeText writes a report for people.
func writeText(w io.Writer, r *diag.Report, o *Options) error {
	p := newPrinter(w, o)
	full := fullParts
	if p.verbose {
		full = len(r.Findings)
	}
	g := pageOf(r, o, full)
	p.verdict(g)
	full = min(full, len(g.parts))
	for i, x := range g.parts[:full] {
		p.blank()
		p.part(x, i < laddersDrawn)
	}
	p.inBrief(g.parts[full:])
	p.quiet(g)
	for _, t := range g.lists {
		p.tallies(t)
	}
	p.sources(g)
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// verdict writes the answer in one sentence.
func (p *printer) verdict(g *page) {
	s := map[diag.ReportVerdict]style{diag.Healthy: green, diag.Degraded: yellow, diag.Broken: red, diag.Undecided: yellow}[g.verdict]
	p.para(0, g.label+":", s, g.sentence)
}

// inBrief writes parts that are not shown whole, a line or two each.
func (p *printer) inBrief(ss []*part) {
	if len(ss) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, "More of that kind")
	for _, s := range ss {
		f := s.incidents[0].head
		p.item(2, s.title+":", joined(", ", say(f.Summary), brief(string(f.Code)), word(f.Verdict.String())))
	}
}

// quiet lists the tunnels of which nothing bad is said: those that are not up
// all the same first, and all of them.
func (p *printer) quiet(g *page) {
	if len(g.quiet) == 0 {
		return
	}
	p.blank()
	if len(g.parts) > 0 {
		p.heading(0, bold, "Other tunnels")
	}
	well := slices.IndexFunc(g.quiet, func(s *part) bool { return s.well() > 0 })
	shown := len(g.quiet)
	if well >= 0 && !p.verbose {
		shown = min(shown, well+quietTunnels)
	}
	width := 0
	for _, s := range g.quiet[:shown] {
		width = max(width, columns(string(s.title)))
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

func (p *printer) quietLine(s *part, width int) {
	if s.gateway != nil {
		p.heading(2, plain, s.title)
		return
	}
	st := red
	switch s.tunnel.Outcome {
	case diag.OutcomeEstablished:
		st = green
	case diag.OutcomeUnknown, diag.OutcomeNegotiating:
		st = yellow
	}
	p.hang(2, width, s.title, st, standing(s.tunnel))
}

// tallies lists codes that are no faults, one line each.
func (p *printer) tallies(ts tallies) {
	if len(ts.list) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, ts.title)
	shown := len(ts.list)
	if !p.verbose {
		shown = min(shown, talliesShown)
	}
	for _, t := range ts.list[:shown] {
		p.tally(t)
	}
	if n := len(ts.list) - shown; n > 0 {
		p.heading(2, plain, "and "+plural(n, "other"))
	}
}

func (p *printer) tally(t *tallied) {
	p.item(2, "", t.text+" ("+t.code+")")
	for i, at := range t.instead {
		if i == insteadShown && !p.verbose {
			p.heading(4, dim, safe(fmt.Sprintf("and in %d other places", len(t.instead)-i)))
			break
		}
		p.heading(4, dim, joined(" ", "write", at))
	}
	switch {
	case !p.verbose:
	case !t.several:
		p.evidence(4, t.all[0].proofs)
	default:
		for _, x := range t.all {
			p.item(4, "", x.text)
			p.evidence(6, x.proofs)
		}
	}
}

// sources writes what was read, and what of it was not understood.
func (p *printer) sources(g *page) {
	if len(g.sources) == 0 {
		return
	}
	p.blank()
	p.heading(0, bold, g.read())
	// The names take what the rest leaves, and no more than they need.
	labels, width := make([]safe, len(g.sources)), 0
	for i, o := range g.sources {
		labels[i] = safe(cutFront(string(o.name), p.width/2))
		if p.verbose {
			labels[i] = brief(o.source.ID) + " " + safe(cutFront(string(o.name), p.width/2-6))
		}
		width = max(width, columns(string(labels[i])))
	}
	for i, o := range g.sources {
		p.hang(2, width, labels[i], plain, o.text)
		if o.err != "" {
			p.para(4, "error:", red, o.err)
		}
		for _, f := range o.notRead {
			p.para(4, "not read:", dim, f)
		}
		if c := &o.source.Coverage; p.verbose && !c.From.IsZero() {
			p.heading(4, dim, safe(c.From.UTC().Format("2006-01-02 15:04:05")+" to "+c.To.UTC().Format("2006-01-02 15:04:05 UTC")))
		}
	}
}
