package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// Phase1Lifetime finds ends that are configured with different lifetimes of
// phase 1.
var Phase1Lifetime = &diag.Rule{
	Code: diag.IKEP1LifetimeMismatch,
	Doc: diag.Doc{
		Meaning: "The two ends are configured with different lifetimes for phase 1. Most implementations negotiate nevertheless, and each keeps its own; " +
			"the end with the longer one may then use an SA that the other has deleted.",
		Common: 5,
		Remedy: "configure the same lifetime at both ends",
		References: []diag.Reference{
			{Title: "RFC 2409, Appendix A: attribute classes, Life Type and Life Duration", URL: "https://www.rfc-editor.org/rfc/rfc2409#appendix-A"},
		},
	},
	Needs: 1<<diag.BodyLifetime | 1<<diag.BodyConnection,
	Check: lifetimeCheck(false),
}

// Phase2Lifetime finds ends that are configured with different lifetimes of
// phase 2.
var Phase2Lifetime = &diag.Rule{
	Code: diag.IKEP2LifetimeMismatch,
	Doc: diag.Doc{
		Meaning: "The two ends are configured with different lifetimes for phase 2. The responder goes by the shorter one or tells its own (RFC 2407, section 4.5.4); " +
			"harmless unless the tunnel fails whenever the shorter one is over.",
		Common: 5,
		Remedy: "configure the same lifetime at both ends",
		References: []diag.Reference{
			rfc(2407, "4.5.4", "Lifetime Notification"),
		},
	},
	Needs: 1<<diag.BodyLifetime | 1<<diag.BodyConnection,
	Check: lifetimeCheck(true),
}

// Phase2Lifebytes finds ends that are configured with different lifetimes in
// octets.
var Phase2Lifebytes = &diag.Rule{
	Code: diag.IKEP2Lifebytes,
	Doc: diag.Doc{
		Meaning: "The two ends are configured with different lifetimes of phase 2 in octets, or only one with one. The smaller one may make them negotiate anew often under load.",
		Common:  3,
		Remedy:  "configure the same lifetime in octets at both ends, or none",
		References: []diag.Reference{
			rfc(2407, "4.5", "IPSEC Security Association Attributes"),
		},
	},
	Needs: 1 << diag.BodyLifetime,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := diag.Fact(a, diag.AnySide, func(l *diag.Lifetime) bool { return l.Child && l.ReceivedBytes != l.ConfiguredBytes })
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("the phase-2 lifetimes differ: %s is configured for %d octets, its peer asks for %d", a.NameOf(k.Side), k.V.ConfiguredBytes, k.V.ReceivedBytes)})
			}
		}
	},
}

// endless is the least number of seconds by which clients say that the gateway's
// lifetime is to count, and none of their own: as many as 31 bits hold in
// milliseconds.
const endless = (1<<31 - 1) / 1000

func lifetimeCheck(child bool) func(*diag.View, *diag.Sink) {
	phase := 1
	if child {
		phase = 2
	}
	return func(v *diag.View, sink *diag.Sink) {
		out := joined(v, sink, compareLifetimes(v, child))
		defer out.rest(diag.PhaseAny)
		for a := range v.Attempts() {
			k := diag.Fact(a, diag.AnySide, func(l *diag.Lifetime) bool {
				return l.Child == child && l.Received != l.Configured && l.Received < endless
			})
			if k.OK {
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
					Summary: fmt.Sprintf("the phase-%d lifetimes differ: %s is configured for %d s, its peer asks for %d s", phase, a.NameOf(k.Side), k.V.Configured, k.V.Received)})
			}
		}
	}
}
