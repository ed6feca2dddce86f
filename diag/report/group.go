package report

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// The groups below put a report's findings in the order in which people read
// them. Every format for people renders the same groups.

// A section is what is said about one tunnel, or one gateway, or, where both
// are nil, about the evidence as a whole.
type section struct {
	tunnel    *diag.TunnelReport
	gateway   *diag.GatewayReport
	incidents []*incident     // failures and weaknesses that are there, worst first
	works     []*diag.Finding // proofs that something works
	past      []*diag.Finding // what was got over
}

// fails reports whether the tunnel does not come up.
func (s *section) fails() bool {
	if s.tunnel == nil {
		return false
	}
	switch s.tunnel.Outcome {
	case diag.OutcomePhase1Failed, diag.OutcomeXAuthFailed, diag.OutcomePhase2Failed, diag.OutcomeNoTraffic:
		return true
	}
	return false
}

// An incident is one visible failure: its best explanation, the others in
// rank order, and what else the failure shows as.
type incident struct {
	id       string
	head     *diag.Finding
	others   []*diag.Finding
	symptoms []*diag.Finding
}

// groups is a report in reading order.
type groups struct {
	sections []*section // those with incidents, the one with the root cause first
	quiet    []*section // tunnels of which nothing bad is said
	advice   []*tally
	notes    []*tally
	silenced []*tally
	broken   int // tunnels that do not carry what they should
	up       int // tunnels that are established
	down     int // tunnels that were, and were taken down
}

// A tally is one code that several tunnels show.
type tally struct {
	first *diag.Finding
	count int // findings
}

// group sorts a report. It relies on the rank order of findings.
func group(r *diag.Report, v *resolver) *groups {
	g := &groups{}
	byTunnel := make(map[string]*section, len(r.Tunnels))
	byGateway := map[string]*section{}
	var whole section
	order := []*section{} // as findings name them
	for i := range r.Tunnels {
		byTunnel[r.Tunnels[i].ID] = &section{tunnel: &r.Tunnels[i]}
	}
	for i := range r.Gateways {
		byGateway[r.Gateways[i].ID] = &section{gateway: &r.Gateways[i]}
	}
	adviceOf, notesOf := map[diag.Code]*tally{}, map[diag.Code]*tally{}
	for i := range r.Findings {
		f := &r.Findings[i]
		s := &whole
		if t := byTunnel[f.Tunnel]; t != nil && f.Tunnel != "" {
			s = t
		} else if w := byGateway[v.gateway(f.Gateway)]; w != nil {
			s = w
		}
		switch {
		case f.Kind == diag.Advice:
			g.advice = count(g.advice, adviceOf, f)
		case f.Kind == diag.Note:
			g.notes = count(g.notes, notesOf, f)
		case f.Kind == diag.OK:
			s.works = append(s.works, f)
		case f.Status != diag.Active:
			s.past = append(s.past, f)
		case s.explained(f):
		default:
			if len(s.incidents) == 0 {
				order = append(order, s)
			}
			s.add(f)
		}
	}
	silencedOf := map[diag.Code]*tally{}
	for i := range r.Silenced {
		g.silenced = count(g.silenced, silencedOf, &r.Silenced[i])
	}
	g.sections = order
	for i := range r.Tunnels {
		s := byTunnel[r.Tunnels[i].ID]
		if len(s.incidents) == 0 {
			g.quiet = append(g.quiet, s)
		}
		switch s.tunnel.Outcome {
		case diag.OutcomeEstablished:
			g.up++
		case diag.OutcomeUnknown, diag.OutcomeNegotiating:
		case diag.OutcomeLost:
			if s.takenDown() {
				g.down++
			} else {
				g.broken++
			}
		default:
			g.broken++
		}
	}
	for i := range r.Gateways {
		if s := byGateway[r.Gateways[i].ID]; len(s.incidents) == 0 && len(s.past) > 0 {
			g.quiet = append(g.quiet, s)
		}
	}
	return g
}

// takenDown reports whether nothing is found why the tunnel is not up any more
// but that an end took it down.
func (s *section) takenDown() bool {
	return !slices.ContainsFunc(s.incidents, func(i *incident) bool {
		return i.head.Kind == diag.Cause && i.head.Severity >= diag.Error && i.head.Verdict >= diag.Likely
	})
}

// explained puts a symptom to the cause that brings it about, where that is of
// another failure.
func (s *section) explained(f *diag.Finding) bool {
	if f.Kind != diag.Symptom {
		return false
	}
	for _, i := range s.incidents {
		if i.id != f.Incident && slices.Contains(i.head.Explains, f.ID) {
			i.symptoms = append(i.symptoms, f)
			return true
		}
	}
	return false
}

func (s *section) add(f *diag.Finding) {
	for _, i := range s.incidents {
		if i.id != f.Incident || f.Incident == "" {
			continue
		}
		if f.Kind == diag.Symptom {
			i.symptoms = append(i.symptoms, f)
		} else {
			i.others = append(i.others, f)
		}
		return
	}
	s.incidents = append(s.incidents, &incident{id: f.Incident, head: f})
}

func count(ts []*tally, of map[diag.Code]*tally, f *diag.Finding) []*tally {
	if t := of[f.Code]; t != nil {
		t.count++
		return ts
	}
	t := &tally{first: f, count: 1}
	of[f.Code] = t
	return append(ts, t)
}

// root returns the first incident that a cause heads, else the first one, nil
// where there is none.
func (g *groups) root() (*section, *incident) {
	for _, s := range g.sections {
		for _, i := range s.incidents {
			if i.head.Kind == diag.Cause {
				return s, i
			}
		}
	}
	if len(g.sections) > 0 {
		return g.sections[0], g.sections[0].incidents[0]
	}
	return nil, nil
}

// end returns the place, 0 or 1, of a gateway among a tunnel's ends, -1 where
// it is neither.
func (s *section) end(gateway string) int {
	if s.tunnel == nil || gateway == "" {
		return -1
	}
	for i := range s.tunnel.Ends {
		if s.tunnel.Ends[i].GatewayID == gateway {
			return i
		}
	}
	return -1
}

// role returns the place of the end with a role, -1 where none has it.
func (s *section) role(e diag.End) int {
	if s.tunnel != nil {
		for i := range s.tunnel.Ends {
			if r := s.tunnel.Ends[i].Role; r != diag.SideUnknown && r.End() == e {
				return i
			}
		}
	}
	return -1
}
