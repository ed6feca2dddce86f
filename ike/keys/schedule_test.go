package keys_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// TestScheduleOfLogs: charon's own values follow from its pre-shared key and
// Diffie-Hellman secret.
func TestScheduleOfLogs(t *testing.T) {
	for _, name := range []string{"ok-main-keys", "ok-aggressive-keys"} {
		t.Run(name, func(t *testing.T) {
			dir := recordings.Path(t, "corpus", "strongswan", name)
			values := map[string]ike.Secret{}
			for _, d := range dumps(t, filepath.Join(dir, "initiator.log"), 0) {
				if _, ok := values[d.Name]; !ok {
					values[d.Name] = d.Value
				}
			}
			var r keys.Ring
			o := r.Opener(keys.Limits{})
			var c [2]isakmp.Cookie
			for _, m := range follow(t, filepath.Join(dir, "initiator.pcap"), o) {
				c = m.step.Cookies
			}
			p, ok := o.Phase1(c[0], c[1])
			if !ok {
				t.Fatal("not known")
			}
			s, err := p.PSK(psk(t, filepath.Join(dir, "initiator.swanctl.conf")), values["shared Diffie Hellman secret"])
			if err != nil {
				t.Fatal(err)
			}
			iv, err := p.Suite.InitialIV(p.KE[0], p.KE[1])
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range map[string]ike.Secret{"SKEYID": s.ID, "SKEYID_d": s.D, "SKEYID_a": s.A, "SKEYID_e": s.E,
				"encryption key Ka": s.Ka, "initial IV": ike.NewSecret(iv)} {
				if values[name].Len() == 0 || !got.Equal(values[name]) {
					t.Errorf("%s differs", name)
				}
			}
		})
	}
}

// TestPRF: HMAC test vectors, case 2 of RFC 2202 and RFC 4231, as SKEYID with
// the data in two nonces.
func TestPRF(t *testing.T) {
	for hash, want := range map[ike.Integrity]string{
		ike.IntegrityMD5:    "750c783e6ab0b503eaa86e310a5db738",
		ike.IntegritySHA1:   "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		ike.IntegritySHA256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		ike.IntegritySHA384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		ike.IntegritySHA512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
	} {
		for _, prf := range []ike.PRF{ike.PRFNone, hash.PRF()} {
			p := keys.Phase1{Suite: keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherDES}, Hash: hash, PRF: prf}, Cookies: [2]isakmp.Cookie{{1}, {2}}}
			p.Nonce = [2][]byte{[]byte("what do ya want "), []byte("for nothing?")}
			s, err := p.PSK(ike.NewSecret([]byte("Jefe")), ike.NewSecret([]byte{1}))
			if err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(s.ID.Reveal()); got != want {
				t.Errorf("%v: %s", hash, got)
			}
		}
	}
}

// TestExpand: which octets of SKEYID_e the key is, and when it is stretched.
func TestExpand(t *testing.T) {
	e := ike.NewSecret(bytes.Repeat([]byte{0xaa}, 20))
	for _, test := range []struct {
		suite keys.Suite
		n     int
		long  bool
	}{
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherDES}, Hash: ike.IntegritySHA1}, 8, false},
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}, Hash: ike.IntegritySHA1}, 16, false},
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherCAST}, Hash: ike.IntegritySHA1}, 16, false},
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Hash: ike.IntegritySHA1}, 24, true},
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 256}, Hash: ike.IntegritySHA1}, 32, true},
		{keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherBlowfish}, Hash: ike.IntegritySHA1}, 56, true},
	} {
		k, err := test.suite.Expand(e)
		if err != nil || k.Len() != test.n {
			t.Errorf("%v: %d octets, %v", test.suite.Cipher, k.Len(), err)
			continue
		}
		if bytes.HasPrefix(e.Reveal(), k.Reveal()) == test.long {
			t.Errorf("%v: wrong octets", test.suite.Cipher)
		}
	}
	// HMAC-SHA1 with a key of 20 octets 0xaa, of one zero octet.
	k, err := keys.Suite{Cipher: ike.CipherKey{Cipher: ike.Cipher3DES}, Hash: ike.IntegritySHA1}.Expand(e)
	p := newPeers(t)
	k1 := p.prf(e.Reveal(), []byte{0})
	k2 := p.prf(e.Reveal(), k1)
	if err != nil || !bytes.Equal(k.Reveal(), append(k1, k2...)[:24]) {
		t.Error("K1 | K2", err)
	}
}

