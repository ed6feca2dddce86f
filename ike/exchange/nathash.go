package exchange

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// natInput is what a NAT-D payload hashes: both cookies, the address in 4 or
// 16 octets and the port in 2.
type natInput struct {
	b [34]byte
	n int
}

func (in *natInput) set(i, r isakmp.Cookie, addr netip.Addr, port uint16) {
	n := copy(in.b[:], i[:])
	n += copy(in.b[n:], r[:])
	addr = addr.Unmap()
	if addr.Is4() {
		a := addr.As4()
		n += copy(in.b[n:], a[:])
	} else {
		a := addr.As16()
		n += copy(in.b[n:], a[:])
	}
	binary.BigEndian.PutUint16(in.b[n:], port)
	in.n = n + 2
}

// hashKnown reports whether a hash of that many octets can be computed. The
// negotiable hashes differ in length, so that the length tells which it is.
// Tiger, 24 octets, is not computed.
func hashKnown(size int) bool {
	switch size {
	case md5.Size, sha1.Size, sha256.Size, sha512.Size384, sha512.Size:
		return true
	}
	return false
}

// sum hashes the input into dst and returns the part that it fills, nothing
// for an unknown size.
func (in *natInput) sum(dst *[sha512.Size]byte, size int) []byte {
	b := in.b[:in.n]
	switch size {
	case md5.Size:
		s := md5.Sum(b)
		copy(dst[:], s[:])
	case sha1.Size:
		s := sha1.Sum(b)
		copy(dst[:], s[:])
	case sha256.Size:
		s := sha256.Sum256(b)
		copy(dst[:], s[:])
	case sha512.Size384:
		s := sha512.Sum384(b)
		copy(dst[:], s[:])
	case sha512.Size:
		*dst = sha512.Sum512(b)
	default:
		return nil
	}
	return dst[:size]
}
