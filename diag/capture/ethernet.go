package capture

import "github.com/ikediag/ikediag/ike/exchange"

// EtherTypes that lead to IP.
const (
	etherIPv4     = 0x0800
	etherIPv6     = 0x86dd
	etherVLAN     = 0x8100
	etherQinQ     = 0x88a8
	etherQinQOld  = 0x9100
	etherMPLS     = 0x8847
	etherMPLSUp   = 0x8848
	etherPPPoE    = 0x8864
	etherBridged  = 0x6558 // Ethernet inside GRE
	etherPPP      = 0x880b // PPP inside GRE version 1
	etherSmallest = 0x0600 // below is the length of an 802.3 frame
)

// ethernet takes off destination(6) source(6) EtherType(2).
func (p *Peeler) ethernet(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 14 {
		return p.short()
	}
	return p.etherType(be16(b[12:]), b[14:], wire-14, d)
}

// etherType goes on with what an EtherType announces, through VLAN tags.
func (p *Peeler) etherType(t uint16, b []byte, wire int, d *exchange.Datagram) Result {
	for {
		switch t {
		case etherIPv4:
			return p.ipv4(b, wire, d)
		case etherIPv6:
			return p.ipv6(b, wire, d)
		case etherVLAN, etherQinQ, etherQinQOld:
			if len(b) < 4 || !p.spend() {
				return p.short()
			}
			t, b, wire = be16(b[2:]), b[4:], wire-4
			continue
		case etherMPLS, etherMPLSUp:
			return p.mpls(b, wire, d)
		case etherPPPoE:
			return p.pppoe(b, wire, d)
		}
		break
	}
	// 4 is what Linux' cooked header says of 802.2 frames.
	if t < etherSmallest {
		return p.llc(b, wire, d)
	}
	return NotIP
}

// llc takes off an 802.2 header: either SNAP with an EtherType behind it, or
// the service access point of IP.
func (p *Peeler) llc(b []byte, wire int, d *exchange.Datagram) Result {
	switch {
	case len(b) >= 8 && b[0] == 0xaa && b[1] == 0xaa && b[2] == 3:
		if t := be16(b[6:]); t >= etherSmallest && p.spend() {
			return p.etherType(t, b[8:], wire-8, d)
		}
	case len(b) >= 3 && b[0] == 6 && b[1] == 6 && b[2] == 3:
		return p.ipv4(b[3:], wire-3, d)
	case len(b) < min(8, wire):
		return p.short()
	}
	return NotIP
}

// mpls takes off labels up to the bottom of the stack (RFC 3032 section 2.1:
// label(20 bits) class(3) bottom(1) time to live(8)). What follows is not
// announced: IP is told by its version, anything else is no IP.
func (p *Peeler) mpls(b []byte, wire int, d *exchange.Datagram) Result {
	for {
		if len(b) < 4 || !p.spend() {
			return p.short()
		}
		bottom := b[2]&1 != 0
		b, wire = b[4:], wire-4
		if bottom {
			return p.rawIP(b, wire, d)
		}
	}
}

// pppoe takes off a PPPoE session header (RFC 2516 section 4): version and
// type(1) code(1) session(2) length(2).
func (p *Peeler) pppoe(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 6 {
		return p.short()
	}
	if b[1] != 0 {
		return NotIP // discovery
	}
	return p.ppp(b[6:], wire-6, d)
}

// ppp takes off a PPP header (RFC 1661 section 2, RFC 1662 section 3.1):
// address and control may have been left out, and so may the first byte of the
// protocol, which is even.
func (p *Peeler) ppp(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 3 {
		b, wire = b[2:], wire-2
	}
	if len(b) < 2 {
		return p.short()
	}
	proto, n := be16(b), 2
	if b[0]&1 != 0 {
		proto, n = uint16(b[0]), 1
	}
	b, wire = b[n:], wire-n
	switch proto {
	case 0x0021:
		return p.ipv4(b, wire, d)
	case 0x0057:
		return p.ipv6(b, wire, d)
	case 0x0281, 0x0283:
		return p.mpls(b, wire, d)
	}
	return NotIP
}
