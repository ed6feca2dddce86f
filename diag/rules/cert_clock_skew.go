package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// CertClockSkew finds an end that takes a good certificate for invalid since
// its clock is wrong.
var CertClockSkew = &diag.Rule{
	Code: diag.CertClockSkew,
	Doc: diag.Doc{
		Meaning: "An end refuses a certificate for the day that its own clock shows. The other end's clock is far from it, and by that one the certificate is valid.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.CertExpired, Ask: diag.Missing{Kind: diag.KindCertificate, End: diag.EndBoth, Why: "it shows on which days the certificate is valid"}},
		},
		Explains: []diag.Code{
			diag.CertExpired, diag.CertNotYetValid, diag.IKEP1RSAKeyInitiator, diag.IKEP1RSAKeyResponder, diag.IKEP1AuthAmbiguous, diag.IKERetransmitExhausted,
			diag.LifeDeleteByPeer, diag.IKEP1IDInitiatorMismatch, diag.IKEP1IDResponderMismatch, diag.IKEP1AuthzRejected,
		},
		Common: 7,
		Remedy: "set the clock of the end that refuses the certificate, and let it take its time from a server (NTP)",
		References: []diag.Reference{
			rfc(5280, "4.1.2.5", "Validity"),
		},
	},
	Needs: 1 << diag.BodyCertificate,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			k := outOfDate(a)
			if !k.OK || !skewed(a, k) {
				continue
			}
			skew, _ := a.Skew()
			out.AddTo(a, diag.Finding{FixAt: k.By.End(), Phase: diag.Phase1, Severity: diag.Critical, Evidence: slices.Concat(k.As(diag.Strong), []diag.Evidence{skew.Evidence[0].As(diag.Background), skew.Evidence[1].As(diag.Background)}),
				Summary: fmt.Sprintf("%s refuses a certificate by a clock that is %s from that of its peer, by which it is valid", a.NameOf(k.By), span(skew.Ahead.Abs()))})
		}
	},
}

// skewed reports whether a certificate that a side takes for invalid is valid
// by a clock of the other's, which is far from its own.
func skewed(a *diag.Attempt, k diag.Known[*diag.Certificate]) bool {
	s, ok := a.Skew()
	if !ok || s.Ahead.Abs() < wrong || k.V.From.IsZero() || k.V.Until.IsZero() {
		return false
	}
	now, known := byOther(k.First(), s)
	return known && !now.Before(k.V.From) && !now.After(k.V.Until)
}

// wrong is how far clocks have to be apart to be at fault: less is not what a
// certificate fails by.
const wrong = time.Hour

// byOther returns what the other source's clock showed at a piece of evidence.
func byOther(e diag.Evidence, s diag.Skew) (time.Time, bool) {
	switch {
	case !e.Time.Known():
	case e.Source == s.Evidence[0].Source:
		return e.Time.Value.Add(s.Ahead), true
	case e.Source == s.Evidence[1].Source:
		return e.Time.Value.Add(-s.Ahead), true
	}
	return time.Time{}, false
}
