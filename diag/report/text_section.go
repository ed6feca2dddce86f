package report

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// section writes what is said about one tunnel or gateway.
func (p *printer) section(s *section) {
	p.title(s)
	for _, i := range s.incidents {
		p.blank()
		p.incident(s, i)
	}
	if len(s.works) > 0 {
		p.blank()
		p.heading(2, bold, "What works")
		for _, f := range s.works {
			p.item(4, "", say(f.Summary))
			if p.verbose {
				p.evidence(6, s, f, false)
			}
		}
	}
	p.past(s)
}

// title writes which tunnel it is and how far it got.
func (p *printer) title(s *section) {
	switch {
	case s.tunnel != nil:
	case s.gateway != nil:
		t := "GATEWAY " + gatewayName(s.gateway)
		if len(s.gateway.Identities) > 0 {
			t += "  " + brief(s.gateway.Identities[0])
		}
		p.heading(0, bold, t)
		return
	default:
		p.heading(0, bold, "ALL THAT WAS GIVEN")
		return
	}
	t := s.tunnel
	p.heading(0, bold, "TUNNEL "+s.name())
	width := 0
	for i := range t.Ends {
		width = max(width, columns(string(s.label(i))))
	}
	width = max(width, len("reached"))
	for i := range t.Ends {
		p.hang(2, width, s.label(i), plain, endText(&t.Ends[i]))
	}
	p.hang(2, width, "reached", plain, reached(t))
	if seen := seen(s); seen != "" {
		p.hang(2, width, "seen", plain, seen)
	}
	if p.verbose {
		p.hang(2, width, "id", dim, brief(t.ID))
	}
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

func (p *printer) incident(s *section, i *incident) {
	f := i.head
	p.cause(s, f)
	p.symptoms(s, i)
	if f.Severity >= diag.Error || p.verbose {
		p.excluded(f)
	}
	p.missing(s, i)
	p.others(s, i)
	p.references(f)
}

// symptoms writes what else the failure shows as.
func (p *printer) symptoms(s *section, i *incident) {
	if len(i.symptoms) == 0 {
		return
	}
	p.blank()
	p.heading(2, bold, "Seen as")
	for _, x := range i.symptoms {
		p.item(4, "", say(x.Summary)+" ("+brief(string(x.Code))+")")
		switch x.Detail.(type) {
		case diag.MessagesLost, *diag.MessagesLost:
			p.values(2, s, x) // no cause has what this says
		}
		if p.verbose {
			p.evidence(6, s, x, false)
		}
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

func causeLabel(f *diag.Finding) safe {
	switch {
	case f.Kind == diag.Symptom:
		return "What fails"
	case f.Severity < diag.Error:
		return "Weak point"
	case f.Verdict == diag.Confirmed:
		return "Cause"
	case f.Verdict == diag.Likely:
		return "Likely cause"
	}
	return "Possible cause"
}

// cause writes an incident's best explanation: what, how sure, what to do,
// and what proves it.
func (p *printer) cause(s *section, f *diag.Finding) {
	p.heading(2, severityStyle(f), causeLabel(f)+": "+upper(stop(say(f.Summary))))
	p.heading(4, dim, brief(string(f.Code))+", "+word(f.Severity.String()))
	if p.verbose {
		p.heading(4, dim, joined(", ", brief(f.ID), "incident "+brief(f.Incident), brief(f.Fingerprint)))
	}
	if f.Kind == diag.Cause {
		p.heading(4, plain, sureText(f.Verdict))
		for _, d := range doubts(f) {
			p.item(4, "", d)
		}
	}
	p.values(0, s, f)
	p.remedies(s, f)
	if len(f.Evidence) > 0 {
		p.blank()
		p.heading(2, bold, "Evidence"+legend(f))
		p.evidence(4, s, f, true)
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

// remedies writes who must change what.
func (p *printer) remedies(s *section, f *diag.Finding) {
	if len(f.Remedies) == 0 && f.FixAt == diag.EndUnknown {
		return
	}
	p.blank()
	p.heading(2, bold, "What to do")
	if len(f.Remedies) > 0 {
		p.remedyList(4, s, f)
	} else if who := s.whoText(f.FixAt); f.FixAt == diag.EndPath {
		p.heading(4, plain, "to be fixed "+who)
	} else {
		p.heading(4, plain, "to be fixed at: "+who)
	}
}

func (p *printer) remedyList(indent int, s *section, f *diag.Finding) {
	for i := 0; i < len(f.Remedies); {
		// What both ends have to do alike is said once.
		action := f.Remedies[i].Action
		var who safe
		var at []safe
		for ; i < len(f.Remedies) && f.Remedies[i].Action == action; i++ {
			r := &f.Remedies[i]
			w := s.whoText(r.End)
			if w == "" {
				w = s.whoText(f.FixAt)
			}
			if w != who {
				who = joined(" and ", who, w)
			}
			at = append(at, p.setting(r))
		}
		if who != "" {
			who += ":"
		}
		p.item(indent, who, stop(say(action)))
		for _, a := range at {
			if a != "" {
				p.heading(indent+2, dim, a)
			}
		}
	}
}

// setting says where the setting of a remedy stands, empty where that is not
// known.
func (p *printer) setting(r *diag.Remedy) safe {
	var what, where safe
	src := p.source(r.Source)
	if r.Setting != "" {
		what = shown(r.Setting)
		if r.Value != "" {
			what += assigned(src) + shown(r.Value)
		}
	} else if r.Value != "" {
		what = shown(r.Value)
	}
	if src != nil && r.Line > 0 {
		where = "at " + shown(src.Name) + safe(fmt.Sprintf(":%d", r.Line))
	}
	return joined(" ", what, where)
}

// assigned is what stands between a setting and its value in a source's
// format: Cisco's are commands.
func assigned(src *diag.SourceReport) safe {
	if src != nil && strings.HasPrefix(src.Dialect, "cisco-") {
		return " "
	}
	return " = "
}
