package capture

import (
	"net/netip"

	"github.com/ikediag/ikediag/ike/exchange"
)

// IP protocol numbers that lead to another packet, beside those of exchange.
const (
	protocolIPv4 = 4
	protocolIPv6 = 41
	protocolGRE  = 47
	protocolMPLS = 137
)

// ipv4 reads an IPv4 header (RFC 791 section 3.1). A total length of zero is
// what a recorder sees of a packet that the network card will cut up.
func (p *Peeler) ipv4(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 20 {
		return p.short()
	}
	header := int(b[0]&15) * 4
	total := int(be16(b[2:]))
	if total == 0 {
		total = wire
	}
	if b[0]>>4 != 4 || header < 20 || total < header || !p.spend() {
		return Malformed
	}
	if header > len(b) {
		return p.short()
	}
	total = min(total, wire)
	d.Source = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[12:16])), 0)
	d.Destination = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[16:20])), 0)
	d.Protocol = b[9]
	d.TTL = b[8]
	flags := be16(b[6:])
	d.DontFragment = flags&0x4000 != 0
	data := b[header:min(len(b), total)]
	if flags&0x3fff == 0 {
		return p.transport(data, total-header, d)
	}
	return p.fragment(fragment{
		id: uint32(be16(b[4:])), protocol: b[9],
		offset: int(flags&0x1fff) * 8, more: flags&0x2000 != 0,
		data: data, wire: total - header,
	}, d)
}

// ipv6 reads an IPv6 header (RFC 8200 section 3). A payload length of zero is
// that of a jumbogram or of a packet that the network card will cut up.
func (p *Peeler) ipv6(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 40 {
		return p.short()
	}
	if b[0]>>4 != 6 || !p.spend() {
		return Malformed
	}
	n := int(be16(b[4:]))
	if n == 0 {
		n = wire
	}
	n = min(n, wire-40)
	d.Source = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])), 0)
	d.Destination = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[24:40])), 0)
	d.TTL = b[7]
	d.DontFragment = true
	return p.ipv6Next(b[6], b[40:min(len(b), 40+n)], n, d, false)
}

// ipv6Next walks the extension headers of RFC 8200 section 4. whole says that b
// has been put together of fragments and may hold no fragment header again.
func (p *Peeler) ipv6Next(next uint8, b []byte, wire int, d *exchange.Datagram, whole bool) Result {
	for {
		d.Protocol = next
		switch next {
		case 0, 43, 60, 135, 139, 140: // hop-by-hop, routing, destination, mobility, HIP, shim6
			if len(b) < 8 {
				return p.short()
			}
			n := int(b[1])*8 + 8
			if n > wire || !p.spend() {
				return Malformed
			}
			if n > len(b) {
				return p.short()
			}
			next, b, wire = b[0], b[n:], wire-n
		case 44:
			if len(b) < 8 {
				return p.short()
			}
			offset, more := int(be16(b[2:])&^7), b[3]&1 != 0
			if offset == 0 && !more { // RFC 6946: a fragment header and no fragment
				if !p.spend() {
					return Malformed
				}
				next, b, wire = b[0], b[8:], wire-8
				continue
			}
			if whole {
				return Malformed
			}
			return p.fragment(fragment{
				id: be32(b[4:]), protocol: b[0], v6: true,
				offset: offset, more: more, data: b[8:], wire: wire - 8,
			}, d)
		default:
			return p.transport(b, wire, d)
		}
	}
}

// transport reads as much of the next header as a Datagram tells, or goes on
// into a tunnel. d.Protocol says what b is.
func (p *Peeler) transport(b []byte, wire int, d *exchange.Datagram) Result {
	switch d.Protocol {
	case exchange.ProtocolUDP:
		return p.udp(b, wire, d)
	case exchange.ProtocolTCP:
		setPorts(b, d)
	case protocolIPv4, protocolIPv6, protocolGRE, protocolMPLS:
		return p.tunnel(b, wire, d)
	}
	d.Payload, d.WireLen = b, wire
	return Delivered
}

// setPorts reads the ports that UDP and TCP begin with.
func setPorts(b []byte, d *exchange.Datagram) {
	if len(b) >= 4 {
		d.Source = netip.AddrPortFrom(d.Source.Addr(), be16(b))
		d.Destination = netip.AddrPortFrom(d.Destination.Addr(), be16(b[2:]))
	}
}

// udp reads a UDP header (RFC 768): ports(2+2) length(2) checksum(2). What
// follows beyond its length is padding. Its length also tells how much is
// missing where fragments are.
func (p *Peeler) udp(b []byte, wire int, d *exchange.Datagram) Result {
	if wire < 8 && !p.partial {
		return Malformed
	}
	setPorts(b, d)
	d.Payload, d.WireLen = nil, max(wire-8, 0)
	if len(b) < 8 {
		return Delivered
	}
	n := int(be16(b[4:])) - 8
	switch {
	case n == -8: // a jumbogram, or left to the network card
	case n < 0:
		return Malformed
	case n < d.WireLen || p.partial:
		d.WireLen = n
	}
	d.Payload = b[8:min(len(b), 8+d.WireLen)]
	return Delivered
}

// tunnel goes on with the packet inside. Where there is none that can be
// understood, the outer one is the datagram.
func (p *Peeler) tunnel(b []byte, wire int, d *exchange.Datagram) Result {
	outer, tunnels := *d, p.tunnels
	if p.spend() && p.enter(d) {
		var r Result
		switch outer.Protocol {
		case protocolIPv4:
			r = p.ipv4(b, wire, d)
		case protocolIPv6:
			r = p.ipv6(b, wire, d)
		case protocolMPLS:
			r = p.mpls(b, wire, d)
		default:
			r = p.gre(b, wire, d)
		}
		if r == Delivered || r == Held {
			return r
		}
	}
	*d, p.tunnels = outer, tunnels
	d.Payload, d.WireLen = b, wire
	return Delivered
}

// gre takes off a GRE header (RFC 2784 section 2, RFC 2890 section 2) or that
// of PPTP (RFC 2637 section 4.1): flags and version(2) EtherType(2) and what
// the flags announce, four bytes each.
func (p *Peeler) gre(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 4 {
		return p.short()
	}
	const checksum, routing, key, sequence, acknowledgment = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
	flags := be16(b)
	n := 4
	for _, f := range [...]uint16{checksum, key, sequence} {
		if flags&f != 0 {
			n += 4
		}
	}
	switch flags & 7 {
	case 0:
		if flags&routing != 0 { // RFC 1701's source routes; nobody sends them
			return NotIP
		}
	case 1:
		if flags&acknowledgment != 0 {
			n += 4
		}
	default:
		return NotIP
	}
	t := be16(b[2:])
	if n > len(b) {
		return p.short()
	}
	b, wire = b[n:], wire-n
	switch t {
	case etherBridged:
		return p.ethernet(b, wire, d)
	case etherPPP:
		return p.ppp(b, wire, d)
	}
	return p.etherType(t, b, wire, d)
}
