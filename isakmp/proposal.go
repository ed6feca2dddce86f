package isakmp

// proposalLen is the length of a proposal's fixed part, its generic header
// included.
const proposalLen = 8

// Proposal is a proposal: one protocol and the transforms offered for it. RFC
// 2408, section 3.5; RFC 7296, section 3.3.1. Its octets:
//
//	+---------------+---------------+-------------------------------+
//	| 2, or 0: last |   reserved    |        proposal length        |
//	+---------------+---------------+---------------+---------------+
//	|    number     |   protocol    |   SPI size    |  transforms   |
//	+---------------+---------------+---------------+---------------+
//	|                        SPI (variable)                         |
//	+---------------------------------------------------------------+
//	|                          transforms                           |
//	+---------------------------------------------------------------+
//
// Proposals with the same number belong together: all of their protocols, such
// as ESP and IPComp, or none.
type Proposal struct {
	// SPI is the sender's, of 4 octets for AH and ESP and of 2 for IPComp. It
	// is empty or a cookie in phase 1.
	SPI        []byte
	Transforms []Transform
	Number     uint8
	Protocol   ProtocolID
	Reserved   uint8
}

// AppendBinary appends the proposal to dst as the last one of its payload, in
// IKEv1's form. Its error is ErrRange.
func (p Proposal) AppendBinary(dst []byte) ([]byte, error) { return p.append(dst, 0, false) }

func (p *Proposal) append(dst []byte, more byte, v2 bool) ([]byte, error) {
	if len(p.SPI) > 0xff || len(p.Transforms) > 0xff {
		return dst, ErrRange
	}
	start := len(dst)
	dst = append(dst, more, p.Reserved, 0, 0, p.Number, byte(p.Protocol), byte(len(p.SPI)), byte(len(p.Transforms)))
	dst = append(dst, p.SPI...)
	var err error
	for i := range p.Transforms {
		more := byte(PayloadTransform)
		if i == len(p.Transforms)-1 {
			more = 0
		}
		if dst, err = p.Transforms[i].append(dst, more, v2); err != nil {
			return dst, err
		}
	}
	return dst, putLength(dst, start)
}

// putLength writes the length of dst[start:] into its generic header.
func putLength(dst []byte, start int) error {
	n := len(dst) - start
	if n > 0xffff {
		return ErrRange
	}
	dst[start+2], dst[start+3] = byte(n>>8), byte(n)
	return nil
}
