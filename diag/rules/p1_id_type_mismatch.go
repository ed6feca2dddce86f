package rules

import "github.com/ikediag/ikediag/diag"

// IDTypeMismatch finds an identity that has the expected value and another
// type.
var IDTypeMismatch = &diag.Rule{
	Code: diag.IKEP1IDTypeMismatch,
	Doc: diag.Doc{
		Meaning: "An end declares the identity that the other expects, but as another type: a name as a key ID, an address as a name. " +
			"The type is part of the identity and is compared with it; the two look alike in a log.",
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP1AuthAmbiguous, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch},
		Common:   3,
		Remedy:   "write the identity with the same type at both ends, with the prefix that the format has for it",
		References: []diag.Reference{
			rfc(2407, "4.6.2.1", "Identification Type Values"),
		},
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		joined(v, sink, compareIdentity(v, diag.SideUnknown, idType)).rest(diag.Phase1)
	},
}
