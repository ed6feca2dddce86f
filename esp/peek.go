package esp

import "fmt"

// Peek decrypts what there is of a packet that the capture cut short, and
// appends it to dst: whole blocks, no trailer. Nothing of it is authenticated,
// and a wrong key gives rubbish and no error; an inner IP header with a length
// that fits the packet's tells them apart. The error is a *ParseError where
// not even the initialization vector is there, or wraps ErrUnsupported for
// ChaCha20-Poly1305.
func (s *SA) Peek(dst []byte, p *Packet) ([]byte, error) {
	e := s.use()
	if len(p.Body) < e.sizes.IV {
		return dst, s.err.short(HeaderLen+len(p.Body), PartIV, e.sizes.IV, len(p.Body)+p.Missing)
	}
	iv, data := p.Body[:e.sizes.IV], p.Body[e.sizes.IV:]
	n := min(len(data), max(len(data)+p.Missing-e.sizes.ICV, 0))
	copy(e.nonce[:], e.salt[:])
	copy(e.nonce[4:], iv)
	start := len(dst)
	switch e.kind {
	case engineCBC:
		n -= n % e.block.BlockSize()
		dst = append(dst, data[:n]...)
		e.unchain(dst[start:], iv)
	case engineCTR:
		dst = append(dst, data[:n]...)
		e.stream(dst[start:], 1)
	case engineAEAD, engineShort:
		if e.block == nil {
			return dst, fmt.Errorf("esp: a part of %v: %w", s.transform.Cipher, ErrUnsupported)
		}
		dst = append(dst, data[:n]...)
		e.stream(dst[start:], 2) // RFC 4106, section 4; counter 1 masks the tag
	case engineCCM:
		dst = append(dst, data[:n]...)
		e.firstCCM(iv)
		e.counter(dst[start:])
	default:
		dst = append(dst, data[:n]...)
	}
	return dst, nil
}
