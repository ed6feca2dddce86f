package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// StaleSA finds an SA that one end uses and the other does not have.
var StaleSA = &diag.Rule{
	Code: diag.LifeStaleSA,
	Doc: diag.Doc{
		Meaning: "One end sends on an SA that the other does not have any more: it was deleted there, or lost, and the sender was not told. What is sent vanishes until the sender notices or negotiates anew.",
		LookAlikes: []diag.LookAlike{
			{
				Code: diag.LifePeerRestarted,
				Ask:  diag.Missing{Kind: diag.KindLog, End: diag.EndBoth, Why: "the log of the end that has lost the SA says whether it started anew"},
			},
		},
		Explains: []diag.Code{diag.ESPInvalidSPI, diag.ESPNoReturnRoute, diag.ESPFirewallInner},
		Common:   5,
		Remedy:   "take the SA down at the end that still has it, and turn dead peer detection on at both ends",
		References: []diag.Reference{
			rfc(3706, "3", "Rationale for Periodic Message Exchange for Proof of Liveliness"),
			rfc(4301, "5.2", "Processing Inbound IP Traffic"),
		},
	},
	Needs: 1<<diag.BodySA | 1<<diag.BodyFlow,
	Check: func(v *diag.View, out *diag.Sink) {
		a := v.Last()
		if a == nil {
			return
		}
		t := trafficOf(a)
		for _, s := range t.sas {
			to := s.from.Other()
			f := diag.Finding{FixAt: to.End()}
			left, ev := s.left()
			switch {
			case s.out.listed && left > 0 && t.listed[to] && !s.in.listed:
				f.Evidence = weighed(s.out.evidence, diag.Strong)
				if k := counted(a, to, "XfrmInNoStates"); k.OK {
					f.Evidence = join(f.Evidence, k.As(diag.Strong))
				}
				f.Summary = fmt.Sprintf("%s sends on the SA %08x, which %s does not have", a.NameOf(s.from), s.spi, a.NameOf(to))
			case forgotten(s):
				f.Evidence = weighed(ev, diag.Background)
				f.Evidence = join(f.Evidence, weighed(s.came.Evidence, diag.Hint))
				f.Summary = fmt.Sprintf("%s decrypted what came on the SA %08x, and does not any more: it seems to have lost the SA", a.NameOf(to), s.spi)
			default:
				continue
			}
			out.AddTo(a, f)
		}
	},
}

// forgotten reports whether a capture at the receiver shows that it decrypted
// what came on an SA and answered, and does neither any more.
func forgotten(s *sa) bool {
	if s.came == nil || s.in.listed {
		return false
	}
	f := s.came.Flow
	return f.Opened > 0 && f.Sealed >= enough && f.Unanswered >= enough && f.Partial == 0
}
