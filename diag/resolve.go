package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// evaluated is what the rules say of a tunnel or a gateway, kept while nothing of
// it changes.
type evaluated struct {
	stamp uint64       // changes with what it rests on; 0 before the first evaluation
	said  *conclusions // nil where there is nothing to keep
	ended bool
	fresh bool // of this evaluation
	left  bool // out: there were findings that no incident is of
}

type conclusions struct {
	findings []Finding
	// until is when silence changes it: the end of the patience with an
	// attempt that is still going on. Zero: never.
	until time.Time
}

// say keeps what the rules say now.
func (c *evaluated) say(stamp uint64, ended bool, found []Finding, until time.Time) {
	*c = evaluated{stamp: stamp, ended: ended, fresh: true}
	if len(found) > 0 || !until.IsZero() {
		c.said = &conclusions{found, until}
	}
}

func (c *evaluated) findings() []Finding {
	if c.said == nil {
		return nil
	}
	return c.said.findings
}

// due reports whether silence has lasted long enough to change it.
func (c *evaluated) due(now time.Time) bool {
	return c.said != nil && !c.said.until.IsZero() && !now.Before(c.said.until)
}

// Bounds of one finding.
const (
	evidenceKept = 16
	missingKept  = 8
)

// evaluate runs the rules on the tunnels that changed.
func (e *Engine) evaluate() {
	e.groups = nil
	for _, t := range e.tunnels {
		stamp := t.stamp
		if t.dirty {
			stamp = t.settleIn()
		}
		if t.fresh = stamp != t.stamp || t.ended != e.ended || t.due(e.now); t.fresh {
			found, until := e.findings(t)
			t.say(stamp, e.ended, found, sooner(e.patience(t), until))
		}
	}
	e.evaluateGateways()
	e.sink.rest()
}

// evaluateGateways runs the rules whose scope is a gateway on the gateways of
// which something new is known.
func (e *Engine) evaluateGateways() {
	for _, g := range e.gateways {
		stamp := digest(uint64(len(e.sources)))
		for _, s := range g.about {
			stamp.add(uint64(s.key.source))
			stamp.add(uint64(s.version))
		}
		if g.fresh = stamp.done() != g.stamp; g.fresh {
			g.say(stamp.done(), e.ended, e.gatewayFindings(g), time.Time{})
		}
	}
}

// digest is made of numbers one after another.
type digest uint64

func (d *digest) add(v uint64) { *d = (*d ^ digest(v)) * 1099511628211 }

// done returns it; 0 is that of nothing.
func (d digest) done() uint64 { return uint64(d) | 1 }

// patience returns when the silence of an attempt that goes on will be long
// enough to count.
func (e *Engine) patience(t *tunnel) (until time.Time) {
	for _, a := range t.attempts {
		if a.Over() {
			continue
		}
		if end := a.moved(); end.Known() {
			until = sooner(until, end.Value.Add(e.options.Patience))
		}
	}
	return until
}

// settleIn makes the tunnel its strands' home and takes stock of them.
func (t *tunnel) settleIn() (stamp uint64) {
	var d digest
	for _, l := range t.legs {
		for _, list := range [][]*strand{l.strands, l.policies} {
			d.add(uint64(len(list)))
			for _, s := range list {
				s.home = t
				d.add(s.key.handle ^ uint64(s.key.source)<<32)
				d.add(uint64(s.version))
			}
		}
	}
	for end := range t.ends {
		for _, s := range t.view.hostStrands(end) {
			d.add(uint64(s.version))
		}
		for _, s := range t.view.probeStrands(end) {
			d.add(uint64(s.version))
		}
	}
	t.dirty = false
	return d.done()
}

