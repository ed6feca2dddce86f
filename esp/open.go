package esp

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// Inner is what an ESP packet carries.
type Inner struct {
	// NextHeader is the IP protocol number of Payload: 4 or 41 for a packet
	// in tunnel mode, 59 for a dummy (RFC 4303, section 2.6).
	NextHeader uint8
	// Payload is what was encrypted, without the trailer. It stands in the
	// buffer that was given to Open.
	Payload []byte
	// Padding is its length in octets; PaddingRegular says that it is 1, 2, 3
	// and so on, as section 2.4 asks for.
	Padding        int
	PaddingRegular bool
	// Authenticated says that an integrity check value was right. It is false
	// only where the SA has none.
	Authenticated bool
}

// Open checks the packet's integrity check value, decrypts it and appends the
// plaintext to dst, which must not overlap the packet. high is the high half
// of the sequence number; it counts only for SAs with extended ones (see
// Extend and Window.ReceiveLow).
//
// The error is ErrICV, or a *ParseError that lives in s until its next use.
// Nothing of a packet that fails is returned. Open allocates where dst is too
// small, in counter mode, and in GCM with an integrity check value of 8
// octets.
func (s *SA) Open(dst []byte, p *Packet, high uint32) (Inner, error) {
	e := s.use()
	iv, data, icv, err := s.split(p, e)
	if err != nil {
		return Inner{}, err
	}
	if e.mac != nil {
		e.mac.Reset()
		e.header(p, 0, false)
		e.mac.Write(e.aad[:8])
		e.mac.Write(p.Body[:len(iv)+len(data)])
		if s.transform.ESN {
			binary.BigEndian.PutUint32(e.aad[:], high)
			e.mac.Write(e.aad[:4])
		}
		if !e.equal(icv) {
			return Inner{}, ErrICV
		}
	}
	aad := e.header(p, high, s.transform.ESN)
	start := len(dst)
	if dst, err = e.decrypt(dst, aad, iv, data, icv); err != nil {
		return Inner{}, err
	}
	return s.trailer(dst[start:], len(iv), e.mac != nil || e.aead != nil || e.kind == engineCCM)
}

// split finds IV, ciphertext and integrity check value.
func (s *SA) split(p *Packet, e *engine) (iv, data, icv []byte, err error) {
	n := len(p.Body) - e.sizes.IV - e.sizes.ICV
	switch {
	case p.Missing > 0:
		return nil, nil, nil, s.err.fail(HeaderLen+len(p.Body), PartData, ErrCut)
	case len(p.Body) < e.sizes.IV:
		return nil, nil, nil, s.err.fail(HeaderLen+len(p.Body), PartIV, ErrTruncated)
	case n < 2:
		return nil, nil, nil, s.err.fail(HeaderLen+len(p.Body), PartICV, ErrTruncated)
	case e.chain != nil && n%e.block.BlockSize() != 0:
		return nil, nil, nil, s.err.fail(HeaderLen+e.sizes.IV, PartData, ErrLength)
	}
	iv, data, icv = p.Body[:e.sizes.IV], p.Body[e.sizes.IV:e.sizes.IV+n], p.Body[e.sizes.IV+n:]
	return iv, data, icv, nil
}

// header puts SPI and sequence number into e.aad, with the high half between
// where extended numbers go with a combined mode (RFC 4106, section 5; RFC
// 7634, section 2.1).
func (e *engine) header(p *Packet, high uint32, extended bool) []byte {
	binary.BigEndian.PutUint32(e.aad[:], p.SPI)
	n := 4
	if extended {
		binary.BigEndian.PutUint32(e.aad[4:], high)
		n = 8
	}
	binary.BigEndian.PutUint32(e.aad[n:], p.Sequence)
	return e.aad[:n+4]
}

// equal compares an integrity check value with what was written to e.mac.
func (e *engine) equal(icv []byte) bool {
	sum := e.mac.Sum(e.sum[:0])
	return len(icv) <= len(sum) && subtle.ConstantTimeCompare(icv, sum[:len(icv)]) == 1
}

// decrypt appends the plaintext to dst and checks what a combined mode
// authenticates.
func (e *engine) decrypt(dst, aad, iv, data, icv []byte) ([]byte, error) {
	copy(e.nonce[:], e.salt[:])
	copy(e.nonce[4:], iv)
	start := len(dst)
	switch e.kind {
	case engineCBC:
		dst = append(dst, data...)
		e.unchain(dst[start:], iv)
	case engineCTR:
		dst = append(dst, data...)
		e.stream(dst[start:], 1) // RFC 3686, section 4
	case engineAEAD:
		// Ciphertext and tag stand together in the packet.
		out, err := e.aead.Open(dst, e.nonce[:], data[:len(data)+len(icv)], aad)
		if err != nil {
			return nil, ErrICV
		}
		dst = out
	case engineShort:
		// The library has no GCM with tags of 8 octets: decrypt, encrypt
		// again, compare what the tag begins with.
		dst = append(dst, data...)
		e.stream(dst[start:], 2)
		e.buffer = e.aead.Seal(e.buffer[:0], e.nonce[:], dst[start:], aad)
		if subtle.ConstantTimeCompare(e.buffer[len(data):len(data)+len(icv)], icv) != 1 {
			clear(dst[start:])
			return nil, ErrICV
		}
	case engineGMAC:
		// RFC 4543, section 3.3: all of the packet is additional data.
		e.buffer = append(append(append(e.buffer[:0], aad...), iv...), data...)
		n := len(e.buffer)
		e.buffer = e.aead.Seal(e.buffer, e.nonce[:], nil, e.buffer)
		if subtle.ConstantTimeCompare(e.buffer[n:n+len(icv)], icv) != 1 {
			return nil, ErrICV
		}
		dst = append(dst, data...)
	case engineCCM:
		return e.openCCM(dst, aad, iv, data, icv)
	default:
		dst = append(dst, data...)
	}
	return dst, nil
}

// unchain decrypts CBC in place.
func (e *engine) unchain(b, iv []byte) {
	// The standard library's block modes take another IV, though no interface
	// of it says so; where one does not, a new one does.
	if m, ok := e.chain.(interface{ SetIV([]byte) }); ok {
		m.SetIV(iv)
		e.chain.CryptBlocks(b, b)
		return
	}
	cipher.NewCBCDecrypter(e.block, iv).CryptBlocks(b, b)
}

// stream decrypts counter mode in place: nonce and a counter of 32 bits.
func (e *engine) stream(b []byte, counter uint32) {
	copy(e.count[:], e.nonce[:])
	binary.BigEndian.PutUint32(e.count[12:], counter)
	cipher.NewCTR(e.block, e.count[:]).XORKeyStream(b, b)
}

// trailer takes padding, its length and next header off a plaintext.
func (s *SA) trailer(plain []byte, ivLen int, authenticated bool) (Inner, error) {
	n := len(plain)
	in := Inner{NextHeader: plain[n-1], Padding: int(plain[n-2]), PaddingRegular: true, Authenticated: authenticated}
	if in.Padding > n-2 {
		clear(plain)
		return Inner{}, s.err.fail(HeaderLen+ivLen+n-2, PartTrailer, ErrPadding)
	}
	in.Payload = plain[: n-2-in.Padding : n-2-in.Padding]
	for i, c := range plain[n-2-in.Padding : n-2] {
		in.PaddingRegular = in.PaddingRegular && c == byte(i+1)
	}
	return in, nil
}
