package report

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// sentence is the verdict's.
func sentence(r *diag.Report, g *groups) safe {
	n := len(r.Tunnels)
	_, root := g.root()
	var lead safe
	if n > 1 && g.broken > 0 {
		lead = safe(fmt.Sprintf("%d of %d tunnels do not work. ", g.broken, n))
		if g.broken == 1 {
			lead = safe(fmt.Sprintf("1 of %d tunnels does not work. ", n))
		}
	}
	switch {
	case root == nil && n == 0 && len(r.Sources) == 0:
		return "nothing was given."
	case root == nil && n == 0:
		return "no tunnel was found in what was given."
	case root == nil || r.Verdict == diag.Healthy, r.Verdict == diag.Broken && !root.head.Stops():
		return lead + state(r, g) + reservation(r)
	}
	f := root.head
	summary := upper(stop(say(f.Summary)))
	switch {
	case f.Kind == diag.Symptom:
		return lead + summary + " What causes it is not known."
	case f.Verdict == diag.Confirmed:
		return lead + summary + " This is proven."
	case f.Verdict == diag.Likely:
		return lead + "Most likely this: " + summary
	case len(root.others) > 0:
		return lead + safe(fmt.Sprintf("%d explanations are left, none proven. The first to check: ", len(root.others)+1)) + summary
	}
	return lead + "Not proven; the first to check: " + summary
}

// label is the verdict in a word. What was taken down, and why it was, is no open
// question.
func label(r *diag.Report, g *groups) safe {
	if r.Verdict == diag.Undecided && g.down > 0 && g.down == len(r.Tunnels) {
		return "DOWN"
	}
	return safe(strings.ToUpper(string(word(r.Verdict.String()))))
}

// reservation says why tunnels that are up are not called healthy.
func reservation(r *diag.Report) safe {
	if r.Verdict != diag.Undecided {
		return ""
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Note && f.Scope == diag.ScopeReport {
			return " But " + stop(say(f.Summary))
		}
	}
	return ""
}

// state says how the tunnels are where there is no cause to name.
func state(r *diag.Report, g *groups) safe {
	n := len(r.Tunnels)
	if n == 1 {
		t := &r.Tunnels[0]
		switch t.Outcome {
		case diag.OutcomeEstablished:
			return "the tunnel " + pair(t) + " is up."
		case diag.OutcomeNegotiating:
			return "the tunnel " + pair(t) + " is still negotiating where the evidence ends."
		case diag.OutcomeUnknown:
			return "what was given tells of the tunnel " + pair(t) + " and not whether it works."
		case diag.OutcomeLost:
			return "the tunnel " + pair(t) + " was up, and was taken down."
		}
		return "the tunnel " + pair(t) + ": " + outcomeText(t.Outcome) + ". Nothing that was given says why."
	}
	switch {
	case n == 0:
		return "nothing wrong was found."
	case g.up == n:
		return safe(fmt.Sprintf("all %d tunnels are up.", n))
	case g.broken > 0:
		return "Nothing that was given says why."
	}
	s := fmt.Sprintf("up are %d of %d tunnels", g.up, n)
	if g.down > 0 {
		s += fmt.Sprintf("; taken down: %d", g.down)
	}
	if n > g.up+g.down {
		s += "; whether the others work does not show"
	}
	return safe(s + ".")
}

// stop ends a sentence.
func stop(s safe) safe {
	if s == "" || strings.HasSuffix(string(s), ".") || strings.HasSuffix(string(s), "…") {
		return s
	}
	return s + "."
}

// upper starts a sentence with a capital.
func upper(s safe) safe {
	if len(s) > 1 && 'a' <= s[0] && s[0] <= 'z' {
		return safe(s[0]-'a'+'A') + s[1:]
	}
	return s
}
