package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"fmt"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 peers negotiate it
	"golang.org/x/crypto/cast5"    //lint:ignore SA1019 peers negotiate it

	"github.com/ikediag/ikediag/ike"
)

// maxBlock is the greatest block size of all ciphers in octets.
const maxBlock = aes.BlockSize

// KeyLen returns the length of the suite's encryption key in octets: the
// negotiated one, or where none was negotiated 56 for Blowfish and 16 for CAST
// (RFC 2409, appendix B), and 16 for AES, of which RFC 3602, section 5.3 wants
// the length negotiated. The error wraps ErrUnsupported or ErrKeyLength.
func (s Suite) KeyLen() (int, error) {
	bits, lo, hi, step := int(s.Cipher.KeyBits), 0, 0, 0
	switch s.Cipher.Cipher {
	case ike.CipherDES:
		return 8, nil
	case ike.Cipher3DES:
		return 24, nil
	case ike.CipherAESCBC:
		lo, hi, step = 128, 256, 64
		if bits == 0 {
			bits = 128
		}
	case ike.CipherBlowfish:
		lo, hi, step = 40, 448, 8
		if bits == 0 {
			bits = 448
		}
	case ike.CipherCAST:
		// Keys of 80 bits and less go through 12 rounds instead of 16 (RFC
		// 2144, section 2.5), which x/crypto does not do.
		lo, hi, step = 88, 128, 8
		if bits == 0 {
			bits = 128
		}
	default:
		return 0, fmt.Errorf("%w: cipher %v", ErrUnsupported, s.Cipher.Cipher)
	}
	if bits < lo || bits > hi || (bits-lo)%step != 0 {
		return 0, fmt.Errorf("%w: %v", ErrKeyLength, s.Cipher)
	}
	return bits / 8, nil
}

// blockSize returns the cipher's block size in octets, which is also that of
// its initialization vectors.
func (s Suite) blockSize() int {
	if s.Cipher.Cipher == ike.CipherAESCBC {
		return aes.BlockSize
	}
	return des.BlockSize
}

// newBlock returns the suite's cipher with a key of KeyLen octets.
func (s Suite) newBlock(key []byte) (cipher.Block, error) {
	n, err := s.KeyLen()
	if err != nil {
		return nil, err
	}
	if len(key) != n {
		return nil, fmt.Errorf("%w: %d octets for %v", ErrKeyLength, len(key), s.Cipher)
	}
	switch s.Cipher.Cipher {
	case ike.CipherDES:
		return des.NewCipher(key)
	case ike.Cipher3DES:
		return des.NewTripleDESCipher(key)
	case ike.CipherAESCBC:
		return aes.NewCipher(key)
	case ike.CipherBlowfish:
		return blowfish.NewCipher(key)
	}
	// A shorter CAST key is padded with zeros: RFC 2144, section 2.5.
	return cast5.NewCipher(append(make([]byte, 0, cast5.KeySize), key...)[:cast5.KeySize])
}

// decrypt appends to dst the CBC decryption of body, whose length is a
// multiple of the block size.
func decrypt(dst []byte, b cipher.Block, iv, body []byte) []byte {
	n := len(dst)
	dst = append(dst, body...)
	cipher.NewCBCDecrypter(b, iv).CryptBlocks(dst[n:], body)
	return dst
}
