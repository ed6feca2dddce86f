package esp

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/ikediag/ikediag/ike"
)

// unhex reads octets in hexadecimal, with white space anywhere.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keysFor returns keys of the right lengths for a transform, all octets of
// which differ from each other.
func keysFor(tr Transform) Keys {
	n, _ := keyOctets(tr.Cipher, 20)
	b := make([]byte, n+64)
	for i := range b {
		b[i] = byte(i*7 + 1)
	}
	k := Keys{Cipher: ike.NewSecret(b[:n])}
	switch _, full, _ := macSizes(tr.Integrity); {
	case tr.Integrity == ike.IntegrityNone:
	default:
		k.Integrity = ike.NewSecret(b[n : n+full])
	}
	return k
}

// seal builds an ESP packet with the library's own encrypters.
func seal(t testing.TB, tr Transform, k Keys, spi uint32, seq uint64, next uint8, payload []byte) []byte {
	t.Helper()
	sizes, ok := tr.Sizes()
	if !ok {
		t.Fatal("no sizes")
	}
	plain := bytes.Clone(payload)
	for i := byte(1); (len(plain)+2)%sizes.Block != 0; i++ {
		plain = append(plain, i)
	}
	plain = append(plain, byte(len(plain)-len(payload)), next)
	head := binary.BigEndian.AppendUint32(nil, spi)
	aad := bytes.Clone(head)
	if tr.ESN {
		aad = binary.BigEndian.AppendUint32(aad, uint32(seq>>32))
	}
	head = binary.BigEndian.AppendUint32(head, uint32(seq))
	aad = binary.BigEndian.AppendUint32(aad, uint32(seq))
	iv := bytes.Repeat([]byte{0xa5}, sizes.IV)
	key := k.Cipher.Reveal()
	_, saltLen := keyOctets(tr.Cipher, len(key))
	nonce := append(bytes.Clone(key[len(key)-saltLen:]), iv...)
	key = key[:len(key)-saltLen]
	var block cipher.Block
	var err error
	switch tr.Cipher.Cipher {
	case ike.CipherNone, ike.CipherNull, ike.CipherChaCha20Poly1305:
	case ike.CipherDES:
		block, err = des.NewCipher(key)
	case ike.Cipher3DES:
		block, err = des.NewTripleDESCipher(key)
	default:
		block, err = aes.NewCipher(key)
	}
	if err != nil {
		t.Fatal(err)
	}
	switch tr.Cipher.Cipher {
	case ike.CipherNone, ike.CipherNull:
	case ike.CipherAESCTR:
		cipher.NewCTR(block, append(nonce, 0, 0, 0, 1)).XORKeyStream(plain, plain)
	case ike.CipherAESGCM8, ike.CipherAESGCM12, ike.CipherAESGCM16:
		a, _ := cipher.NewGCM(block)
		n := len(plain)
		plain = a.Seal(nil, nonce, plain, aad)[:n+sizes.ICV]
	case ike.CipherAESGMAC:
		a, _ := cipher.NewGCM(block)
		plain = append(plain, a.Seal(nil, nonce, nil, bytes.Join([][]byte{aad, iv, plain}, nil))...)
	case ike.CipherChaCha20Poly1305:
		a, _ := chacha20poly1305.New(key)
		plain = a.Seal(nil, nonce, plain, aad)
	default:
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(plain, plain)
	}
	out := bytes.Join([][]byte{head, iv, plain}, nil)
	if tr.Integrity != ike.IntegrityNone {
		m, err := newMAC(tr.Integrity, k.Integrity.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		m.Write(out)
		if tr.ESN {
			m.Write(binary.BigEndian.AppendUint32(nil, uint32(seq>>32)))
		}
		out = append(out, m.Sum(nil)[:sizes.ICV]...)
	}
	return out
}

// transforms are all that seal can make.
func transforms() (list []Transform) {
	aesKey := func(c ike.Cipher, bits uint16) ike.CipherKey { return ike.CipherKey{Cipher: c, KeyBits: bits} }
	for _, c := range []ike.CipherKey{
		aesKey(ike.CipherAESGCM8, 128), aesKey(ike.CipherAESGCM12, 192), aesKey(ike.CipherAESGCM16, 256),
		aesKey(ike.CipherAESGMAC, 128), {Cipher: ike.CipherChaCha20Poly1305},
	} {
		list = append(list, Transform{Cipher: c})
	}
	for _, i := range []ike.Integrity{ike.IntegrityNone, ike.IntegrityMD5, ike.IntegrityMD5Full, ike.IntegritySHA1,
		ike.IntegritySHA1Full, ike.IntegritySHA256, ike.IntegritySHA256Trunc96, ike.IntegritySHA384,
		ike.IntegritySHA512, ike.IntegrityAESXCBC, ike.IntegrityAESCMAC} {
		for _, c := range []ike.CipherKey{
			{Cipher: ike.CipherNull}, {Cipher: ike.CipherDES}, {Cipher: ike.Cipher3DES},
			aesKey(ike.CipherAESCBC, 128), aesKey(ike.CipherAESCBC, 256), aesKey(ike.CipherAESCTR, 192),
		} {
			list = append(list, Transform{Cipher: c, Integrity: i})
		}
	}
	for _, n := range []int{12, 16, 32} {
		list = append(list, Transform{Cipher: aesKey(ike.CipherAESCBC, 128), Integrity: ike.IntegritySHA256, ICV: n})
	}
	for _, tr := range list {
		tr.ESN = true
		list = append(list, tr)
	}
	return list
}
