package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// EvidenceLevel notes that a log was written at a level at which it does not
// say what its daemon compared.
var EvidenceLevel = &diag.Rule{
	Code: diag.EvidLogLevel,
	Doc: diag.Doc{
		Meaning: "The log says that nothing fits what the peer asks for, and does not say what it was compared with. At a higher level it does, and candidates that now look alike can be told apart.",
		Remedy:  "raise the level of the log for configuration and negotiation (diag/COLLECT.md says how) and try again",
	},
	Needs: 1 << diag.BodyLookup,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil || a.Completed(diag.Phase2) {
			return
		}
		k := notFound(a, diag.AnySide, diag.LookupChild)
		if !k.OK || k.By == diag.SideUnknown || listsSelectors(a, k.By) || obstacle(a, k.By, diag.ObstacleNoSelectors).OK {
			return
		}
		if c := v.Connection(a.EndOf(k.By)); c.OK {
			return // the configuration says more
		}
		out.AddTo(a, diag.Finding{FixAt: k.By.End(), Evidence: k.As(diag.Background),
			Summary: fmt.Sprintf("the log of %s does not say which subnets it compared with what it is asked for", a.NameOf(k.By)),
			Missing: []diag.Missing{{Kind: diag.KindLog, End: k.By.End(), Level: diag.LevelDetail, Decides: []diag.Code{diag.IKEP2TSMismatch, diag.IKEP2ModeMismatch}, Why: "at that level it lists the subnets of each candidate"}}})
	},
}

// listsSelectors reports whether a side's log lists the selectors that it has.
func listsSelectors(a *diag.Attempt, by diag.Side) bool {
	return diag.Any(a, by, func(t *diag.Traffic) bool { return t.Role == diag.Configured })
}
