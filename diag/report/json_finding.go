package report

import (
	"encoding/json"

	"github.com/ikediag/ikediag/diag"
)

type jsonFinding struct {
	ID          safe            `json:"id"`
	Incident    safe            `json:"incident"`
	Code        safe            `json:"code"`
	Kind        safe            `json:"kind"`
	Severity    safe            `json:"severity"`
	Verdict     safe            `json:"verdict"`
	Status      safe            `json:"status"`
	Phase       safe            `json:"phase"`
	Scope       safe            `json:"scope"`
	Tunnel      *safe           `json:"tunnel"`
	Gateway     *safe           `json:"gateway"`
	FixAt       safe            `json:"fix_at"`
	Summary     safe            `json:"summary"`
	Detail      json.RawMessage `json:"detail"`
	Evidence    []jsonEvidence  `json:"evidence"`
	RuledOut    []jsonRuledOut  `json:"ruled_out"`
	Missing     []jsonMissing   `json:"missing"`
	Remedies    []jsonRemedy    `json:"remedies"`
	References  []jsonReference `json:"references"`
	Explains    []safe          `json:"explains"`
	FirstSeen   string          `json:"first_seen,omitempty"`
	LastSeen    string          `json:"last_seen,omitempty"`
	Precision   string          `json:"precision,omitempty"` // of both, the coarser one
	Assumed     safe            `json:"assumed,omitempty"`   // of either
	Count       int             `json:"count"`
	Fingerprint safe            `json:"fingerprint"`
}

type jsonEvidence struct {
	Source    *safe  `json:"source"`
	Gateway   *safe  `json:"gateway"`
	Kind      safe   `json:"kind"`
	Line      int    `json:"line"`
	Frame     int    `json:"frame"`
	From      *safe  `json:"from"`
	To        *safe  `json:"to"`
	Time      string `json:"time,omitempty"`
	Precision string `json:"precision,omitempty"`
	Assumed   safe   `json:"assumed,omitempty"`
	Text      safe   `json:"text"`
	Supports  bool   `json:"supports"`
	Weight    safe   `json:"weight"`
	Basis     safe   `json:"basis"`
}

type jsonRuledOut struct {
	Code     safe          `json:"code"`
	Reason   safe          `json:"reason"`
	Evidence *jsonEvidence `json:"evidence"`
}

type jsonMissing struct {
	Kind    safe      `json:"kind"`
	End     safe      `json:"end"`
	Level   safe      `json:"level"`
	Decides []safe    `json:"decides"`
	Why     safe      `json:"why"`
	How     []jsonHow `json:"how"`
}

// jsonHow is how the evidence is got on the product that an end runs.
type jsonHow struct {
	Product  safe   `json:"product"`
	Level    safe   `json:"level"`
	Commands []safe `json:"commands"`
	URL      safe   `json:"url"`
}

type jsonRemedy struct {
	End     safe  `json:"end"`
	Action  safe  `json:"action"`
	Setting safe  `json:"setting"`
	Value   safe  `json:"value"`
	Source  *safe `json:"source"`
	Line    int   `json:"line"`
}

type jsonReference struct {
	Title safe `json:"title"`
	URL   safe `json:"url"`
}

func (v *resolver) finding(f *diag.Finding) jsonFinding {
	precision, assumed := provenance(f.FirstSeen, f.LastSeen)
	return jsonFinding{
		ID:       name(f.ID),
		Incident: name(f.Incident),
		Code:     name(string(f.Code)),
		Kind:     word(f.Kind.String()),
		Severity: word(f.Severity.String()),
		Verdict:  word(f.Verdict.String()),
		Status:   word(f.Status.String()),
		Phase:    word(f.Phase.String()),
		Scope:    word(f.Scope.String()),
		Tunnel:   ref(f.Tunnel),
		Gateway:  ref(v.gateway(f.Gateway)),
		FixAt:    word(f.FixAt.String()),
		Summary:  prose(f.Summary),
		Detail:   v.detail(f.Detail),
		Evidence: list(f.Evidence, v.evidence),
		RuledOut: list(f.RuledOut, v.ruledOut),
		Missing: list(f.Missing, func(m *diag.Missing) jsonMissing {
			return jsonMissing{
				Kind:    word(m.Kind.String()),
				End:     word(m.End.String()),
				Level:   name(m.Level),
				Decides: list(m.Decides, func(c *diag.Code) safe { return name(string(*c)) }),
				Why:     prose(m.Why),
				How:     v.how(f, m),
			}
		}),
		Remedies: list(f.Remedies, v.remedy),
		References: list(f.References, func(x *diag.Reference) jsonReference {
			return jsonReference{Title: prose(x.String()), URL: clean(x.Link(), maxPath)}
		}),
		Explains:    list(f.Explains, func(s *string) safe { return name(*s) }),
		FirstSeen:   instant(f.FirstSeen.Value),
		LastSeen:    instant(f.LastSeen.Value),
		Precision:   precision,
		Assumed:     assumed,
		Count:       f.Count,
		Fingerprint: name(f.Fingerprint),
	}
}

// how says by which commands missing evidence is got, where it is known which
// product is asked.
func (v *resolver) how(f *diag.Finding, m *diag.Missing) []jsonHow {
	var steps []asking
	if t := v.tunnels(f.Tunnel); t != nil {
		steps = v.ask(&section{tunnel: t}, m).steps
	}
	return list(steps, func(a *asking) jsonHow {
		return jsonHow{a.product, a.level, append([]safe{}, a.commands...), a.link}
	})
}

func (v *resolver) evidence(e *diag.Evidence) jsonEvidence {
	var span diag.Span
	if e.Span != nil {
		span = *e.Span
	}
	precision, assumed := provenance(e.Time, span.From, span.To)
	return jsonEvidence{
		Source:    v.sourceID(e.Source),
		Gateway:   ref(v.of(e)),
		Kind:      word(e.Kind.String()),
		Line:      e.Where.Line,
		Frame:     e.Where.Frame,
		From:      nullable(instant(span.From.Value)),
		To:        nullable(instant(span.To.Value)),
		Time:      instant(e.Time.Value),
		Precision: precision,
		Assumed:   assumed,
		Text:      prose(e.Text),
		Supports:  !e.Against,
		Weight:    weightWord(e.Weight),
		Basis:     word(e.Basis.String()),
	}
}

// ruledOut shows the evidence that excludes, where the engine names one.
func (v *resolver) ruledOut(x *diag.RuledOut) jsonRuledOut {
	j := jsonRuledOut{Code: name(string(x.Code)), Reason: prose(x.Reason)}
	if x.Evidence.Kind != 0 {
		e := v.evidence(&x.Evidence)
		j.Evidence = &e
	}
	return j
}

func (v *resolver) remedy(r *diag.Remedy) jsonRemedy {
	return jsonRemedy{
		End:     word(r.End.String()),
		Action:  prose(r.Action),
		Setting: name(r.Setting),
		Value:   name(r.Value),
		Source:  v.sourceID(r.Source),
		Line:    r.Line,
	}
}

func (v *resolver) sourceID(id diag.SourceID) *safe {
	if s := v.source(id); s != nil {
		return ref(s.ID)
	}
	return nil
}

func weightWord(w diag.Weight) safe {
	switch w {
	case diag.Background:
		return "background"
	case diag.Hint:
		return "hint"
	case diag.Strong:
		return "strong"
	case diag.Proof:
		return "proof"
	}
	return "unknown"
}

func nullable(s string) *safe {
	if s == "" {
		return nil
	}
	t := safe(s)
	return &t
}
