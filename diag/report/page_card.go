package report

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// incident says what is to be said of a failure: its best explanation, with
// the others.
func (b *builder) incident(s *section, i *incident) *card {
	c := b.card(s, i.head)
	c.proofs = b.proofs(s, i.head, true)
	for _, x := range i.symptoms {
		m := b.remark(s, x)
		switch x.Detail.(type) {
		case diag.MessagesLost, *diag.MessagesLost:
			m.values = b.values(s, x) // no cause has what this says
		}
		c.symptoms = append(c.symptoms, m)
	}
	for j := range i.head.RuledOut {
		c.excluded = append(c.excluded, b.excluded(&i.head.RuledOut[j]))
	}
	c.missing = b.missing(s, i)
	for _, f := range i.others {
		o := b.card(s, f)
		o.same = len(f.Remedies) > 0 && slices.Equal(f.Remedies, i.head.Remedies)
		o.proofs = b.proofs(s, b.unseen(f, i.head), b.verbose)
		c.others = append(c.others, o)
	}
	return c
}

func (b *builder) card(s *section, f *diag.Finding) *card {
	c := &card{finding: f, label: s.causeLabel(f), text: upper(stop(say(f.Summary))), sure: sureText(f.Verdict), doubts: doubts(f), todo: b.tasks(s, f)}
	if len(c.todo) == 0 && f.FixAt != diag.EndUnknown {
		c.who = "to be fixed at: " + s.whoText(f.FixAt)
		if f.FixAt == diag.EndPath {
			c.who = "to be fixed " + s.whoText(f.FixAt)
		}
	}
	c.values = b.values(s, f)
	switch f.Detail.(type) {
	case diag.Candidates, *diag.Candidates, diag.Stall, *diag.Stall, diag.Established, *diag.Established:
		c.plain = true
	}
	return c
}

// causeLabel says what a finding is. Where the tunnel does not work, what can be
// why is a cause, however light it is elsewhere.
func (s *section) causeLabel(f *diag.Finding) safe {
	switch {
	case f.Kind == diag.Symptom:
		return "What fails"
	case f.Severity < diag.Error && !(s.fails() && f.Stops()):
		return "Weak point"
	case f.Verdict == diag.Confirmed:
		return "Cause"
	case f.Verdict == diag.Likely:
		return "Likely cause"
	}
	return "Possible cause"
}

// tasks says who must change what. What both ends have to do alike is said
// once.
func (b *builder) tasks(s *section, f *diag.Finding) (ts []*task) {
	for i := 0; i < len(f.Remedies); {
		action := f.Remedies[i].Action
		t := &task{action: stop(say(action))}
		for ; i < len(f.Remedies) && f.Remedies[i].Action == action; i++ {
			r := &f.Remedies[i]
			w := s.whoText(r.End)
			if w == "" {
				w = s.whoText(f.FixAt)
			}
			if w != t.who {
				t.who = joined(" and ", t.who, w)
			}
			if at := b.whereTo(r); at != "" {
				if len(t.at) > 0 && (r.End == diag.EndEither || r.End == diag.EndUnknown && f.FixAt == diag.EndEither) {
					at = "or " + at
				}
				t.at = append(t.at, at)
			}
		}
		ts = append(ts, t)
	}
	return ts
}

// whereTo says where the setting of a remedy stands, empty where that is not
// known.
func (v *resolver) whereTo(r *diag.Remedy) safe {
	var what, where safe
	src := v.source(r.Source)
	if r.Setting != "" {
		what = shown(r.Setting)
		if r.Value != "" {
			what += assigned(src, r.Setting) + shown(r.Value)
		}
	} else if r.Value != "" {
		what = shown(r.Value)
	}
	if src != nil && r.Line > 0 {
		where = "at " + v.lineOf(src, r.Line)
	}
	return joined(" ", what, where)
}

// assigned is what stands between a setting and its value in a source's
// format: those of Cisco, FortiOS and PAN-OS are commands, and a menu of RouterOS
// has some.
func assigned(src *diag.SourceReport, setting string) safe {
	switch {
	case src == nil:
	case strings.HasPrefix(src.Dialect, "cisco-"), src.Dialect == "fortigate", src.Dialect == "paloalto":
		return " "
	case src.Dialect == "mikrotik" && strings.HasPrefix(setting, "/"):
		return " "
	case src.Dialect == "mikrotik":
		return "="
	}
	return " = "
}

// excluded says what was ruled out and why.
func (b *builder) excluded(x *diag.RuledOut) excluded {
	e := excluded{titled(x.Code), say(x.Reason)}
	if x.Evidence.Kind != 0 {
		e.reason += " (" + b.place(&x.Evidence) + ")"
	}
	return e
}

// missing says which evidence would decide, and how to get it. Hypotheses of
// one incident often ask for the same.
func (b *builder) missing(s *section, i *incident) (rs []*request) {
	for _, f := range append([]*diag.Finding{i.head}, i.others...) {
		for j := range f.Missing {
			m := &f.Missing[j]
			r := b.ask(s, m)
			if k := slices.IndexFunc(rs, func(q *request) bool { return q.how == r.how }); k >= 0 {
				r = rs[k]
			} else {
				rs = append(rs, r)
			}
			for _, c := range m.Decides {
				if n := brief(string(c)); !slices.Contains(r.decides, n) {
					r.decides = append(r.decides, n)
				}
			}
			if w := say(m.Why); w != "" && !strings.Contains(string(joined("\n", r.why...)), string(w)) {
				r.why = append(r.why, w)
			}
		}
	}
	return rs
}

// unseen returns the finding without the evidence that another has, too, and
// that is shown with that.
func (b *builder) unseen(f, shown *diag.Finding) *diag.Finding {
	if b.verbose {
		return f
	}
	g := *f
	g.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(e diag.Evidence) bool {
		return slices.ContainsFunc(shown.Evidence, func(o diag.Evidence) bool {
			return o.Source == e.Source && o.Where == e.Where && o.Kind == e.Kind
		})
	})
	return &g
}
