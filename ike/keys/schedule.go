package keys

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Phase1 is what one main or aggressive mode has shown: the inputs of the key
// schedule and of HASH_I and HASH_R (RFC 2409, section 5). Arrays are indexed
// by Side. What is not known is empty.
type Phase1 struct {
	Suite   Suite
	Cookies [2]isakmp.Cookie
	// SA is the body of the SA payload that the initiator sent, all its
	// proposals included (SAi_b).
	SA []byte
	// KE, Nonce, ID and Hash are the bodies of these payloads. In public-key
	// encryption Nonce is what was encrypted.
	KE, Nonce, ID, Hash [2][]byte
}

// Schedule is the keys of an ISAKMP SA: RFC 2409, section 5 and appendix B.
type Schedule struct {
	// ID is SKEYID, D, A and E are SKEYID_d, SKEYID_a and SKEYID_e.
	ID, D, A, E ike.Secret
	// Ka is the encryption key, of the length that the cipher takes.
	Ka ike.Secret
}

// PSK derives the keys from a pre-shared key and the Diffie-Hellman secret
// g^xy: SKEYID = prf(pre-shared-key, Ni_b | Nr_b). Errors wrap ErrUnsupported,
// ErrKeyLength or ErrIncomplete.
func (p *Phase1) PSK(psk, dh ike.Secret) (Schedule, error) {
	id, err := p.pskID(psk)
	if err != nil {
		return Schedule{}, err
	}
	return p.FromSKEYID(id, dh)
}

// pskID returns SKEYID of a pre-shared key.
func (p *Phase1) pskID(psk ike.Secret) (ike.Secret, error) {
	if err := p.nonces(); err != nil {
		return ike.Secret{}, err
	}
	return ike.NewSecret(p.Suite.prf(psk.Reveal(), p.Nonce[0], p.Nonce[1])), nil
}

// Signature derives the keys of authentication by signatures, hybrid
// authentication included: SKEYID = prf(Ni_b | Nr_b, g^xy). Errors are as with
// PSK.
func (p *Phase1) Signature(dh ike.Secret) (Schedule, error) {
	if err := p.nonces(); err != nil {
		return Schedule{}, err
	}
	id := ike.NewSecret(p.Suite.prf(p.bothNonces(), dh.Reveal()))
	return p.FromSKEYID(id, dh)
}

// PublicKey derives the keys of authentication by public-key encryption, plain
// or revised: SKEYID = prf(hash(Ni_b | Nr_b), CKY-I | CKY-R). p.Nonce must be
// the nonces as decrypted by somebody who has the private keys. Errors are as
// with PSK.
func (p *Phase1) PublicKey(dh ike.Secret) (Schedule, error) {
	if err := p.nonces(); err != nil {
		return Schedule{}, err
	}
	key := p.Suite.hash(p.Nonce[0], p.Nonce[1])
	id := ike.NewSecret(p.Suite.prf(key, p.Cookies[0][:], p.Cookies[1][:]))
	return p.FromSKEYID(id, dh)
}

// FromSKEYID derives the other keys from SKEYID and the Diffie-Hellman secret.
// Errors are as with PSK.
func (p *Phase1) FromSKEYID(id, dh ike.Secret) (Schedule, error) {
	if err := p.Suite.Supported(); err != nil {
		return Schedule{}, err
	}
	if p.Cookies[0].IsZero() || p.Cookies[1].IsZero() {
		return Schedule{}, fmt.Errorf("%w: cookies", ErrIncomplete)
	}
	if id.Len() == 0 || dh.Len() == 0 {
		return Schedule{}, fmt.Errorf("%w: secret", ErrIncomplete)
	}
	k, gxy := id.Reveal(), dh.Reveal()
	ci, cr := p.Cookies[0][:], p.Cookies[1][:]
	d := p.Suite.prf(k, gxy, ci, cr, []byte{0})
	a := p.Suite.prf(k, d, gxy, ci, cr, []byte{1})
	e := p.Suite.prf(k, a, gxy, ci, cr, []byte{2})
	s := Schedule{ID: id, D: ike.NewSecret(d), A: ike.NewSecret(a), E: ike.NewSecret(e)}
	var err error
	s.Ka, err = p.Suite.Expand(s.E)
	return s, err
}

