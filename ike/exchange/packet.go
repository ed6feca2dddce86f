package exchange

import "encoding/binary"

// espStep describes an ESP packet (RFC 4303, section 2): SPI and sequence
// number in its first eight octets.
func espStep(b []byte, wireLen int, s *Step) {
	s.Length = wireLen
	if len(b) < 8 {
		s.Class, s.Cut = Broken, wireLen > len(b)
		return
	}
	s.Class = ESP
	s.SPI, s.Sequence = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
}

// ahStep describes an AH packet (RFC 4302, section 2): SPI and sequence number
// follow the next header, the length and two reserved octets.
func ahStep(d *Datagram, s *Step) {
	s.Length = d.WireLen
	if len(d.Payload) < 12 {
		s.Class, s.Cut = Broken, d.WireLen > len(d.Payload)
		return
	}
	s.Class = AH
	s.SPI, s.Sequence = binary.BigEndian.Uint32(d.Payload[4:]), binary.BigEndian.Uint32(d.Payload[8:])
}
