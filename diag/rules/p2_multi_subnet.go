package rules

import "github.com/ikediag/ikediag/diag"

// MultiSubnet finds children with more subnets than a quick mode carries.
var MultiSubnet = &diag.Rule{
	Code: diag.IKEP2MultiSubnet,
	Doc: diag.Doc{
		Meaning:  "A child lists several subnets, and an IKEv1 quick mode carries one pair (RFC 2409, section 5.5): the daemon negotiates the first and leaves the others without protection. An extension of some implementations carries more.",
		Explains: []diag.Code{diag.IKEP2TSNarrowed},
		Common:   6,
		Remedy:   "give each pair of subnets a child of its own",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		c := compareSelectors(v, tsSeveral)
		out := joined(v, sink, c)
		defer out.rest(diag.Phase2)
		if c.state != differ {
			return
		}
		for a := range v.Attempts() {
			// What was agreed on is one pair: no extension carried more.
			one := diag.Fact(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Chosen && len(t.Local) == 1 && len(t.Remote) == 1 })
			if one.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndBoth, Severity: diag.Warning, Evidence: one.As(diag.Proof)})
			}
		}
	},
}
