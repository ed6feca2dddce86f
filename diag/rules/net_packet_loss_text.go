package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// lossesTold is the number of messages that a summary names.
const lossesTold = 3

// lossWords names a message, its direction, and how often it is lost.
func lossWords(m *diag.LostMessage) string {
	s := m.Exchange + " message"
	if m.Number > 0 {
		s += fmt.Sprintf(" %d", m.Number)
	}
	s += fmt.Sprintf(" of the %s (%d octets", m.Sender, m.Octets)
	if m.Packets > 1 || m.Pieces > 1 {
		s += " in " + piecesOf(m)
	}
	switch {
	case m.Arrived > 0:
		return s + fmt.Sprintf("), %d of %d times", m.Sent-m.Arrived, m.Sent)
	case m.Sent > 1:
		return s + fmt.Sprintf("), each of %d times", m.Sent)
	}
	return s + ")"
}

// lossText says in a line all that is known of a message that is lost.
func lossText(m *diag.LostMessage) string {
	to := diag.Initiator
	if m.Sender == to.String() {
		to = diag.Responder
	}
	s := m.Exchange + " message"
	if m.Number > 0 {
		s += fmt.Sprintf(" %d", m.Number)
	}
	s += fmt.Sprintf(" to the %s: %d octets in %s; sent %s", to, m.Octets, piecesOf(m), times(m.Sent))
	if n := m.Sent - m.Attempts; n > 0 && m.Number > 0 {
		s += fmt.Sprintf(" (%d repetitions)", n)
	}
	s += frameWords(m.Frames)
	switch {
	case m.Arrived > 0:
		s += "; came " + times(m.Arrived) + frameWords(m.ArrivedFrames)
	case m.Partial > 0:
		s += "; parts of it came" + frameWords(m.ArrivedFrames)
	default:
		s += "; never came"
		if len(m.After) > 0 {
			s += ", not after" + strings.TrimPrefix(frameWords(m.After), ",")
		}
	}
	return s
}

// piecesOf says in what a message travels.
func piecesOf(m *diag.LostMessage) string {
	switch {
	case m.Pieces > 1:
		return fmt.Sprintf("%d IKE fragments", m.Pieces)
	case m.Packets > 1:
		return fmt.Sprintf("%d IP fragments", m.Packets)
	}
	return "one packet"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// framesTold is the number of frames that a line names.
const framesTold = 4

func frameWords(frames []int) string {
	var b strings.Builder
	for _, n := range frames[:min(len(frames), framesTold)] {
		fmt.Fprintf(&b, ", #%d", n)
	}
	if len(frames) > framesTold {
		b.WriteString(" …")
	}
	return b.String()
}