// findings runs the rules on one tunnel and resolves what they say. until is when
// silence changes that.
func (e *Engine) findings(t *tunnel) (all []Finding, until time.Time) {
	e.sink.asked = askAll(t.attempts, e.sink.asked)
	defer answered(t.attempts)
	clear(e.sink.names[:])
	e.sink.sort(t.attempts)
	t.lastUp = int32(len(t.attempts)) - 1
	for t.lastUp >= 0 && !t.attempts[t.lastUp].up() {
		t.lastUp--
	}
	e.weighAll(ScopeTunnel, t.bodies(), &t.view)
	all = e.sink.take()
	id := t.id()
	for i := range all {
		t.identify(&all[i], id)
		t.settle(&all[i])
	}
	all = e.supersede(all)
	until = t.doubt(all)
	got := t.outcome()
	t.quiet(all, got)
	all = t.insufficient(all, got)
	for i := range all {
		all[i].write()
	}
	sortFindings(all)
	return all, until
}

// sooner returns the earlier of two times, of which the zero time is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// gatewayFindings runs the rules on one gateway.
func (e *Engine) gatewayFindings(g *gateway) (all []Finding) {
	e.weighAll(ScopeGateway, ^BodySet(0), &View{engine: e, gateway: g})
	all = e.sink.take()
	for i := range all {
		f := &all[i]
		f.Gateway = g.id
		f.ID, f.Fingerprint = sumOf(g.id, string(f.Code), f.subject).ids()
		f.Incident = f.ID
		f.dates()
		f.write()
	}
	sortFindings(all)
	return all
}

// weighAll runs the rules of a scope on a view that has facts of some kinds.
func (e *Engine) weighAll(scope Scope, have BodySet, v *View) {
	for i := 0; i < len(e.rules); {
		i = e.weighFrom(i, scope, have, v)
	}
}

// weighFrom runs those from the one at i on, and returns behind which it stopped.
//
// A panic of a rule's becomes a finding that names the rule and no values: they
// may be secrets.
func (e *Engine) weighFrom(i int, scope Scope, have BodySet, v *View) (next int) {
	defer func() {
		if recover() != nil {
			s, r := &e.sink, e.rules[next]
			s.cut()
			s.findings = append(s.findings, Finding{Code: EvidInsufficient, Kind: Note, Severity: Info, Verdict: Confirmed, Phase: PhaseAny, attempt: -1, subject: "rule:" + string(r.Code),
				Summary: fmt.Sprintf("rule %s failed on this tunnel: its verdict is missing", r.Code)})
			next++
		}
	}()
	for next = i; next < len(e.rules); next++ {
		if r := e.rules[next]; r.Scope == scope && (r.Needs == 0 || r.Needs&have != 0) {
			e.weigh(r, v)
		}
	}
	return next
}

// weigh runs a rule on a view and completes what it says: in the engine's sink
// there is then one finding more for each code and subject, with its verdict.
func (e *Engine) weigh(r *Rule, v *View) {
	s := &e.sink
	s.begin(r)
	r.Check(v, s)
	found := s.findings[s.before:]
	if len(found) == 0 {
		return // as nearly always
	}
	pieces := s.byFinding()
	for i := range found {
		f, n := &found[i], 0
		for n < len(pieces) && int(pieces[n].of) == s.before+i {
			n++
		}
		f.Evidence, pieces = v.trim(pieces[:n]), pieces[n:]
		var a *Attempt
		if v.tunnel != nil && f.attempt >= 0 && f.attempt < len(v.tunnel.attempts) {
			a = v.tunnel.attempts[f.attempt]
		}
		judge(r, f, v, a)
		f.References = append(f.References, r.Doc.References...)
		if len(f.Remedies) == 0 && r.Doc.Remedy != "" {
			f.Remedies = []Remedy{{End: f.FixAt, Source: NoSource}}
		}
		for j := range f.Remedies {
			f.Remedies[j].Action = cmp.Or(f.Remedies[j].Action, r.Doc.Remedy)
		}
		if s, ok := e.options.Severities[f.Code]; ok {
			f.Severity = s
		}
		f.common = r.Doc.Common
	}
}

