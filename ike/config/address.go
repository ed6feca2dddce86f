package config

import (
	"net/netip"
	"strings"
)

// Address is one address setting of an end.
type Address struct {
	// Kind tells an address from a name, a range and any.
	Kind AddressKind
	// Text is the setting as the file has it.
	Text string
	// First is the address, or the first of a range; Last the last of a range.
	First, Last netip.Addr
	Prefix      netip.Prefix // of a subnet
	// AllowAny says that any other address is accepted as well
	// (leftallowany=yes, or a name written with %).
	AllowAny bool
}

// Contains reports whether a falls under the setting; known is false where
// that takes a name server or the gateway's routing table to tell.
func (x Address) Contains(a netip.Addr) (in, known bool) {
	a = a.Unmap()
	if x.AllowAny {
		return true, true
	}
	switch x.Kind {
	case AddressAny:
		return true, true
	case AddressHost:
		return x.First == a, true
	case AddressPrefix:
		return x.Prefix.Contains(a), true
	case AddressRange:
		return x.First.BitLen() == a.BitLen() && !a.Less(x.First) && !x.Last.Less(a), true
	}
	return false, false
}

// parseAddress reads one address setting of strongSwan's and libreswan's
// formats. What is neither an address nor a magic word is a host name.
func parseAddress(s string) Address {
	x := Address{Text: s}
	switch strings.ToLower(s) {
	case "", "%any", "%any4", "%any6", "0.0.0.0", "::", "0::0", "0.0.0.0/0", "::/0":
		return x
	}
	if rest, ok := strings.CutPrefix(s, "%"); ok {
		if a, err := netip.ParseAddr(rest); err == nil {
			x.Kind, x.First, x.AllowAny = AddressHost, a.Unmap(), true
			return x
		}
		if strings.Contains(rest, ".") {
			x.Kind, x.AllowAny = AddressName, true
			return x
		}
		x.Kind = AddressMagic
		return x
	}
	if a, err := netip.ParseAddr(s); err == nil {
		x.Kind, x.First = AddressHost, a.Unmap()
		return x
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		x.Kind, x.Prefix = AddressPrefix, p.Masked()
		return x
	}
	if from, to, ok := strings.Cut(s, "-"); ok {
		a, err1 := netip.ParseAddr(strings.TrimSpace(from))
		b, err2 := netip.ParseAddr(strings.TrimSpace(to))
		if err1 == nil && err2 == nil && a.BitLen() == b.BitLen() && !b.Less(a) {
			x.Kind, x.First, x.Last = AddressRange, a.Unmap(), b.Unmap()
			return x
		}
	}
	x.Kind = AddressName
	return x
}

// parseAddresses reads a list separated by commas.
func parseAddresses(s string) []Address {
	var out []Address
	for f := range strings.SplitSeq(s, ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, parseAddress(f))
		}
	}
	if out == nil {
		out = []Address{{Text: s}}
	}
	return out
}

// Host returns the one address of an end that names exactly one.
func (e *End) Host() (netip.Addr, bool) {
	if l := e.Addresses.V; len(l) == 1 && l[0].Kind == AddressHost && !l[0].AllowAny {
		return l[0].First, true
	}
	return netip.Addr{}, false
}

// AnyAddress reports whether every address will do for the end.
func (e *End) AnyAddress() bool {
	for _, a := range e.Addresses.V {
		if a.Kind == AddressAny || a.AllowAny {
			return true
		}
	}
	return len(e.Addresses.V) == 0
}