// Expand returns the encryption key that SKEYID_e yields: its first octets, or
// where it is too short those of K1 | K2 | ... with K1 = prf(SKEYID_e, 0) and
// Kn = prf(SKEYID_e, Kn-1) (RFC 2409, appendix B). Errors wrap ErrUnsupported,
// ErrKeyLength or ErrIncomplete.
func (s Suite) Expand(e ike.Secret) (ike.Secret, error) {
	if err := s.hashes(); err != nil {
		return ike.Secret{}, err
	}
	n, err := s.KeyLen()
	if err != nil {
		return ike.Secret{}, err
	}
	key := e.Reveal()
	if len(key) == 0 {
		return ike.Secret{}, fmt.Errorf("%w: SKEYID_e", ErrIncomplete)
	}
	if len(key) >= n {
		return ike.NewSecret(key[:n]), nil
	}
	last, all := []byte{0}, make([]byte, 0, n+maxDigest)
	for len(all) < n {
		last = s.prf(key, last)
		all = append(all, last...)
	}
	return ike.NewSecret(all[:n]), nil
}

// maxDigest is the length of the longest hash in octets.
const maxDigest = 64

// InitialIV returns the initialization vector of phase 1: the first octets of
// hash(g^xi | g^xr) (RFC 2409, appendix B). The arguments are the bodies of the
// key exchange payloads. Errors are as with Supported, and ErrIncomplete.
func (s Suite) InitialIV(gxi, gxr []byte) ([]byte, error) {
	if err := s.Supported(); err != nil {
		return nil, err
	}
	if len(gxi) == 0 || len(gxr) == 0 {
		return nil, fmt.Errorf("%w: key exchange", ErrIncomplete)
	}
	return s.hash(gxi, gxr)[:s.blockSize()], nil
}

// NextIV returns the initialization vector of the first message of an exchange
// of phase 2: the first octets of hash(last phase 1 CBC output block | M-ID)
// (RFC 2409, appendix B). Errors are as with Supported.
func (s Suite) NextIV(last []byte, messageID uint32) ([]byte, error) {
	if err := s.Supported(); err != nil {
		return nil, err
	}
	return s.hash(last, binary.BigEndian.AppendUint32(nil, messageID))[:s.blockSize()], nil
}

// HASH returns HASH_I or HASH_R (RFC 2409, section 5) as side computes it with
// SKEYID and the body of its identification payload. Errors are as with PSK.
func (p *Phase1) HASH(side Side, id ike.Secret, identification []byte) ([]byte, error) {
	if err := p.Suite.hashes(); err != nil {
		return nil, err
	}
	for _, in := range [...]struct {
		name  string
		value []byte
	}{{"SA", p.SA}, {"key exchange", p.KE[0]}, {"key exchange", p.KE[1]}, {"identification", identification}} {
		if len(in.value) == 0 {
			return nil, fmt.Errorf("%w: %s", ErrIncomplete, in.name)
		}
	}
	me, you := side&1, side.Other()&1
	return p.Suite.prf(id.Reveal(), p.KE[me], p.KE[you], p.Cookies[me][:], p.Cookies[you][:], p.SA, identification), nil
}

// Clone returns a copy that shares no memory with p.
func (p *Phase1) Clone() *Phase1 {
	c := *p
	c.SA = bytes.Clone(p.SA)
	for i := range 2 {
		c.KE[i], c.Nonce[i] = bytes.Clone(p.KE[i]), bytes.Clone(p.Nonce[i])
		c.ID[i], c.Hash[i] = bytes.Clone(p.ID[i]), bytes.Clone(p.Hash[i])
	}
	return &c
}

func (p *Phase1) nonces() error {
	if err := p.Suite.hashes(); err != nil {
		return err
	}
	if len(p.Nonce[0]) == 0 || len(p.Nonce[1]) == 0 {
		return fmt.Errorf("%w: nonce", ErrIncomplete)
	}
	return nil
}

func (p *Phase1) bothNonces() []byte {
	return append(bytes.Clone(p.Nonce[0]), p.Nonce[1]...)
}
