package diag

import (
	"fmt"
	"slices"
)

// Rule recognises one root cause, symptom, weakness or proof. It is a value:
// the engine is given a list of rules, and nothing registers itself. Check is
// a pure function of the View. It compares no clocks, infers no absence other
// than through Attempt.Unseen and Missed and asserts no certainty: it says what each piece
// of evidence is worth, and the engine computes the verdict.
type Rule struct {
	Code  Code
	Doc   Doc
	Scope Scope
	// Needs lists the kinds of facts of which at least one must be there for
	// the rule to be worth running. Zero: always.
	Needs BodySet
	Check func(v *View, out *Sink)
}

// Doc documents a rule as data: the engine, the code pages and a tool's
// "explain" use the same.
type Doc struct {
	// Title defaults to the catalogue's.
	Title string
	// Meaning says in a few sentences what is wrong and how it shows.
	Meaning string
	// Kind, Phase and Severity default to the catalogue's.
	Kind     Kind
	Phase    Phase
	Severity Severity
	// LookAlikes are other explanations of the same evidence. Where the
	// evidence is a Proof, the verdict is Confirmed only if each of them is
	// excluded.
	LookAlikes []LookAlike
	// Explains lists codes of findings that this cause brings about: where
	// both are found in one incident, they are its symptoms, or hypotheses
	// that it supersedes.
	Explains []Code
	// Common orders hypotheses that the evidence cannot tell apart: the more
	// common cause first. 0 is rare, 9 is what one meets every week.
	Common uint8
	// Remedy is what to do, for findings whose Remedies say only where.
	Remedy     string
	References []Reference
}

// LookAlike is another explanation of a rule's evidence.
type LookAlike struct {
	Code Code
	// Excluded lists what rules it out; one of them is enough. Where the list
	// is empty, nothing does.
	Excluded []Exclusion
	// Ask is what would decide where nothing excludes it.
	Ask Missing
}

// Exclusion is one way to rule a look-alike out.
type Exclusion struct {
	// If reports whether the case at hand does, and by which evidence.
	If func(c Case) (Evidence, bool)
	// Reason says why that evidence excludes it.
	Reason string
}

// Case is what a look-alike is judged on.
type Case struct {
	View    *View
	Attempt *Attempt // nil where the finding is about the tunnel as a whole
	Finding *Finding
}

// Has reports whether the finding has a proof of the given kind.
func (c Case) Has(k EvidenceKind) (Evidence, bool) {
	for _, e := range c.Finding.Evidence {
		if e.Weight == Proof && e.Kind == k && !e.Against {
			return e, true
		}
	}
	return Evidence{}, false
}

// Sink takes a rule's findings.
type Sink struct {
	rule     *Rule
	findings []Finding  // of all rules that ran since take
	evidence []Evidence // of what the rule at hand has found
	entry    Entry      // the catalogue's of the last one
	asked    []asked    // of the tunnel's attempts
	shown    []Evidence // where that of facts is made
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

// cut forgets all findings but the first n.
func (s *Sink) cut(n int) {
	clear(s.findings[n:])
	s.findings = s.findings[:n]
}

// take returns the findings, and makes room for others.
func (s *Sink) take() []Finding {
	all := slices.Clone(s.findings)
	s.cut(0)
	return all
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

// add takes over a finding about an attempt, -1 for none.
func (s *Sink) add(found *Finding, attempt int, subject string) {
	s.findings = append(s.findings, *found)
	f := &s.findings[len(s.findings)-1]
	if f.Code == "" {
		f.Code = s.rule.Code
	}
	f.attempt, f.subject = attempt, subject
	if n := len(s.evidence); len(f.Evidence) > 0 { // the rule may use its list again
		s.evidence = append(s.evidence, f.Evidence...)
		f.Evidence = s.evidence[n:len(s.evidence):len(s.evidence)]
	}
	f.Scope = s.rule.Scope
	if s.entry.Code != f.Code { // most often they are of one code
		s.entry, _ = Lookup(f.Code)
	}
	e := &s.entry
	f.Kind = first(f.Kind, s.rule.Doc.Kind, e.Kind, Cause)
	f.Phase = first(f.Phase, s.rule.Doc.Phase, e.Phase, PhaseAny)
	f.Severity = first(f.Severity, s.rule.Doc.Severity, e.Severity, Warning)
	if f.Summary == "" {
		f.Summary = s.rule.title()
	}
}

func first[T comparable](vs ...T) (zero T) {
	for _, v := range vs {
		if v != zero {
			return v
		}
	}
	return zero
}

func (r *Rule) title() string {
	if r.Doc.Title != "" {
		return r.Doc.Title
	}
	e, _ := Lookup(r.Code)
	return e.Title
}

// validate refuses rules that cannot work or say too little of themselves.
func (r *Rule) validate() error {
	if !r.Code.valid() {
		return fmt.Errorf("diag: rule %q: %w", string(r.Code), ErrRuleCode)
	}
	if r.Check == nil {
		return fmt.Errorf("diag: rule %s: %w", r.Code, ErrRuleCheck)
	}
	if r.title() == "" {
		return fmt.Errorf("diag: rule %s: %w", r.Code, ErrRuleDoc)
	}
	for _, l := range r.Doc.LookAlikes {
		bad := !l.Code.valid()
		for _, x := range l.Excluded {
			bad = bad || x.If == nil || x.Reason == ""
		}
		if bad {
			return fmt.Errorf("diag: rule %s, look-alike %q: %w", r.Code, string(l.Code), ErrRuleDoc)
		}
	}
	return nil
}
