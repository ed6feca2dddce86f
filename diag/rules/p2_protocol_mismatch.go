package rules

import "github.com/ikediag/ikediag/diag"

// ProtocolMismatch finds two ends of which one protects with ESP and the other with AH.
var ProtocolMismatch = &diag.Rule{
	Code: diag.IKEP2ProtocolMismatch,
	Doc: diag.Doc{
		Meaning:  "The two ends protect the traffic with different protocols, ESP, AH or both, so that no proposal of phase 2 fits.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.IKEP2TSMismatch},
		Common:   3,
		Remedy:   "use the same protocol at both ends, ESP where possible",
		References: []diag.Reference{
			rfc(2407, "4.4.1", "IPSEC Security Protocol Identifier"),
		},
	},
	Needs: 1<<diag.BodyConnection | 1<<diag.BodyCheck,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareSuites(v, suiteProtocol))
		defer out.rest(diag.Phase2)
		for a := range v.Unfinished(diag.Phase2) {
			if r, ok := childRefusal(a); ok && r.protocols() {
				out.AddTo(a, r.finding(a, "the protocol of phase 2"))
			}
		}
	},
}
