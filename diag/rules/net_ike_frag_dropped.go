package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// IKEFragDropped finds a path that loses the pieces of a message too large for
// one packet: the one with the certificates, most often.
var IKEFragDropped = &diag.Rule{
	Code: diag.NetIKEFragDropped,
	Doc: diag.Doc{
		Meaning: "A message that carries certificates is larger than the path takes in one packet. IP cuts it into fragments, and a firewall or a NAT on the way drops those, or all but the first.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.NetUDP4500Blocked,
				Excluded: []diag.Exclusion{{If: fifthSamePort, Reason: "the smaller messages before it used the same port and arrived"}, {If: piecesOnly, Reason: "a part of the message arrives"}},
				Ask:      askCapture(diag.EndResponder, "it shows whether a part of the message arrives"),
			},
			{
				Code:     diag.IKEP1PSKMismatch,
				Excluded: []diag.Exclusion{{If: fifthNeverCame, Reason: "the message does not arrive at the responder"}, {If: piecesOnly, Reason: "the message does not arrive whole"}, {If: signedMethod, Reason: "no pre-shared key is used"}},
				Ask:      askLog(diag.EndResponder, "the responder's log or capture shows whether the fifth message arrives"),
			},
		},
		Explains: []diag.Code{diag.NetPacketLoss, diag.IKERetransmitExhausted, diag.IKEP1PSKMismatch, diag.NetUDP4500Blocked},
		Common:   4,
		Remedy:   "turn IKE fragmentation on at both ends, make the certificates smaller or do not send them, or let fragments pass",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
			{Title: "RFC 791, section 3.2: Fragmentation and Reassembly", URL: "https://www.rfc-editor.org/rfc/rfc791"},
		},
	},
	Needs: 1<<diag.BodyMessage | 1<<diag.BodyObstacle,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Unfinished(diag.Phase1) {
			if !a.Over() {
				continue
			}
			if f, ok := fragments(a); ok {
				out.AddTo(a, f)
			}
		}
	},
}

func fragments(a *diag.Attempt) (f diag.Finding, ok bool) {
	f.FixAt = diag.EndPath
	pieces := obstacle(a, diag.AnySide, diag.ObstacleReassembly)
	cut := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return m.Fragments > 1 && m.Retransmission > 0 })
	switch {
	case pieces.OK && pieces.Count > 1:
		f.Evidence = slices.Concat(pieces.As(diag.Proof), cut.As(diag.Background))
		f.Summary = fmt.Sprintf("only a part of a fragmented message arrives at %s", a.NameOf(pieces.Side))
		// The pieces alone anybody may have sent.
		if missing, lost := a.Unseen(diag.Responder, diag.BodyMessage, whole(diag.Initiator, isakmp.ExchangeMain, 5)); lost && pieces.Side == diag.Responder && missing.Outlasts() {
			f.Evidence = append(f.Evidence, missing.As(diag.Proof))
		}
		return f, true
	case cut.OK && !wasSent(a, cut.Side.Other(), cut.V.Exchange, cut.V.Number+1) && !heardAfter(a, cut):
		f.Evidence = cut.As(diag.Strong)
		f.Summary = fmt.Sprintf("%s repeats a message that is sent in fragments, and nothing comes back", a.NameOf(cut.Side))
		return f, true
	}
	if !stuckAtFifth(a) {
		return f, false
	}
	fifth := sent(a, diag.Initiator, isakmp.ExchangeMain, 5)
	missing, lost := a.Unseen(diag.Responder, diag.BodyMessage, arrived(diag.Initiator, isakmp.ExchangeMain, 5))
	again := repeated(a, diag.Initiator, isakmp.ExchangeMain, 5)
	psk, _ := methodKnown(a)
	switch {
	case fifth.OK && large(a) && lost && (again.Count > 1 || gaveUp(a, diag.Initiator).OK):
		f.Evidence = slices.Concat(fifth.As(diag.Background), again.As(diag.Strong), []diag.Evidence{missing.As(diag.Strong)})
		f.Summary = fmt.Sprintf("the large message with the certificates of %s does not arrive, the small ones before it did", a.NameOf(diag.Initiator))
	case fifth.OK && large(a) && again.OK && !a.Seen(diag.Responder):
		f.Evidence = slices.Concat(fifth.As(diag.Background), again.As(diag.Hint))
		f.Summary = fmt.Sprintf("nothing comes back to the large message of %s: it may be lost in fragments", a.NameOf(diag.Initiator))
		fragmentsByProbe(a, &f)
	case lost && !psk && !a.Seen(diag.Initiator) && abandoned(a, missing):
		f.Evidence = []diag.Evidence{missing.As(diag.Hint)}
		f.Summary = fmt.Sprintf("the message with the certificates does not come to %s: it may be lost in fragments", a.NameOf(diag.Responder))
	default:
		return f, false
	}
	return f, true
}

// whole accepts what arrived does, but for messages of which only a part came.
func whole(from diag.Side, x isakmp.ExchangeType, number uint8) func(diag.Body) bool {
	came := arrived(from, x, number)
	return func(b diag.Body) bool {
		m, ok := b.(*diag.Message)
		return ok && !m.Incomplete && came(b)
	}
}

// heardAfter reports whether the other side sent anything of a later exchange
// than the message.
func heardAfter(a *diag.Attempt, m diag.Known[*diag.Message]) bool {
	return diag.Any(a, m.Side.Other(), func(o *diag.Message) bool { return o.Exchange == isakmp.ExchangeInformational })
}

// fifthSamePort: the fifth message uses the port of those before it.
func fifthSamePort(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := diag.Fact(c.Attempt, diag.Initiator, func(m *diag.Message) bool {
		return m.Exchange == isakmp.ExchangeMain && m.Number == 5 && m.Length > 0
	})
	return k.First(), k.OK && !k.V.NATPort
}

// piecesOnly: a part of the message arrived.
func piecesOnly(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	k := obstacle(c.Attempt, diag.AnySide, diag.ObstacleReassembly)
	return k.First(), k.OK
}

// signedMethod: no pre-shared key is used.
func signedMethod(c diag.Case) (diag.Evidence, bool) {
	if c.Attempt == nil {
		return diag.Evidence{}, false
	}
	m := c.Attempt.Auth()
	if !m.OK || isPSK(m.V) || len(m.Evidence) == 0 {
		return diag.Evidence{}, false
	}
	return m.Evidence[0], true
}
