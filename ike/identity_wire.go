package ike

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// IdentityFromWire returns the identity in an identification payload: its type
// and its data without the protocol and port (RFC 2407 section 4.6.2). Data
// that does not fit the type is kept as hex digits. Nothing aliases data.
func IdentityFromWire(t isakmp.IDType, data []byte) Identity {
	id := Identity{Type: t}
	switch t {
	case isakmp.IDIPv4, isakmp.IDIPv6:
		if a, ok := addrOf(t == isakmp.IDIPv4, data); ok {
			id.Value = a.String()
			return id
		}
	case isakmp.IDIPv4Subnet, isakmp.IDIPv6Subnet, isakmp.IDIPv4Range, isakmp.IDIPv6Range:
		if sel, ok := SelectorFromWire(t, data); ok {
			id.Value = sel.rangeText(t == isakmp.IDIPv4Range || t == isakmp.IDIPv6Range)
			return id
		}
	case isakmp.IDFQDN, isakmp.IDUserFQDN:
		id.Value = string(data)
		return id
	case isakmp.IDDERDN:
		if s, ok := decodeDN(data); ok {
			id.Value = s
			return id
		}
	case isakmp.IDKeyID:
		if s := string(data); s != "" && printable(s) && !strings.HasPrefix(s, "0x") {
			id.Value = s
			return id
		}
	}
	id.Value = "0x" + hex.EncodeToString(data)
	return id
}

func addrOf(v4 bool, b []byte) (netip.Addr, bool) {
	a, ok := netip.AddrFromSlice(b)
	return a, ok && a.Is4() == v4
}

// printable reports whether s is printable ASCII only.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
