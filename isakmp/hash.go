package isakmp

// Hash is the body of a hash payload: what proves integrity or identity. RFC
// 2408, section 3.11; what it covers, RFC 2409, section 5.
//
//	+---------------------------------------------------------------+
//	|                      hash data (variable)                     |
//	+---------------------------------------------------------------+
type Hash []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (h Hash) AppendBinary(dst []byte) ([]byte, error) { return append(dst, h...), nil }
