package capture

import (
	"bytes"
	"net/netip"

	"github.com/ikediag/ikediag/ike/exchange"
)

// closeRecord reads the record that is complete now and reports whether it
// gives a datagram.
func (r *Reader) closeRecord(d *exchange.Datagram) bool {
	t := &r.text
	t.open = false
	r.said = Said{}
	h, state := readHead(t.record)
	r.cov.Frames++
	when := t.clock.time(h.stamp)
	r.cov.Assumed |= t.clock.assumed
	if !when.IsZero() {
		r.cov.seenAt(when)
	}
	switch state {
	case headDone:
	case headOther:
		r.cov.NotIP++
		return false
	default:
		r.cov.Malformed++
		return false
	}
	*d = exchange.Datagram{Time: when, Frame: r.cov.Frames, Direction: h.dir}
	if len(t.hex) > 0 {
		switch r.peelHex(&h, d) {
		case Delivered:
			r.said = Said{Line: t.line, Text: t.record, LengthKnown: true}
			r.cov.Datagrams++
			return true
		case Held:
			return false
		}
		*d = exchange.Datagram{Time: when, Frame: r.cov.Frames, Direction: h.dir}
	}
	r.peel.tunnels = 0
	p := textPacket{d: d, said: &r.said, t: t, peel: &r.peel}
	p.said.Line, p.said.Text = t.line, t.record
	switch p.read(h) {
	case Delivered:
		r.cov.Datagrams++
		if p.fragment {
			d.Fragments = 1
			r.cov.Fragments++
		}
		return true
	case Held:
		r.cov.Fragments++
	default:
		r.cov.Malformed++
	}
	return false
}

// textPacket is a packet that is being read from its words.
type textPacket struct {
	d        *exchange.Datagram
	said     *Said
	t        *textState
	peel     *Peeler
	protocol int  // what the header's fields say, -1 where they do not
	payload  int  // length behind the IP header, -1 where it is not said
	fragment bool // it is the first of several
}

// read fills in the datagram, through the packets around it. Held means a
// fragment behind the first: a text has too little of it to put it together.
func (p *textPacket) read(h textHead) Result {
	for {
		d := p.d
		d.Source, d.Destination = h.source, h.dest
		later := p.fields(h)
		if later {
			return Held
		}
		inner, ok := p.inside(h.body)
		if !ok {
			break
		}
		next, state := readHead(inner)
		if state != headDone || !p.peel.enter(d) {
			break
		}
		d.Source, d.Destination = netip.AddrPort{}, netip.AddrPort{}
		h = next
	}
	switch later, ok := p.body(p.skipExtensions(skipBrackets(h.body)), h.marked); {
	case later:
		return Held
	case !ok:
		return Malformed
	}
	if p.d.Protocol != exchange.ProtocolUDP && p.d.Protocol != exchange.ProtocolTCP {
		p.d.Source = netip.AddrPortFrom(p.d.Source.Addr(), 0)
		p.d.Destination = netip.AddrPortFrom(p.d.Destination.Addr(), 0)
	}
	if !p.said.LengthKnown {
		p.d.WireLen = 0
	} else if p.d.WireLen < len(p.d.Payload) { // the words contradict each other
		p.d.Payload = p.d.Payload[:p.d.WireLen]
	}
	return Delivered
}

// fields reads the header's fields, which stand before the ends in a verbose
// text of today and behind everything in an old one. It returns true for a
// fragment behind the first.
func (p *textPacket) fields(h textHead) (later bool) {
	d := p.d
	v6 := h.source.Addr().Is6()
	p.protocol, p.payload = -1, -1
	d.DontFragment = v6
	a := h.attrs
	if a == nil {
		a = h.body
	}
	for _, key := range [...]string{"ttl ", "hlim "} {
		if v, ok := numberAfter(a, key); ok && v <= 255 {
			d.TTL = uint8(v)
		}
	}
	if h.attrs == nil {
		if i := indexString(a, "(DF)"); i >= 0 {
			d.DontFragment = true
		}
		if v, ok := numberAfter(a, ", len "); ok && indexString(a, "(ttl ") >= 0 {
			p.payload = v - 20
		}
		if i := indexString(a, "(frag "); i >= 0 {
			if at := bytes.IndexByte(a[i:], '@'); at >= 0 {
				v, n := digits(a[i+at+1:])
				p.fragment, p.payload = true, -1
				return n > 0 && v > 0
			}
		}
		return false
	}
	if v, ok := numberIn(a, "proto "); ok {
		p.protocol = v
	} else if v, ok := numberIn(a, "next-header "); ok {
		p.protocol = v
	}
	switch n, ok := numberAfter(a, "payload length: "); {
	case v6 && ok:
		p.payload = n
	case v6:
	case indexString(a, "options") < 0:
		if n, ok := numberAfter(a, ", length "); ok {
			p.payload = n - 20
		}
	}
	if v6 {
		switch p.protocol {
		case 0, 43, 44, 60, 135, 139, 140: // the length is that of extensions too
			p.protocol, p.payload = -1, -1
		}
		return false
	}
	if i := indexString(a, "flags ["); i >= 0 {
		group, _, _ := parens(a[i+len("flags "):])
		d.DontFragment = indexString(group, "DF") >= 0
		p.fragment = indexString(group, "+") >= 0
	}
	offset, _ := numberAfter(a, "offset ")
	if p.fragment {
		p.payload = -1
	}
	return offset > 0
}

