package ike

import (
	"errors"
	"fmt"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// ErrSelector says that a text is no traffic selector.
var ErrSelector = errors.New("ike: no traffic selector")

// ErrLifetime says that a text is no lifetime.
var ErrLifetime = errors.New("ike: no lifetime")

// ParseSelector reads a traffic selector in any of the spellings
//
//	10.0.0.0/24  10.0.0.1  2001:db8::/32  10.0.0.0/255.255.255.0
//	10.0.0.1-10.0.0.9  10.0.0.1..10.0.0.9  dynamic  %dynamic
//	10.0.0.0/24[tcp/80]  10.0.0.1/32[udp/l2tp]  10.0.0.1[17/1024-65535]  10.0.0.1[icmp/8(0)]
//	10.0.0.1/32/UDP/1701  10.0.0.0/24:17/1701      libreswan
//	10.0.0.0/255.255.255.0/17/1701                 Cisco, show crypto ipsec sa
//	10.0.0.0 0.0.0.255  10.0.0.0 255.255.255.0  host 10.0.0.1  any  any6
//
// An address without a mask is one host. A second address after a blank is a
// netmask or a wildcard mask, whichever it looks like. An error wraps
// ErrSelector.
func ParseSelector(s string) (Selector, error) {
	sel, ok := parseSelector(strings.TrimSpace(s))
	if !ok {
		return Selector{}, fmt.Errorf("%w: %s", ErrSelector, quoteShort(s))
	}
	return sel, nil
}

// quoteShort quotes a text for an error, bounded.
func quoteShort(s string) string {
	if len(s) > 64 {
		return strconv.QuoteToASCII(s[:64]) + "..."
	}
	return strconv.QuoteToASCII(s)
}

func parseSelector(s string) (Selector, bool) {
	addrs, rest := s, ""
	bracket := false
	if i := strings.IndexByte(s, '['); i >= 0 && strings.HasSuffix(s, "]") {
		addrs, rest, bracket = s[:i], s[i+1:len(s)-1], true
	} else if i := strings.IndexByte(s, ' '); i < 0 {
		addrs, rest = splitLibreswan(s)
	}
	sel, ok := parseAddresses(strings.TrimSpace(addrs))
	if !ok || !bracket && rest == "" {
		return sel, ok
	}
	proto, port, _ := strings.Cut(rest, "/")
	return sel, sel.setProtocolPort(strings.TrimSpace(proto), strings.TrimSpace(port))
}

// splitLibreswan cuts protocol and port off 10.0.0.1/32/UDP/1701 and
// 10.0.0.0/24:17/1701.
func splitLibreswan(s string) (addrs, rest string) {
	first := strings.IndexByte(s, '/')
	if first < 0 {
		return s, ""
	}
	tail := s[first+1:]
	if second := strings.IndexAny(tail, "/:"); second >= 0 {
		return s[:first+1+second], tail[second+1:]
	}
	return s, ""
}

func parseAddresses(s string) (Selector, bool) {
	switch s {
	case "dynamic", "%dynamic":
		return Selector{Dynamic: true}, true
	case "any", "any4", "%any", "0/0":
		return SelectorPrefix(netip.PrefixFrom(netip.IPv4Unspecified(), 0)), true
	case "any6", "%any6", "::0/0":
		return SelectorPrefix(netip.PrefixFrom(netip.IPv6Unspecified(), 0)), true
	}
	s = strings.TrimPrefix(s, "host ")
	if a, ok := parseAddr(s); ok {
		return Selector{From: a, To: a}, true
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return SelectorPrefix(unmapPrefix(p)), true
	}
	for _, sep := range []string{"..", "-"} {
		if from, to, found := strings.Cut(s, sep); found {
			a, ok1 := parseAddr(strings.TrimSpace(from))
			b, ok2 := parseAddr(strings.TrimSpace(to))
			sel := Selector{From: a, To: b}
			return sel, ok1 && ok2 && sel.IsValid()
		}
	}
	addr, mask, found := strings.Cut(s, "/")
	if !found {
		addr, mask, found = strings.Cut(s, " ")
	}
	if !found {
		return Selector{}, false
	}
	a, ok1 := parseAddr(addr)
	m, ok2 := parseAddr(strings.TrimSpace(mask))
	if !ok1 || !ok2 || !a.Is4() || !m.Is4() {
		return Selector{}, false
	}
	n, ok := maskBits(a, m)
	return SelectorPrefix(netip.PrefixFrom(a, n)), ok
}

// addressLike tells in advance what netip would refuse at the cost of an
// error: only addresses, and what holds nothing but their characters.
func addressLike(s, more string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && unhex(c) < 0 && c != '.' && c != ':' && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return s != ""
}

func parseAddr(s string) (netip.Addr, bool) {
	if !addressLike(s, "") {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil && a.Zone() == ""
}

func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

// maskBits returns the prefix length of an IPv4 netmask or wildcard mask. Only
// 0.0.0.0 and 255.255.255.255 can be either: then the address decides, which
// is 0.0.0.0 where everything is meant.
func maskBits(a, mask netip.Addr) (int, bool) {
	b := mask.As4()
	m := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	switch {
	case m == 0 || m == 1<<32-1:
		if a == netip.IPv4Unspecified() {
			return 0, true
		}
		return 32, true
	case bits.LeadingZeros32(^m)+bits.TrailingZeros32(m) == 32:
		return bits.LeadingZeros32(^m), true
	case bits.LeadingZeros32(m)+bits.TrailingZeros32(^m) == 32:
		return bits.LeadingZeros32(m), true
	}
	return 0, false
}

// setProtocolPort reads what stands in brackets, or after the mask.
func (s *Selector) setProtocolPort(proto, port string) bool {
	if proto != "" {
		n, ok := protocolNumber(proto)
		if !ok {
			return false
		}
		s.Protocol = n
	}
	switch {
	case port == "" || foldEqual(port, "any") || foldEqual(port, "%any") || port == "0" && s.Protocol != protoICMP && s.Protocol != protoICMPv6:
		return true
	case foldEqual(port, "opaque"):
		s.PortFrom, s.PortTo = 0xffff, 0
		return true
	}
	from, ok := s.port(port)
	if ok {
		s.PortFrom, s.PortTo = from, from
		return true
	}
	// A range; service names may hold a hyphen, so it is tried last.
	a, b, found := strings.Cut(port, "-")
	if !found {
		return false
	}
	from, ok1 := s.port(a)
	to, ok2 := s.port(b)
	s.PortFrom, s.PortTo = from, to
	return ok1 && ok2 && from <= to
}

func (s *Selector) port(t string) (uint16, bool) {
	if s.Protocol == protoICMP || s.Protocol == protoICMPv6 {
		typ, code, found := strings.Cut(strings.TrimSuffix(t, ")"), "(")
		n, err := strconv.ParseUint(typ, 10, 8)
		if !found {
			return uint16(n) << 8, err == nil
		}
		c, err2 := strconv.ParseUint(code, 10, 8)
		return uint16(n)<<8 | uint16(c), err == nil && err2 == nil
	}
	return portNumber(t)
}

// SelectorFromWire returns the selector in a quick-mode identification payload
// of an address type, without its protocol and port (RFC 2407 sections 4.6.2.2
// to 4.6.2.9). It is false for other types and for data that does not fit: a
// wrong length, or a mask with gaps.
func SelectorFromWire(t isakmp.IDType, data []byte) (Selector, bool) {
	half := len(data) / 2
	switch t {
	case isakmp.IDIPv4, isakmp.IDIPv6:
		a, ok := addrOf(t == isakmp.IDIPv4, data)
		return Selector{From: a, To: a}, ok
	case isakmp.IDIPv4Range, isakmp.IDIPv6Range:
		a, ok1 := addrOf(t == isakmp.IDIPv4Range, data[:half])
		b, ok2 := addrOf(t == isakmp.IDIPv4Range, data[half:])
		s := Selector{From: a, To: b}
		return s, ok1 && ok2 && s.IsValid()
	case isakmp.IDIPv4Subnet, isakmp.IDIPv6Subnet:
		a, ok1 := addrOf(t == isakmp.IDIPv4Subnet, data[:half])
		_, ok2 := addrOf(t == isakmp.IDIPv4Subnet, data[half:])
		if !ok1 || !ok2 {
			return Selector{}, false
		}
		n := 0
		for n < half*8 && data[half+n/8]>>(7-n%8)&1 != 0 {
			n++
		}
		for i := n; i < half*8; i++ {
			if data[half+i/8]>>(7-i%8)&1 != 0 {
				return Selector{}, false
			}
		}
		return SelectorPrefix(netip.PrefixFrom(a, n)), true
	}
	return Selector{}, false
}
