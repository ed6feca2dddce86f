package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// EncapMismatch finds a quick mode that asks for an encapsulation which does
// not go with what NAT detection found.
var EncapMismatch = &diag.Rule{
	Code: diag.IKEP2EncapMismatch,
	Doc: diag.Doc{
		Meaning: "The number of the encapsulation mode says whether ESP goes in UDP: 3 and 4 where a NAT was detected, 61443 and 61444 in the drafts before RFC 3947, 1 and 2 where there is none. " +
			"One end asks for a number that the other does not take: only one of them detected the NAT, or they do NAT traversal by different versions of its documents.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP2ModeMismatch, Ask: askConfig(diag.EndBoth, "it shows whether one end wants tunnel mode and the other transport mode")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2ProposalMismatch, diag.IKEP2ModeMismatch, diag.IKEP2PFSMismatch},
		Common:   1,
		Remedy:   "use the same version of NAT traversal at both ends: update the older one, or force or forbid the encapsulation in UDP at both",
		References: []diag.Reference{
			rfc(3947, "5.1", "Negotiation of the NAT-Traversal Encapsulation"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleEncapsulationNumber)
			if !k.OK || a.Completed(diag.Phase2) || a.Overtaken() {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
				Summary: fmt.Sprintf("%s does not take the encapsulation %s, which does not go with what it knows of NATs", a.NameOf(k.Side), diag.Quote(k.V.Detail))})
		}
	},
}
