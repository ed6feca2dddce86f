package esp

import (
	"errors"
	"strconv"
)

// The reasons why octets do not decode or a packet does not open. Test for them
// with errors.Is: a *ParseError wraps any but ErrICV and ErrKey, of which the
// first is returned as it is and the second is wrapped by a *KeyError.
var (
	// ErrCut: the capture, not the sender, ended before the packet did.
	ErrCut = errors.New("cut by the capture")
	// ErrTruncated: the packet ends before something that it must have.
	ErrTruncated = errors.New("truncated")
	// ErrLength: a length contradicts what it describes, or does not fit the
	// algorithm.
	ErrLength = errors.New("wrong length")
	// ErrPadding: the padding is longer than what holds it. Where nothing
	// authenticates the packet, a wrong key shows as this.
	ErrPadding = errors.New("wrong padding")
	// ErrRange: a value does not fit the field that is to hold it. Only
	// AppendBinary returns it.
	ErrRange = errors.New("value does not fit its field")
	// ErrICV: the integrity check value is not the one that the key gives.
	ErrICV = errors.New("esp: integrity check failed")
	// ErrUnsupported: an algorithm or header that the package cannot compute.
	ErrUnsupported = errors.New("not supported")
	// ErrKey: a key's length does not fit its algorithm.
	ErrKey = errors.New("wrong key length")
)

// Part names a part of a packet.
type Part uint8

// The parts.
const (
	PartHeader  Part = iota // SPI, sequence number and, in AH, what is before
	PartLength              // AH's length octet
	PartICV                 // the integrity check value
	PartIV                  // the initialization vector
	PartData                // what is encrypted
	PartTrailer             // padding, its length, next header
	PartMarker              // RFC 3948's non-ESP marker
	PartIP                  // the IP header in front of AH
)

var partNames = [...]string{"header", "length", "ICV", "IV", "data", "trailer", "marker", "IP header"}

// String returns the constant's name, as in trailer and IP header.
func (p Part) String() string {
	if int(p) < len(partNames) {
		return partNames[p]
	}
	return "Part(" + strconv.Itoa(int(p)) + ")"
}

// ParseError is the first fault that was met: where, in which part, and why. It
// lives in the value that returned it until that is used next.
type ParseError struct {
	// Offset is in octets from the beginning of what was decoded; the ESP or
	// AH header counts.
	Offset int
	Part   Part
	// Err is one of the package's errors.
	Err error
}

// Error returns a description of the fault. It is put together when asked for.
func (e *ParseError) Error() string {
	s := "esp: " + e.Part.String() + " at octet " + strconv.Itoa(e.Offset)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Err }

// fail fills e and returns it.
func (e *ParseError) fail(offset int, part Part, err error) error {
	e.Offset, e.Part, e.Err = offset, part, err
	return e
}

// short fails with ErrCut where the wire had need octets, else with
// ErrTruncated.
func (e *ParseError) short(offset int, part Part, need, wireLen int) error {
	if wireLen >= need {
		return e.fail(offset, part, ErrCut)
	}
	return e.fail(offset, part, ErrTruncated)
}
