package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// compared is what the two configurations say about one code.
type compared struct {
	state   comparison
	finding *diag.Finding // where they differ
	agreed  []diag.Evidence
}

type comparison uint8

const (
	notCompared comparison = iota // not given, hidden, or left open
	agree                         // certainly no fault here
	differ
	excluded // the configurations show another cause of what looks like it
)

// agreement is what two fitting values are.
func agreement(ev []diag.Evidence) compared {
	for i := range ev {
		ev[i].Against, ev[i].Weight = true, diag.Background
	}
	return compared{state: agree, agreed: ev}
}

// confSink adds what the configurations say to what a rule finds in attempts.
type confSink struct {
	out   *diag.Sink
	v     *diag.View
	c     compared
	found bool
}

// joined returns a sink for a rule's findings about attempts. Its rest has to
// be called in the end.
func joined(v *diag.View, out *diag.Sink, c compared) *confSink {
	return &confSink{out: out, v: v, c: c}
}

// AddTo reports a finding about an attempt, if the configurations leave
// anything of it.
func (s *confSink) AddTo(a *diag.Attempt, f diag.Finding) {
	if f.Code == "" { // otherwise it is about something else
		if !s.c.apply(&f) {
			return
		}
		s.found = true
	}
	s.out.AddTo(a, f)
}

// rest reports a difference that no attempt showed. What came up in spite of
// it is not broken by it: past phase 1 nothing is said of that phase, and a
// child that is there makes a warning of it.
func (s *confSink) rest(phase diag.Phase) {
	if s.found || s.c.state != differ {
		return
	}
	f := *s.c.finding
	switch {
	case phase == diag.Phase2 && childUp(s.v):
		f.Severity = diag.Warning
	case phase == diag.PhaseXAuth && childUp(s.v), phase == diag.Phase1 && s.v.Up():
		return
	}
	s.out.Add(f)
}

// childUp reports whether some SA pair of the tunnel came up.
func childUp(v *diag.View) bool {
	for a := range v.Attempts() {
		if a.Completed(diag.Phase2) {
			return true
		}
	}
	return false
}

// apply adds to a finding what the configurations say. It is false where they
// exclude it: they agree, and nothing but hints speaks for it.
func (c *compared) apply(f *diag.Finding) bool {
	switch c.state {
	case excluded:
		return false
	case differ:
		f.Evidence = slices.Concat(f.Evidence, c.finding.Evidence) // the rule may use its own again
		if c.finding.Summary != "" {
			f.Summary = c.finding.Summary
		}
		if f.Detail == nil {
			f.Detail = c.finding.Detail
		}
		f.Remedies = c.finding.Remedies
	case agree:
		best := diag.Background
		for _, e := range f.Evidence {
			best = max(best, e.Weight)
		}
		switch best {
		case diag.Proof:
			return true // what the daemon says it does, whatever the file says
		case diag.Background, diag.Hint:
			return false
		}
		f.Evidence = slices.Concat(f.Evidence, c.agreed)
		for i := range f.Evidence {
			f.Evidence[i].Weight = min(f.Evidence[i].Weight, diag.Hint)
		}
	}
	return true
}

// byConfigs excludes a look-alike where the finding rests on the two
// configurations themselves.
var byConfigs = diag.Exclusion{If: configsCompared, Reason: "the two configurations were compared and differ"}

func configsCompared(c diag.Case) (diag.Evidence, bool) {
	for _, e := range c.Finding.Evidence {
		if e.Kind == diag.EvidenceConfig && e.Weight >= diag.Strong && !e.Against {
			return e, true
		}
	}
	return diag.Evidence{}, false
}