// bodies returns the kinds of facts that there are.
func (t *tunnel) bodies() (set BodySet) {
	for _, l := range t.legs {
		for _, list := range [][]*strand{l.strands, l.policies} {
			for _, s := range list {
				set |= s.kinds
			}
		}
	}
	for end := range t.ends {
		for _, s := range slices.Concat(t.view.hostStrands(end), t.view.probeStrands(end)) {
			set |= s.kinds
		}
	}
	return set
}

// identify gives the finding of a tunnel with an ID its content-derived names.
func (t *tunnel) identify(f *Finding, id string) {
	f.Tunnel = id
	f.ID, f.Fingerprint = sumOf(f.Tunnel, string(f.Code), f.subject).ids()
	f.Incident = f.ID
	if f.Kind == Cause || f.Kind == Symptom {
		f.Incident = contentID("i", f.Tunnel, t.failure(f), f.subject)
	}
	f.dates()
}

// dates finds out when the finding was seen first and last.
func (f *Finding) dates() {
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e.Time.Known() && (!f.FirstSeen.Known() || e.Time.Value.Before(f.FirstSeen.Value)) {
			f.FirstSeen = e.Time
		}
		if e.Time.Value.After(f.LastSeen.Value) {
			f.LastSeen = e.Time
		}
	}
}

// failure names the visible failure that a finding explains. Explanations of
// one failure are hypotheses of one incident.
func (t *tunnel) failure(f *Finding) string {
	switch t.phaseOf(f) {
	case PhasePath, Phase1, PhaseXAuth:
		return "no ISAKMP SA"
	case Phase2:
		return "no child"
	case PhaseData:
		return "no traffic"
	case PhaseLifecycle:
		return "lost"
	}
	return string(f.Code)
}

// phaseOf returns what of a tunnel a finding is about; one of any phase is about
// the one that its attempt was in.
func (t *tunnel) phaseOf(f *Finding) Phase {
	if f.Phase == PhaseAny && f.attempt >= 0 {
		return t.attempts[f.attempt].Phase()
	}
	return f.Phase
}

// settle finds out whether a finding still holds: what a later attempt got
// past is history, not an alarm.
func (t *tunnel) settle(f *Finding) {
	if f.Kind != Cause && f.Kind != Symptom || f.attempt < 0 {
		return
	}
	phase := t.phaseOf(f)
	for i, a := range t.attempts[f.attempt:] {
		past := false
		switch phase {
		case PhasePath, Phase1, PhaseXAuth:
			past = i > 0 && a.up() || i == 0 && a.child()
		case Phase2:
			past = i > 0 && a.child()
		}
		if past {
			f.Status = Recovered
			f.Severity = min(f.Severity, Info)
		}
	}
}

// supersede removes hypotheses that a better one explains, and links causes
// to their symptoms.
func (e *Engine) supersede(all []Finding) []Finding {
	all = e.dropExplained(all)
	for i := range all {
		f := &all[i]
		if f.Kind != Cause {
			continue
		}
		for j := range all {
			if g := &all[j]; i != j && f.Status == g.Status && e.showsAs(f, g) {
				g.Kind = Symptom
				f.Explains = append(f.Explains, g.ID)
			}
		}
		slices.Sort(f.Explains)
		// What it shows as is not ruled out.
		f.RuledOut = slices.DeleteFunc(f.RuledOut, func(r RuledOut) bool {
			return slices.ContainsFunc(all, func(g Finding) bool { return g.Code == r.Code && slices.Contains(f.Explains, g.ID) })
		})
	}
	return all
}

