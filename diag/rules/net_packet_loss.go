package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// PacketLoss names the messages that left one end and did not come to the
// other, as the captures of both ends show.
//
// A path that always loses the same message has a reason, which other rules
// find for the messages that are prone to it: what is lost is their symptom
// then.
var PacketLoss = &diag.Rule{
	Code: diag.NetPacketLoss,
	Doc: diag.Doc{
		Meaning: "Captures of both ends show messages that left one end and did not come to the other. Where retransmissions get through " +
			"the path loses packets now and then; where one message never does, something on the way stops it.",
		Explains: []diag.Code{diag.IKERetransmitExhausted},
		Common:   3,
		Remedy:   "look for what drops the packets between the two places of capture: a filter, a full link, a NAT, or fragments of a large packet",
		References: []diag.Reference{
			rfc(2408, "5.1", "General Message Processing"),
		},
	},
	Needs: 1 << diag.BodyMessage,
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			losses := a.Losses()
			if len(losses) == 0 || !a.Over() {
				continue
			}
			out.AddTo(a, lossFinding(a, losses))
		}
	},
}

func lossFinding(a *diag.Attempt, losses []diag.Loss) diag.Finding {
	f := diag.Finding{FixAt: diag.EndPath}
	var d diag.MessagesLost
	var words []string
	fatal, others := false, false
	for _, l := range losses {
		m := diag.LostMessage{
			Exchange: l.Message.Exchange.Mode(), Number: int(l.Message.Number), Sender: l.From.String(),
			Octets: int(l.Message.Length), Sent: l.Sent, Arrived: l.Arrived,
		}
		w := diag.Hint
		if l.Arrived > 0 || l.Missing.Outlasts() {
			w = diag.Strong
		}
		for i, e := range l.Left {
			if i == 0 || e.Where.Frame != l.Left[i-1].Where.Frame {
				m.Frames = append(m.Frames, e.Where.Frame)
			}
			f.Evidence = append(f.Evidence, e.As(w))
		}
		if l.Arrived == 0 {
			f.Evidence = append(f.Evidence, l.Missing.As(w))
			fatal, others = true, others || !hasRule(l)
		}
		if d.Messages = append(d.Messages, m); len(words) < lossesTold {
			words = append(words, lossWords(m))
		}
	}
	if n := len(losses) - len(words); n > 0 {
		words = append(words, fmt.Sprintf("%d more", n))
	}
	f.Summary = "lost on the way: " + strings.Join(words, ", ")
	for _, side := range bothSides {
		if t, ok := a.Translated(side); ok {
			d.Translated = append(d.Translated, diag.TranslatedAddress{Of: side.String(), Own: t.Own.String(), Seen: t.Seen.String()})
			f.Evidence = append(f.Evidence, t.Evidence[0].As(diag.Background), t.Evidence[1].As(diag.Background))
			f.Summary += fmt.Sprintf("; on the way a NAT turns the %s's address %s", side, t)
		}
	}
	f.Detail = d
	switch {
	case a.ChildUp().OK:
		f.Severity = diag.Info // the retransmission did its work
	case fatal && !a.Up().OK:
		f.Severity = diag.Critical
		if !others {
			f.Kind = diag.Symptom
		}
	}
	return f
}

// hasRule reports whether another rule looks for what stops the message: the
// first and its answer, those that move to port 4500, and large ones.
func hasRule(l diag.Loss) bool {
	m := l.Message
	return isPhase1(m.Exchange) && m.Number <= 2 || m.Exchange == isakmp.ExchangeMain && m.NATPort || m.Fragments > 1 || m.Incomplete || m.Length > surePayload
}

// lossesTold is the number of messages that a summary names.
const lossesTold = 3

func lossWords(m diag.LostMessage) string {
	s := fmt.Sprintf("%s message %d of the %s (%d octets", m.Exchange, m.Number, m.Sender, m.Octets)
	if len(m.Frames) > 0 {
		s += fmt.Sprintf(", frame %d", m.Frames[0])
	}
	switch {
	case m.Arrived > 0:
		return s + fmt.Sprintf("), %d of %d times", m.Sent-m.Arrived, m.Sent)
	case m.Sent > 1:
		return s + fmt.Sprintf("), each of %d times", m.Sent)
	}
	return s + ")"
}
