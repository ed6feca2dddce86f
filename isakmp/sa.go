package isakmp

import "encoding/binary"

// The bits of a situation, RFC 2407, section 4.2.
const (
	SituationIdentityOnly = 1
	SituationSecrecy      = 2
	SituationIntegrity    = 4
)

// SA is a security association payload: what is offered, or what is chosen.
// RFC 2408, section 3.4; RFC 2407, section 4.6.1. After the generic header:
//
//	+---------------------------------------------------------------+
//	|                  domain of interpretation (DOI)               |
//	+---------------------------------------------------------------+
//	|                           situation                           |
//	+---------------------------------------------------------------+
//	|                           proposals                           |
//	+---------------------------------------------------------------+
//
// IKEv2's, RFC 7296, section 3.3, has the proposals only.
type SA struct {
	// Payload is the index in Message.Payloads.
	Payload int
	// V2 is set for IKEv2's form, which leaves out DOI and Situation.
	V2  bool
	DOI DOI
	// Situation is there with DOIIPsec only.
	Situation uint32
	Proposals []Proposal
	// Rest aliases what follows the DOI if it is not DOIIPsec, and what
	// follows the situation if that has labels: nobody here reads those.
	Rest []byte
}

// opaque reports whether what follows the situation is not proposals.
func (s *SA) opaque() bool {
	return !s.V2 && (s.DOI != DOIIPsec || s.Situation&(SituationSecrecy|SituationIntegrity) != 0)
}

// Decode reads the body of a security association payload, in IKEv2's form if
// s.V2 is set. It allocates; Message.Decode does not, and tells more of a
// fault.
func (s *SA) Decode(body []byte) error {
	t := PayloadSA
	if s.V2 {
		t = PayloadV2SA
	}
	var m Message
	m.Payloads = []Payload{{Type: t, Body: body}}
	m.body(0, framings[t])
	if len(m.SAs) != 0 {
		*s = m.SAs[0]
	}
	return m.err()
}

// AppendBinary appends the payload's body to dst. Its error is ErrRange.
func (s SA) AppendBinary(dst []byte) ([]byte, error) {
	if !s.V2 {
		dst = binary.BigEndian.AppendUint32(dst, uint32(s.DOI))
		if s.DOI == DOIIPsec {
			dst = binary.BigEndian.AppendUint32(dst, s.Situation)
		}
	}
	var err error
	for i := range s.Proposals {
		more := byte(PayloadProposal)
		if i == len(s.Proposals)-1 {
			more = 0
		}
		if dst, err = s.Proposals[i].append(dst, more, s.V2); err != nil {
			return dst, err
		}
	}
	return append(dst, s.Rest...), nil
}
