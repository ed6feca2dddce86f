package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// MessageIDReused finds an end that gives a message an ID which it may not
// have.
var MessageIDReused = &diag.Rule{
	Code: diag.IKEMSGIDReused,
	Doc: diag.Doc{
		Meaning: "Phase 1 has the message ID 0, and everything after it one of its own that the SA has not had before (RFC 2408, section 3.1): the ID makes the initialization vector. " +
			"An end refuses a message that breaks this, and the negotiation stands still.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetPacketLoss, Ask: askCapture(diag.EndBoth, "it shows whether the message is another one, or the same bytes once more")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   1,
		Remedy:   "take the ISAKMP SA down, so that the next one counts anew; update the implementation that sends the message",
		References: []diag.Reference{
			rfc(2408, "3.1", "ISAKMP Header Format"),
		},
	},
	Needs: 1 << diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			k := obstacle(a, diag.AnySide, diag.ObstacleMessageID)
			if !k.OK || childUp(v) {
				continue
			}
			// Once may be a datagram that the network delivered twice.
			w := diag.Hint
			if k.Count > 1 {
				w = diag.Strong
			}
			out.AddTo(a, diag.Finding{FixAt: k.Side.Other().End(), Evidence: k.As(w),
				Summary: fmt.Sprintf("%s refuses a message for its message ID", a.NameOf(k.Side))})
		}
	},
}
