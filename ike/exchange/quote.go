package exchange

import (
	"encoding/binary"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// Ports of IKE: RFC 2408, section 2.5.1, and RFC 3947, section 4.
const (
	portIKE  = 500
	portNATT = 4500
)

// quoted is the part of an ISAKMP header that an ICMP error may quote.
type quoted struct {
	initiator, responder isakmp.Cookie
	ok                   bool
}

// ReadReport reads the ICMP or ICMPv6 error in a datagram, whatever it is about;
// ok is false where it is none, or quotes no datagram. The report does not alias
// the datagram.
func ReadReport(d *Datagram) (r Report, ok bool) {
	if d.Protocol != ProtocolICMP && d.Protocol != ProtocolICMPv6 {
		return r, false
	}
	readReport(d, &r)
	return r, r.Destination.Addr().IsValid()
}

// readReport reads the ICMP or ICMPv6 error in d and what it quotes. It
// returns false where d is no error, or one about something else than IKE,
// ESP and AH.
func readReport(d *Datagram, r *Report) (q quoted, ok bool) {
	p := d.Payload
	if len(p) < 8 {
		return q, false
	}
	*r = Report{Type: p[0], Code: p[1], Router: d.Source.Addr()}
	if r.Reason, ok = ReasonOf(d.Protocol, r.Type, r.Code); !ok {
		return q, false
	}
	switch {
	case r.Reason != TooBig:
	case d.Protocol == ProtocolICMP:
		r.MTU = int(binary.BigEndian.Uint16(p[6:]))
	default:
		r.MTU = int(min(binary.BigEndian.Uint32(p[4:]), 1<<16))
	}
	return readQuote(p[8:], r)
}

// ReasonOf returns what the type and code of a message of ICMP, or of ICMPv6
// where that is the protocol, say of the datagram that it is about; ok is false
// for one that is no error.
func ReasonOf(protocol, kind, code uint8) (r Reason, ok bool) {
	if protocol == ProtocolICMPv6 {
		return reason6(kind, code)
	}
	return reason4(kind, code)
}

// reason4 classifies an ICMP error: RFC 792, and RFC 1812, section 5.2.7, for
// the codes of destination unreachable.
func reason4(kind, code uint8) (Reason, bool) {
	switch kind {
	case 3:
		switch code {
		case 0, 6, 8, 11:
			return NetUnreachable, true
		case 1, 5, 7, 12:
			return HostUnreachable, true
		case 2:
			return ProtocolUnreachable, true
		case 3:
			return PortUnreachable, true
		case 4:
			return TooBig, true
		case 9, 10, 13, 14, 15:
			return Prohibited, true
		}
	case 11:
		if code == 1 {
			return ReassemblyTimeout, true
		}
		return TimeExceeded, true
	case 12: // parameter problem
	default:
		return ReasonOther, false
	}
	return ReasonOther, true
}

// reason6 classifies an ICMPv6 error: RFC 4443, section 3.
func reason6(kind, code uint8) (Reason, bool) {
	switch kind {
	case 1:
		switch code {
		case 0:
			return NetUnreachable, true
		case 1, 5, 6:
			return Prohibited, true
		case 2, 3:
			return HostUnreachable, true
		case 4:
			return PortUnreachable, true
		}
	case 2:
		return TooBig, true
	case 3:
		if code == 1 {
			return ReassemblyTimeout, true
		}
		return TimeExceeded, true
	case 4: // parameter problem
		if code == 1 {
			return ProtocolUnreachable, true
		}
	default:
		return ReasonOther, false
	}
	return ReasonOther, true
}

// readQuote reads the IP packet that an error quotes. RFC 792 asks for eight
// octets behind the IP header, RFC 1812 and RFC 4443 for as many as fit.
func readQuote(p []byte, r *Report) (q quoted, ok bool) {
	if len(p) < 20 {
		return q, false
	}
	var src, dst netip.Addr
	var body []byte
	first := true
	switch p[0] >> 4 {
	case 4:
		n := int(p[0]&15) * 4
		if n < 20 || n > len(p) {
			return q, false
		}
		src, _ = netip.AddrFromSlice(p[12:16])
		dst, _ = netip.AddrFromSlice(p[16:20])
		r.Protocol = p[9]
		first = binary.BigEndian.Uint16(p[6:])&0x1fff == 0
		body = p[n:]
	case 6:
		if len(p) < 40 {
			return q, false
		}
		src, _ = netip.AddrFromSlice(p[8:24])
		dst, _ = netip.AddrFromSlice(p[24:40])
		r.Protocol = p[6]
		body = p[40:]
		if r.Protocol == 44 && len(body) >= 8 { // fragment header
			r.Protocol = body[0]
			first = binary.BigEndian.Uint16(body[2:])&0xfff8 == 0
			body = body[8:]
		}
	default:
		return q, false
	}
	r.Source, r.Destination = netip.AddrPortFrom(src, 0), netip.AddrPortFrom(dst, 0)
	switch r.Protocol {
	case ProtocolESP:
		if first && len(body) >= 4 {
			r.SPI = binary.BigEndian.Uint32(body)
		}
		return q, true
	case ProtocolAH:
		if first && len(body) >= 8 {
			r.SPI = binary.BigEndian.Uint32(body[4:])
		}
		return q, true
	case ProtocolUDP:
		if !first || len(body) < 8 {
			return q, false
		}
		sp, dp := binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
		r.Source, r.Destination = netip.AddrPortFrom(src, sp), netip.AddrPortFrom(dst, dp)
		if !isIKEPort(sp) && !isIKEPort(dp) {
			return q, false
		}
		return quoteUDP(body[8:], sp, dp, r), true
	}
	return q, false
}

func isIKEPort(p uint16) bool { return p == portIKE || p == portNATT }

// quoteUDP reads what is quoted of a UDP datagram's payload.
func quoteUDP(p []byte, sp, dp uint16, r *Report) (q quoted) {
	if sp != portIKE && dp != portIKE {
		if len(p) < 4 {
			return q
		}
		if spi := binary.BigEndian.Uint32(p); spi != 0 {
			r.SPI = spi
			return q
		}
		p = p[4:]
	}
	if len(p) < 16 {
		return q
	}
	copy(q.initiator[:], p)
	copy(q.responder[:], p[8:])
	q.ok = true
	return q
}
