package rules

import (
	"cmp"
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// MultiSubnet finds children with more subnets than a quick mode carries.
var MultiSubnet = &diag.Rule{
	Code: diag.IKEP2MultiSubnet,
	Doc: diag.Doc{
		Meaning:  "A child lists several subnets, and an IKEv1 quick mode carries one pair (RFC 2409, section 5.5): the daemon negotiates the first and leaves the others without protection. An extension of some implementations carries more.",
		Explains: []diag.Code{diag.IKEP2TSNarrowed, diag.CFGConnNotLoaded, diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted},
		Common:   6,
		Remedy:   "give each pair of subnets a child of its own",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		if refusedList(v, sink) {
			return
		}
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

// refusedList finds a daemon that refuses a connection which lists several subnets
// where its format has room for one. It reports whether it did.
func refusedList(v *diag.View, sink *diag.Sink) (found bool) {
	for end := range 2 {
		c, said := v.Connection(end), refusedToLoad(v, end)
		if !c.OK || !said.OK {
			continue
		}
		for i := range c.V.Children {
			x := &c.V.Children[i]
			field, more := "Local", len(x.Local) > 1
			if !more {
				field, more = "Remote", len(x.Remote) > 1
			}
			if !more || !x.Overfull {
				continue
			}
			place := v.ChildEvidence(c, i, field)
			sink.Add(diag.Finding{Phase: diag.Phase1, FixAt: endRole(v, end), Evidence: append(said.As(diag.Strong), place.As(diag.Proof)),
				Summary:  fmt.Sprintf("%s does not load its connection, which lists several subnets where one is to stand", cmp.Or(v.EndName(end), "one end")),
				Remedies: []diag.Remedy{{End: endRole(v, end), Action: "give each pair of subnets a connection of its own", Setting: x.At[field].Setting, Source: place.Source, Line: place.Where.Line}}})
			found = true
		}
	}
	return found
}
