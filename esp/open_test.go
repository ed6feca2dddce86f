package esp

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// TestOpen seals and opens with every algorithm, and then damages every octet.
func TestOpen(t *testing.T) {
	const seq = 5<<32 | 0xfffffffe
	for _, tr := range transforms() {
		k := keysFor(tr)
		sa, err := NewSA(tr, k)
		if err != nil {
			t.Fatalf("%+v: %v", tr, err)
		}
		for _, payload := range [][]byte{{}, {1}, bytes.Repeat([]byte{0x42}, 15), bytes.Repeat([]byte{0x45}, 100)} {
			wire := seal(t, tr, k, 0xc0ffee01, seq, 4, payload)
			was := bytes.Clone(wire)
			var p Packet
			if err := p.Decode(wire, 0); err != nil {
				t.Fatal(err)
			}
			in, err := sa.Open([]byte("before"), &p, seq>>32)
			if err != nil || !bytes.Equal(in.Payload, payload) || in.NextHeader != 4 || !in.PaddingRegular {
				t.Fatalf("%+v: %+v, %v", tr, in, err)
			}
			secure := tr.Integrity != ike.IntegrityNone || tr.Cipher.Cipher.AEAD()
			if in.Authenticated != secure {
				t.Fatalf("%+v: authenticated %v", tr, in.Authenticated)
			}
			if n, ok := sa.FitICV(&p, seq>>32); ok != (tr.Integrity != ike.IntegrityNone) || ok && n != icvLen(tr) {
				t.Errorf("%+v: an ICV of %d octets fits, %v", tr, n, ok)
			}
			if !bytes.Equal(wire, was) {
				t.Fatalf("%+v: the packet was changed", tr)
			}
			if !secure {
				continue
			}
			for i := range wire {
				bad := bytes.Clone(wire)
				bad[i] ^= 0x10
				if err := p.Decode(bad, 0); err != nil {
					t.Fatal(err)
				}
				if in, err := sa.Open(nil, &p, seq>>32); !errors.Is(err, ErrICV) || in.Payload != nil {
					t.Fatalf("%+v octet %d: %+v, %v", tr, i, in, err)
				}
			}
			if tr.ESN {
				_ = p.Decode(wire, 0)
				if _, err := sa.Open(nil, &p, 4); !errors.Is(err, ErrICV) {
					t.Errorf("%+v: %v with the wrong high half", tr, err)
				}
			}
		}
	}
}

func icvLen(tr Transform) int {
	s, _ := tr.Sizes()
	return s.ICV
}

// TestTruncation finds out which truncation of HMAC-SHA-256 a peer uses.
func TestTruncation(t *testing.T) {
	tr := Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}, Integrity: ike.IntegritySHA256}
	other := tr
	other.Integrity = ike.IntegritySHA256Trunc96
	k := keysFor(tr)
	for _, c := range []struct {
		sender, receiver Transform
		want             int
	}{{tr, tr, 16}, {other, tr, 12}, {tr, other, 16}, {other, other, 12}} {
		var p Packet
		_ = p.Decode(seal(t, c.sender, k, 0x100, 1, 4, bytes.Repeat([]byte{0x45}, 84)), 0)
		sa, err := NewSA(c.receiver, k)
		if err != nil {
			t.Fatal(err)
		}
		_, err = sa.Open(nil, &p, 0)
		if c.sender != c.receiver && err == nil {
			t.Error("opened with the wrong truncation")
		}
		if n, ok := sa.FitICV(&p, 0); !ok || n != c.want {
			t.Errorf("%d octets fit, %v", n, ok)
		}
	}
	// A wrong key fits nothing.
	bad := keysFor(tr)
	bad.Integrity = ike.NewSecret(make([]byte, 32))
	sa, _ := NewSA(tr, bad)
	var p Packet
	_ = p.Decode(seal(t, tr, k, 0x100, 1, 4, make([]byte, 84)), 0)
	if n, ok := sa.FitICV(&p, 0); ok {
		t.Errorf("%d octets fit a wrong key", n)
	}
}

