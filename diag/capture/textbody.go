package capture

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"github.com/ikediag/ikediag/ike/exchange"
)

// body reads what stands behind the ends of a packet. ok is false where not even
// the protocol is told; later means a fragment behind the first, of which today's
// text (marked by "IP") has no more than the protocol.
func (p *textPacket) body(b []byte, marked bool) (later, ok bool) {
	if rest, ok := cutPrefix(b, "frag ("); ok { // IPv6: "frag (0x0000004d:1232|800)"
		rest, later = p.fragment6(rest)
		if later {
			return true, true
		}
		b = rest
	}
	natt := false
	if rest, ok := cutPrefix(b, "NONESP-encap: "); ok {
		b, natt = rest, true
	}
	switch {
	case hasPrefix(b, "isakmp-nat-keep-alive"):
		p.d.Protocol = exchange.ProtocolUDP
		p.rebuilt(append(p.t.bytes[:0], 0xff))
		p.length(1)
	case hasPrefix(b, "isakmp"):
		marker := 0
		if natt {
			marker = 4
		}
		p.isakmp(b[len("isakmp"):], marker)
	case hasPrefix(b, "UDP-encap: "):
		p.d.Protocol = exchange.ProtocolUDP
		p.esp(b)
	case hasPrefix(b, "ESP("):
		p.d.Protocol = exchange.ProtocolESP
		p.esp(b)
	case hasPrefix(b, "AH("):
		p.d.Protocol = exchange.ProtocolAH
		p.ah(b)
	case hasPrefix(b, "Flags ["):
		p.d.Protocol = exchange.ProtocolTCP
		p.ipLength(0)
	case hasPrefix(b, "ICMP"), hasPrefix(b, "icmp"):
		p.icmp(b)
	case hasPrefix(b, "[|"):
		return false, p.cut(b[2:])
	default:
		return p.plain(b, marked)
	}
	return false, true
}

// fragment6 reads what stands of a fragment header of IPv6, "0|1232) ", and the
// ports behind the first one.
func (p *textPacket) fragment6(b []byte) (rest []byte, later bool) {
	group, rest, ok := bytes.Cut(b, []byte(")"))
	if !ok {
		return b, false
	}
	if i := bytes.IndexByte(group, ':'); i >= 0 {
		group = group[i+1:]
	}
	if offset, n := digits(group); n > 0 && offset > 0 {
		return rest, true
	}
	p.fragment, p.payload = true, -1
	return p.latePorts(bytes.TrimLeft(rest, " \t")), false
}

// cut reads "[|esp]": of a packet that was cut, or that the recorder could not
// read to its end, only the protocol is told.
func (p *textPacket) cut(b []byte) bool {
	name, _, _ := bytes.Cut(b, []byte("]"))
	switch string(name) {
	case "esp":
		p.d.Protocol = exchange.ProtocolESP
		p.ipLength(0)
	case "ah":
		p.d.Protocol = exchange.ProtocolAH
		p.ipLength(0)
	case "icmp", "icmp6":
		p.icmp(nil)
	case "tcp":
		p.d.Protocol = exchange.ProtocolTCP
		p.ipLength(0)
	default:
		if string(name) != "udp" && !p.hasPorts() {
			return false
		}
		p.d.Protocol = exchange.ProtocolUDP
		p.said.ISAKMP = string(name) == "isakmp"
		p.ipLength(8)
	}
	return true
}

func hasPrefix(b []byte, s string) bool {
	_, ok := cutPrefix(b, s)
	return ok
}

// plain reads what has no decoder of its own: "udp 990", "UDP, length 990",
// "ip-proto-50 132", and the flags that old versions print of TCP.
func (p *textPacket) plain(b []byte, marked bool) (later, ok bool) {
	w, rest := word(b)
	n, k := digits(rest)
	known := k > 0 && end(rest[k:])
	if number, ok := cutPrefix(w, "ip-proto-"); ok {
		v, m := digits(number)
		if m == 0 || v > 255 {
			return false, false
		}
		p.d.Protocol = uint8(v)
		p.lengthOr(int(n), known)
		return marked && !known && len(rest) == 0, true
	}
	switch string(w) {
	case "udp":
		p.d.Protocol = exchange.ProtocolUDP
		if known {
			p.length(int(n))
		} else {
			p.ipLength(8)
		}
		return marked && !p.hasPorts(), true
	case "UDP,":
		p.d.Protocol = exchange.ProtocolUDP
		if v, ok := numberAfter(rest, "length "); ok && hasPrefix(rest, "length ") {
			p.length(v)
		} else {
			p.ipLength(8)
		}
		return false, true
	case "esp", "ipv6-crypt":
		p.d.Protocol = exchange.ProtocolESP
		p.lengthOr(int(n), known)
		return marked && !known, true
	case "ah", "ipv6-auth":
		p.d.Protocol = exchange.ProtocolAH
		p.lengthOr(int(n), known)
		return marked && !known, true
	}
	switch {
	case hasPrefix(w, "sctp"), hasPrefix(w, "dccp"), hasPrefix(w, "DCCP"):
		return false, p.named(w)
	case isTCP(w, rest):
		p.d.Protocol = exchange.ProtocolTCP
		p.ipLength(0)
	case p.protocol == exchange.ProtocolUDP, p.protocol < 0 && p.hasPorts():
		p.d.Protocol = exchange.ProtocolUDP
		p.ipLength(8)
	case p.protocol >= 0:
		p.d.Protocol = uint8(p.protocol)
		p.ipLength(0)
	default:
		return false, p.named(w)
	}
	return false, true
}

