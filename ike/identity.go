package ike

import (
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// Identity is a phase-1 identity: a type of RFC 2407 section 4.6.2.1 and a
// value in one spelling, whoever wrote it.
//
// The zero Identity is "not stated". A type of 0 with a value is a bare host
// name that libreswan resolves to an address before it is used: what the peer
// sends or expects for it is an address, not the name.
type Identity struct {
	// Type is the one that the wire has for it.
	Type isakmp.IDType

	// Value is, by type: an address as netip prints it; a prefix; two
	// addresses joined by -; a name as written, without FreeS/WAN's @ before
	// it; a distinguished name as "C=CH, O=Org, CN=gw"; a key ID as text if
	// all of it is printable, else as 0x and hex digits; for other types hex
	// digits after 0x.
	Value string

	Any      bool // %any: every identity is accepted
	FromCert bool // %fromcert: the subject of the certificate, not known here
}

// IsZero reports whether nothing was stated.
func (i Identity) IsZero() bool { return i == Identity{} }

// String returns the value, %any or %fromcert, as strongSwan's log spells an
// identity: the type does not show. The text may hold anything that a peer
// sent.
func (i Identity) String() string {
	switch {
	case i.Any:
		return "%any"
	case i.FromCert:
		return "%fromcert"
	}
	return i.Value
}

// Equal reports whether i and o are one identity: the same type and the same
// value, where names ignore case and a dot at the end, and distinguished names
// ignore spacing, the case of attribute names and values, and the order of
// their parts.
func (i Identity) Equal(o Identity) bool {
	if i.Any || o.Any || i.FromCert || o.FromCert {
		return i == o
	}
	return i.Type == o.Type && sameValue(i, o)
}

// SameValue reports whether i and o have one value whatever their types, as a
// name that one end sends as FQDN and the other expects as key ID: looking
// alike in a log and yet not equal.
func (i Identity) SameValue(o Identity) bool {
	if i.Any || o.Any || i.FromCert || o.FromCert {
		return i == o
	}
	return sameValue(i, o)
}

func sameValue(i, o Identity) bool {
	if i.Value == o.Value {
		return true
	}
	if i.Type == isakmp.IDKeyID && o.Type == isakmp.IDKeyID {
		return false
	}
	if i.Type == isakmp.IDDERDN || o.Type == isakmp.IDDERDN {
		return equalDN(i.Value, o.Value)
	}
	return strings.EqualFold(strings.TrimRight(i.Value, "."), strings.TrimRight(o.Value, "."))
}

// Accepts reports whether an end that expects i is content with o: i is %any,
// equal, or a pattern that o fits. Patterns are those of strongSwan: a name
// beginning with *, an address prefix or range for an address, and * as a
// value in a distinguished name. A distinguished name from a certificate that
// is not known here accepts every distinguished name.
func (i Identity) Accepts(o Identity) bool {
	switch {
	case i.Any || i.Equal(o):
		return true
	case i.FromCert:
		return o.Type == isakmp.IDDERDN || o.FromCert
	case o.Any || o.FromCert:
		return false
	}
	switch i.Type {
	case isakmp.IDFQDN, isakmp.IDUserFQDN:
		suffix, ok := strings.CutPrefix(i.Value, "*")
		return ok && i.Type == o.Type && len(o.Value) >= len(suffix) &&
			strings.EqualFold(o.Value[len(o.Value)-len(suffix):], suffix)
	case isakmp.IDDERDN:
		return o.Type == isakmp.IDDERDN && matchDN(i.Value, o.Value)
	case isakmp.IDIPv4Subnet, isakmp.IDIPv4Range, isakmp.IDIPv6Subnet, isakmp.IDIPv6Range:
		if o.Type != isakmp.IDIPv4 && o.Type != isakmp.IDIPv6 {
			return false
		}
		net, err := ParseSelector(i.Value)
		if err != nil {
			return false
		}
		host, err := ParseSelector(o.Value)
		return err == nil && net.Contains(host)
	}
	return false
}
