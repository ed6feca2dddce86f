package esp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"

	"github.com/ikediag/ikediag/ike"
)

// mac is a keyed hash; hash.Hash has what is needed of it.
type mac interface {
	Write(p []byte) (int, error)
	Sum(dst []byte) []byte
	Reset()
	Size() int
}

// newMAC returns the uncut integrity algorithm with its key: HMAC (RFC 2403,
// 2404, 4868), AES-XCBC-MAC (RFC 3566), AES-CMAC (RFC 4494).
func newMAC(i ike.Integrity, key []byte) (mac, error) {
	var h func() hash.Hash
	want := 0
	switch i {
	case ike.IntegrityMD5, ike.IntegrityMD5Full:
		h, want = md5.New, md5.Size
	case ike.IntegritySHA1, ike.IntegritySHA1Full:
		h, want = sha1.New, sha1.Size
	case ike.IntegritySHA256, ike.IntegritySHA256Trunc96:
		h, want = sha256.New, sha256.Size
	case ike.IntegritySHA384:
		h, want = sha512.New384, sha512.Size384
	case ike.IntegritySHA512:
		h, want = sha512.New, sha512.Size
	case ike.IntegrityAESXCBC, ike.IntegrityAESCMAC:
		want = 16
	default:
		return nil, fmt.Errorf("esp: %v: %w", i, ErrUnsupported)
	}
	if len(key) != want {
		return nil, &KeyError{i.String(), len(key), want}
	}
	if h != nil {
		return hmac.New(h, key), nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &KeyError{i.String(), len(key), want}
	}
	if i == ike.IntegrityAESCMAC {
		return newCMAC(block), nil
	}
	return newXCBC(block)
}

// chainMAC is CBC-MAC with a last block that a key depending on its length
// masks: XCBC and CMAC are of this form.
type chainMAC struct {
	block         cipher.Block
	whole, padded [16]byte // what masks a last block that is whole, or not
	state, last   [16]byte
	n             int // octets in last
}

// newXCBC returns AES-XCBC-MAC (RFC 3566, section 4): three keys are the
// encryptions of blocks of 1, 2 and 3.
func newXCBC(block cipher.Block) (mac, error) {
	m := new(chainMAC)
	var key, fill [16]byte
	for i, dst := range []*[16]byte{&key, &m.whole, &m.padded} {
		for j := range fill {
			fill[j] = byte(i + 1)
		}
		block.Encrypt(dst[:], fill[:])
	}
	var err error
	m.block, err = aes.NewCipher(key[:])
	return m, err
}

// newCMAC returns AES-CMAC (RFC 4493, section 2.3): two keys are the
// encryption of zeros, doubled once and twice in GF(2^128).
func newCMAC(block cipher.Block) mac {
	m := &chainMAC{block: block}
	block.Encrypt(m.whole[:], m.whole[:])
	double(&m.whole)
	m.padded = m.whole
	double(&m.padded)
	return m
}

func double(b *[16]byte) {
	carry := b[0] >> 7
	for i := 0; i < 15; i++ {
		b[i] = b[i]<<1 | b[i+1]>>7
	}
	b[15] = b[15]<<1 ^ carry*0x87
}

func (m *chainMAC) Size() int { return 16 }

func (m *chainMAC) Reset() { m.state, m.last, m.n = [16]byte{}, [16]byte{}, 0 }

// Write never fails. The last block stays back until it is known to be last.
func (m *chainMAC) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if m.n == 16 {
			xor(&m.state, &m.last)
			m.block.Encrypt(m.state[:], m.state[:])
			m.n = 0
		}
		c := copy(m.last[m.n:], p)
		m.n += c
		p = p[c:]
	}
	return n, nil
}

func (m *chainMAC) Sum(dst []byte) []byte {
	last, mask := m.last, &m.whole
	if m.n < 16 {
		clear(last[m.n:])
		last[m.n], mask = 0x80, &m.padded
	}
	xor(&last, &m.state)
	xor(&last, mask)
	// In m and not on the stack: what goes to an interface escapes.
	m.last = last
	m.block.Encrypt(m.last[:], m.last[:])
	return append(dst, m.last[:]...)
}

func xor(dst, src *[16]byte) {
	for i := range dst {
		dst[i] ^= src[i]
	}
}
