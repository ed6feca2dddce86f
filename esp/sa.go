package esp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/ikediag/ikediag/ike"
)

// engine holds what the keys expand to and the scratch space of one SA.
type engine struct {
	kind   engineKind
	sizes  Sizes
	block  cipher.Block
	chain  cipher.BlockMode // of kind engineCBC
	aead   cipher.AEAD
	salt   [4]byte
	mac    mac
	nonce  [12]byte
	aad    [12]byte
	count  [16]byte
	sum    [64]byte
	buffer []byte
}

type engineKind uint8

const (
	engineNull engineKind = iota
	engineCBC
	engineCTR
	engineAEAD  // tag of 12 octets or more, as the library has it
	engineShort // GCM with a tag of 8 octets
	engineCCM
	engineGMAC
)

// NewSA returns an SA for the transform with the keys. It knows NULL, DES, 3DES,
// AES in CBC, CTR, GCM, CCM and GMAC, ChaCha20-Poly1305, HMAC with MD5, SHA-1 and
// SHA-2, AES-XCBC and AES-CMAC. The error is a *KeyError, or wraps ErrUnsupported
// or, where the transform cuts to more than there is, ErrLength; it shows no
// key.
func NewSA(t Transform, k Keys) (*SA, error) {
	e := new(engine)
	var ok bool
	if e.sizes, ok = t.Sizes(); !ok {
		return nil, fmt.Errorf("esp: %v with %v: %w", t.Cipher, t.Integrity, ErrUnsupported)
	}
	if err := e.setCipher(t, k.Cipher.Reveal()); err != nil {
		return nil, err
	}
	if t.Integrity != ike.IntegrityNone {
		var err error
		if e.mac, err = newMAC(t.Integrity, k.Integrity.Reveal()); err != nil {
			return nil, err
		}
		if e.sizes.ICV > e.mac.Size() {
			return nil, fmt.Errorf("esp: ICV of %d octets with %v: %w", e.sizes.ICV, t.Integrity, ErrLength)
		}
	}
	return &SA{transform: t, engine: func() *engine { return e }}, nil
}

// setCipher expands the encryption key.
func (e *engine) setCipher(t Transform, key []byte) (err error) {
	c := t.Cipher
	want, salt := keyOctets(c, len(key))
	if len(key) != want {
		return &KeyError{c.String(), len(key), want}
	}
	copy(e.salt[:], key[want-salt:])
	key = key[:want-salt]
	switch c.Cipher {
	case ike.CipherNone, ike.CipherNull:
		return nil
	case ike.CipherDES:
		e.block, err = des.NewCipher(key)
	case ike.Cipher3DES:
		e.block, err = des.NewTripleDESCipher(key)
	case ike.CipherChaCha20Poly1305:
		e.kind = engineAEAD
		e.aead, err = chacha20poly1305.New(key)
		return err
	case ike.CipherAESCBC, ike.CipherAESCTR, ike.CipherAESGCM8, ike.CipherAESGCM12, ike.CipherAESGCM16,
		ike.CipherAESGMAC, ike.CipherAESCCM8, ike.CipherAESCCM12, ike.CipherAESCCM16:
		e.block, err = aes.NewCipher(key)
	default:
		return fmt.Errorf("esp: %v: %w", c, ErrUnsupported)
	}
	if err != nil {
		return &KeyError{c.String(), len(key) + salt, want} // what the library says may show the key's bytes one day
	}
	switch c.Cipher {
	case ike.CipherAESCTR:
		e.kind = engineCTR
	case ike.CipherAESGCM12:
		e.kind = engineAEAD
		e.aead, err = cipher.NewGCMWithTagSize(e.block, 12)
	case ike.CipherAESGCM16:
		e.kind = engineAEAD
		e.aead, err = cipher.NewGCM(e.block)
	case ike.CipherAESGCM8:
		e.kind = engineShort
		e.aead, err = cipher.NewGCM(e.block)
	case ike.CipherAESGMAC:
		e.kind = engineGMAC
		e.aead, err = cipher.NewGCM(e.block)
	case ike.CipherAESCCM8, ike.CipherAESCCM12, ike.CipherAESCCM16:
		e.kind = engineCCM
	default:
		e.kind = engineCBC
		e.chain = cipher.NewCBCDecrypter(e.block, e.count[:e.block.BlockSize()])
	}
	return err
}

// keyOctets returns the length that a cipher's key has with its salt, and the
// salt's. Where the transform leaves the length of the key open, the one given
// counts if there is such a length.
func keyOctets(c ike.CipherKey, have int) (want, salt int) {
	switch c.Cipher {
	case ike.CipherAESCTR, ike.CipherAESGCM8, ike.CipherAESGCM12, ike.CipherAESGCM16, ike.CipherAESGMAC, ike.CipherChaCha20Poly1305:
		salt = 4
	case ike.CipherAESCCM8, ike.CipherAESCCM12, ike.CipherAESCCM16:
		salt = 3
	}
	switch c.Cipher {
	case ike.CipherNone, ike.CipherNull:
		return 0, 0
	case ike.CipherDES:
		return 8, 0
	case ike.Cipher3DES:
		return 24, 0
	case ike.CipherChaCha20Poly1305:
		return 32 + salt, salt
	}
	if c.KeyBits != 0 {
		return int(c.KeyBits)/8 + salt, salt
	}
	switch have - salt {
	case 16, 24, 32:
		return have, salt
	}
	return 16 + salt, salt
}
