package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// UDP500Oneway finds a path that carries the first message and not the answer.
var UDP500Oneway = &diag.Rule{
	Code: diag.NetUDP500Oneway,
	Doc: diag.Doc{
		Meaning: "The responder receives the first message and answers, and its answer does not reach the initiator, which repeats the first message until it gives up.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetHostFirewall,
				Excluded: []diag.Exclusion{{If: answerNeverCaptured, Reason: "a capture at the initiator shows that the answer does not come"}},
				Ask:      askCapture(diag.EndInitiator, "it shows whether the answer reaches the initiator's interface"),
			},
		},
		Explains: []diag.Code{diag.NetPacketLoss, diag.IKERetransmitExhausted, diag.NetUDP500Blocked, diag.NetPeerNotListening},
		Common:   4,
		Remedy:   "find the filter, the NAT or the route that loses packets from the responder to the initiator on UDP port 500",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if !a.Over() || beyondAnswer(a) {
				continue
			}
			first := opening(a)
			if !first.OK {
				continue
			}
			x := first.V.Exchange
			answer := sent(a, diag.Responder, x, 2)
			if !answer.OK || wasSent(a, diag.Initiator, x, 3) {
				continue
			}
			again := againSeen(a, x)
			patient := again.Count > 1 || gaveUp(a, diag.Initiator).OK
			missing, lost := a.Unseen(diag.Initiator, diag.BodyMessage, arrived(diag.Responder, x, 2))
			f := diag.Finding{FixAt: diag.EndPath}
			f.Summary = fmt.Sprintf("%s answers the first message, and the answer does not reach the initiator", a.NameOf(diag.Responder))
			switch {
			case lost && patient:
				w := diag.Strong
				if missing.Outlasts() || missing.Whole() && gaveUp(a, diag.Initiator).OK {
					w = diag.Proof
				}
				f.Evidence = slices.Concat(answer.As(diag.Strong), again.As(diag.Strong), []diag.Evidence{missing.As(w)})
			case a.Seen(diag.Initiator):
				continue // it did arrive, or the evidence ends before it could
			case again.OK:
				f.Evidence = slices.Concat(answer.As(diag.Strong), again.As(diag.Strong))
			case !diag.Any(a, diag.Responder, func(p *diag.Progress) bool { return p.Step == diag.Phase1Failed }):
				continue // somebody knocked and went away
			default:
				// The initiator may as well not have liked the answer.
				f.Evidence = answer.As(diag.Hint)
				f.Summary = fmt.Sprintf("nothing comes back to the answer of %s: it may be lost on the way", a.NameOf(diag.Responder))
			}
			out.AddTo(a, f)
		}
	},
}

// againSeen finds the repetitions of the first message, which stand in a log
// as a repetition of the peer's without its number.
func againSeen(a *diag.Attempt, x isakmp.ExchangeType) diag.Known[*diag.Message] {
	return diag.Fact(a, diag.Initiator, func(m *diag.Message) bool {
		return m.Retransmission > 0 && (m.Exchange == x && m.Number == 1 || m.Exchange == 0)
	})
}

// beyondAnswer reports whether the initiator reacted to the answer in any way.
func beyondAnswer(a *diag.Attempt) bool {
	return diag.Any(a, diag.Initiator, func(m *diag.Message) bool { return m.Number != 1 && m.Exchange != 0 }) ||
		diag.Any(a, diag.Initiator, func(*diag.Notify) bool { return true }) ||
		diag.Any(a, diag.Initiator, func(p *diag.Progress) bool { return p.Step == diag.DeleteSent })
}

// answerNeverCaptured: a capture at the initiator does not show the answer.
func answerNeverCaptured(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	first := opening(c.Attempt)
	if !first.OK {
		return diag.Evidence{}, false
	}
	e, ok := c.Attempt.Unseen(diag.Initiator, diag.BodyMessage, arrived(diag.Responder, first.V.Exchange, 2))
	return e, ok && e.Whole() && c.View.Kind(e) == diag.KindCapture
}
