package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// AuthAmbiguous reports a refusal whose reason only the other end's log tells.
var AuthAmbiguous = &diag.Rule{
	Code: diag.IKEP1AuthAmbiguous,
	Doc: diag.Doc{
		Meaning: "The responder refused the initiator after it had named itself. Its notify is the same for an unknown identity, a wrong key, an untrusted certificate and a refusal by policy.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.IKEP1IDInitiatorMismatch, Ask: askResponderLog},
			{Code: diag.IKEP1RSAKeyInitiator, Ask: askResponderLog},
			{Code: diag.CertUntrustedCA, Ask: askResponderLog},
		},
	},
	Needs: 1 << diag.BodyNotify,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			n := notified(a, diag.AnySide, isakmp.NotifyAuthenticationFailed, isakmp.NotifyInvalidIDInformation, isakmp.NotifyInvalidKeyInformation, isakmp.NotifyInvalidHashInformation)
			if !n.OK || diag.Any(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Configured }) {
				continue
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: n.As(diag.Proof),
				Detail:  diag.Candidates{Notify: n.V.Type.String(), Codes: []diag.Code{diag.IKEP1IDInitiatorMismatch, diag.IKEP1RSAKeyInitiator, diag.CertUntrustedCA}},
				Summary: fmt.Sprintf("%s refused its peer with %s and does not say why", a.NameOf(n.Side), n.V.Type)})
		}
	},
}

var askResponderLog = diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "only its log says why it refused"}

// RetransmitExhausted reports that a side gave up waiting.
var RetransmitExhausted = &diag.Rule{
	Code: diag.IKERetransmitExhausted,
	Doc: diag.Doc{
		Meaning: "A side repeated a message until its patience ran out. Why nothing usable came back is for another finding to say.",
	},
	Needs: 1<<diag.BodyGaveUp | 1<<diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			g := diag.Fact(a, diag.AnySide, func(*diag.GaveUp) bool { return true })
			if !g.OK {
				continue
			}
			d := diag.Stall{Stage: a.Stage(), Side: g.Side.String(), Tries: int(g.V.Tries)}
			at := ""
			if d.Stage != "" {
				at = " at "
			}
			out.AddTo(a, diag.Finding{FixAt: diag.EndUnknown, Evidence: g.As(diag.Proof), Detail: d,
				Summary: a.NameOf(g.Side) + " gave up: no usable answer came" + at + d.Stage})
		}
	},
}