// TestPublicKey: SKEYID of public-key encryption hangs on hash and cookies.
func TestPublicKey(t *testing.T) {
	p := newPeers(t)
	in := keys.Phase1{Suite: keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128}, Hash: ike.IntegritySHA1, Auth: ike.AuthRSAEnc},
		Cookies: p.cookies, Nonce: p.nonce}
	s, err := in.PublicKey(ike.NewSecret(p.dh))
	want := p.prf(p.digest(p.nonce[0], p.nonce[1]), p.cookies[0][:], p.cookies[1][:])
	if err != nil || !bytes.Equal(s.ID.Reveal(), want) {
		t.Error(err)
	}
	if v := in.ProvePSK(ike.NewSecret([]byte("x")), keys.Responder); v.Verdict != keys.NotCheckable || !errors.Is(v.Err, keys.ErrUnsupported) {
		t.Errorf("%+v", v)
	}
}

// TestIncomplete: what is missing is said.
func TestIncomplete(t *testing.T) {
	psk, dh := ike.NewSecret([]byte("canary-psk")), ike.NewSecret([]byte{1})
	suite := keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherDES}, Hash: ike.IntegrityMD5, Auth: ike.AuthPSK}
	n := [2][]byte{{1}, {2}}
	for name, p := range map[string]keys.Phase1{
		"nonce":   {Suite: suite, Cookies: [2]isakmp.Cookie{{1}, {2}}},
		"cookies": {Suite: suite, Nonce: n},
	} {
		if _, err := p.PSK(psk, dh); !errors.Is(err, keys.ErrIncomplete) || !strings.Contains(err.Error(), name) {
			t.Error(name, err)
		}
	}
	p := keys.Phase1{Suite: suite, Cookies: [2]isakmp.Cookie{{1}, {2}}, Nonce: n}
	if _, err := p.PSK(psk, ike.Secret{}); !errors.Is(err, keys.ErrIncomplete) {
		t.Error(err)
	}
	p.Suite.Hash = ike.IntegrityTiger
	if _, err := p.PSK(psk, dh); !errors.Is(err, keys.ErrUnsupported) {
		t.Error(err)
	}
	p.Suite.Hash, p.Suite.PRF = ike.IntegrityMD5, ike.PRFNumber(9)
	if _, err := p.PSK(psk, dh); !errors.Is(err, keys.ErrUnsupported) {
		t.Error(err)
	}
	if _, err := suite.InitialIV(nil, []byte{1}); !errors.Is(err, keys.ErrIncomplete) {
		t.Error(err)
	}
	p.Suite = suite
	for side := keys.Side(0); side < 3; side++ {
		if v := p.ProvePSK(psk, side); v.Verdict != keys.NotCheckable || v.Err == nil {
			t.Errorf("%+v", v)
		}
		for _, raw := range [][]byte{nil, make([]byte, 28), make([]byte, 200)} {
			if v := p.ProveMain(psk, dh, side, raw, nil); v.Verdict != keys.NotCheckable || v.Err == nil {
				t.Errorf("%+v", v)
			}
		}
	}
}

func Example() {
	var ring keys.Ring
	table := []byte("# initiator's cookie, encryption key\n0102030405060708,00112233445566778899aabbccddeeff\n")
	if _, err := ring.AddTable(table); err != nil {
		fmt.Println(err)
	}
	if err := ring.AddPSK(ike.NewSecret([]byte("between the two of us"))); err != nil {
		fmt.Println(err)
	}
	opener := ring.Opener(keys.Limits{}) // for exchange.Tracker's field Opener

	// The answer to an aggressive mode, as an Opener collects it.
	p := keys.Phase1{
		Suite: keys.Suite{
			Cipher: ike.CipherKey{Cipher: ike.CipherAESCBC, KeyBits: 128},
			Hash:   ike.IntegritySHA256,
			Auth:   ike.AuthPSK,
		},
		Cookies: [2]isakmp.Cookie{{1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1}},
		SA:      []byte{0, 0, 0, 1, 0, 0, 0, 1},
		KE:      [2][]byte{{0x12}, {0x34}},
		Nonce:   [2][]byte{[]byte("initiator's nonce"), []byte("responder's nonce")},
		ID:      [2][]byte{nil, {1, 0, 0, 0, 192, 0, 2, 1}},
	}
	p.Hash[keys.Responder], _ = hex.DecodeString("c76b202450ac79509a994c138a7a0bd1a8c3695a93dbaa769e0964158a02375d")
	for _, psk := range []string{"between the two of us", "something else"} {
		fmt.Println(p.ProvePSK(ike.NewSecret([]byte(psk)), keys.Responder).Verdict)
	}
	fmt.Println(ring.Len(), opener.Take().Outcome)
	// Output:
	// equal
	// different
	// 2 clear
}
