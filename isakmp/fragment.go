package isakmp

import "encoding/binary"

// fragmentLen is the length of the fixed part of a fragment payload.
const fragmentLen = 4

// fragmentLast is the flag of the last fragment.
const fragmentLast = 1

// Fragment is a fragment payload: a piece of a message that its sender cut, so
// that IP does not have to. [MS-IKEE], section 2.2.3; Cisco's is the same. It
// is the only payload of its message, and the pieces put together are a whole
// message with a header of its own. After the generic header:
//
//	+-------------------------------+---------------+---------------+
//	|          fragment ID          |    number     |     flags     |
//	+-------------------------------+---------------+---------------+
//	|                   fragment data (variable)                    |
//	+---------------------------------------------------------------+
type Fragment struct {
	// ID is common to the pieces of one message.
	ID uint16
	// Number counts the pieces from 1.
	Number uint8
	// Flags is the octet as it was sent; bit 0 marks the last piece.
	Flags uint8
	// Data aliases the decoded octets.
	Data []byte
}

// Last reports whether this is the last piece.
func (f *Fragment) Last() bool { return f.Flags&fragmentLast != 0 }

// Decode reads the body of a fragment payload. Its error is ErrTruncated.
func (f *Fragment) Decode(body []byte) error {
	*f = Fragment{}
	if len(body) < fragmentLen {
		return ErrTruncated
	}
	f.ID, f.Number, f.Flags = binary.BigEndian.Uint16(body), body[2], body[3]
	f.Data = body[fragmentLen:]
	return nil
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (f Fragment) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(binary.BigEndian.AppendUint16(dst, f.ID), f.Number, f.Flags)
	return append(dst, f.Data...), nil
}
