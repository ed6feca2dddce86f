package rules

import (
	"fmt"
	"slices"
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
		var told lossReport
		for a := range v.Attempts() {
			if losses := a.Losses(); len(losses) > 0 && a.Over() {
				told.add(a, losses)
			}
		}
		for _, x := range told.attempts {
			f := x.finding
			f.Detail, f.Summary = told.detail(), told.summary()
			out.AddTo(x.attempt, f)
		}
	},
}

// lossReport is what a tunnel's attempts lost. The same message of several
// attempts is told of once.
type lossReport struct {
	messages   []diag.LostMessage
	translated []diag.TranslatedAddress
	attempts   []struct {
		attempt *diag.Attempt
		finding diag.Finding
	}
}

func (r *lossReport) add(a *diag.Attempt, losses []diag.Loss) {
	f := diag.Finding{FixAt: diag.EndPath}
	fatal, others := false, false // one never came; one that no other rule looks for
	for _, l := range losses {
		w := diag.Hint
		if l.Arrived > 0 || l.Missing.Outlasts() {
			w = diag.Strong
		}
		for _, e := range l.Left {
			f.Evidence = append(f.Evidence, e.As(w))
		}
		for _, e := range l.Came {
			f.Evidence = append(f.Evidence, e.As(diag.Background))
		}
		if l.Arrived == 0 {
			f.Evidence = append(f.Evidence, l.Missing.As(w))
			fatal, others = fatal || decides(a, l), others || !hasRule(l)
		}
		r.message(l)
	}
	for _, side := range bothSides {
		t, ok := a.Translated(side)
		if !ok {
			continue
		}
		f.Evidence = append(f.Evidence, t.Evidence[0].As(diag.Background), t.Evidence[1].As(diag.Background))
		for _, m := range t.Mapped {
			r.translate(side, m)
		}
	}
	switch {
	case fatal:
		f.Severity = diag.Critical
		if !others && !a.Completed(diag.Phase1) {
			f.Kind = diag.Symptom
		}
	case a.Completed(diag.Phase2):
		f.Severity = diag.Info // the retransmission did its work
	}
	r.attempts = append(r.attempts, struct {
		attempt *diag.Attempt
		finding diag.Finding
	}{a, f})
}

// decides reports whether a negotiation fails for want of a message that never
// came. Nothing answers the last one: that it was not there shows by what came
// before it being sent again, and it in turn.
func decides(a *diag.Attempt, l diag.Loss) bool {
	switch {
	case l.Message.Exchange == isakmp.ExchangeInformational:
		return !a.Completed(diag.Phase1)
	case !a.Completed(diag.Phase2):
		return true
	case l.Message.Exchange != isakmp.ExchangeQuick || l.Message.Number != 3 || l.Sent < 2 || !l.Missing.Outlasts():
		return false
	}
	t := trafficOf(a)
	return t.way(diag.Initiator).arrived == 0 || t.way(diag.Responder).arrived == 0
}

// message adds a loss to those of the same message in earlier attempts.
func (r *lossReport) message(l diag.Loss) {
	m := diag.LostMessage{
		Exchange: l.Message.Exchange.Mode(), Number: int(l.Message.Number), Sender: l.From.String(),
		Octets: int(l.Message.Length), Packets: max(int(l.Message.Fragments), 1), Pieces: int(l.Message.Pieces),
	}
	i := slices.IndexFunc(r.messages, func(o diag.LostMessage) bool {
		return o.Exchange == m.Exchange && o.Number == m.Number && o.Sender == m.Sender && o.Octets == m.Octets && o.Packets == m.Packets && o.Pieces == m.Pieces
	})
	if i < 0 {
		i = len(r.messages)
		r.messages = append(r.messages, m)
	}
	o := &r.messages[i]
	o.Attempts++
	o.Sent, o.Arrived, o.Partial = o.Sent+l.Sent, o.Arrived+l.Arrived, o.Partial+l.Parts
	o.Frames, o.ArrivedFrames = appendFrames(o.Frames, l.Left), appendFrames(o.ArrivedFrames, l.Came)
	if n := l.Missing.Where.Frame; n > 0 && l.Arrived == 0 && !slices.Contains(o.After, n) {
		o.After = append(o.After, n)
	}
}

func appendFrames(frames []int, ev []diag.Evidence) []int {
	for _, e := range ev {
		if n := e.Where.Frame; n > 0 && !slices.Contains(frames, n) {
			frames = append(frames, n)
		}
	}
	return frames
}

// translate adds an address that a NAT exchanges.
func (r *lossReport) translate(of diag.Side, m diag.Mapping) {
	t := diag.TranslatedAddress{Text: fmt.Sprintf("the %s's %s", of, m), Of: of.String(), Own: m.Own.String(), Seen: m.Seen.String()}
	if !slices.Contains(r.translated, t) {
		r.translated = append(r.translated, t)
	}
}

func (r *lossReport) detail() diag.MessagesLost {
	d := diag.MessagesLost{Messages: slices.Clone(r.messages), Translated: r.translated}
	for i := range d.Messages {
		d.Messages[i].Text = lossText(&d.Messages[i])
	}
	return d
}

// summary names the messages that are lost, and the NAT on the way.
func (r *lossReport) summary() string {
	var words []string
	for i := range r.messages[:min(len(r.messages), lossesTold)] {
		words = append(words, lossWords(&r.messages[i]))
	}
	if n := len(r.messages) - len(words); n > 0 {
		words = append(words, fmt.Sprintf("%d more", n))
	}
	s := "lost on the way: " + strings.Join(words, ", ")
	of := ""
	for _, t := range r.translated {
		if t.Of != of { // one of each end's
			of = t.Of
			s += "; on the way a NAT turns " + t.Text
		}
	}
	return s
}

// hasRule reports whether another rule looks for what stops the message: the
// first and its answer, those that move to port 4500, and large ones.
func hasRule(l diag.Loss) bool {
	m := l.Message
	return isPhase1(m.Exchange) && m.Number <= 2 || m.Exchange == isakmp.ExchangeMain && m.NATPort || m.Fragments > 1 || m.Incomplete || m.Length > surePayload
}
