package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// ChildModeMismatch finds one end that wants tunnel mode and one that wants
// transport mode.
var ChildModeMismatch = &diag.Rule{
	Code: diag.IKEP2ModeMismatch,
	Doc: diag.Doc{
		Meaning: "One end is configured for tunnel mode, the other for transport mode (the attribute Encapsulation Mode of RFC 2407, section 4.5). " +
			"Some responders refuse that in the same words as a pair of subnets that they do not know.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.IKEP2TSMismatch,
				Excluded: []diag.Exclusion{byConfigs, {If: encapsulationNamed, Reason: "an end names the mode"}},
				Ask:      askConfig(diag.EndBoth, "a child that differs in its subnets is refused in the same words"),
			},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2TSMismatch, diag.IKEP2ProposalMismatch},
		Common:   4,
		Remedy:   "configure tunnel mode, or transport mode, at both ends",
		References: []diag.Reference{
			rfc(2407, "4.5", "IPSEC Security Association Attributes"),
		},
	},
	Needs: 1<<diag.BodyLookup | 1<<diag.BodyNotify | 1<<diag.BodyObstacle | 1<<diag.BodyMessage | 1<<diag.BodyConnection,
	Check: func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareChildModes(v))
		defer out.rest(diag.Phase2)
		for a := range v.Unfinished(diag.Phase2) {
			f := diag.Finding{FixAt: diag.EndEither}
			named := obstacle(a, diag.AnySide, diag.ObstacleEncapsulation)
			k := notFound(a, diag.AnySide, diag.LookupChild)
			n := notified2(a, diag.AnySide, isakmp.NotifyInvalidIDInformation)
			if late, ok := refusedSubnets(a); ok {
				n = late
			}
			switch {
			case named.OK:
				f.Evidence = named.As(diag.Proof)
				f.Summary = fmt.Sprintf("%s and its peer do not agree on tunnel or transport mode", a.NameOf(named.Side))
			case k.OK:
				none := obstacle(a, diag.AnySide, diag.ObstacleNoSelectors)
				if !none.OK && out.c.state != differ {
					continue // the responder says that it is about the subnets
				}
				// A tunnel's child would have listed its subnets.
				f.Evidence = slices.Concat(k.As(diag.Hint), none.As(diag.Strong))
				f.Summary = fmt.Sprintf("%s may have a child for the subnets, in the other mode", a.NameOf(diag.Responder))
			case n.OK && n.Side != diag.Initiator:
				f.Evidence = n.As(diag.Hint)
				f.Summary = fmt.Sprintf("%s may want the other of tunnel and transport mode", a.NameOf(diag.Responder))
			default:
				if f.Evidence = quickRefused(a); len(f.Evidence) == 0 {
					continue
				}
				f.Summary = fmt.Sprintf("%s refuses phase 2, perhaps for tunnel or transport mode", a.NameOf(diag.Responder))
			}
			out.AddTo(a, f)
		}
	},
}

// encapsulationNamed: an end says that it is about the mode.
func encapsulationNamed(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := obstacle(c.Attempt, diag.AnySide, diag.ObstacleEncapsulation)
	return k.First(), k.OK
}
