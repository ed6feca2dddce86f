package capture

import (
	"bytes"
	"net/netip"
)

// digits reads a decimal number at the start of b and returns how many bytes
// it took. Longer ones than 18 digits are none.
func digits(b []byte) (v uint64, n int) {
	for n < len(b) && b[n]-'0' <= 9 {
		v = v*10 + uint64(b[n]-'0')
		n++
	}
	if n > 18 {
		return 0, 0
	}
	return v, n
}

// hexDigits reads up to 16 hexadecimal digits at the start of b.
func hexDigits(b []byte) (v uint64, n int) {
	for n < len(b) {
		d := hexDigit(b[n])
		if d > 15 {
			break
		}
		v = v<<4 | uint64(d)
		n++
	}
	if n > 16 {
		return 0, 0
	}
	return v, n
}

func hexDigit(c byte) byte {
	switch {
	case c-'0' <= 9:
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// numberAfter finds key in b and reads the decimal number behind it.
func numberAfter(b []byte, key string) (int, bool) {
	i := indexString(b, key)
	if i < 0 {
		return 0, false
	}
	v, n := digits(b[i+len(key):])
	return int(min(v, 1<<30)), n > 0
}

// hexAfter finds key in b and reads the number behind it that "0x" marks.
func hexAfter(b []byte, key string) (uint64, bool) {
	i := indexString(b, key)
	if i < 0 {
		return 0, false
	}
	rest, ok := cutPrefix(b[i+len(key):], "0x")
	if !ok {
		return 0, false
	}
	v, n := hexDigits(rest)
	return v, n > 0
}

// indexString is bytes.Index for a literal; the conversion stays on the stack.
func indexString(b []byte, s string) int { return bytes.Index(b, []byte(s)) }

func cutPrefix(b []byte, s string) ([]byte, bool) {
	if len(b) >= len(s) && string(b[:len(s)]) == s {
		return b[len(s):], true
	}
	return b, false
}

// word splits off what stands before the next blank.
func word(b []byte) (w, rest []byte) {
	b = bytes.TrimLeft(b, " \t")
	if i := bytes.IndexAny(b, " \t"); i >= 0 {
		return b[:i], bytes.TrimLeft(b[i:], " \t")
	}
	return b, nil
}

// endpoint reads an address as tcpdump writes it: a port follows the address
// behind a point, as a number or a name.
func endpoint(b []byte) (netip.AddrPort, bool) {
	if a, n, ok := ipv4Text(b); ok {
		if n == len(b) {
			return netip.AddrPortFrom(a, 0), true
		}
		if b[n] != '.' {
			return netip.AddrPort{}, false
		}
		port, ok := portText(b[n+1:])
		return netip.AddrPortFrom(a, port), ok
	}
	if len(b) > 64 || bytes.IndexByte(b, ':') < 0 {
		return netip.AddrPort{}, false
	}
	if a, err := netip.ParseAddr(string(b)); err == nil {
		return netip.AddrPortFrom(a.WithZone(""), 0), true
	}
	i := bytes.LastIndexByte(b, '.')
	if i < 0 {
		return netip.AddrPort{}, false
	}
	a, err := netip.ParseAddr(string(b[:i]))
	port, ok := portText(b[i+1:])
	return netip.AddrPortFrom(a.WithZone(""), port), err == nil && ok
}

// ipv4Text reads four numbers with points between them and returns how many
// bytes they took.
func ipv4Text(b []byte) (a netip.Addr, n int, ok bool) {
	var v [4]byte
	for i := range v {
		if i > 0 {
			if n >= len(b) || b[n] != '.' {
				return a, 0, false
			}
			n++
		}
		d, k := digits(b[n:])
		if k == 0 || k > 3 || d > 255 {
			return a, 0, false
		}
		v[i] = byte(d)
		n += k
	}
	return netip.AddrFrom4(v), n, true
}

// portText reads a port's number or the name that a system without -n prints.
// A name that is not known is port 0.
func portText(b []byte) (uint16, bool) {
	if v, n := digits(b); n == len(b) && n > 0 {
		return uint16(v), v <= 65535
	}
	if len(b) == 0 || len(b) > 32 {
		return 0, false
	}
	for _, c := range b {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if c-'0' > 9 && c != '-' && c != '_' {
				return 0, false
			}
		}
	}
	switch string(b) {
	case "isakmp":
		return 500, true
	case "ipsec-nat-t", "ipsec-msft", "non500-isakmp":
		return 4500, true
	case "gdoi":
		return 848, true
	case "ftp-data":
		return 20, true
	case "ftp":
		return 21, true
	case "ssh":
		return 22, true
	case "telnet":
		return 23, true
	case "smtp":
		return 25, true
	case "domain":
		return 53, true
	case "bootps":
		return 67, true
	case "bootpc":
		return 68, true
	case "http":
		return 80, true
	case "ntp":
		return 123, true
	case "netbios-ns":
		return 137, true
	case "ldaps":
		return 636, true
	case "snmp":
		return 161, true
	case "ldap":
		return 389, true
	case "https":
		return 443, true
	case "syslog":
		return 514, true
	case "l2f", "l2tp":
		return 1701, true
	case "radius":
		return 1812, true
	case "radius-acct":
		return 1813, true
	}
	return 0, true
}
