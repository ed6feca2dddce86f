package capture

import (
	"bytes"
	"net/netip"

	"github.com/ikediag/ikediag/ike/exchange"
)

// headState says how much of a packet's first words a line holds.
type headState uint8

const (
	headNone  headState = iota // not the start of a packet
	headOther                  // a packet that is no IP
	headNamed                  // a packet whose ends are names
	headOpen                   // a packet whose ends follow on the next line
	headDone
)

// textHead is what stands before a packet's protocol:
//
//	12:00:00.000001 eth0  Out IP (tos 0x0, ttl 64, …) 192.0.2.1.500 > 192.0.2.2.500: …
//
// Everything but the two ends may be missing.
type textHead struct {
	stamp  stamp
	dir    exchange.Direction
	marked bool   // "IP" or "IP6" stands there
	attrs  []byte // what "(tos 0x0, …)" says
	source netip.AddrPort
	dest   netip.AddrPort
	body   []byte // what follows
}

// readHead reads the start of a line or of a record.
func readHead(b []byte) (h textHead, state headState) {
	b = bytes.TrimLeft(b, " \t")
	h.stamp, b = readStamp(b)
	stamped := h.stamp.kind != stampNone
	none := headNone
	if stamped {
		none = headOther
	}
	b = h.readInterface(bytes.TrimLeft(b, " \t"), stamped)
	linked := len(b)
	b = skipLinkHeader(b)
	if !h.readMark(&b, len(b) < linked) {
		return h, headOpen
	}
	w, rest := word(b)
	if len(w) == 0 {
		if h.marked && h.attrs != nil {
			return h, headOpen
		}
		return h, none
	}
	arrow, rest := word(rest)
	if string(arrow) != ">" {
		if s := string(w); (s == "ARP," || s == "arp") && len(arrow) > 0 {
			return h, headOther
		}
		return h, none
	}
	source, ok := endpoint(w)
	if !ok {
		if stamped || h.marked {
			return h, headNamed
		}
		return h, headNone
	}
	h.source = source
	w, rest = word(rest)
	if len(w) == 0 {
		return h, headOpen
	}
	if w[len(w)-1] != ':' {
		return h, none
	}
	h.dest, ok = endpoint(w[:len(w)-1])
	if !ok {
		return h, headNamed
	}
	h.body = rest
	return h, headDone
}

// readInterface takes off the name of the interface and the direction, which
// recordings of "any" interface print, the older ones the direction alone.
func (h *textHead) readInterface(b []byte, stamped bool) []byte {
	if !stamped {
		return b
	}
	w, rest := word(b)
	if dir, ok := directionWord(w); ok {
		h.dir = dir
		return rest
	}
	w, rest = word(rest)
	if dir, ok := directionWord(w); ok {
		h.dir = dir
		return rest
	}
	return b
}

func directionWord(w []byte) (exchange.Direction, bool) {
	switch string(w) {
	case "In", "B", "M":
		return exchange.Incoming, true
	case "Out":
		return exchange.Outgoing, true
	case "P":
		return exchange.DirectionUnknown, true
	}
	return 0, false
}

// skipLinkHeader takes off what tcpdump -e prints: addresses, EtherType and the
// length of the frame, and VLAN tags.
func skipLinkHeader(b []byte) []byte {
	w, _ := word(b)
	if len(w) < 17 || w[2] != ':' || w[5] != ':' || w[8] != ':' {
		if s := string(w); s != "ethertype" && s != "AF" {
			return b
		}
	}
	i := indexString(b, "length ")
	if i < 0 {
		return b
	}
	rest := b[i+len("length "):]
	_, n := digits(rest)
	rest, ok := cutPrefix(rest[n:], ": ")
	if !ok {
		return b
	}
	for {
		w, _ := word(rest)
		if string(w) != "vlan" {
			return rest
		}
		i := indexString(rest, "ethertype ")
		if i < 0 {
			return rest
		}
		rest = rest[i:]
		if i = indexString(rest, ", "); i < 0 {
			return rest
		}
		rest = rest[i+2:]
	}
}

// readMark takes off "IP" or "IP6" with the header's fields in parentheses, and
// what lies around it: MPLS labels, a PPPoE session. Behind a link header the
// fields stand alone. It returns false where the parentheses are not closed yet.
func (h *textHead) readMark(b *[]byte, linked bool) bool {
	for range maxTunnels {
		w, rest := word(*b)
		switch string(w) {
		case "MPLS", "PPPoE":
			for len(rest) > 0 && (rest[0] == '(' || rest[0] == '[') {
				group, after, ok := parens(rest)
				if !ok {
					return true
				}
				_ = group
				rest = bytes.TrimLeft(after, " \t,")
			}
			*b = rest
			continue
		case "ip:", "ip6:": // -e on a link without a header
			*b = rest
			h.marked = true
			return true
		case "IP", "IP6":
			if len(rest) > 0 && rest[0] == '(' {
				group, after, ok := parens(rest)
				if !ok {
					return false
				}
				h.attrs = group
				rest = after
			}
			h.marked = true
			*b = rest
		default:
			if !linked || !hasPrefix(w, "(") {
				break
			}
			group, after, ok := parens(*b)
			if !ok {
				return false
			}
			h.attrs, h.marked, *b = group, true, after
		}
		return true
	}
	return true
}

// parens splits off a group in brackets, with those inside of it.
func parens(b []byte) (group, rest []byte, ok bool) {
	depth := 0
	for i, c := range b {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return b[1:i], b[i+1:], true
			}
		}
	}
	return nil, b, false
}
