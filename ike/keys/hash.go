package keys

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"

	"github.com/ikediag/ikediag/ike"
)

// newHash returns the hash of a phase 1 (RFC 2409, appendix A, attribute 2),
// nil for one that is not supported.
func newHash(h ike.Integrity) func() hash.Hash {
	switch h {
	case ike.IntegrityMD5, ike.IntegrityMD5Full:
		return md5.New
	case ike.IntegritySHA1, ike.IntegritySHA1Full:
		return sha1.New
	case ike.IntegritySHA256, ike.IntegritySHA256Trunc96:
		return sha256.New
	case ike.IntegritySHA384:
		return sha512.New384
	case ike.IntegritySHA512:
		return sha512.New
	}
	return nil
}

// newPRF returns the hash under a negotiated PRF, which is its HMAC (RFC
// 2409, section 4), nil for one that is no HMAC or not supported.
func newPRF(p ike.PRF) func() hash.Hash {
	switch p {
	case ike.PRFMD5:
		return md5.New
	case ike.PRFSHA1:
		return sha1.New
	case ike.PRFSHA256:
		return sha256.New
	case ike.PRFSHA384:
		return sha512.New384
	case ike.PRFSHA512:
		return sha512.New
	}
	return nil
}

// prf returns prf(key, parts[0] | parts[1] | ...). s must be supported.
func (s Suite) prf(key []byte, parts ...[]byte) []byte {
	m := hmac.New(s.prfHash(), key)
	for _, p := range parts {
		m.Write(p)
	}
	return m.Sum(nil)
}

// hash returns the negotiated hash of the parts. s must be supported.
func (s Suite) hash(parts ...[]byte) []byte {
	h := newHash(s.Hash)()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func (s Suite) prfHash() func() hash.Hash {
	if s.PRF == ike.PRFNone {
		return newHash(s.Hash)
	}
	return newPRF(s.PRF)
}

// prfSize returns the length of the PRF's output in octets.
func (s Suite) prfSize() int { return s.prfHash()().Size() }
