package capture

import (
	"encoding/binary"
	"strconv"

	"github.com/ikediag/ikediag/ike/exchange"
)

// LinkType is a number of the registry of link types (LINKTYPE_, also DLT_)
// that pcap and pcapng share.
type LinkType uint16

// The link types that are read.
const (
	LinkNull       LinkType = 0   // BSD loopback, address family in the recorder's byte order
	LinkEthernet   LinkType = 1   // Ethernet, also with VLAN tags, PPPoE, MPLS, LLC/SNAP
	LinkPPP        LinkType = 9   // PPP, with or without its HDLC-like address and control
	LinkRawDLT     LinkType = 12  // raw IP as some systems number it
	LinkRawOpenBSD LinkType = 14  // the same on OpenBSD
	LinkPPPHDLC    LinkType = 50  // PPP in HDLC-like framing
	LinkPPPoE      LinkType = 51  // PPPoE session header and PPP
	LinkRaw        LinkType = 101 // raw IP
	LinkCiscoHDLC  LinkType = 104 // Cisco HDLC
	LinkLoop       LinkType = 108 // OpenBSD loopback, address family in network byte order
	LinkENC        LinkType = 109 // OpenBSD's and FreeBSD's enc(4): packets as IPsec sees them
	LinkLinuxSLL   LinkType = 113 // Linux cooked capture ("any" interface)
	LinkMPLS       LinkType = 219 // MPLS label stack
	LinkIPv4       LinkType = 228 // raw IPv4
	LinkIPv6       LinkType = 229 // raw IPv6
	LinkNFLOG      LinkType = 239 // Linux netfilter log
	LinkLinuxSLL2  LinkType = 276 // Linux cooked capture version 2
)

// String returns the name of a link type that is read, else "LinkType(n)".
func (l LinkType) String() string {
	switch l {
	case LinkNull:
		return "BSD loopback"
	case LinkEthernet:
		return "Ethernet"
	case LinkPPP, LinkPPPHDLC:
		return "PPP"
	case LinkRawDLT, LinkRawOpenBSD, LinkRaw:
		return "raw IP"
	case LinkPPPoE:
		return "PPPoE"
	case LinkCiscoHDLC:
		return "Cisco HDLC"
	case LinkLoop:
		return "OpenBSD loopback"
	case LinkENC:
		return "enc"
	case LinkLinuxSLL:
		return "Linux cooked"
	case LinkMPLS:
		return "MPLS"
	case LinkIPv4:
		return "raw IPv4"
	case LinkIPv6:
		return "raw IPv6"
	case LinkNFLOG:
		return "netfilter log"
	case LinkLinuxSLL2:
		return "Linux cooked v2"
	}
	return "LinkType(" + strconv.Itoa(int(l)) + ")"
}

// link takes off the link header.
func (p *Peeler) link(l LinkType, b []byte, wire int, d *exchange.Datagram) Result {
	switch l {
	case LinkEthernet:
		return p.ethernet(b, wire, d)
	case LinkRaw, LinkRawDLT, LinkRawOpenBSD, LinkIPv4, LinkIPv6:
		return p.rawIP(b, wire, d)
	case LinkLinuxSLL:
		// type(2) arphrd(2) address length(2) address(8) protocol(2)
		if len(b) < 16 {
			return p.short()
		}
		if dir := packetDirection(be16(b)); dir != exchange.DirectionUnknown {
			d.Direction = dir
		}
		return p.etherType(be16(b[14:]), b[16:], wire-16, d)
	case LinkLinuxSLL2:
		// protocol(2) reserved(2) interface(4) arphrd(2) type(1) address length(1) address(8)
		if len(b) < 20 {
			return p.short()
		}
		if dir := packetDirection(uint16(b[10])); dir != exchange.DirectionUnknown {
			d.Direction = dir
		}
		return p.etherType(be16(b), b[20:], wire-20, d)
	case LinkNull:
		return p.family(b, 4, wire, d)
	case LinkLoop:
		return p.family(b, 4, wire, d)
	case LinkENC:
		// family(4) SPI(4) flags(4): what is inside has passed IPsec or will
		r := p.family(b, 12, wire, d)
		d.Inner = true
		return r
	case LinkPPP, LinkPPPHDLC:
		return p.ppp(b, wire, d)
	case LinkPPPoE:
		return p.pppoe(b, wire, d)
	case LinkCiscoHDLC:
		// address(1) control(1) EtherType(2)
		if len(b) < 4 {
			return p.short()
		}
		return p.etherType(be16(b[2:]), b[4:], wire-4, d)
	case LinkMPLS:
		return p.mpls(b, wire, d)
	case LinkNFLOG:
		return p.nflog(b, wire, d)
	}
	return UnknownLink
}

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

// rawIP looks at the version to tell the two kinds of IP apart.
func (p *Peeler) rawIP(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) == 0 {
		return p.short()
	}
	switch b[0] >> 4 {
	case 4:
		return p.ipv4(b, wire, d)
	case 6:
		return p.ipv6(b, wire, d)
	}
	return NotIP
}

// family takes off a header that begins with an address family in either byte
// order; families are small numbers, which tells the order. IPv6 has another
// number on each system.
func (p *Peeler) family(b []byte, header, wire int, d *exchange.Datagram) Result {
	if len(b) < header {
		return p.short()
	}
	f := be32(b)
	if f > 0xffff {
		f = binary.LittleEndian.Uint32(b)
	}
	switch f {
	case 2, 10, 23, 24, 28, 30:
		return p.rawIP(b[header:], wire-header, d)
	}
	return NotIP
}

// nflog finds the packet among the attributes of a netfilter log message:
// family(1) version(1) resource(2), then length(2) type(2) value padded to
// four bytes, in the recorder's byte order.
func (p *Peeler) nflog(b []byte, wire int, d *exchange.Datagram) Result {
	if len(b) < 4 || b[1] != 0 {
		return p.short()
	}
	b, wire = b[4:], wire-4
	for len(b) >= 4 {
		n, kind := int(binary.LittleEndian.Uint16(b)), binary.LittleEndian.Uint16(b[2:])
		if kind > 255 { // types are small numbers
			n, kind = int(be16(b)), be16(b[2:])
		}
		if n < 4 || n > wire {
			return Malformed
		}
		if kind == 9 {
			return p.rawIP(b[4:min(n, len(b))], n-4, d)
		}
		n = (n + 3) &^ 3
		if n > len(b) {
			return p.short()
		}
		b, wire = b[n:], wire-n
	}
	if wire >= 4 {
		return p.short()
	}
	return NotIP
}
