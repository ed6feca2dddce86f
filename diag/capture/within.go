package capture

import "github.com/ikediag/ikediag/ike/exchange"

// Within looks into a datagram that shows another one in the clear and fills in
// *inner, which aliases d.Payload: the packet that an ICMP or ICMPv6 error
// quotes, or what AH protects. It reports whether there is one.
//
// A quoted packet is the one that could not be delivered, in the direction in
// which it was sent; its Payload is what the error has room for, its WireLen
// what it had. Source and time are those of the frame that shows it.
//
// Afterwards Enclosing returns the IP headers between the two, that of d first;
// there is none for AH in transport mode, which has no second IP header. A
// Peeler that holds fragments for a recording must not be used for it: the zero
// value serves.
func (p *Peeler) Within(d, inner *exchange.Datagram) bool {
	p.Limits = p.Limits.withDefaults()
	p.headers = p.Limits.Headers
	p.tunnels = 0
	p.partial, p.cut = true, true
	*inner = exchange.Datagram{Time: d.Time, Frame: d.Frame, Direction: d.Direction, Inner: true,
		Source: d.Source, Destination: d.Destination, Protocol: d.Protocol,
		TTL: d.TTL, DontFragment: d.DontFragment}
	r := NotIP
	switch b := d.Payload; {
	case d.Protocol == exchange.ProtocolAH && len(b) >= 12:
		// next header(1) length(1) reserved(2) SPI(4) sequence(4) check value
		// (RFC 4302 section 2); the length counts words of four bytes less two.
		n := int(b[1])*4 + 8
		if n < 12 || n > len(b) {
			return false
		}
		if d.Source.Addr().Is4() {
			inner.Protocol = b[0]
			r = p.transport(b[n:], d.WireLen-n, inner)
		} else {
			r = p.ipv6Next(b[0], b[n:], d.WireLen-n, inner, true)
		}
	case quotes(d):
		p.enter(inner)
		b = b[8:quotedLength(d)]
		if d.Protocol == exchange.ProtocolICMP {
			r = p.ipv4(b, maxDatagram, inner)
		} else {
			r = p.ipv6(b, maxDatagram, inner)
		}
	}
	inner.Inner = true
	return r == Delivered
}

// quotes says whether a datagram is an ICMP error: unreachable, source quench,
// redirect, time exceeded, parameter problem (RFC 792), or ICMPv6's, whose
// types are below 128 (RFC 4443 section 2.1).
func quotes(d *exchange.Datagram) bool {
	if len(d.Payload) < 8 {
		return false
	}
	t := d.Payload[0]
	switch d.Protocol {
	case exchange.ProtocolICMP:
		return t == 3 || t == 4 || t == 5 || t == 11 || t == 12
	case exchange.ProtocolICMPv6:
		return t >= 1 && t <= 4
	}
	return false
}

// quotedLength is where the quoted packet ends: with the error, or where
// extensions follow it, as RFC 4884 section 4 says, where its length field puts
// it (in words of four bytes, of eight for ICMPv6).
func quotedLength(d *exchange.Datagram) int {
	b := d.Payload
	n := 0
	if d.Protocol == exchange.ProtocolICMP {
		if t := b[0]; t == 3 || t == 11 || t == 12 {
			n = int(b[5]) * 4
		}
	} else if t := b[0]; t == 1 || t == 3 {
		n = int(b[4]) * 8
	}
	if n == 0 || 8+n > len(b) {
		return len(b)
	}
	return 8 + n
}
