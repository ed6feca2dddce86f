package isakmp

import "encoding/binary"

// The lengths of the fixed part of a notification in octets.
const (
	notifyLen   = 8
	notifyLenV2 = 4
)

// Notify is a notification payload: RFC 2408, section 3.14. After the generic
// header:
//
//	+---------------------------------------------------------------+
//	|                  domain of interpretation (DOI)               |  not in IKEv2
//	+---------------+---------------+-------------------------------+
//	|   protocol    |   SPI size    |      notify message type      |
//	+---------------+---------------+-------------------------------+
//	|                        SPI (variable)                         |
//	+---------------------------------------------------------------+
//	|                 notification data (variable)                  |
//	+---------------------------------------------------------------+
//
// What the data of a type means, methods such as DPDSequence tell. In the
// clear, anybody may have sent it.
type Notify struct {
	DOI DOI
	// Protocol and SPI name the SA that it is about, Type what is notified.
	Protocol ProtocolID
	Type     NotifyType
	// SPI and Data alias the decoded octets. The SPI of an ISAKMP SA is both
	// cookies, RFC 2407, section 4.6.3.
	SPI, Data []byte
}

// Decode reads the body of a notification payload. Its error is ErrTruncated;
// what was read is in n all the same.
func (n *Notify) Decode(body []byte) error {
	*n = Notify{}
	if len(body) < notifyLen {
		return ErrTruncated
	}
	n.DOI = DOI(binary.BigEndian.Uint32(body))
	return n.decode(body[4:])
}

// DecodeV2 reads the body of an IKEv2 notification payload, RFC 7296, section
// 3.10, which has no DOI. Type is then a NotifyTypeV2. Errors are as with
// Decode.
func (n *Notify) DecodeV2(body []byte) error {
	*n = Notify{}
	return n.decode(body)
}

func (n *Notify) decode(b []byte) error {
	if len(b) < notifyLenV2 {
		return ErrTruncated
	}
	n.Protocol = ProtocolID(b[0])
	n.Type = NotifyType(binary.BigEndian.Uint16(b[2:]))
	size := int(b[1])
	b = b[notifyLenV2:]
	if len(b) < size {
		n.SPI = b
		return ErrTruncated
	}
	n.SPI, n.Data = b[:size:size], b[size:]
	return nil
}

// AppendBinary appends the payload's body to dst. Its error is ErrRange.
func (n Notify) AppendBinary(dst []byte) ([]byte, error) {
	return n.AppendBinaryV2(binary.BigEndian.AppendUint32(dst, uint32(n.DOI)))
}

// AppendBinaryV2 appends the body in IKEv2's form to dst. Its error is
// ErrRange.
func (n Notify) AppendBinaryV2(dst []byte) ([]byte, error) {
	if len(n.SPI) > 0xff {
		return dst, ErrRange
	}
	dst = append(dst, byte(n.Protocol), byte(len(n.SPI)), byte(n.Type>>8), byte(n.Type))
	dst = append(dst, n.SPI...)
	return append(dst, n.Data...), nil
}

// IsError reports whether the type is in the range of errors: RFC 2408,
// section 3.14.1.
func (t NotifyType) IsError() bool { return t > 0 && t < 16384 }

// IsError reports whether the type is in the range of errors: RFC 7296,
// section 3.10.1.
func (t NotifyTypeV2) IsError() bool { return t > 0 && t < 16384 }

// DPDSequence returns the sequence number of R-U-THERE and R-U-THERE-ACK: RFC
// 3706, section 5.3.
func (n *Notify) DPDSequence() (seq uint32, ok bool) {
	if n.Type != NotifyDPDRUThere && n.Type != NotifyDPDRUThereAck || len(n.Data) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(n.Data), true
}

// Cookies returns the cookies that are the SPI of an ISAKMP SA, as with
// INITIAL-CONTACT, RFC 2407, section 4.6.3.3.
func (n *Notify) Cookies() (initiator, responder Cookie, ok bool) {
	if len(n.SPI) != 16 {
		return initiator, responder, false
	}
	return Cookie(n.SPI[:8]), Cookie(n.SPI[8:]), true
}

// ReplayDetection returns what REPLAY-STATUS says: RFC 2407, section 4.6.3.2.
func (n *Notify) ReplayDetection() (enabled, ok bool) {
	if n.Type != NotifyReplayStatus || len(n.Data) != 4 {
		return false, false
	}
	return binary.BigEndian.Uint32(n.Data) == 1, true
}

// Lifetime returns the attributes of RESPONDER-LIFETIME, the lifetime that
// the responder will use: RFC 2407, section 4.6.3.1.
func (n *Notify) Lifetime() (Attributes, bool) {
	return Attributes{b: n.Data}, n.Type == NotifyResponderLifetime
}
