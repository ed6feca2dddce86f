package probe

import (
	"crypto/ecdh"
	"crypto/rand"
	"math/big"

	"github.com/ikediag/ikediag/isakmp"
)

// modp are the groups over integers: the size of the prime in bits, and the
// number in its formula (RFC 2409, section 6; RFC 3526):
//
//	p = 2^n - 2^(n-64) - 1 + 2^64 * ( [2^(n-130) pi] + k )
var modp = map[isakmp.Group]struct {
	bits uint
	k    int64
}{
	isakmp.GroupMODP768:  {768, 149686},
	isakmp.GroupMODP1024: {1024, 129093},
	isakmp.GroupMODP1536: {1536, 741804},
	isakmp.GroupMODP2048: {2048, 124476},
	isakmp.GroupMODP3072: {3072, 1690314},
	isakmp.GroupMODP4096: {4096, 240904},
	isakmp.GroupMODP6144: {6144, 929484},
	isakmp.GroupMODP8192: {8192, 4743158},
}

// curve returns the curve of a group, nil where it is not one.
func curve(g isakmp.Group) ecdh.Curve {
	switch g {
	case isakmp.GroupECP256:
		return ecdh.P256()
	case isakmp.GroupECP384:
		return ecdh.P384()
	case isakmp.GroupECP521:
		return ecdh.P521()
	case isakmp.GroupCurve25519:
		return ecdh.X25519()
	}
	return nil
}

// computable reports whether public can make a value of the group.
func computable(g isakmp.Group) bool {
	_, ok := modp[g]
	return ok || curve(g) != nil
}

// public returns a public value of a group. The private one is thrown away: no
// secret is ever computed.
func public(g isakmp.Group) ([]byte, error) {
	if c := curve(g); c != nil {
		k, err := c.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		b := k.PublicKey().Bytes()
		if g != isakmp.GroupCurve25519 {
			b = b[1:] // the point's two coordinates alone: RFC 5903, section 7
		}
		return b, nil
	}
	m, ok := modp[g]
	if !ok {
		return nil, ErrTransforms
	}
	x := make([]byte, 32) // RFC 3526, section 8: twice the strength is enough
	if _, err := rand.Read(x); err != nil {
		return nil, err
	}
	x[0] |= 0x80
	y := new(big.Int).Exp(big.NewInt(2), new(big.Int).SetBytes(x), prime(m.bits, m.k))
	return y.FillBytes(make([]byte, m.bits/8)), nil
}

// prime computes the prime of a group.
func prime(bits uint, k int64) *big.Int {
	one := big.NewInt(1)
	p := new(big.Int).Add(pi(bits-130), big.NewInt(k))
	p.Lsh(p, 64)
	p.Add(p, new(big.Int).Lsh(one, bits))
	p.Sub(p, new(big.Int).Lsh(one, bits-64))
	return p.Sub(p, one)
}

// pi returns [2^n pi], by Machin's formula: pi = 16 arctan(1/5) - 4
// arctan(1/239).
func pi(n uint) *big.Int {
	const guard = 32
	arctan := func(x int64) *big.Int {
		term := new(big.Int).Lsh(big.NewInt(1), n+guard)
		term.Quo(term, big.NewInt(x))
		sum, square, part := new(big.Int).Set(term), big.NewInt(x*x), new(big.Int)
		for i := int64(3); term.Sign() != 0; i += 2 {
			term.Quo(term, square)
			part.Quo(term, big.NewInt(i))
			if i%4 == 3 {
				sum.Sub(sum, part)
			} else {
				sum.Add(sum, part)
			}
		}
		return sum
	}
	a := arctan(5)
	a.Lsh(a, 4)
	b := arctan(239)
	b.Lsh(b, 2)
	return a.Rsh(a.Sub(a, b), guard)
}
