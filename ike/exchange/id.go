package exchange

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// attemptID hashes an initiator's cookie and two hosts, in whichever order.
// It is the same on every machine and in every run: reports name attempts by
// it.
func attemptID(cookie isakmp.Cookie, a, b netip.Addr) uint64 {
	if b.Less(a) {
		a, b = b, a
	}
	h := mix(binary.BigEndian.Uint64(cookie[:]), 0x9e3779b97f4a7c15)
	h = mixAddr(h, a)
	h = mixAddr(h, b)
	if h == 0 {
		return 1 // zero says that there is no attempt
	}
	return h
}

func mixAddr(h uint64, a netip.Addr) uint64 {
	b := a.As16()
	h = mix(h^binary.BigEndian.Uint64(b[:8]), 0xbf58476d1ce4e5b9)
	return mix(h^binary.BigEndian.Uint64(b[8:]), 0x94d049bb133111eb)
}

// mix folds a 128-bit product, which spreads every bit of a over the result.
func mix(a, k uint64) uint64 {
	hi, lo := bits.Mul64(a^k, k|1)
	return hi ^ lo ^ bits.RotateLeft64(a, 29)
}

// cookiesID hashes both cookies, to find an attempt whose address changed.
func cookiesID(i, r isakmp.Cookie) uint64 {
	h := mix(binary.BigEndian.Uint64(i[:]), 0xd6e8feb86659fd93)
	return mix(h^binary.BigEndian.Uint64(r[:]), 0xa0761d6478bd642f)
}

// digest hashes a message. It is the same on every machine, so that recordings
// of both ends can be compared.
func digest(b []byte) uint64 {
	h := uint64(len(b))
	for len(b) >= 8 {
		h = mix(h^binary.BigEndian.Uint64(b), 0xe7037ed1a0b428db)
		b = b[8:]
	}
	var rest [8]byte
	copy(rest[:], b)
	return mix(h^binary.BigEndian.Uint64(rest[:]), 0x8ebc6af09c88c6e3)
}
