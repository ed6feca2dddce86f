package keys

import (
	"crypto/ecdh"
	"fmt"
	"math/big"

	"github.com/ikediag/ikediag/ike"
)

// modp describes the groups modulo a prime of RFC 2409, section 6 and RFC
// 3526, whose primes all have the form
//
//	2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + c)
//
// so that two numbers name one. The generator is 2.
func modp(g ike.Group) (bits int, c int64) {
	switch g {
	case ike.GroupMODP768:
		return 768, 149686
	case ike.GroupMODP1024:
		return 1024, 129093
	case ike.GroupMODP1536:
		return 1536, 741804
	case ike.GroupMODP2048:
		return 2048, 124476
	case ike.GroupMODP3072:
		return 3072, 1690314
	case ike.GroupMODP4096:
		return 4096, 240904
	case ike.GroupMODP6144:
		return 6144, 929484
	case ike.GroupMODP8192:
		return 8192, 4743158
	}
	return 0, 0
}

// curve returns the curve of the groups of RFC 5903, nil for others.
func curve(g ike.Group) ecdh.Curve {
	switch g {
	case ike.GroupECP256:
		return ecdh.P256()
	case ike.GroupECP384:
		return ecdh.P384()
	case ike.GroupECP521:
		return ecdh.P521()
	}
	return nil
}

// secretLen returns the length of the group's Diffie-Hellman secrets in
// octets: that of the prime (RFC 2409, section 5), or of one coordinate (RFC
// 5903, section 7); 0 for a group that is not supported.
func secretLen(g ike.Group) int {
	if bits, _ := modp(g); bits != 0 {
		return bits / 8
	}
	switch g {
	case ike.GroupECP256:
		return 32
	case ike.GroupECP384:
		return 48
	case ike.GroupECP521:
		return 66
	}
	return 0
}

// padDH brings a secret to the length that the group has: some print it
// without its leading zeros, and the key schedule needs them.
func padDH(g ike.Group, dh ike.Secret) ike.Secret {
	n, b := secretLen(g), dh.Reveal()
	if n == 0 || len(b) == 0 || len(b) >= n {
		return dh
	}
	return ike.NewSecret(append(make([]byte, n-len(b), n), b...))
}

// SharedSecret returns the Diffie-Hellman secret g^xy of one side's private
// value and the other side's public value, the body of its key exchange
// payload: groups 1, 2, 5 and 14 to 18 (RFC 2409, RFC 3526), and 19 to 21, of
// which it is the x coordinate (RFC 5903, section 7). It takes time that grows
// with the third power of the group's size. Errors wrap ErrUnsupported,
// ErrKeyLength or ErrPublic.
func SharedSecret(g ike.Group, private ike.Secret, public []byte) (ike.Secret, error) {
	n := secretLen(g)
	if n == 0 {
		return ike.Secret{}, fmt.Errorf("%w: group %v", ErrUnsupported, g)
	}
	if c := curve(g); c != nil {
		x, err := scalar(c, g, private)
		if err != nil {
			return ike.Secret{}, err
		}
		if len(public) != 2*n {
			return ike.Secret{}, ErrPublic
		}
		y, err := c.NewPublicKey(append([]byte{4}, public...))
		if err != nil {
			return ike.Secret{}, ErrPublic // the cause quotes nothing of use
		}
		s, err := x.ECDH(y)
		if err != nil {
			return ike.Secret{}, ErrPublic
		}
		return ike.NewSecret(s), nil
	}
	p, y := prime(g), new(big.Int).SetBytes(public)
	one := big.NewInt(1)
	if len(public) > n || y.Cmp(one) <= 0 || y.Cmp(new(big.Int).Sub(p, one)) >= 0 {
		return ike.Secret{}, ErrPublic
	}
	if private.Len() == 0 || private.Len() > n {
		return ike.Secret{}, fmt.Errorf("%w: private value", ErrKeyLength)
	}
	s := new(big.Int).Exp(y, new(big.Int).SetBytes(private.Reveal()), p)
	return ike.NewSecret(s.FillBytes(make([]byte, n))), nil
}

// PublicValue returns the public value of a private one, as it stands in a key
// exchange payload. Errors and cost are as with SharedSecret.
func PublicValue(g ike.Group, private ike.Secret) ([]byte, error) {
	if c := curve(g); c != nil {
		x, err := scalar(c, g, private)
		if err != nil {
			return nil, err
		}
		return x.PublicKey().Bytes()[1:], nil
	}
	s, err := SharedSecret(g, private, []byte{2})
	return s.Reveal(), err
}

// scalar returns the private key of an elliptic curve.
func scalar(c ecdh.Curve, g ike.Group, private ike.Secret) (*ecdh.PrivateKey, error) {
	x, err := c.NewPrivateKey(padDH(g, private).Reveal())
	if err != nil {
		return nil, fmt.Errorf("%w: private value", ErrKeyLength)
	}
	return x, nil
}

// prime computes the prime of a group: cheap beside what it is used for.
func prime(g ike.Group) *big.Int {
	bits, c := modp(g)
	n := uint(bits)
	one := big.NewInt(1)
	p := pi(n - 130)
	p.Add(p, big.NewInt(c)).Lsh(p, 64)
	p.Add(p, new(big.Int).Lsh(one, n))
	p.Sub(p, new(big.Int).Lsh(one, n-64))
	return p.Sub(p, one)
}

// pi returns [2^n pi] by Machin's formula, pi/4 = 4 arctan 1/5 - arctan 1/239.
func pi(n uint) *big.Int {
	const guard = 64
	a := arctan(5, n+guard)
	a.Lsh(a, 2).Sub(a, arctan(239, n+guard))
	return a.Lsh(a, 2).Rsh(a, guard)
}

// arctan returns 2^n arctan 1/x, but for rounding.
func arctan(x int64, n uint) *big.Int {
	term := new(big.Int).Lsh(big.NewInt(1), n)
	term.Div(term, big.NewInt(x))
	sum, part, square := new(big.Int).Set(term), new(big.Int), big.NewInt(x*x)
	for k := int64(3); term.Sign() != 0; k += 2 {
		term.Div(term, square)
		part.Div(term, big.NewInt(k))
		if k&2 != 0 {
			sum.Sub(sum, part)
		} else {
			sum.Add(sum, part)
		}
	}
	return sum
}
