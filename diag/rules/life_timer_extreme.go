package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// shortLife is a lifetime in seconds below which an SA is replaced so often
// that lost messages and the clocks of the two ends begin to matter.
const shortLife = 120

// TimerExtreme finds lifetimes that are written and leave no time to live.
var TimerExtreme = &diag.Rule{
	Code: diag.LifeTimerExtreme,
	Doc: diag.Doc{
		Meaning: "A lifetime is so short that SAs are replaced all the time: each lost message becomes an outage, and both ends begin to replace the same SA at once.",
		Common:  3,
		Remedy:  "choose lifetimes of an hour or more for SAs of phase 2, and longer ones for phase 1",
		References: []diag.Reference{
			rfc(2407, "4.5.4", "Lifetime Notification"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		f := diag.Finding{FixAt: diag.EndEither}
		add := func(end int, e diag.Evidence, at diag.Place, seconds uint32) {
			if seconds == 0 || seconds >= shortLife || at.Default || at.Line == 0 {
				return
			}
			if f.Summary == "" {
				f.Summary = fmt.Sprintf("%s replaces its SAs after no more than %d s", v.EndName(end), seconds)
			}
			f.Evidence = append(f.Evidence, e.As(diag.Proof))
			f.Remedies = append(f.Remedies, diag.Remedy{End: diag.EndEither, Action: "choose a longer lifetime", Setting: at.Setting, Source: e.Source, Line: e.Where.Line})
		}
		for end := range 2 {
			c := v.Connection(end)
			if !c.OK {
				continue
			}
			add(end, v.PlaceEvidence(c, "Lifetime"), c.V.At["Lifetime"], c.V.Lifetime)
			for i := range c.V.Children {
				k := &c.V.Children[i]
				add(end, v.ChildEvidence(c, i, "Lifetime"), k.At["Lifetime"], k.Lifetime)
			}
		}
		if len(f.Evidence) > 0 {
			out.Add(f)
		}
	},
}
