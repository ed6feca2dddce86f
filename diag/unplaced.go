package diag

import (
	"fmt"
	"strings"
)

// unplaced says which sources tell of a host's kernel and of no end of any
// tunnel: what they show is left out, and nobody may take its absence for
// health.
func (e *Engine) unplaced() (all []Finding) {
	if len(e.tunnels) == 0 {
		return nil
	}
	placed := map[*gateway]bool{}
	for _, t := range e.tunnels {
		for _, l := range t.legs {
			placed[l.gateway] = true
		}
		for _, l := range t.ends {
			if l != nil {
				placed[l.gateway] = true
			}
		}
	}
	f := Finding{Code: EvidInsufficient, Kind: Note, Severity: Info, Verdict: Confirmed, Phase: PhaseAny, Scope: ScopeReport, attempt: -1, Count: 1}
	v := View{engine: e}
	var names []string
	for _, g := range e.gateways {
		if placed[g] {
			continue
		}
		for _, s := range g.about {
			if src := &e.sources[s.key.source].Source; src.Kind == KindState {
				names = append(names, src.Name)
				ev := v.strandEvidence(s)
				ev.Text = Clean(src.Dialect, 60)
				f.Evidence = append(f.Evidence, ev)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	f.Summary = fmt.Sprintf("%s could not be placed at an end of a tunnel, and is left out", Clean(names[0], 80))
	if more := len(names) - 1; more > 0 {
		f.Summary = fmt.Sprintf("%s and %d more of the files could not be placed at an end of a tunnel, and are left out", Clean(names[0], 80), more)
	}
	f.miss(Missing{Kind: KindState, End: EndBoth, Why: "the files of each gateway in a folder of its own, or named alike, tell whose they are"})
	f.ID = contentID("f", string(f.Code), strings.Join(names, "\x00"))
	f.Fingerprint, f.Incident = "f1:"+f.ID[2:], f.ID
	f.Evidence = f.Evidence[:min(len(f.Evidence), evidenceKept)]
	return []Finding{f}
}
