package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// IKESrcportTranslated finds an initiator whose messages arrive from another
// port than that of IKE, and are not answered.
var IKESrcportTranslated = &diag.Rule{
	Code: diag.NetIKESrcportTranslated,
	Doc: diag.Doc{
		Meaning: "The initiator's messages come from another UDP port than 500: a NAT on the way exchanges it (RFC 3715, section 2.1), or the initiator does not use it. " +
			"Some responders ignore what does not come from port 500.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetUDP500Blocked,
				Excluded: []diag.Exclusion{{If: firstCame, Reason: "the first message arrives at the responder"}},
				Ask:      askCapture(diag.EndResponder, "it shows whether the first message arrives"),
			},
			{Code: diag.IKEP1PeerUnknown, Ask: askLog(diag.EndResponder, "it says whether a connection for this peer was looked for")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening, diag.NetPeerAddrWrong, diag.NetHostFirewall, diag.NetPacketLoss},
		Common:   3,
		Remedy:   "let the NAT keep source port 500, use NAT traversal at both ends, or allow other source ports at the responder",
		References: []diag.Reference{
			rfc(3715, "2.1", "Intrinsic NA(P)T Issues"),
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if _, _, ok := unanswered(a); !ok {
				continue
			}
			first := diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
				return m.Port != 0 && m.Port != 500 && m.Port != 4500 && !m.NATPort
			})
			if !first.OK {
				continue
			}
			f := diag.Finding{FixAt: diag.EndEither, Evidence: first.As(diag.Strong),
				Summary: fmt.Sprintf("the messages of %s come from UDP port %d instead of 500, and nothing answers them", a.NameOf(diag.Initiator), first.V.Port)}
			if t, ok := a.Translated(diag.Initiator); ok {
				f.Evidence = slices.Concat(f.Evidence, t.Evidence)
				f.Summary += fmt.Sprintf("; on the way a NAT turns its address %s", t)
			}
			out.AddTo(a, f)
		}
	},
}

// firstCame: a capture at the responder shows the initiator's message.
func firstCame(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	return c.Attempt.SeenAt(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, 0, 0))
}
