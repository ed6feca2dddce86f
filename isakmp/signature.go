package isakmp

// Signature is the body of a signature payload: RFC 2408, section 3.12; what
// it covers, RFC 2409, section 5.1.
//
//	+---------------------------------------------------------------+
//	|                   signature data (variable)                   |
//	+---------------------------------------------------------------+
type Signature []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (s Signature) AppendBinary(dst []byte) ([]byte, error) { return append(dst, s...), nil }