// named knows the protocols that stand in recordings of gateways and that
// tcpdump prints by a word of their own.
func (p *textPacket) named(w []byte) bool {
	for _, n := range [...]struct {
		word     string
		protocol uint8
	}{{"igmp", 2}, {"GRE", protocolGRE}, {"gre", protocolGRE}, {"EIGRP", 88}, {"OSPF", 89}, {"PIM", 103}, {"IPComp", 108}, {"VRRP", 112}, {"sctp", 132}, {"HBH", 0}} {
		if hasPrefix(w, n.word) {
			p.d.Protocol = n.protocol
			p.ipLength(0)
			return true
		}
	}
	return false
}

// hasPorts says whether ports are printed. A packet with ports that has none of
// TCP's words is one of UDP: what it carries is printed in its place.
func (p *textPacket) hasPorts() bool {
	return p.d.Source.Port() != 0 || p.d.Destination.Port() != 0
}

// isTCP knows the flags of old versions: "S 522326774:522326774(0)", ". ack 1".
func isTCP(w, rest []byte) bool {
	if len(w) == 0 || len(w) > 6 {
		return false
	}
	for _, c := range w {
		if bytes.IndexByte([]byte("SFPRWEsfpr."), c) < 0 {
			return false
		}
	}
	_, n := digits(rest)
	return hasPrefix(rest, "ack ") || hasPrefix(rest, "win ") || n > 0 && n < len(rest) && rest[n] == ':'
}

// length notes the length of the payload.
func (p *textPacket) length(n int) {
	if n >= 0 && n <= maxDatagram {
		p.d.WireLen = n
		p.said.LengthKnown = true
	}
}

// ipLength notes the length of the payload as the IP header tells it, less the
// header of the transport.
func (p *textPacket) ipLength(header int) {
	if p.payload >= header {
		p.length(p.payload - header)
	}
}

func (p *textPacket) lengthOr(n int, known bool) {
	if known {
		p.length(n)
	} else {
		p.ipLength(0)
	}
}

// rebuilt sets the bytes that the words tell.
func (p *textPacket) rebuilt(b []byte) {
	p.d.Payload = b
	p.said.Rebuilt = true
}

// spi reads "(spi=0x12345678,seq=0x1".
func (p *textPacket) spi(b []byte) bool {
	spi, ok := hexAfter(b, "spi=")
	seq, both := hexAfter(b, "seq=")
	if !ok || !both || spi > 1<<32-1 || seq > 1<<32-1 {
		return false
	}
	p.said.SPI, p.said.Sequence, p.said.SPIKnown = uint32(spi), uint32(seq), true
	return true
}

// esp reads "ESP(spi=0x12345678,seq=0x1), length 132", natively or in UDP; the
// length is that of the whole ESP packet.
func (p *textPacket) esp(b []byte) {
	if p.spi(b) {
		buf := binary.BigEndian.AppendUint32(p.t.bytes[:0], p.said.SPI)
		p.rebuilt(binary.BigEndian.AppendUint32(buf, p.said.Sequence))
	}
	if v, ok := numberAfter(b, "), length "); ok {
		p.length(v)
		return
	}
	header := 0
	if p.d.Protocol == exchange.ProtocolUDP {
		header = 8
	}
	p.ipLength(header)
}

