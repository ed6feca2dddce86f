package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// ProtoPortMismatch finds two ends that mean the same addresses and different
// protocols or ports.
var ProtoPortMismatch = &diag.Rule{
	Code: diag.IKEP2ProtoportMismatch,
	Doc: diag.Doc{
		Meaning: "The subnets at the two ends are the same, and the protocol or the port that belongs to them is not (RFC 2407, section 4.6.2): " +
			"one end protects all traffic, or that of another service.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch, diag.IKEP2ModeMismatch, diag.IKEP2ProposalMismatch},
		Common:   3,
		Remedy:   "configure the same protocol and ports at both ends",
		References: []diag.Reference{
			rfc(2407, "4.6.2", "Identification Payload Content"),
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) { specialSelectors(v, out, tsProtoPort) },
}

// RouteVersusPolicy finds one end that routes everything into its tunnel and
// one that has a policy for certain subnets.
var RouteVersusPolicy = &diag.Rule{
	Code: diag.IKEP2RouteVsPolicy,
	Doc: diag.Doc{
		Meaning: "One end has a route-based tunnel, which asks for all addresses on both sides, and the other a policy-based one for certain subnets. " +
			"A responder that does not narrow refuses that.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch, diag.IKEP2TSNarrowed, diag.IKEP2ModeMismatch, diag.IKEP2ProposalMismatch},
		Common:   4,
		Remedy:   "give the route-based end the subnets of the other as traffic selectors, or make the other one route-based as well",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
			rfc(4301, "4.4.1", "The Security Policy Database (SPD)"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) { specialSelectors(v, out, tsRouted) },
}

// specialSelectors reports selectors that differ in a way that has a code of
// its own, which is known where both configurations are there.
func specialSelectors(v *diag.View, sink *diag.Sink, want tsFault) {
	c := compareSelectors(v, want)
	if c.state != differ {
		return
	}
	out := joined(v, sink, c)
	defer out.rest(diag.Phase2)
	for a := range v.Unfinished(diag.Phase2) {
		if k := notFound(a, diag.AnySide, diag.LookupChild); k.OK {
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
				Summary: fmt.Sprintf("%s has no child for the traffic that it is asked for", a.NameOf(diag.Responder))})
		}
	}
}
