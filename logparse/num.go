package logparse

import "net/netip"

// parseUint reads decimal digits; it fails on anything else and on overflow.
func parseUint(b []byte) (n uint64, ok bool) {
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	rest := b
	if len(b) >= 8 {
		v := first8(b)
		if numeral(v) < 8 {
			return 0, false
		}
		n, rest = decimal(v, 8), b[8:]
	}
	for i, c := range rest {
		d := uint64(c - '0')
		if d > 9 || i == 19-8 && n > (1<<64-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

// parseHex reads hexadecimal digits, with or without 0x.
func parseHex(b []byte) (n uint64, ok bool) {
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		b = b[2:]
	}
	if len(b) == 8 { // as nearly all
		return hex8(first8(b))
	}
	if len(b) == 0 || len(b) > 16 {
		return 0, false
	}
	for ; len(b) >= 8; b = b[8:] {
		v, ok := hex8(first8(b))
		if !ok {
			return 0, false
		}
		n = n<<32 | v
	}
	for _, c := range b {
		d := unhex(c)
		if d > 15 {
			return 0, false
		}
		n = n<<4 | uint64(d)
	}
	return n, true
}

// unhex returns the value of a hexadecimal digit, 255 of anything else.
func unhex(c byte) byte { return hexDigits[c] - 1 }

// hexDigits are the values of hexadecimal digits plus one.
var hexDigits = [256]byte{'0': 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'A': 11, 12, 13, 14, 15, 16, 'a': 11, 12, 13, 14, 15, 16}

// parseAddrPort reads an address as daemons write it: alone, with its port in
// brackets, or with its port after a colon where that is unambiguous. %any
// gives nothing.
func parseAddrPort(b []byte) (netip.AddrPort, bool) {
	port := uint64(0)
	n := len(b)
	if n < 2 {
		return netip.AddrPort{}, false
	}
	if b[n-1] == ']' {
		i := n - 2
		for i > 0 && b[i] != '[' {
			i--
		}
		p, ok := parseUint(b[i+1 : n-1])
		if !ok || p > 65535 {
			return netip.AddrPort{}, false
		}
		port, b = p, b[:i]
	}
	if a, i := beginIPv4(b); i > 0 {
		switch {
		case i == len(b):
			return netip.AddrPortFrom(a, uint16(port)), true
		case b[i] == ':' && port == 0: // 192.0.2.1:500
			if p, ok := parseUint(b[i+1:]); ok && p < 65536 {
				return netip.AddrPortFrom(a, uint16(p)), true
			}
		}
	} else if a, ok := parseIPv6(b); ok {
		return netip.AddrPortFrom(a, uint16(port)), true
	}
	return netip.AddrPort{}, false
}

// parseAddr reads an address alone, without zone.
func parseAddr(b []byte) (netip.Addr, bool) {
	if a, ok := parseIPv4(b); ok {
		return a, true
	}
	return parseIPv6(b)
}

// parseIPv4 is netip.ParseAddr for octets, which do not become a string.
func parseIPv4(b []byte) (netip.Addr, bool) {
	a, n := beginIPv4(b)
	return a, n > 0 && n == len(b)
}

// beginIPv4 reads the address that b begins with and returns its length, 0 if
// there is none.
func beginIPv4(b []byte) (netip.Addr, int) {
	var a [4]byte
	i := 0
	for k := range a {
		if i >= len(b) || b[i]-'0' > 9 {
			return netip.Addr{}, 0
		}
		v := uint(b[i] - '0')
		if i++; i < len(b) && b[i]-'0' <= 9 {
			v = v*10 + uint(b[i]-'0')
			if i++; i < len(b) && b[i]-'0' <= 9 {
				v = v*10 + uint(b[i]-'0')
				i++
			}
		}
		if v > 255 {
			return netip.Addr{}, 0
		}
		if a[k] = byte(v); k == 3 {
			break
		}
		if i == len(b) || b[i] != '.' {
			return netip.Addr{}, 0
		}
		i++
	}
	return netip.AddrFrom4(a), i
}

// parseIPv6 reads an address of RFC 4291, section 2.2, without zone.
func parseIPv6(b []byte) (netip.Addr, bool) {
	if len(b) < 2 || len(b) > 45 {
		return netip.Addr{}, false
	}
	var a [16]byte
	n, gap := 0, -1
	for i := 0; i < len(b); {
		if b[i] == ':' {
			if i+1 < len(b) && b[i+1] == ':' && gap < 0 {
				gap = n
				i += 2
				continue
			}
			if i == 0 || gap == n {
				return netip.Addr{}, false
			}
			i++
		} else if i > 0 && b[i-1] != ':' {
			return netip.Addr{}, false
		}
		j := i
		v := 0
		for j < len(b) && j < i+4 && unhex(b[j]) <= 15 {
			v = v<<4 | int(unhex(b[j]))
			j++
		}
		if j < len(b) && b[j] == '.' {
			v4, ok := parseIPv4(b[i:])
			if !ok || n > 12 {
				return netip.Addr{}, false
			}
			q := v4.As4()
			n += copy(a[n:], q[:])
			break
		}
		if j == i || n == 16 {
			return netip.Addr{}, false
		}
		a[n], a[n+1] = byte(v>>8), byte(v)
		n += 2
		i = j
	}
	if gap >= 0 && n < 16 {
		copy(a[16-(n-gap):], a[gap:n])
		clear(a[gap : 16-(n-gap)])
		n = 16
	}
	return netip.AddrFrom16(a), n == 16
}
