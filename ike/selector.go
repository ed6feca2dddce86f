package ike

import (
	"net/netip"
	"strconv"
)

// Selector is a traffic selector: a range of addresses, an IP protocol and a
// range of ports. Every prefix is a range; Prefix finds it again.
//
// The zero Selector selects nothing; a range with Protocol and ports 0 selects
// all traffic of its addresses.
type Selector struct {
	From, To netip.Addr // first and last address; not valid for Dynamic

	// Dynamic stands for the end's own address, or the one it is given:
	// strongSwan's dynamic. It equals only another dynamic one.
	Dynamic bool

	Protocol uint8 // IP protocol, 0: any

	// PortFrom and PortTo are the first and last port; 0 to 0 and 0 to 65535
	// both are any port. For ICMP they are type and code in one number, the
	// type in the upper octet. 65535 to 0 is strongSwan's OPAQUE.
	PortFrom, PortTo uint16
}

// SelectorPrefix returns the selector for all traffic of a prefix.
func SelectorPrefix(p netip.Prefix) Selector {
	if !p.IsValid() {
		return Selector{}
	}
	p = netip.PrefixFrom(p.Addr().WithZone(""), p.Bits()).Masked()
	return Selector{From: p.Addr(), To: lastAddr(p)}
}

// lastAddr returns the last address of a masked prefix.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// IsValid reports whether the selector selects anything.
func (s Selector) IsValid() bool {
	return s.Dynamic || s.From.IsValid() && s.From.BitLen() == s.To.BitLen() && s.From.Compare(s.To) <= 0
}

// Prefix returns the prefix that the addresses form, false if they form none.
func (s Selector) Prefix() (netip.Prefix, bool) {
	if s.Dynamic || !s.IsValid() {
		return netip.Prefix{}, false
	}
	a, b := s.From.As16(), s.To.As16()
	bits := 0
	for bits < 128 && a[bits/8]>>(7-bits%8)&1 == b[bits/8]>>(7-bits%8)&1 {
		bits++
	}
	for i := bits; i < 128; i++ {
		if a[i/8]>>(7-i%8)&1 != 0 || b[i/8]>>(7-i%8)&1 == 0 {
			return netip.Prefix{}, false
		}
	}
	return netip.PrefixFrom(s.From, bits-(128-s.From.BitLen())), true
}

// ports returns the ports with "any" spelt in one way.
func (s Selector) ports() (from, to uint16) {
	if s.PortFrom == 0 && s.PortTo == 0 {
		return 0, 0xffff
	}
	return s.PortFrom, s.PortTo
}

// AllPorts reports whether all ports are selected.
func (s Selector) AllPorts() bool {
	from, to := s.ports()
	return from == 0 && to == 0xffff
}

// Equal reports whether both select the same traffic.
func (s Selector) Equal(o Selector) bool {
	f1, t1 := s.ports()
	f2, t2 := o.ports()
	return s.From == o.From && s.To == o.To && s.Dynamic == o.Dynamic && s.Protocol == o.Protocol && f1 == f2 && t1 == t2
}

// Contains reports whether s selects all traffic that o selects. Of a dynamic
// selector that is known only for another one.
func (s Selector) Contains(o Selector) bool {
	f1, t1 := s.ports()
	f2, t2 := o.ports()
	if s.Protocol != 0 && s.Protocol != o.Protocol || f1 > f2 || t1 < t2 {
		return false
	}
	if s.Dynamic || o.Dynamic {
		return s.Dynamic && o.Dynamic
	}
	return s.IsValid() && o.IsValid() && s.From.BitLen() == o.From.BitLen() &&
		s.From.Compare(o.From) <= 0 && s.To.Compare(o.To) >= 0
}

// Overlaps reports whether some traffic is selected by both. Of a dynamic
// selector that is known only for another one.
func (s Selector) Overlaps(o Selector) bool {
	f1, t1 := s.ports()
	f2, t2 := o.ports()
	if s.Protocol != 0 && o.Protocol != 0 && s.Protocol != o.Protocol || f1 > t2 || f2 > t1 {
		return false
	}
	if s.Dynamic || o.Dynamic {
		return s.Dynamic && o.Dynamic
	}
	return s.IsValid() && o.IsValid() && s.From.BitLen() == o.From.BitLen() &&
		s.From.Compare(o.To) <= 0 && o.From.Compare(s.To) <= 0
}

// String spells the selector as strongSwan does: 10.0.0.0/24, 10.0.0.1/32[tcp/80],
// 10.0.0.1..10.0.0.9, dynamic, dynamic[udp/1701].
func (s Selector) String() string { return string(s.Append(nil)) }

// Append appends String's text to dst.
func (s Selector) Append(dst []byte) []byte {
	dst = append(dst, s.rangeText(false)...)
	if s.Protocol == 0 && s.AllPorts() {
		return dst
	}
	dst = append(dst, '[')
	if s.Protocol != 0 {
		if n, ok := protocolName(s.Protocol); ok {
			dst = append(dst, n...)
		} else {
			dst = strconv.AppendUint(dst, uint64(s.Protocol), 10)
		}
	}
	if from, to := s.ports(); from > to {
		dst = append(dst, "/opaque"...)
	} else if !s.AllPorts() {
		dst = append(dst, '/')
		dst = s.appendPort(dst, from)
		if to != from {
			dst = append(dst, '-')
			dst = s.appendPort(dst, to)
		}
	}
	return append(dst, ']')
}

func (s Selector) appendPort(dst []byte, p uint16) []byte {
	if s.Protocol == protoICMP || s.Protocol == protoICMPv6 {
		dst = strconv.AppendUint(dst, uint64(p>>8), 10)
		dst = append(dst, '(')
		dst = strconv.AppendUint(dst, uint64(p&0xff), 10)
		return append(dst, ')')
	}
	return strconv.AppendUint(dst, uint64(p), 10)
}

// rangeText spells the addresses; as a range with a hyphen if asked.
func (s Selector) rangeText(hyphen bool) string {
	switch {
	case s.Dynamic:
		return "dynamic"
	case !s.IsValid():
		return "invalid"
	case hyphen:
		return s.From.String() + "-" + s.To.String()
	}
	if p, ok := s.Prefix(); ok {
		return p.String()
	}
	return s.From.String() + ".." + s.To.String()
}
