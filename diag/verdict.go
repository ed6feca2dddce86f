package diag

// judge computes a finding's verdict from what its evidence is worth, what
// that rests on, and whether the rule's look-alikes are ruled out. A rule
// asserts no certainty; this is the only place that does.
func judge(r *Rule, f *Finding, v *View, a *Attempt) {
	best := Background
	var basis Basis
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e.Against {
			continue
		}
		b := e.Basis
		if e.Kind == EvidenceProbe {
			b = min(b, Unauthenticated) // and of another time, or another way
		}
		if e.Weight > best {
			best, basis = e.Weight, b
		} else if e.Weight == best {
			basis = max(basis, b)
		}
	}
	open := false
	for _, l := range r.Doc.LookAlikes {
		if l.exclude(Case{View: v, Attempt: a, Finding: f}) {
			continue
		}
		open = true
		if l.Ask.Why != "" {
			m := l.Ask
			m.Decides = append([]Code{l.Code}, m.Decides...)
			f.miss(m)
		}
	}
	if f.Verdict == Unverifiable {
		return
	}
	switch {
	case f.Kind == Advice || f.Kind == Note:
		f.Verdict = Confirmed
	case best == Proof:
		f.Verdict = Confirmed
	case best == Strong:
		f.Verdict = Likely
	default:
		f.Verdict = Possible
	}
	if open || basis < Logged {
		f.Verdict = min(f.Verdict, Likely)
	}
}

// exclude notes the first exclusion that holds.
func (l *LookAlike) exclude(c Case) bool {
	for _, x := range l.Excluded {
		if e, ok := x.If(c); ok {
			c.Finding.ruleOut(RuledOut{Code: l.Code, Reason: x.Reason, Evidence: e})
			return true
		}
	}
	return false
}

func (f *Finding) ruleOut(r RuledOut) {
	for i := range f.RuledOut {
		if f.RuledOut[i].Code == r.Code {
			return
		}
	}
	f.RuledOut = append(f.RuledOut, r)
}

// miss adds missing evidence, folding requests for the same thing.
func (f *Finding) miss(m Missing) {
	for i := range f.Missing {
		g := &f.Missing[i]
		if g.Kind == m.Kind && g.End == m.End && g.Level == m.Level {
			for _, c := range m.Decides {
				g.decides(c)
			}
			return
		}
	}
	d := m.Decides
	m.Decides = nil
	for _, c := range d {
		m.decides(c)
	}
	f.Missing = append(f.Missing, m)
}

func (m *Missing) decides(c Code) {
	for _, d := range m.Decides {
		if d == c {
			return
		}
	}
	m.Decides = append(m.Decides, c)
}
