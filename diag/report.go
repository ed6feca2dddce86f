package diag

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// Report is the whole of what an engine knows, in a fixed order: the same
// evidence gives the same report, however it arrived. Times are the sources';
// nothing in it comes from the clock of the machine that made it.
type Report struct {
	// Verdict sums up; the lists are in a canonical order.
	Verdict  ReportVerdict
	Sources  []SourceReport
	Gateways []GatewayReport
	Tunnels  []TunnelReport
	// Findings are in rank order: the first of kind Cause is the root cause.
	Findings []Finding
	// Silenced are the findings that a Silence matches.
	Silenced []Finding

	sourceIDs map[SourceID]string
	ordinals  map[string]string
}

// SourceReport is a source as a report shows it.
type SourceReport struct {
	ID string // s1, s2 … in canonical order
	Source
	GatewayID string // g1, g2 …; empty where no gateway's
	// Number is the source's ID in the engine, as evidence names it.
	Number SourceID
}

// GatewayReport is a gateway as a report shows it.
type GatewayReport struct {
	ID         string // g1, g2 …
	Name       string // the caller's ID, else what identifies it
	Addresses  []netip.Addr
	Identities []string
}

// TunnelReport is a tunnel as a report shows it.
type TunnelReport struct {
	// ID comes from what the tunnel is and not from its place in a list. Stage
	// is how far the last of the Attempts got.
	ID       string
	Ends     [2]EndReport
	Outcome  Outcome
	Stage    string
	Attempts int
	Children []ChildReport
	// Ladders shows some of the attempts message by message, oldest first: the
	// last ones, and the one that the tunnel's first finding is about. A report
	// has them for a bounded number of tunnels, those with findings first, and
	// a Change has none.
	Ladders []Ladder
	// Settings lists what the two ends are configured for and do not have
	// alike, where both configurations were given.
	Settings []SettingPair
}

// EndReport is one end of a tunnel.
type EndReport struct {
	// GatewayID is empty where nothing of the end was given; the rest is what
	// either end tells of it.
	GatewayID  string
	Addresses  []netip.Addr
	Identity   string
	Connection string
	Role       Side
}

// ChildReport is an SA pair, or a quick mode.
type ChildReport struct {
	Selectors []string // local === remote as its first vantage point sees them
	Outcome   Outcome
}

// Cause returns the root cause, if one was found.
func (r *Report) Cause() (*Finding, bool) {
	for i := range r.Findings {
		if r.Findings[i].Kind == Cause {
			return &r.Findings[i], true
		}
	}
	return nil, false
}

// SourceID returns the report's ID of a source that evidence names, empty for
// NoSource.
func (r *Report) SourceID(id SourceID) string { return r.sourceIDs[id] }

// GatewayID returns the report's ID of a gateway that evidence names.
func (r *Report) GatewayID(name string) string { return r.ordinals[name] }

func (e *Engine) report() *Report {
	r := &Report{sourceIDs: map[SourceID]string{}, ordinals: map[string]string{}}
	for _, g := range e.gateways {
		r.ordinals[g.id] = g.ordinal
		r.Gateways = append(r.Gateways, g.report())
	}
	r.Sources = e.sourceReports()
	for _, s := range r.Sources {
		r.sourceIDs[s.Number] = s.ID
	}
	var found, silenced []*Finding
	take := func(all []Finding) {
		for i := range all {
			if f := &all[i]; e.silenced(f) {
				silenced = append(silenced, f)
			} else {
				found = append(found, f)
			}
		}
	}
	r.Tunnels = slices.Grow(r.Tunnels, len(e.tunnels))
	for _, t := range e.tunnels {
		all := t.evaluated.findings()
		if t.left {
			all, _ = e.findings(t)
		}
		r.Tunnels = append(r.Tunnels, e.tunnelReport(t, all))
		take(all)
		if !e.ended && !e.now.IsZero() {
			e.settleDown(t)
		}
	}
	for _, g := range e.gateways {
		take(g.findings())
	}
	left := e.unplaced()
	take(left)
	take(e.unasked())
	take(e.leftOut())
	r.Findings, r.Silenced = ranked(found), ranked(silenced)
	e.draw(r)
	if r.Verdict = r.verdict(); r.Verdict == Healthy && len(left) > 0 {
		r.Verdict = Undecided // something was given that may say otherwise
	}
	return r
}

// ranked returns findings in rank order.
func ranked(found []*Finding) (all []Finding) {
	slices.SortFunc(found, compareFinding)
	all = slices.Grow(all, len(found))
	for _, f := range found {
		all = append(all, *f)
	}
	return all
}

