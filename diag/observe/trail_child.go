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
func (t *trail) pairOf(kind logparse.Kind, named namedPair, child uint64) uint64 {
	in, out := named.spis()
	if in|out == 0 {
		return child
	}
	if kind == logparse.ChildEstablished {
		p, n := childPair{in, out, uint32(child)}, len(t.pairs)
		if n > 0 && t.pairs[n-1] == p {
			return child // of this line something was observed before
		}
		if t.pairs == nil {
			t.pairs = make([]childPair, 0, keptPairs)
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

// namedPair is what a line names of an SA pair: its SPIs, or one of which it does
// not say the direction.
type namedPair struct{ in, out, one uint32 }

func pairNamed(e *logparse.Event) (p namedPair) {
	p.in, _ = e.SPI(logparse.Inbound)
	p.out, _ = e.SPI(logparse.Outbound)
	if p.in == 0 {
		p.one, _ = e.SPI(logparse.RoleNone)
	}
	return p
}

// spis returns the SPIs of a pair. One that the line says of which direction none
// is, is returned as the outbound one.
func (p namedPair) spis() (in, out uint32) {
	if p.in|p.out == 0 {
		return 0, p.one
	}
	return p.in, p.out
}
