package isakmp

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// idLen is the length of the fixed part of an identification payload.
const idLen = 4

// ID is an identification payload: who the sender is in phase 1, and in phase
// 2, for each end, what the SA is for. RFC 2407, section 4.6.2. After the
// generic header:
//
//	+---------------+---------------+-------------------------------+
//	|    ID type    |   protocol    |              port             |
//	+---------------+---------------+-------------------------------+
//	|                identification data (variable)                 |
//	+---------------------------------------------------------------+
type ID struct {
	// Type tells how Data is read.
	Type IDType
	// Protocol is the IP protocol number, 0 for any.
	Protocol uint8
	// Port is 0 for any.
	Port uint16
	// Data aliases the decoded octets.
	Data []byte
}

// Decode reads the body of an identification payload. Its error is
// ErrTruncated. Whether Data suits the type, its methods tell.
func (id *ID) Decode(body []byte) error {
	*id = ID{}
	if len(body) < idLen {
		return ErrTruncated
	}
	id.Type, id.Protocol, id.Port = IDType(body[0]), body[1], binary.BigEndian.Uint16(body[2:])
	id.Data = body[idLen:]
	return nil
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (id ID) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, byte(id.Type), id.Protocol, byte(id.Port>>8), byte(id.Port))
	return append(dst, id.Data...), nil
}

// Addr returns the address of an IDIPv4 or IDIPv6. ok is false if type and
// length do not agree.
func (id *ID) Addr() (addr netip.Addr, ok bool) {
	if id.Type != IDIPv4 && id.Type != IDIPv6 || len(id.Data) != id.Type.addressLen() {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(id.Data)
}

// Range returns the first and the last address that an identification of any
// address type covers. ok is false if type and length do not agree, or a
// subnet's mask has holes.
func (id *ID) Range() (first, last netip.Addr, ok bool) {
	switch id.Type {
	case IDIPv4, IDIPv6:
		first, ok = id.Addr()
		return first, first, ok
	case IDIPv4Range, IDIPv6Range:
		return id.pair()
	}
	p, ok := id.Prefix()
	if !ok {
		return first, last, false
	}
	return p.Addr(), lastAddr(p), true
}

// Prefix returns the network of an identification of an address or a subnet,
// with the bits beyond the mask cleared. ok is false for other types, if type
// and length do not agree, or if the mask has holes.
func (id *ID) Prefix() (p netip.Prefix, ok bool) {
	if addr, ok := id.Addr(); ok {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	if id.Type != IDIPv4Subnet && id.Type != IDIPv6Subnet {
		return p, false
	}
	addr, mask, ok := id.pair()
	if !ok {
		return p, false
	}
	ones, ok := maskLen(mask)
	if !ok {
		return p, false
	}
	p, err := addr.Prefix(ones)
	return p, err == nil
}

// pair returns the two addresses of a subnet or range.
func (id *ID) pair() (a, b netip.Addr, ok bool) {
	n := id.Type.addressLen()
	if n == 0 || len(id.Data) != 2*n {
		return a, b, false
	}
	a, _ = netip.AddrFromSlice(id.Data[:n])
	b, ok = netip.AddrFromSlice(id.Data[n:])
	return a, b, ok
}

// addressLen returns the length of one address of the type in octets, 0 if it
// is not one of addresses.
func (t IDType) addressLen() int {
	switch t {
	case IDIPv4, IDIPv4Subnet, IDIPv4Range:
		return 4
	case IDIPv6, IDIPv6Subnet, IDIPv6Range:
		return 16
	}
	return 0
}

// maskLen returns the number of leading ones of a mask; ok is false if others
// follow a zero.
func maskLen(mask netip.Addr) (ones int, ok bool) {
	b := mask.As16()
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	if mask.Is4() {
		hi, lo = lo<<32, 0
	}
	ones = bits.LeadingZeros64(^hi)
	if ones == 64 {
		ones += bits.LeadingZeros64(^lo)
	}
	return ones, ones == bits.OnesCount64(hi)+bits.OnesCount64(lo)
}

// lastAddr returns the last address of a network.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}

// String renders the identification for people: "203.0.113.7", "10.1.0.0/16",
// "10.1.0.1-10.1.0.9", "gw.example.com", "C=CH, CN=gw", and octets in
// hexadecimal where nothing better is known. It is printable whatever a peer
// sent, and short.
func (id ID) String() string {
	switch id.Type {
	case IDFQDN, IDUserFQDN:
		return string(appendText(nil, id.Data, ""))
	case IDDERDN, IDDERGN:
		name := DERName(id.Data)
		if id.Type == IDDERGN {
			name = DERGeneralName(id.Data)
		}
		if name != "" {
			return name
		}
	case IDKeyID:
		if printable(id.Data) {
			return string(appendText(nil, id.Data, ""))
		}
	case IDIPv4Range, IDIPv6Range:
		if first, last, ok := id.pair(); ok {
			return first.String() + "-" + last.String()
		}
	default:
		if addr, ok := id.Addr(); ok {
			return addr.String()
		}
		if p, ok := id.Prefix(); ok {
			return p.String()
		}
		if addr, mask, ok := id.pair(); ok {
			return addr.String() + "/" + mask.String()
		}
	}
	return string(appendHex(nil, id.Data))
}