// dropExplained removes the hypotheses of an incident that a better one of it
// explains. One that brings about what is proven stays: that is no better.
func (e *Engine) dropExplained(all []Finding) []Finding {
	gone := make([]bool, len(all))
	for i := range all {
		f := &all[i]
		if f.Kind != Cause || gone[i] {
			continue
		}
		for j := range all {
			g := &all[j]
			if i == j || gone[j] || g.Kind != Cause || f.Status != g.Status || f.Incident != g.Incident {
				continue
			}
			reason := ""
			switch {
			case isSpecial(f.Code, g.Code) && f.Verdict >= g.Verdict:
				reason = "the special case of it is found"
			case f.Verdict > g.Verdict && e.bringsAbout(f, g):
				reason = "explained by this cause"
			case f.Verdict == Confirmed && f.Severity >= Error && g.Verdict <= Likely && !(g.Verdict == Likely && e.bringsAbout(g, f) && !e.bringsAbout(f, g)):
				reason = "a proven cause explains the failure"
			default:
				continue
			}
			gone[j] = true
			f.ruleOut(RuledOut{Code: g.Code, Reason: reason})
		}
	}
	out := all[:0]
	for i := range all {
		if !gone[i] {
			out = append(out, all[i])
		}
	}
	return out
}

// showsAs reports whether a finding is what a cause shows as: a symptom, or a
// cause that it brings about, of the same failure or of another one.
func (e *Engine) showsAs(f, g *Finding) bool {
	same, brings := f.Incident == g.Incident, e.bringsAbout(f, g)
	switch {
	case g.Kind == Symptom && same:
		return f.Verdict >= Likely || brings
	case !brings || f.Verdict < Likely:
		return false
	case g.Kind == Symptom:
		return true
	case g.Kind != Cause || e.bringsAbout(g, f):
		return false
	case same:
		return g.Verdict == Confirmed // what is no more than likely was dropped, or is another hypothesis
	}
	return f.Verdict >= g.Verdict
}

// bringsAbout reports whether a cause explains a finding, by its rule.
func (e *Engine) bringsAbout(f, g *Finding) bool {
	r := e.of[f.Code]
	return r != nil && slices.Contains(r.Doc.Explains, g.Code)
}

// isSpecial reports whether the catalogue lists c as a special case of general.
func isSpecial(c, general Code) bool {
	for range 4 {
		entry, ok := Lookup(c)
		if !ok || entry.Parent == "" {
			return false
		}
		if entry.Parent == general {
			return true
		}
		c = entry.Parent
	}
	return false
}

// quiet keeps the law that a healthy tunnel is quiet: where it is up, no
// cause that its own success contradicts is an error, and one warning stays.
func (t *tunnel) quiet(all []Finding, got Outcome) {
	if got != OutcomeEstablished {
		return
	}
	sortFindings(all)
	warned := false
	for i := range all {
		f := &all[i]
		if f.Kind != Cause || f.Status != Active {
			continue
		}
		if f.attempt < 0 && f.Phase < PhaseData {
			// A configuration that says the tunnel cannot come up is not the
			// one that it came up with.
			f.Severity = min(f.Severity, Warning)
			f.Verdict = min(f.Verdict, Likely)
		}
		if f.Severity == Warning {
			if warned {
				f.Severity = Info
			}
			warned = true
		}
	}
}

// rank orders findings: cause before symptom before advice; what holds before what
// is over; error before warning; the surer first; the earlier stage first; the worse
// first; the more common first. The less comes first.
func (f *Finding) rank() uint64 {
	r := uint64(f.Kind) << 2
	if f.Status != Active {
		r |= 2
	}
	if f.Severity < Error {
		r |= 1
	}
	return r<<32 | uint64(^uint8(f.Verdict))<<24 | uint64(f.Phase)<<16 | uint64(^uint8(f.Severity))<<8 | uint64(^f.common)
}

func sortFindings(all []Finding) {
	slices.SortFunc(all, func(a, b Finding) int { return compareFinding(&a, &b) })
}

func compareFinding(a, b *Finding) int {
	if x, y := a.rank(), b.rank(); x != y {
		return cmp.Compare(x, y)
	}
	if c := strings.Compare(string(a.Code), string(b.Code)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Tunnel, b.Tunnel); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(a.Gateway, b.Gateway), strings.Compare(a.subject, b.subject))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