// sourceReports lists the sources in canonical order.
func (e *Engine) sourceReports() []SourceReport {
	order := make([]SourceID, len(e.sources))
	for i := range order {
		order[i] = SourceID(i)
	}
	slices.SortFunc(order, e.compareSource)
	owner := map[SourceID]string{}
	for _, g := range e.gateways {
		for _, u := range g.units {
			if was, ok := owner[u.id]; ok && was != g.ordinal {
				owner[u.id] = "" // a stream of several hosts
				continue
			}
			owner[u.id] = g.ordinal
		}
	}
	out := slices.Grow([]SourceReport(nil), len(order))
	for i, id := range order {
		out = append(out, SourceReport{ID: "s" + strconv.Itoa(i+1), Source: e.sources[id].Source, GatewayID: owner[id], Number: id})
	}
	return out
}

// sourcesOf lists those of all sources that the finding names.
func (f *Finding) sourcesOf(all []SourceReport) (out []SourceReport) {
	named := map[SourceID]bool{}
	for _, ev := range f.Evidence {
		named[ev.Source] = true
	}
	for _, r := range f.RuledOut {
		named[r.Evidence.Source] = true
	}
	for _, r := range f.Remedies {
		named[r.Source] = true
	}
	for _, s := range all {
		if named[s.Number] {
			out = append(out, s)
		}
	}
	return out
}

func (g *gateway) report() GatewayReport {
	return GatewayReport{ID: g.ordinal, Name: g.id, Addresses: g.addrs, Identities: g.identities()}
}

func (g *gateway) identities() []string {
	ids := slices.Clone(g.ids)
	for _, l := range g.legs {
		if l.localID != "" {
			ids = append(ids, l.localID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (e *Engine) tunnelReport(t *tunnel, all []Finding) TunnelReport {
	r := TunnelReport{ID: t.id(), Outcome: t.standing(all), Attempts: t.tried()}
	var last *Attempt
	if n := len(t.attempts); n > 0 {
		last = t.attempts[n-1]
		if c := t.carrier(); c != nil {
			r.Stage, r.Children = c.Stage(), c.children()
		} else {
			r.Stage, r.Children = t.last().Stage(), last.children()
		}
	}
	for i := range r.Ends {
		end := &r.Ends[i]
		if a := t.addr(i); a.IsValid() {
			end.Addresses = append(end.Addresses, a)
		}
		l, other := t.ends[i], t.ends[1-i]
		if l != nil {
			end.GatewayID, end.Connection, end.Identity = l.gateway.ordinal, l.name, l.localID
		}
		if other != nil {
			end.Identity = cmp.Or(end.Identity, other.remoteID)
			// How the other end sees it: another address behind a NAT.
			if other.remote.IsValid() && !slices.Contains(end.Addresses, other.remote) && (l == nil || last != nil) {
				end.Addresses = append(end.Addresses, other.remote)
			}
		}
		if last != nil {
			switch t.role(i) {
			case EndInitiator:
				end.Role = Initiator
			case EndResponder:
				end.Role = Responder
			}
		}
	}
	return r
}

// children lists the SA pairs of the attempt.
func (a *Attempt) children() (out []ChildReport) {
	outcome := OutcomeEstablished
	if a.Emptied() {
		outcome = OutcomeLost
	}
	var listed []*Traffic
	for _, s := range a.strands {
		for _, sl := range s.factsOf(BodyTraffic) {
			t, ok := sl.first.body.(*Traffic)
			if !ok || t.Role != Chosen || slices.ContainsFunc(listed, func(u *Traffic) bool { return u.between(t.Local, t.Remote) }) {
				continue
			}
			listed = append(listed, t)
			c := ChildReport{Selectors: []string{selectors(t.Local), selectors(t.Remote)}, Outcome: outcome}
			if !slices.ContainsFunc(out, func(o ChildReport) bool {
				return slices.Equal(o.Selectors, c.Selectors) || o.Selectors[0] == c.Selectors[1] && o.Selectors[1] == c.Selectors[0]
			}) {
				out = append(out, c)
			}
		}
	}
	return out
}

func selectors(list []ike.Selector) string {
	s := ""
	for i, x := range list {
		if i > 0 {
			s += " "
		}
		s += x.String()
	}
	return s
}

func (r *Report) verdict() ReportVerdict {
	v := Undecided
	for _, t := range r.Tunnels {
		switch t.Outcome {
		case OutcomePhase1Failed, OutcomeXAuthFailed, OutcomePhase2Failed, OutcomeNoTraffic:
			return Broken
		case OutcomePartial, OutcomeFlapping:
			v = max(v, Degraded)
		case OutcomeEstablished:
			v = max(v, Healthy)
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind != Cause || f.Status != Active {
			continue
		}
		if f.Severity >= Error && f.Verdict >= Likely {
			return Broken
		}
		if f.Severity >= Warning && v != Undecided {
			v = Degraded
		}
	}
	return v
}
