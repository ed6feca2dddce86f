package isakmp

// Nonce is the body of a nonce payload: random data, of 8 to 256 octets by RFC
// 2409, section 5. RFC 2408, section 3.13.
//
//	+---------------------------------------------------------------+
//	|                     nonce data (variable)                     |
//	+---------------------------------------------------------------+
type Nonce []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (n Nonce) AppendBinary(dst []byte) ([]byte, error) { return append(dst, n...), nil }