// ah reads "(spi=0x12345678,seq=0x1,icv=0x0011…): IP …" (RFC 4302, section 2).
func (p *textPacket) ah(b []byte) {
	p.ipLength(0)
	i := indexString(b, "icv=0x")
	if !p.spi(b) || i < 0 {
		return
	}
	icv, rest, ok := bytes.Cut(b[i+len("icv=0x"):], []byte(")"))
	if !ok || len(icv)%8 != 0 || len(icv) > 8*64 {
		return
	}
	next := byte(0)
	if rest = bytes.TrimLeft(rest, ": "); hasPrefix(rest, "IP ") || hasPrefix(rest, "(tos ") {
		next = protocolIPv4
	} else if hasPrefix(rest, "IP6 ") {
		next = protocolIPv6
	}
	buf := append(p.t.bytes[:0], next, byte(1+len(icv)/8), 0, 0)
	buf = binary.BigEndian.AppendUint32(buf, p.said.SPI)
	p.rebuilt(binary.BigEndian.AppendUint32(buf, p.said.Sequence))
}

// icmp reads the errors that matter: what could not be delivered, and why.
func (p *textPacket) icmp(b []byte) {
	p.d.Protocol = exchange.ProtocolICMP
	v6 := p.d.Source.Addr().Is6()
	if v6 {
		p.d.Protocol = exchange.ProtocolICMPv6
	}
	if v, ok := numberAfter(b, ", length "); ok {
		p.length(v)
	} else {
		p.ipLength(0)
	}
	// What is quoted comes behind and has words of its own.
	for _, mark := range [...]string{", length ", " IP (", " IP6 ("} {
		if i := indexString(b, mark); i >= 0 {
			b = b[:i]
		}
	}
	kind, code, ok := icmpWords(b, v6)
	if !ok {
		return
	}
	p.said.ICMPKnown, p.said.ICMPType, p.said.ICMPCode = true, kind, code
	p.rebuilt(append(p.t.bytes[:0], kind, code))
	p.said.Quoted = quotedEnd(b)
	for _, mark := range [...]string{"(mtu ", "mtu "} {
		if v, ok := numberAfter(b, mark); ok && v <= maxDatagram {
			p.said.MTU = v
		}
	}
}

// icmpReason is how tcpdump words a type and code.
type icmpReason struct {
	words      string
	kind, code uint8
}

// The first that fits counts, so the closer ones come first.
var (
	icmpReasons4 = [...]icmpReason{
		{"echo request", 8, 0}, {"echo reply", 0, 0},
		{"time exceeded in-transit", 11, 0}, {"reassembly time exceeded", 11, 1},
		{"need to frag", 3, 4}, {"admin prohibited filter", 3, 13},
		{" port ", 3, 3}, {" protocol ", 3, 2},
	}
	icmpReasons6 = [...]icmpReason{
		{"echo request", 128, 0}, {"echo reply", 129, 0},
		{"packet too big", 2, 0}, {"time exceeded in-transit", 3, 0}, {"time exceeded in-reassembly", 3, 1},
		{"unreachable port", 1, 4}, {"unreachable address", 1, 3}, {"unreachable route", 1, 0},
		{"prohibited", 1, 1}, {"beyond scope", 1, 2},
	}
)

// icmpWords tells type and code from the words.
func icmpWords(b []byte, v6 bool) (kind, code uint8, ok bool) {
	if v6 {
		for _, r := range icmpReasons6 {
			if indexString(b, r.words) >= 0 {
				return r.kind, r.code, true
			}
		}
		return 0, 0, false
	}
	unreachable := indexString(b, "unreachable") >= 0
	for _, r := range icmpReasons4 {
		if (unreachable || r.kind != 3) && indexString(b, r.words) >= 0 {
			return r.kind, r.code, true
		}
	}
	if !unreachable {
		return 0, 0, false
	}
	prohibited := indexString(b, "admin prohibited") >= 0
	switch host, net := indexString(b, "host ") >= 0, indexString(b, "net ") >= 0; {
	case host && prohibited:
		return 3, 10, true
	case net && prohibited:
		return 3, 9, true
	case host:
		return 3, 1, true
	case net:
		return 3, 0, true
	}
	return 0, 0, false
}

// quotedEnd finds the destination that an error names: "host 192.0.2.1
// unreachable", "192.0.2.1 udp port 500 unreachable".
func quotedEnd(b []byte) netip.AddrPort {
	for w, rest := word(b); len(w) > 0; w, rest = word(rest) {
		a, ok := endpoint(bytes.TrimRight(w, ",:"))
		if !ok || a.Port() != 0 {
			continue
		}
		if i := indexString(rest, "port "); i >= 0 {
			w, _ = word(rest[i+len("port "):])
			if port, ok := portText(w); ok {
				return netip.AddrPortFrom(a.Addr(), port)
			}
		}
		return a
	}
	return netip.AddrPort{}
}
