package diag

import "slices"

// insufficient adds a note where a tunnel failed and nothing tells why well
// enough: the law that what is missing is said.
func (t *tunnel) insufficient(all []Finding, got Outcome) []Finding {
	switch got {
	case OutcomePhase1Failed, OutcomeXAuthFailed, OutcomePhase2Failed, OutcomeNoTraffic, OutcomeLost:
	default:
		return all
	}
	note := Finding{Code: EvidInsufficient, Kind: Note, Severity: Info, Verdict: Confirmed, Phase: PhaseAny, attempt: -1, Count: 1,
		Summary: "the evidence does not tell why this tunnel fails"}
	var candidates []Code
	for i := range all {
		f := &all[i]
		if f.Kind != Cause || f.Status != Active || !f.Stops() {
			continue
		}
		if f.Verdict >= Likely {
			return all
		}
		if !slices.Contains(candidates, f.Code) {
			candidates = append(candidates, f.Code)
		}
		for _, m := range f.Missing {
			note.miss(m)
		}
	}
	if len(candidates) > 0 {
		note.Summary = "the evidence does not decide between the possible causes"
		note.Detail = Candidates{Codes: candidates}
	}
	for i, l := range t.ends {
		if l == nil {
			note.miss(Missing{Kind: KindLog, End: t.role(i), Decides: candidates, Why: "nothing of this end was given"})
		}
	}
	if len(note.Missing) == 0 {
		note.miss(Missing{Kind: KindConfig, End: EndBoth, Decides: candidates, Why: "the two configurations, with their secrets, show whether the ends agree"})
	}
	t.identify(&note, t.id())
	return append(all, note)
}

// role returns the role that an end of the tunnel had in its last attempt.
func (t *tunnel) role(end int) End {
	if n := len(t.attempts); n > 0 && !t.attempts[n-1].roleless {
		switch end {
		case t.attempts[n-1].EndOf(Initiator):
			return EndInitiator
		case t.attempts[n-1].EndOf(Responder):
			return EndResponder
		}
	}
	return EndUnknown
}
