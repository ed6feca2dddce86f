package diag

import (
	"cmp"
	"slices"
)

// Sink takes a rule's findings.
type Sink struct {
	rule     *Rule
	findings []Finding                // of all rules that ran since take
	before   int                      // how many of them are not of the rule at hand
	said     []Weight                 // what speaks for the words of each of its findings
	pieces   []piece                  // of their evidence
	evidence []Evidence               // what those are of that is made
	ordered  []piece                  // of a finding, for a moment
	traces   []shown                  // what Traces refer to
	entry    Entry                    // the catalogue's of the last finding
	asked    []asked                  // of the tunnel's attempts
	names    [2][Responder + 1]string // of the tunnel's ends, in each role
	shown    []Evidence               // where that of facts is made
	stamped  []stamped                // of an attempt, for a moment
	seen     []seen
	lacking  [2][]*Attempt // of the tunnel's attempts, those without phase 1, and those without a child
}

// sort notes which of the tunnel's attempts did not complete a phase.
func (s *Sink) sort(all []*Attempt) {
	s.lacking[0], s.lacking[1] = s.lacking[0][:0], s.lacking[1][:0]
	for _, a := range all {
		if !a.up() {
			s.lacking[0] = append(s.lacking[0], a)
		}
		if !a.child() {
			s.lacking[1] = append(s.lacking[1], a)
		}
	}
}

// without returns those that did not complete phase 1, or Phase2.
func (s *Sink) without(phase Phase) []*Attempt {
	if phase == Phase2 {
		return s.lacking[1]
	}
	return s.lacking[0]
}

// room returns room for evidence, which is made many at once: most of it is gone
// when the rules have run.
func (s *Sink) room(n int) []Evidence {
	if cap(s.shown)-len(s.shown) < n {
		s.shown = make([]Evidence, 0, max(n, 64))
	}
	at := len(s.shown)
	s.shown = s.shown[:at+n]
	return s.shown[at : at+n : at+n]
}

// begin makes the sink a rule's.
func (s *Sink) begin(r *Rule) {
	s.rule, s.before = r, len(s.findings)
	s.said, s.pieces, s.evidence = s.said[:0], s.pieces[:0], s.evidence[:0]
}

// cut forgets what the rule at hand has found.
func (s *Sink) cut() {
	clear(s.findings[s.before:])
	s.findings = s.findings[:s.before]
}

// take returns the findings, and makes room for others.
func (s *Sink) take() []Finding {
	all := slices.Clone(s.findings)
	s.before, s.traces = 0, s.traces[:0]
	s.cut()
	return all
}

// rest forgets what findings were made of, when all rules have run.
func (s *Sink) rest() {
	s.shown, s.pieces, s.ordered = nil, cleared(s.pieces), cleared(s.ordered)
	s.evidence, s.traces = cleared(s.evidence), cleared(s.traces)
	s.stamped, s.seen = cleared(s.stamped), cleared(s.seen)
	clear(s.names[:])
	for i, list := range s.lacking {
		s.lacking[i] = cleared(list)
	}
}

// sinkKept is the length up to which the room of a list is kept for the next time.
const sinkKept = 1024

// cleared returns the room of a list that is done with.
func cleared[T any](list []T) []T {
	if cap(list) > sinkKept {
		return nil
	}
	clear(list[:cap(list)])
	return list[:0]
}

// Add reports a finding about the tunnel, or the gateway, as a whole.
func (s *Sink) Add(f Finding) { s.add(&f, -1, "") }

// AddTo reports a finding about an attempt. The same code on several attempts
// of a tunnel becomes one finding with the evidence of all.
func (s *Sink) AddTo(a *Attempt, f Finding) { s.addTo(a, &f, "") }

// AddToChild reports a finding about a quick mode or an SA pair. subject
// tells children apart by content, such as their selectors.
func (s *Sink) AddToChild(a *Attempt, subject string, f Finding) { s.addTo(a, &f, subject) }

func (s *Sink) addTo(a *Attempt, f *Finding, subject string) {
	if a.roleless {
		f.dropRoles()
	}
	s.add(f, int(a.index), subject)
}

// add takes over a finding about an attempt, -1 for none, or lets another one of
// the same code and subject have it.
func (s *Sink) add(f *Finding, attempt int, subject string) {
	s.complete(f)
	f.attempt, f.subject, f.Count = attempt, subject, 1
	at := s.before
	for at < len(s.findings) && (s.findings[at].Code != f.Code || s.findings[at].subject != subject) {
		at++
	}
	w := s.collect(f, int32(at))
	if at == len(s.findings) {
		s.findings, s.said = append(s.findings, *f), append(s.said, w)
		return
	}
	o := &s.findings[at]
	o.merge(f)
	if said := &s.said[at-s.before]; w >= *said {
		*said = w
		o.say(f)
	}
}

// complete fills in what a rule leaves to the catalogue and its documentation.
func (s *Sink) complete(f *Finding) {
	if f.Code == "" {
		f.Code = s.rule.Code
	}
	f.Scope = s.rule.Scope
	if s.entry.Code != f.Code { // most often they are of one code
		s.entry, _ = Lookup(f.Code)
	}
	e := &s.entry
	f.Kind = or(f.Kind, or(s.rule.Doc.Kind, or(e.Kind, Cause)))
	f.Phase = or(f.Phase, or(s.rule.Doc.Phase, or(e.Phase, PhaseAny)))
	f.Severity = or(f.Severity, or(s.rule.Doc.Severity, or(e.Severity, Warning)))
	if f.Summary == "" {
		f.Summary = s.rule.title()
	}
}

// merge takes over what another finding adds: an attempt that shows the same.
func (f *Finding) merge(g *Finding) {
	f.Count++
	f.attempt = max(f.attempt, g.attempt)
	f.Severity = max(f.Severity, g.Severity)
	for _, r := range g.RuledOut {
		f.ruleOut(r)
	}
	for _, m := range g.Missing {
		f.miss(m)
	}
}

// say takes over the words of another finding of the same thing, later and no
// less sure.
func (f *Finding) say(g *Finding) {
	f.Summary, f.Detail, f.FixAt = cmp.Or(g.Summary, f.Summary), cmp.Or(g.Detail, f.Detail), g.FixAt
	if len(g.Remedies) > 0 {
		f.Remedies = g.Remedies
	}
}

// dropRoles takes roles out of a finding about an attempt whose ends have none
// that is known.
func (f *Finding) dropRoles() {
	either := func(e *End) {
		if *e == EndInitiator || *e == EndResponder {
			*e = EndEither
		}
	}
	either(&f.FixAt)
	f.Missing, f.Remedies = slices.Clone(f.Missing), slices.Clone(f.Remedies)
	for i := range f.Missing {
		either(&f.Missing[i].End)
	}
	for i := range f.Remedies {
		either(&f.Remedies[i].End)
	}
}

// or returns the first value that is not zero, as cmp.Or does, in fewer instructions.
func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}
