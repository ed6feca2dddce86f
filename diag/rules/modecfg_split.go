package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// ModecfgSplitMismatch finds a client that does not ask for what its gateway
// told it by mode config: for other networks, or from another address.
var ModecfgSplitMismatch = &diag.Rule{
	Code: diag.IKEModecfgSplitMismatch,
	Doc: diag.Doc{
		Meaning: "By mode config the gateway tells the client which address to use and which networks are behind the tunnel. The client takes no notice of the networks, " +
			"or asks in quick mode for an address that it was not given: the gateway refuses, or only a part of the networks is reached.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP2TSMismatch, Ask: askConfig(diag.EndBoth, "it shows which selectors the ends are configured for, apart from mode config")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch, diag.IKEModecfgPoolExhausted},
		Common:   2,
		Remedy:   "make the client take its address and its networks from mode config, or configure the same selectors at both ends",
		References: []diag.Reference{
			{Title: "The ISAKMP Configuration Method", URL: "https://datatracker.ietf.org/doc/html/draft-ietf-ipsec-isakmp-mode-cfg"},
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if a.Overtaken() {
				continue
			}
			if k := obstacle(a, diag.AnySide, diag.ObstacleLease); k.OK && !a.Completed(diag.Phase2) {
				out.AddTo(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(diag.Strong), Severity: diag.Critical,
					Summary: fmt.Sprintf("%s refuses the selectors of its client, which are not the address that the client was to have", a.NameOf(k.Side))})
				continue
			}
			if k := obstacle(a, diag.AnySide, diag.ObstacleSplit); k.OK {
				f := diag.Finding{FixAt: k.Side.End(), Evidence: k.As(diag.Strong),
					Summary: fmt.Sprintf("%s takes no notice of the networks that its peer says are behind the tunnel", a.NameOf(k.Side))}
				if a.Completed(diag.Phase2) {
					f.Severity = diag.Warning // some of them may be reached all the same
				}
				out.AddTo(a, f)
			}
		}
	},
}
