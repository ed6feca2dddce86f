package report

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// title says what a code means: the catalogue's words without what they add
// in parentheses, empty for a code that is not in it.
func title(c diag.Code) safe {
	e, _ := diag.Lookup(c)
	t := e.Title
	if i := strings.Index(t, " ("); i > 0 && strings.HasSuffix(t, ")") {
		t = t[:i]
	}
	return say(t)
}

// titled writes what a code means, and the code.
func titled(c diag.Code) safe {
	if t := title(c); t != "" {
		return t + " (" + brief(string(c)) + ")"
	}
	return brief(string(c))
}

// outcomeText says how far a tunnel got.
func outcomeText(o diag.Outcome) safe {
	switch o {
	case diag.OutcomeNegotiating:
		return "still negotiating where the evidence ends"
	case diag.OutcomePhase1Failed:
		return "phase 1 failed"
	case diag.OutcomeXAuthFailed:
		return "phase 1 passed, XAUTH or mode config failed"
	case diag.OutcomePhase2Failed:
		return "phase 1 passed, phase 2 failed"
	case diag.OutcomePartial:
		return "some of its children are up, some are not"
	case diag.OutcomeNoTraffic:
		return "established, but no traffic passes"
	case diag.OutcomeLost:
		return "was up and is down"
	case diag.OutcomeFlapping:
		return "goes up and down again"
	case diag.OutcomeEstablished:
		return "established"
	}
	return "not known"
}

// stageText says where a negotiation stopped: main-mode-5 is the fifth of the
// six messages of main mode (RFC 2409, section 5).
func stageText(stage string) safe {
	for _, m := range []struct {
		prefix, name string
		of           int
	}{{"main-mode-", "main mode", 6}, {"aggressive-mode-", "aggressive mode", 3}, {"quick-mode-", "quick mode", 3}} {
		if n, ok := strings.CutPrefix(stage, m.prefix); ok {
			return brief(fmt.Sprintf("%s, message %s of %d", m.name, n, m.of))
		}
	}
	switch stage {
	case "phase1-established":
		return "phase 1 established"
	case "transaction":
		return "XAUTH or mode config"
	case "established":
		return ""
	}
	return brief(strings.ReplaceAll(stage, "-", " "))
}

// sureText says what a verdict means.
func sureText(v diag.Verdict) safe {
	switch v {
	case diag.Confirmed:
		return "Confirmed: it is proven, and what looks like it is ruled out."
	case diag.Likely:
		return "Likely: the best explanation, not proven."
	case diag.Possible:
		return "Possible: one of several explanations, and nothing favours it strongly."
	case diag.Unverifiable:
		return "Unverifiable: what would decide it is hidden or was not given."
	}
	return "How sure it is was not judged."
}

// doubts says why a finding is no surer than it is: what its best evidence is
// worth and rests on, and which look-alikes are still open.
func doubts(f *diag.Finding) (out []safe) {
	if f.Verdict == diag.Confirmed {
		return nil
	}
	best, basis := diag.Background, diag.BasisUnset
	for i := range f.Evidence {
		switch e := &f.Evidence[i]; {
		case e.Against:
		case e.Weight > best:
			best, basis = e.Weight, e.Basis
		case e.Weight == best:
			basis = max(basis, e.Basis)
		}
	}
	switch best {
	case diag.Strong:
		out = append(out, "the evidence fits this and hardly anything else, but proves nothing")
	case diag.Hint:
		out = append(out, "the evidence fits other explanations as well")
	}
	switch basis {
	case diag.Unauthenticated:
		out = append(out, "it rests on packets without authentication, which may be forged")
	case diag.Recalled:
		out = append(out, "it rests on a log format that this release knows without genuine samples")
	}
	if open := lookAlikes(f); len(open) > 0 {
		const shown = 3
		s := open[0]
		for i, c := range open[1:min(len(open), shown)] {
			if i == min(len(open), shown)-2 && len(open) <= shown {
				s += " and " + c
			} else {
				s += ", " + c
			}
		}
		if n := len(open) - shown; n > 0 {
			s += safe(fmt.Sprintf(" and %d more", n))
		}
		out = append(out, "not ruled out: "+s)
	}
	return out
}

// lookAlikes lists the codes that missing evidence would decide about and
// nothing has ruled out.
func lookAlikes(f *diag.Finding) (open []safe) {
	done := map[diag.Code]bool{f.Code: true}
	for _, x := range f.RuledOut {
		done[x.Code] = true
	}
	for _, m := range f.Missing {
		for _, c := range m.Decides {
			if !done[c] {
				done[c] = true
				open = append(open, titled(c))
			}
		}
	}
	return open
}

// unitsText names what a kind of source is counted in.
func unitsText(k diag.SourceKind, n int) safe {
	w := "line"
	switch k {
	case diag.KindCapture:
		w = "packet"
	case diag.KindConfig:
		w = "statement"
	case diag.KindSecrets, diag.KindState:
		w = "entry"
	case diag.KindCertificate:
		w = "certificate"
	case diag.KindProbe:
		w = "answer"
	}
	return plural(n, w)
}

func plural(n int, w string) safe {
	switch {
	case n == 1:
	case strings.HasSuffix(w, "y"):
		w = w[:len(w)-1] + "ies"
	default:
		w += "s"
	}
	return safe(fmt.Sprintf("%d %s", n, w))
}
