package esp

import (
	"encoding/binary"
	"iter"
)

// ahFixed is the length of AH without its integrity check value.
const ahFixed = 12

// AH is an authentication header with what it protects behind it (RFC 4302,
// section 2).
type AH struct {
	// NextHeader is the IP protocol number of Payload.
	NextHeader uint8
	// Reserved is 0 where the sender keeps to section 2.3.
	Reserved      uint16
	SPI, Sequence uint32
	// ICV is the integrity check value with any padding to four or eight
	// octets. It aliases the input; its length is a multiple of four.
	ICV []byte
	// Payload is what follows the header. It aliases the input.
	Payload []byte
	// Missing counts the octets of the payload that the capture cut off.
	Missing int

	err ParseError
}

// Decode reads the payload of IP protocol 51. wireLen is the length that it
// had on the wire; where it is greater than len(b), the capture cut it. What
// was read before a fault stays.
func (a *AH) Decode(b []byte, wireLen int) error {
	wireLen = max(wireLen, len(b))
	a.NextHeader, a.Reserved, a.SPI, a.Sequence = 0, 0, 0, 0
	a.ICV, a.Payload, a.Missing = nil, nil, 0
	if len(b) < ahFixed {
		if len(b) > 0 {
			a.NextHeader = b[0]
		}
		if len(b) >= 8 {
			a.SPI = binary.BigEndian.Uint32(b[4:])
		}
		return a.err.short(len(b), PartHeader, ahFixed, wireLen)
	}
	a.NextHeader, a.Reserved = b[0], binary.BigEndian.Uint16(b[2:])
	a.SPI, a.Sequence = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	n := ahLen(b[1])
	if n < ahFixed {
		a.Payload = b[ahFixed:]
		return a.err.fail(1, PartLength, ErrLength)
	}
	if n > len(b) {
		a.ICV = b[ahFixed:]
		return a.err.short(len(b), PartICV, n, wireLen)
	}
	a.ICV, a.Payload, a.Missing = b[ahFixed:n:n], b[n:], wireLen-len(b)
	return nil
}

// ahLen returns the header's length in octets for its length octet, which
// counts 32-bit words less 2 (section 2.2).
func ahLen(length uint8) int { return (int(length) + 2) * 4 }

// HeaderLen returns the length in octets of the header with its ICV.
func (a *AH) HeaderLen() int { return ahFixed + len(a.ICV) }

// AppendBinary appends header and payload, without octets Missing. The ICV's
// length must be a multiple of four, at most 1016.
func (a *AH) AppendBinary(dst []byte) ([]byte, error) {
	words := len(a.ICV)/4 + 1
	if len(a.ICV)%4 != 0 || words > 0xff {
		return dst, &ParseError{Offset: ahFixed, Part: PartICV, Err: ErrRange}
	}
	dst = append(dst, a.NextHeader, byte(words))
	dst = binary.BigEndian.AppendUint16(dst, a.Reserved)
	dst = binary.BigEndian.AppendUint32(dst, a.SPI)
	dst = binary.BigEndian.AppendUint32(dst, a.Sequence)
	dst = append(dst, a.ICV...)
	return append(dst, a.Payload...), nil
}

// Clone returns a copy that owns its ICV and Payload.
func (a *AH) Clone() *AH {
	c := *a
	c.err = ParseError{}
	c.ICV, c.Payload = append([]byte(nil), a.ICV...), append([]byte(nil), a.Payload...)
	return &c
}

// Validate yields what is wrong with the header as far as it shows without
// keys.
func (a *AH) Validate() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		_ = checkSPI(a.SPI, yield) &&
			(a.Sequence != 0 || yield(ProblemSequenceZero)) &&
			(a.Reserved == 0 || yield(ProblemReserved)) &&
			(len(a.ICV) > 0 || yield(ProblemAHICVLength))
	}
}
