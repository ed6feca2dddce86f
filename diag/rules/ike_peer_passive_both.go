package rules

import "github.com/ikediag/ikediag/diag"

// PassiveBoth finds two ends of which each waits for the other to begin.
var PassiveBoth = &diag.Rule{
	Code: diag.IKEPeerPassiveBoth,
	Doc: diag.Doc{
		Meaning: "Both configurations load the connection and leave it to the other end, to traffic or to an operator to begin. Nobody begins.",
		Common:  3,
		Remedy:  "let one end begin by itself, at its start or when traffic asks for it",
	},
	Needs: 1 << diag.BodyConnection,
	Check: func(v *diag.View, out *diag.Sink) {
		for range v.Attempts() {
			return // somebody began
		}
		a, b := v.Connection(0), v.Connection(1)
		if !a.OK || !b.OK || !a.V.Passive || !b.V.Passive {
			return
		}
		f := diag.Finding{FixAt: diag.EndEither, Severity: diag.Warning,
			Summary:  "neither end begins by itself: both wait for the other, for traffic or for an operator",
			Evidence: []diag.Evidence{v.PlaceEvidence(a, "Passive").As(diag.Proof), v.PlaceEvidence(b, "Passive").As(diag.Proof)}}
		for end := range 2 {
			// A daemon whose log has its start and no negotiation did wait. Without
			// that two such configurations say nothing: most are written so.
			k := diag.HostFact(v, end, func(s *diag.Software) bool { return s.Of == diag.Self })
			if !k.OK {
				return
			}
			f.Evidence = append(f.Evidence, k.As(diag.Background)...)
		}
		out.Add(f)
	},
}
