package diag

import "fmt"

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
