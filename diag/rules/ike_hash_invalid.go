package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// HashInvalid finds an end that cannot verify what its peer sends under a
// phase 1 that both completed.
var HashInvalid = &diag.Rule{
	Code: diag.IKEHashInvalid,
	Doc: diag.Doc{
		Meaning: "Phase 1 is done, so both ends have the same keys, and yet the HASH over a quick mode or an informational message is wrong. " +
			"The ends disagree about the initialization vector or about what goes into the HASH, two SAs are mixed up, or the message was replayed or made up.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP1PSKMismatch, Excluded: []diag.Exclusion{{If: phase1Done, Reason: "phase 1 was completed"}},
				Ask: askLog(diag.EndBoth, "it shows whether phase 1 was completed before")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKENotifyUnauthenticated, diag.IKEMsgMalformed},
		Common:   1,
		Remedy:   "take the ISAKMP SA down at both ends and negotiate anew; if it comes back, update the implementations",
		References: []diag.Reference{
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
			rfc(2409, "5.7", "ISAKMP Informational Exchanges"),
		},
	},
	Needs: 1<<diag.BodyCheck | 1<<diag.BodyNotify,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if !isUp(a) || childUp(v) {
				continue
			}
			k := failed(a, diag.AnySide, diag.CheckHash, isakmp.ExchangeQuick, isakmp.ExchangeInformational, isakmp.ExchangeTransaction)
			n := notified2(a, diag.AnySide, isakmp.NotifyInvalidHashInformation)
			switch {
			case k.OK:
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: slices.Concat(k.As(diag.Strong), n.As(diag.Background)),
					Summary: fmt.Sprintf("%s cannot verify the HASH of a message under an established phase 1", a.NameOf(k.Side))})
			case n.OK && n.V.Protected:
				out.AddTo(a, diag.Finding{FixAt: diag.EndEither, Evidence: n.As(diag.Hint),
					Summary: fmt.Sprintf("%s says that the HASH of a message under an established phase 1 is wrong", a.NameOf(n.Side))})
			}
		}
	},
}

// upAnywhere finds that phase 1 was completed, as either end sees it.
func upAnywhere(a *diag.Attempt) diag.Known[*diag.Progress] {
	return diag.Fact(a, diag.AnySide, func(p *diag.Progress) bool { return p.Step == diag.Phase1Up || p.Step == diag.Phase2Up })
}

// isUp reports whether upAnywhere finds one.
func isUp(a *diag.Attempt) bool {
	return a.Stepped(diag.Phase1Up) || a.Stepped(diag.Phase2Up)
}

// phase1Done excludes what fails within phase 1.
func phase1Done(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	up := upAnywhere(c.Attempt)
	return up.First(), up.OK
}
