package esp

import (
	"encoding/binary"
	"iter"
)

// HeaderLen is the length of what ESP leaves in the clear before the IV: SPI
// and sequence number.
const HeaderLen = 8

// Packet is an ESP packet (RFC 4303, section 2). Without the SA nobody can
// tell IV, ciphertext and integrity check value apart: they are Body.
type Packet struct {
	// SPI and Sequence are the header's.
	SPI uint32
	// Sequence is the low half of the sequence number, all of it where the SA
	// does not use extended ones (section 2.2.1).
	Sequence uint32
	// Body is what follows the sequence number. It aliases the input.
	Body []byte
	// Missing counts the octets of the body that the capture cut off.
	Missing int

	err ParseError
}

// Decode reads an ESP packet: the payload of IP protocol 50 or, after [UDP]
// told so, of a UDP datagram. wireLen is the length that it had on the wire;
// where it is greater than len(b), the capture cut it.
func (p *Packet) Decode(b []byte, wireLen int) error {
	wireLen = max(wireLen, len(b))
	if len(b) < HeaderLen {
		p.SPI, p.Sequence, p.Body, p.Missing = 0, 0, nil, 0
		if len(b) >= 4 {
			p.SPI = binary.BigEndian.Uint32(b)
		}
		return p.err.short(len(b), PartHeader, HeaderLen, wireLen)
	}
	p.SPI, p.Sequence = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	p.Body, p.Missing = b[HeaderLen:], wireLen-len(b)
	return nil
}

// AppendBinary appends the packet's octets, without those Missing.
func (p *Packet) AppendBinary(dst []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint32(dst, p.SPI)
	dst = binary.BigEndian.AppendUint32(dst, p.Sequence)
	return append(dst, p.Body...), nil
}

// Len returns the packet's length on the wire in octets.
func (p *Packet) Len() int { return HeaderLen + len(p.Body) + p.Missing }

// Clone returns a copy that owns its Body.
func (p *Packet) Clone() *Packet {
	return &Packet{SPI: p.SPI, Sequence: p.Sequence, Missing: p.Missing, Body: append([]byte(nil), p.Body...)}
}

// Validate yields what is wrong with the packet as far as it shows without
// keys.
func (p *Packet) Validate() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		n := len(p.Body) + p.Missing
		_ = checkSPI(p.SPI, yield) &&
			(p.Sequence != 0 || yield(ProblemSequenceZero)) &&
			(n%4 == 0 || yield(ProblemAlignment)) &&
			(n >= trailerMin || yield(ProblemTooShort))
	}
}

// trailerMin is the length of the shortest body: no IV, no ICV, and padding to
// four octets (RFC 4303, section 2.4).
const trailerMin = 4
