package keys_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
)

// oakley2 is the prime of group 2 as RFC 2409, section 6.2 prints it.
const oakley2 = "FFFFFFFF FFFFFFFF C90FDAA2 2168C234 C4C6628B 80DC1CD1 29024E08 8A67CC74 020BBEA6 3B139B22 514A0879 8E3404DD" +
	"EF9519B3 CD3A431B 302B0A6D F25F1437 4FE1356D 6D51C245 E485B576 625E7EC6 F44C42E9 A637ED6B 0BFF5CB6 F406B7ED" +
	"EE386BFB 5A899FA5 AE9F2411 7C4B1FE6 49286651 ECE65381 FFFFFFFF FFFFFFFF"

func TestPrimes(t *testing.T) {
	want, _ := new(big.Int).SetString(strings.ReplaceAll(oakley2, " ", ""), 16)
	if keys.Prime(ike.GroupMODP1024).Cmp(want) != 0 {
		t.Errorf("group 2: %X", keys.Prime(ike.GroupMODP1024))
	}
	for g, bits := range modpGroups {
		p := keys.Prime(g)
		if p.BitLen() != bits {
			t.Errorf("%v: %d bits", g, p.BitLen())
		}
		if bits > 3072 && testing.Short() {
			continue
		}
		// 2^(p-1) = 1 holds for primes, and for hardly anything that is none.
		if new(big.Int).Exp(big.NewInt(2), new(big.Int).Sub(p, big.NewInt(1)), p).Cmp(big.NewInt(1)) != 0 {
			t.Errorf("%v: not a prime", g)
		}
		if half := new(big.Int).Rsh(p, 1); bits <= 2048 && !(p.ProbablyPrime(4) && half.ProbablyPrime(4)) {
			t.Errorf("%v: not a safe prime", g)
		}
	}
}

var modpGroups = map[ike.Group]int{
	ike.GroupMODP768: 768, ike.GroupMODP1024: 1024, ike.GroupMODP1536: 1536, ike.GroupMODP2048: 2048,
	ike.GroupMODP3072: 3072, ike.GroupMODP4096: 4096, ike.GroupMODP6144: 6144, ike.GroupMODP8192: 8192,
}

// TestAgreement: both sides come to the same secret, in every group.
func TestAgreement(t *testing.T) {
	groups := map[ike.Group]int{ike.GroupECP256: 256, ike.GroupECP384: 384, ike.GroupECP521: 528}
	for g, bits := range modpGroups {
		groups[g] = bits
	}
	for g, bits := range groups {
		a, b := ike.NewSecret(bytes.Repeat([]byte{0x5a}, 24)), ike.NewSecret(bytes.Repeat([]byte{0xa7}, 24))
		ya, err1 := keys.PublicValue(g, a)
		yb, err2 := keys.PublicValue(g, b)
		s, err3 := keys.SharedSecret(g, a, yb)
		u, err4 := keys.SharedSecret(g, b, ya)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Errorf("%v: %v", g, err)
		}
		if !s.Equal(u) || s.Len() != bits/8 {
			t.Errorf("%v: %d octets, equal %v", g, s.Len(), s.Equal(u))
		}
	}
}

// TestECPVector is RFC 5903, section 8.1.
func TestECPVector(t *testing.T) {
	i := secret(t, "C88F01F5 10D9AC3F 70A292DA A2316DE5 44E9AAB8 AFE84049 C62A9C57 862D1433")
	r := secret(t, "C6EF9C5D 78AE012A 011164AC B397CE20 88685D8F 06BF9BE0 B283AB46 476BEE53")
	y, err := keys.PublicValue(ike.GroupECP256, r)
	if got := strings.ToUpper(hex.EncodeToString(y)); err != nil || got != "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"+
		"56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB" {
		t.Errorf("%s, %v", got, err)
	}
	s, err := keys.SharedSecret(ike.GroupECP256, i, y)
	if err != nil || !s.Equal(secret(t, "D6840F6B 42F6EDAF D13116E0 E1256520 2FEF8E9E CE7DCE03 812464D0 4B9442DE")) {
		t.Error(err)
	}
}

func TestPublicValues(t *testing.T) {
	x := ike.NewSecret([]byte{7})
	p := keys.Prime(ike.GroupMODP768)
	for _, test := range []struct {
		g    ike.Group
		y    []byte
		want error
	}{
		{ike.GroupMODP768, nil, keys.ErrPublic},
		{ike.GroupMODP768, []byte{1}, keys.ErrPublic},
		{ike.GroupMODP768, new(big.Int).Sub(p, big.NewInt(1)).Bytes(), keys.ErrPublic},
		{ike.GroupMODP768, p.Bytes(), keys.ErrPublic},
		{ike.GroupMODP768, make([]byte, 5000), keys.ErrPublic},
		{ike.GroupECP256, make([]byte, 64), keys.ErrPublic},
		{ike.GroupECP256, make([]byte, 63), keys.ErrPublic},
		{ike.GroupEC2N155, []byte{2}, keys.ErrUnsupported},
		{ike.GroupCurve25519, make([]byte, 32), keys.ErrUnsupported},
	} {
		if _, err := keys.SharedSecret(test.g, x, test.y); !errors.Is(err, test.want) {
			t.Errorf("%v, %d octets: %v", test.g, len(test.y), err)
		}
	}
	for _, bad := range []ike.Secret{{}, ike.NewSecret(make([]byte, 97))} {
		if _, err := keys.SharedSecret(ike.GroupMODP768, bad, []byte{2}); !errors.Is(err, keys.ErrKeyLength) {
			t.Error(err)
		}
		if _, err := keys.SharedSecret(ike.GroupECP256, bad, make([]byte, 64)); !errors.Is(err, keys.ErrKeyLength) {
			t.Error(err)
		}
	}
}
