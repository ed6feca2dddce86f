package keys

import (
	"fmt"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Suite is what phase 1 agreed on: the transform that the responder chose
// (RFC 2409, section 4).
type Suite struct {
	// Cipher has 0 bits where the length was not negotiated; appendix B of
	// RFC 2409 then says which one it is.
	Cipher ike.CipherKey
	Hash   ike.Integrity
	// PRF is PRFNone where none was negotiated: it is then the HMAC of Hash.
	PRF   ike.PRF
	Group ike.Group
	Auth  ike.AuthMethod
}

// SuiteOf returns the suite of a phase-1 proposal, the first value of each
// kind: that of the transform chosen.
func SuiteOf(p *ike.Proposal) Suite {
	var s Suite
	if len(p.Ciphers) > 0 {
		s.Cipher = p.Ciphers[0]
	}
	if len(p.Integrity) > 0 {
		s.Hash = p.Integrity[0]
	}
	if len(p.PRF) > 0 {
		s.PRF = p.PRF[0]
	}
	if len(p.Groups) > 0 {
		s.Group = p.Groups[0]
	}
	if len(p.Auth) > 0 {
		s.Auth = p.Auth[0]
	}
	return s
}

// SuiteFromSA returns the suite of the first transform of a phase-1 SA
// payload, which is the only one in a responder's answer; false if it has
// none.
func SuiteFromSA(sa *isakmp.SA) (Suite, bool) {
	for i := range sa.Proposals {
		if len(sa.Proposals[i].Transforms) == 0 {
			continue
		}
		p := ike.Proposal{Protocol: ike.ProtocolIKE}
		for _, a := range sa.Proposals[i].Transforms[0].Attributes {
			if v, ok := a.Uint(); ok && v <= 0xffff {
				p.SetAttribute(a.Class, uint16(v))
			}
		}
		return SuiteOf(&p), true
	}
	return Suite{}, false
}

// Supported returns nil if keys can be derived and messages decrypted with the
// suite, ErrKeyLength or ErrUnsupported otherwise. It does not look at the
// group, which matters to SharedSecret only.
func (s Suite) Supported() error {
	if err := s.hashes(); err != nil {
		return err
	}
	_, err := s.KeyLen()
	return err
}

// hashes is Supported as far as a PSK proof in aggressive mode needs it.
func (s Suite) hashes() error {
	if newHash(s.Hash) == nil {
		return fmt.Errorf("%w: hash %v", ErrUnsupported, s.Hash)
	}
	if s.PRF != ike.PRFNone && newPRF(s.PRF) == nil {
		return fmt.Errorf("%w: %v", ErrUnsupported, s.PRF)
	}
	return nil
}