// TestOpenShort gives every SA bodies of all lengths, whole and cut.
func TestOpenShort(t *testing.T) {
	b := bytes.Repeat([]byte{0xff}, 120)
	for _, tr := range append(transforms(), ccmTransforms()...) {
		sa, err := NewSA(tr, keysFor(tr))
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n <= len(b); n++ {
			for _, cut := range []int{0, 1, 1000} {
				var p Packet
				if err := p.Decode(b[:n:n], n+cut); err != nil {
					continue
				}
				in, err := sa.Open(nil, &p, 0)
				if err == nil && in.Authenticated {
					t.Fatalf("%+v: opened %d octets: %+v", tr, n, in)
				}
				if pe := (*ParseError)(nil); cut > 0 && (!errors.As(err, &pe) || !errors.Is(err, ErrCut)) {
					t.Fatalf("%+v: %v", tr, err)
				}
				sa.FitICV(&p, 0)
			}
			_ = sa.VerifyAH(b[:n:n], 0)
		}
	}
}

func ccmTransforms() (list []Transform) {
	for _, c := range []ike.Cipher{ike.CipherAESCCM8, ike.CipherAESCCM12, ike.CipherAESCCM16} {
		list = append(list, Transform{Cipher: ike.CipherKey{Cipher: c, KeyBits: 128}})
	}
	return list
}

// TestZeroSA opens with no keys what needs none.
func TestZeroSA(t *testing.T) {
	var sa SA
	var p Packet
	_ = p.Decode([]byte{0, 0, 1, 0, 0, 0, 0, 1, 'a', 'b', 0, 59}, 0)
	in, err := sa.Open(nil, &p, 0)
	if err != nil || string(in.Payload) != "ab" || in.NextHeader != 59 || in.Authenticated {
		t.Errorf("%+v, %v", in, err)
	}
	if _, err := sa.Peek(nil, &p); err != nil {
		t.Error(err)
	}
	if err := sa.VerifyAH(make([]byte, 60), 0); err == nil {
		t.Error("AH verified without a key")
	}
}

// TestNewSA refuses keys and algorithms that do not fit.
func TestNewSA(t *testing.T) {
	aes128 := ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}
	s := func(n int) ike.Secret { return ike.NewSecret(make([]byte, n)) }
	for _, c := range []struct {
		name string
		tr   Transform
		k    Keys
		want error
	}{
		{"short cipher key", Transform{Cipher: aes128}, Keys{Cipher: s(15)}, ErrKey},
		{"no cipher key", Transform{Cipher: aes128}, Keys{}, ErrKey},
		{"long cipher key", Transform{Cipher: aes128}, Keys{Cipher: s(32)}, ErrKey},
		{"no salt", Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESGCM16, KeyBits: 128}}, Keys{Cipher: s(16)}, ErrKey},
		{"key without cipher", Transform{}, Keys{Cipher: s(16)}, ErrKey},
		{"odd key length", Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 136}}, Keys{Cipher: s(17)}, ErrKey},
		{"integrity key", Transform{Integrity: ike.IntegritySHA256}, Keys{Integrity: s(20)}, ErrKey},
		{"ICV longer than the hash", Transform{Integrity: ike.IntegrityMD5, ICV: 20}, Keys{Integrity: s(16)}, ErrLength},
		{"Camellia", Transform{Cipher: ike.CipherKey{Cipher: ike.CipherCamelliaCBC, KeyBits: 128}}, Keys{Cipher: s(16)}, ErrUnsupported},
		{"RIPEMD", Transform{Integrity: ike.IntegrityRIPEMD}, Keys{Integrity: s(20)}, ErrUnsupported},
		{"unknown", Transform{Cipher: ike.CipherKey{Cipher: ike.CipherESP(200)}}, Keys{}, ErrUnsupported},
	} {
		if sa, err := NewSA(c.tr, c.k); sa != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	// Where the length is open, the key's counts.
	for _, n := range []int{16, 24, 32} {
		if _, err := NewSA(Transform{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC}}, Keys{Cipher: s(n)}); err != nil {
			t.Error(err)
		}
	}
}
