package esp

import "encoding/binary"

// VerifyAH checks the integrity check value of an IP packet, from its IP
// header on, that AH protects (RFC 4302, section 3.3.3). The packet must be
// whole: not cut, not a fragment. Octets behind its end, as Ethernet adds, do
// not count. high is as in Open.
//
// The error is nil, ErrICV, or a *ParseError that lives in s until its next
// use. A packet whose addresses a NAT changed gives ErrICV; with the original
// ones put back it fits, which proves the NAT.
func (s *SA) VerifyAH(ip []byte, high uint32) error {
	e := s.use()
	if e.mac == nil {
		return s.err.fail(0, PartICV, ErrUnsupported)
	}
	ip, n, err := s.immutable(e, ip)
	if err != nil {
		return err
	}
	var a AH
	if err := a.Decode(ip[n:], 0); err != nil {
		s.err = a.err
		s.err.Offset += n
		return &s.err
	}
	size, _, _ := macSizes(s.transform.Integrity)
	if s.transform.ICV > 0 {
		size = s.transform.ICV
	}
	if len(a.ICV) < size {
		return s.err.fail(n+ahFixed, PartICV, ErrLength)
	}
	// e.buffer has the headers in front with zeros for what routers change.
	e.mac.Reset()
	e.mac.Write(e.buffer)
	e.mac.Write(ip[n : n+ahFixed])
	clear(e.sum[:])
	e.mac.Write(e.sum[:size])
	e.mac.Write(a.ICV[size:])
	e.mac.Write(a.Payload)
	if s.transform.ESN {
		binary.BigEndian.PutUint32(e.aad[:], high)
		e.mac.Write(e.aad[:4])
	}
	if !e.equal(a.ICV[:size]) {
		return ErrICV
	}
	return nil
}

// FitAH is FitICV for AH: the length in octets of the integrity check value
// that fits.
func (s *SA) FitAH(ip []byte, high uint32) (octets int, ok bool) {
	e := s.use()
	if e.mac == nil {
		return 0, false
	}
	saved := s.transform.ICV
	defer func() { s.transform.ICV = saved }()
	for _, n := range truncations {
		if n > e.mac.Size() {
			break
		}
		s.transform.ICV = n
		if s.VerifyAH(ip, high) == nil {
			return n, true
		}
	}
	return 0, false
}

// immutable puts what stands in front of AH into e.buffer, with zeros for what
// changes on the way (RFC 4302, section 3.3.3.1). It returns the packet
// without octets behind its end, and where AH begins.
func (s *SA) immutable(e *engine, ip []byte) ([]byte, int, error) {
	if len(ip) < ipv4Len {
		return nil, 0, s.err.fail(len(ip), PartIP, ErrTruncated)
	}
	switch ip[0] >> 4 {
	case 4:
		return s.immutable4(e, ip)
	case 6:
		return s.immutable6(e, ip)
	}
	return nil, 0, s.err.fail(0, PartIP, ErrUnsupported)
}

func (s *SA) immutable4(e *engine, ip []byte) ([]byte, int, error) {
	n, total := int(ip[0]&15)*4, int(binary.BigEndian.Uint16(ip[2:]))
	switch {
	case n < ipv4Len || total < n:
		return nil, 0, s.err.fail(0, PartIP, ErrLength)
	case total > len(ip):
		return nil, 0, s.err.fail(len(ip), PartIP, ErrTruncated)
	case ip[9] != protocolAH || binary.BigEndian.Uint16(ip[6:])&0x3fff != 0:
		return nil, 0, s.err.fail(6, PartIP, ErrUnsupported)
	}
	e.buffer = append(e.buffer[:0], ip[:n]...)
	h := e.buffer
	h[1], h[6], h[7], h[8], h[10], h[11] = 0, 0, 0, 0, 0, 0
	for o := h[ipv4Len:]; len(o) > 0; {
		size := 1
		if o[0] > 1 {
			if len(o) < 2 || o[1] < 2 || int(o[1]) > len(o) {
				return nil, 0, s.err.fail(n-len(o), PartIP, ErrLength)
			}
			size = int(o[1])
		}
		switch o[0] {
		case 0, 1, 130, 133, 134, 148, 149: // appendix A1: what nobody changes
		case 131, 137: // source routes, which change the destination
			return nil, 0, s.err.fail(n-len(o), PartIP, ErrUnsupported)
		default:
			clear(o[:size])
		}
		if size == 1 && o[0] == 0 {
			break
		}
		o = o[size:]
	}
	return ip[:total], n, nil
}

// protocolAH is AH's IP protocol number.
const protocolAH = 51

func (s *SA) immutable6(e *engine, ip []byte) ([]byte, int, error) {
	if len(ip) < ipv6Len {
		return nil, 0, s.err.fail(len(ip), PartIP, ErrTruncated)
	}
	total := ipv6Len + int(binary.BigEndian.Uint16(ip[4:]))
	if total > len(ip) {
		return nil, 0, s.err.fail(len(ip), PartIP, ErrTruncated)
	}
	n, next := ipv6Len, ip[6]
	for next != protocolAH {
		if total-n < 8 {
			return nil, 0, s.err.fail(n, PartIP, ErrTruncated)
		}
		size := (int(ip[n+1]) + 1) * 8
		// Hop-by-hop and destination options; a routing header that is
		// used up. Fragments have no integrity check of their own.
		if next != 0 && next != 60 && (next != 43 || ip[n+3] != 0) {
			return nil, 0, s.err.fail(n, PartIP, ErrUnsupported)
		}
		if size > total-n {
			return nil, 0, s.err.fail(n, PartIP, ErrLength)
		}
		next, n = ip[n], n+size
	}
	e.buffer = append(e.buffer[:0], ip[:n]...)
	h := e.buffer
	h[0], h[1], h[2], h[3], h[7] = 0x60, 0, 0, 0, 0
	for at, kind := ipv6Len, ip[6]; at < n; {
		size := (int(h[at+1]) + 1) * 8
		if kind != 43 && !clearMutable(h[at+2:at+size]) {
			return nil, 0, s.err.fail(at, PartIP, ErrLength)
		}
		kind, at = h[at], at+size
	}
	return ip[:total], n, nil
}

// clearMutable zeroes the data of IPv6 options that may change on the way: bit
// 5 of their type is set (RFC 8200, section 4.2). It is false where an option
// reaches beyond the header.
func clearMutable(o []byte) bool {
	for len(o) > 0 {
		if o[0] == 0 { // Pad1
			o = o[1:]
			continue
		}
		if len(o) < 2 || int(o[1])+2 > len(o) {
			return false
		}
		if o[0]&0x20 != 0 {
			clear(o[2 : 2+int(o[1])])
		}
		o = o[2+int(o[1]):]
	}
	return true
}
