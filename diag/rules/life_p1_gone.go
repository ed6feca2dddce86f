package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// Phase1Gone finds SA pairs that have outlived the ISAKMP SA that they were
// negotiated under.
var Phase1Gone = &diag.Rule{
	Code: diag.LifeP1GoneP2Alive,
	Doc: diag.Doc{
		Meaning: "The ISAKMP SA of a tunnel has ended and was not replaced; the SAs of phase 2 go on without. RFC 2409 allows that, but nothing can be said any more: no dead peer detection, no DELETE. " +
			"A peer that keeps its SAs under a living ISAKMP SA only has dropped them by then, and what is sent vanishes.",
		Common:   2,
		Remedy:   "let the ISAKMP SA be renewed before it ends (rekey at both ends, a lifetime of phase 1 no shorter than that of phase 2)",
		Explains: []diag.Code{diag.LifeStaleSA},
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
			rfc(3706, "5", "DPD Protocol"),
		},
	},
	Needs: 1 << diag.BodySA,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			for _, h := range a.SAs() {
				if h.SA.Half || h.SA.State != diag.SAEstablished || hasPhase1(v) {
					continue
				}
				gone := diag.Fact(a, h.At, func(s *diag.SA) bool { return !s.Child && s.State == diag.SAGone })
				if !gone.OK {
					continue
				}
				f := diag.Finding{FixAt: h.At.End(), Evidence: slices.Concat(gone.As(diag.Proof), weighed([]diag.Evidence{h.Evidence}, diag.Strong)),
					Summary: fmt.Sprintf("%s has SAs of phase 2, and the ISAKMP SA that they were negotiated under is gone", a.NameOf(h.At))}
				if t := trafficOf(a); t.way(h.At).left > 0 && t.way(h.At.Other()).arrived > 0 {
					f.Severity = diag.Info // they do their work
				}
				out.AddTo(a, f)
				return
			}
		}
	},
}

// hasPhase1 reports whether a dump of either end lists an ISAKMP SA of the tunnel,
// whichever attempt made it.
func hasPhase1(v *diag.View) bool {
	for a := range v.Attempts() {
		if diag.Any(a, diag.AnySide, func(s *diag.SA) bool {
			return !s.Child && (s.State == diag.SAEstablished || s.State == diag.SARekeying)
		}) {
			return true
		}
	}
	return false
}
