package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// InvalidSPI finds an end that is sent ESP or AH for an SA that it does not
// have.
var InvalidSPI = &diag.Rule{
	Code: diag.ESPInvalidSPI,
	Doc: diag.Doc{
		Meaning: "Protected traffic arrives under an SPI that the receiver has no SA for (RFC 4301, section 5.2). The sender goes on using an SA that its peer has lost: " +
			"it was cleared there, it expired, or that host started anew. Single packets of this kind follow every change of SAs and mean nothing.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.LifeStaleSA, Ask: askLog(diag.EndBoth, "the log of the end without the SA says whether it had made one of that SPI")},
			{Code: diag.LifePeerRestarted, Ask: askLog(diag.EndBoth, "the log of the end without the SA says whether its daemon started anew")},
		},
		Explains: []diag.Code{diag.IKECookieUnknown},
		Common:   4,
		Remedy:   "clear the tunnel's SAs at the end that still sends, and turn dead peer detection on at both ends, so that it notices by itself",
		References: []diag.Reference{
			rfc(4301, "5.2", "Processing Inbound IP Traffic (unprotected-to-protected)"),
			rfc(2408, "3.14.1", "Notify Message Types"),
			rfc(3706, "5", "DPD Protocol"),
			kernelCounters(),
		},
	},
	Needs: 1<<diag.BodyObstacle | 1<<diag.BodyCounter,
	Check: func(v *diag.View, out *diag.Sink) {
		counterCheck(v, out, "gets packets for SAs that it does not have", "XfrmInNoStates")
		for a := range v.Attempts() {
			k := unknownSPI(a)
			if !k.OK {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof),
				Summary: fmt.Sprintf("%s is sent protected traffic for an SA that it does not have", a.NameOf(k.Side))})
		}
	},
}

// unknownSPI finds that a side is sent traffic for an SA that it does not have.
// Single packets were under way when the SAs changed.
func unknownSPI(a *diag.Attempt) (k diag.Known[*diag.Obstacle]) {
	k = obstacle(a, diag.AnySide, diag.ObstacleSPI)
	if up := a.ChildUp(); k.OK && up.OK && (k.Count < enough || slices.ContainsFunc(up.Evidence, func(e diag.Evidence) bool { return e.After(last(k.Evidence)) })) {
		return diag.Known[*diag.Obstacle]{}
	}
	return k
}