// numberIn reads the number in parentheses behind a name: "proto UDP (17)".
func numberIn(a []byte, key string) (int, bool) {
	i := indexString(a, key)
	if i < 0 {
		return 0, false
	}
	a = a[i:]
	if i = bytes.IndexByte(a, '('); i < 0 {
		return 0, false
	}
	v, n := digits(a[i+1:])
	return int(v), n > 0 && v <= 255
}

// skipBrackets takes off what tcpdump says of checksums.
func skipBrackets(b []byte) []byte {
	for {
		b = bytes.TrimLeft(b, " \t")
		if len(b) == 0 || b[0] != '[' || hasPrefix(b, "[|") {
			return b
		}
		_, rest, ok := parens(b)
		if !ok {
			return b
		}
		b = rest
	}
}

// skipExtensions takes off IPv6's extension headers, and the ports behind them
// which the ends do not have then: "DSTOPT 500 > 500: isakmp: …".
func (p *textPacket) skipExtensions(b []byte) []byte {
	for range maxTunnels {
		w, rest := word(b)
		switch string(w) {
		case "HBH", "DSTOPT":
			for len(rest) > 0 && rest[0] == '(' {
				_, after, ok := parens(rest)
				if !ok {
					return b
				}
				rest = bytes.TrimLeft(after, " \t")
			}
			b = skipBrackets(rest)
		case "srcrt", "RT6":
			_, after, ok := parens(rest)
			if !ok {
				return b
			}
			b = bytes.TrimLeft(after, " \t")
		default:
			return p.latePorts(b)
		}
	}
	return b
}

// latePorts reads "500 > 500: " in front of the protocol.
func (p *textPacket) latePorts(b []byte) []byte {
	from, rest := word(b)
	arrow, rest := word(rest)
	to, rest := word(rest)
	if string(arrow) != ">" || len(to) == 0 || to[len(to)-1] != ':' {
		return b
	}
	source, ok := portText(from)
	dest, both := portText(to[:len(to)-1])
	if !ok || !both {
		return b
	}
	p.d.Source = netip.AddrPortFrom(p.d.Source.Addr(), source)
	p.d.Destination = netip.AddrPortFrom(p.d.Destination.Addr(), dest)
	return rest
}

// inside returns the packet that a tunnel's packet carries, and sets the
// tunnel's protocol.
func (p *textPacket) inside(b []byte) ([]byte, bool) {
	b = skipBrackets(b)
	if _, ok := cutPrefix(b, "IP6 "); ok {
		p.d.Protocol = protocolIPv6
		return b, true
	}
	if _, ok := cutPrefix(b, "IP "); ok {
		p.d.Protocol = protocolIPv4
		return b, true
	}
	if _, ok := cutPrefix(b, "GREv"); ok {
		for _, mark := range [...]string{" IP (", " IP6 (", ": IP ", ": IP6 "} {
			if i := indexString(b, mark); i >= 0 {
				p.d.Protocol = protocolGRE
				return b[i+1:], true
			}
		}
	}
	return nil, false
}

// recorderLine reads what tcpdump itself says, not of a packet.
func (r *Reader) recorderLine(line []byte) bool {
	b, ok := cutPrefix(bytes.TrimLeft(line, " \t"), "tcpdump: ")
	if v, n := digits(b); n > 0 {
		switch string(bytes.TrimSpace(b[n:])) {
		case "packets dropped by kernel", "packet dropped by kernel",
			"packets dropped by interface", "packet dropped by interface":
			r.drop(v)
			return true
		case "packets captured", "packet captured", "packets received by filter", "packet received by filter":
			return true
		}
		return ok
	}
	listening, yes := cutPrefix(b, "listening on ")
	reading, file := cutPrefix(b, "reading from file ")
	if !yes && !file || indexString(b, "link-type ") < 0 {
		return ok
	}
	itf := Interface{}
	if yes {
		name, _, _ := bytes.Cut(listening, []byte(","))
		itf.Name = bounded(name)
	}
	_ = reading
	if i := indexString(b, "(Ethernet)"); i >= 0 {
		itf.Link = LinkEthernet
	}
	for _, key := range [...]string{"snapshot length ", "capture size "} {
		if v, ok := numberAfter(b, key); ok {
			itf.SnapLength = v
			r.cov.SnapLength = v
		}
	}
	if len(r.cov.Interfaces) < r.opt.Limits.Interfaces {
		r.cov.Interfaces = append(r.cov.Interfaces, itf)
	}
	return true
}
