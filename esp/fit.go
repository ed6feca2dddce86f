package esp

import "encoding/binary"

// truncations are the lengths in octets that integrity check values are cut
// to: 96 bits (RFC 2403, 2404, 3566, 4494 and Linux before 2.6.33 for SHA-2),
// 128, 192 and 256 bits (RFC 4868), and uncut.
var truncations = [...]int{12, 16, 20, 24, 32, 48, 64}

// FitICV returns the length in octets of the integrity check value that the
// packet carries if the SA's integrity algorithm and key are right, whatever
// the SA says of truncation: 12 of HMAC-SHA-256 is a peer with the 96 bits of
// the first drafts, 16 one with the 128 of RFC 4868. It is false where no
// length fits, and for SAs without an integrity algorithm of their own. high
// is as in Open.
func (s *SA) FitICV(p *Packet, high uint32) (octets int, ok bool) {
	e := s.use()
	if e.mac == nil || p.Missing > 0 {
		return 0, false
	}
	for _, n := range truncations {
		rest := len(p.Body) - n
		if n > e.mac.Size() || rest < e.sizes.IV+2 {
			break
		}
		e.mac.Reset()
		e.header(p, 0, false)
		e.mac.Write(e.aad[:8])
		e.mac.Write(p.Body[:rest])
		if s.transform.ESN {
			binary.BigEndian.PutUint32(e.aad[:], high)
			e.mac.Write(e.aad[:4])
		}
		if e.equal(p.Body[rest:]) {
			return n, true
		}
	}
	return 0, false
}
