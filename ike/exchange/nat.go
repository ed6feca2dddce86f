package exchange

import (
	"bytes"
	"crypto/sha512"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// NATKind is what NAT-D payloads (RFC 3947, section 3.2) show of one side.
type NATKind uint8

// The kinds, in ascending order of what they say: of two messages about one
// side the greater kind counts.
const (
	// NATUnknown: no NAT-D payload about the side was seen, or it could not
	// be checked.
	NATUnknown NATKind = iota
	// NATNone: the hash is that of the address and port seen.
	NATNone
	// NATForced: the hash is one that no address has; the sender wants
	// encapsulation in UDP whether or not there is a NAT.
	NATForced
	// NATPort: the address is as the sender believes, the port was rewritten.
	NATPort
	// NATAddress: the hash is not that of the address seen: NAT or forced
	// encapsulation. A hash that was spoilt on purpose cannot be told from
	// one of an address that is not known here.
	NATAddress
)

var natNames = [...]string{"unknown", "none", "forced encapsulation", "port rewritten", "NAT or forced encapsulation"}

// String returns unknown, none, forced encapsulation, port rewritten, or NAT or
// forced encapsulation, for people to read.
func (k NATKind) String() string { return enumName(natNames[:], uint8(k), "NATKind") }

// Translated reports whether the kind calls for encapsulation in UDP.
func (k NATKind) Translated() bool { return k >= NATForced }

// AppendNATHash appends the body of a NAT-D payload to dst: the hash of both
// cookies, an address and a port (RFC 3947, section 3.2). The size is that of
// the negotiated hash's output in octets: 16 for MD5, 20 for SHA-1, 32, 48 and
// 64 for SHA-2. For other sizes nothing is appended.
func AppendNATHash(dst []byte, size int, initiator, responder isakmp.Cookie, at netip.AddrPort) []byte {
	var in natInput
	var sum [sha512.Size]byte
	in.set(initiator, responder, at.Addr(), at.Port())
	return append(dst, in.sum(&sum, size)...)
}

// CompareNAT compares the NAT-D payloads of one message, in their order, with
// the addresses that the message was seen with, and returns what they show of
// its sender and of its receiver. The hash algorithm follows from the bodies'
// length.
func CompareNAT(bodies [][]byte, initiator, responder isakmp.Cookie, source, destination netip.AddrPort) (sender, receiver NATKind) {
	if len(bodies) == 0 {
		return NATUnknown, NATUnknown
	}
	// The first is about the receiver; the others are about the sender, one
	// for each address that it may have.
	receiver = compareHash(bodies[0], initiator, responder, destination)
	for i, b := range bodies[1:] {
		if i == maxNATD {
			break
		}
		k := compareHash(b, initiator, responder, source)
		if k != NATUnknown && (sender == NATUnknown || k < sender) {
			sender = k
		}
	}
	return sender, receiver
}

// maxNATD bounds the hashes computed for one message.
const maxNATD = 16

func compareHash(body []byte, i, r isakmp.Cookie, at netip.AddrPort) NATKind {
	var in natInput
	var sum [sha512.Size]byte
	if !hashKnown(len(body)) || !at.IsValid() {
		return NATUnknown
	}
	equal := func(a netip.Addr, port uint16) bool {
		in.set(i, r, a, port)
		return bytes.Equal(in.sum(&sum, len(body)), body)
	}
	a := at.Addr()
	switch {
	case equal(a, at.Port()):
		return NATNone
	case equal(a, portIKE), equal(a, portNATT):
		return NATPort
	case equal(a, 0), equal(unspecified(a), 0):
		// Libreswan's encapsulation=yes hashes port 0. StrongSwan's encap=yes
		// sends random octets, which nothing recognises.
		return NATForced
	}
	return NATAddress
}

func unspecified(a netip.Addr) netip.Addr {
	if a.Unmap().Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}
