package rules

import "github.com/ikediag/ikediag/diag"

// TSNarrowed finds two ends that protect different parts of what they mean.
var TSNarrowed = &diag.Rule{
	Code: diag.IKEP2TSNarrowed,
	Doc: diag.Doc{
		Meaning: "The subnets at the two ends are not mirrored, and one contains part of the other: the tunnel comes up for what both have in common, and the rest is left without protection.",
		Common:  4,
		Remedy:  "configure the same pair of subnets at both ends, mirrored",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		joined(v, sink, compareSelectors(v, tsNarrowed)).rest(diag.Phase2)
	},
}
