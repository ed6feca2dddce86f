package keys

import "strconv"

// Side is a party of phase 1. It indexes the arrays of a Phase1.
type Side uint8

// The sides.
const (
	Initiator Side = iota
	Responder
)

// String returns initiator or responder.
func (s Side) String() string {
	switch s {
	case Initiator:
		return "initiator"
	case Responder:
		return "responder"
	}
	return "Side(" + strconv.Itoa(int(s)) + ")"
}

// Other returns the opposite side.
func (s Side) Other() Side { return s ^ 1 }

func sideOf(fromInitiator bool) Side {
	if fromInitiator {
		return Initiator
	}
	return Responder
}
