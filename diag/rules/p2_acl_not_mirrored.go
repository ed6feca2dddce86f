package rules

import "github.com/ikediag/ikediag/diag"

// ACLNotMirrored finds two crypto maps whose access lists do not mean the same
// traffic.
var ACLNotMirrored = &diag.Rule{
	Code: diag.IKEP2ACLNotMirrored,
	Doc: diag.Doc{
		Meaning: "An entry of the access list at one end has to be the entry of the other with source and destination exchanged: it is what the ends ask each other for (IDci and IDcr of RFC 2409, section 5.5). " +
			"A device accepts what its own entry contains; of two that differ the tunnel comes up from one end only, or from neither.",
		Explains: []diag.Code{diag.IKEP2TSMismatch, diag.IKEP2TSNarrowed, diag.IKERetransmitExhausted},
		Common:   7,
		Remedy:   "write each entry of the access list as the mirror of the other end's",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) { specialSelectors(v, out, tsList) },
}
