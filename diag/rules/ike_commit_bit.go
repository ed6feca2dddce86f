package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// CommitBit finds a quick mode whose end one side holds back by the Commit
// Bit, while the other does not wait for it.
var CommitBit = &diag.Rule{
	Code: diag.IKECommitBit,
	Doc: diag.Doc{
		Meaning: "An end sets the Commit Bit in a message of quick mode: the other is to use the new SAs only after a notification CONNECTED (RFC 2408, section 3.1). " +
			"Most implementations do not do that. Where one waits for a notification that the other does not send, the SAs are there and nothing passes.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.NetPacketLoss, Ask: askCapture(diag.EndBoth, "it shows whether the notification was sent and lost")},
		},
		Explains: []diag.Code{diag.IKERetransmitExhausted, diag.IKEP2NotTriggered},
		Common:   1,
		Remedy:   "switch the Commit Bit off at the end that sets it",
		References: []diag.Reference{
			rfc(2408, "3.1", "ISAKMP Header Format"),
			rfc(2409, "5.5", "Phase 2 - Quick Mode"),
		},
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if a.Overtaken() {
				continue
			}
			said := obstacle(a, diag.AnySide, diag.ObstacleCommit)
			if !said.OK && !a.Exchanged(isakmp.ExchangeQuick) {
				continue
			}
			m := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return m.Commit && m.Exchange == isakmp.ExchangeQuick })
			switch {
			case said.OK && !a.Completed(diag.Phase2):
				out.AddTo(a, diag.Finding{FixAt: said.Side.Other().End(), Evidence: slices.Concat(said.As(diag.Strong), m.As(diag.Background)),
					Summary: fmt.Sprintf("%s takes no notice of the Commit Bit that its peer sets, and the negotiation is not finished", a.NameOf(said.Side))})
			case m.OK && a.Over() && a.Outlasted() && !released(a, m) && !uses(a, m.Side.Other()):
				out.AddTo(a, diag.Finding{FixAt: m.Side.End(), Evidence: m.As(diag.Strong),
					Summary: fmt.Sprintf("%s sets the Commit Bit and does not lift it: its peer may not use the new SAs", a.NameOf(m.Side))})
			}
		}
	},
}

// released reports whether the side that set the Commit Bit may have said
// since that it is connected: it sent something after the message, which
// cannot be read.
func released(a *diag.Attempt, m diag.Known[*diag.Message]) bool {
	return diag.Any(a, m.Side, func(o *diag.Message) bool {
		return o.Exchange == isakmp.ExchangeInformational || o.Exchange == isakmp.ExchangeQuick && o.Number > m.V.Number
	}) || diag.Any(a, m.Side, func(n *diag.Notify) bool { return n.Type == isakmp.NotifyConnected })
}

// uses reports whether a side sends on the SAs, as far as anything tells.
func uses(a *diag.Attempt, from diag.Side) bool {
	n, _ := trafficOf(a).sentBy(from)
	return n > 0
}

// sentBy returns how many packets a side sent on the attempt's SAs.
func (t *traffic) sentBy(from diag.Side) (uint64, []diag.Evidence) {
	w := t.way(from)
	return max(w.left, w.arrived), slices.Concat(w.leftEv, w.arrEv)
}
