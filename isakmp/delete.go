package isakmp

import (
	"encoding/binary"
	"iter"
)

// The lengths of the fixed part of a deletion in octets.
const (
	deleteLen   = 8
	deleteLenV2 = 4
)

// Delete is a delete payload: the sender has removed these SAs. RFC 2408,
// section 3.15. After the generic header:
//
//	+---------------------------------------------------------------+
//	|                  domain of interpretation (DOI)               |  not in IKEv2
//	+---------------+---------------+-------------------------------+
//	|   protocol    |   SPI size    |         number of SPIs        |
//	+---------------+---------------+-------------------------------+
//	|                       SPIs (variable)                         |
//	+---------------------------------------------------------------+
type Delete struct {
	DOI DOI
	// Protocol tells how long each SPI is: 16 octets for ISAKMP, 4 for ESP and
	// AH.
	Protocol ProtocolID
	// SPISize is that of one SPI in octets: 4 for AH and ESP, 16 for ISAKMP,
	// whose SPI is both cookies.
	SPISize uint8
	Count   uint16
	// SPIs aliases the decoded octets: Count SPIs, and whatever follows them.
	SPIs []byte
}

// Decode reads the body of a delete payload. Its error is ErrTruncated; what
// was read is in d all the same.
func (d *Delete) Decode(body []byte) error {
	*d = Delete{}
	if len(body) < deleteLen {
		return ErrTruncated
	}
	d.DOI = DOI(binary.BigEndian.Uint32(body))
	return d.decode(body[4:])
}

// DecodeV2 reads the body of an IKEv2 delete payload, RFC 7296, section 3.11,
// which has no DOI. Errors are as with Decode.
func (d *Delete) DecodeV2(body []byte) error {
	*d = Delete{}
	return d.decode(body)
}

func (d *Delete) decode(b []byte) error {
	if len(b) < deleteLenV2 {
		return ErrTruncated
	}
	d.Protocol, d.SPISize, d.Count = ProtocolID(b[0]), b[1], binary.BigEndian.Uint16(b[2:])
	d.SPIs = b[deleteLenV2:]
	if len(d.SPIs) < int(d.SPISize)*int(d.Count) {
		return ErrTruncated
	}
	return nil
}

// All yields the SPIs, as many as are there.
func (d *Delete) All() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		size, b := int(d.SPISize), d.SPIs
		for range d.Count {
			if size == 0 || len(b) < size || !yield(b[:size:size]) {
				return
			}
			b = b[size:]
		}
	}
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (d Delete) AppendBinary(dst []byte) ([]byte, error) {
	return d.AppendBinaryV2(binary.BigEndian.AppendUint32(dst, uint32(d.DOI)))
}

// AppendBinaryV2 appends the body in IKEv2's form to dst. Its error is always
// nil.
func (d Delete) AppendBinaryV2(dst []byte) ([]byte, error) {
	dst = append(dst, byte(d.Protocol), d.SPISize, byte(d.Count>>8), byte(d.Count))
	return append(dst, d.SPIs...), nil
}
