package observe

import "github.com/ikediag/ikediag/logparse"

// A log says which child is deleted by its SPIs, at a time when the last quick
// mode may be another's: one that replaces it.

// childPair is the SA pair of a child that came up.
type childPair struct {
	in, out uint32
	child   uint32 // the message ID of its quick mode
}

// keptPairs is how many of a session's newest pairs are kept.
const keptPairs = 8

// pairOf returns the child that a line about an SA pair is of: where it came up,
// that of the quick mode at hand. Of a pair that is not known it is none.
func (t *trail) pairOf(e *logparse.Event, child uint64) uint64 {
	switch e.Kind {
	case logparse.ChildEstablished, logparse.ChildClosing, logparse.ChildDeleteReceived, logparse.ChildDeleteSent:
	default:
		return child
	}
	in, out := spis(e)
	if in|out == 0 {
		return child
	}
	if e.Kind == logparse.ChildEstablished {
		p, n := childPair{in, out, uint32(child)}, len(t.pairs)
		if n > 0 && t.pairs[n-1] == p {
			return child // of this line something was observed before
		}
		if n == keptPairs {
			t.pairs = append(t.pairs[:0], t.pairs[1:]...)
		}
		t.pairs = append(t.pairs, p)
		return child
	}
	for i := len(t.pairs) - 1; i >= 0; i-- {
		if p := t.pairs[i]; in != 0 && (p.in == in || p.out == in) || out != 0 && (p.in == out || p.out == out) {
			return uint64(p.child)
		}
	}
	return 0
}

// spis returns the SPIs that a line names. One that says of which direction none
// is, is returned as the outbound one.
func spis(e *logparse.Event) (in, out uint32) {
	in, _ = e.SPI(logparse.Inbound)
	out, _ = e.SPI(logparse.Outbound)
	if in|out == 0 {
		out, _ = e.SPI(logparse.RoleNone)
	}
	return in, out
}
