package isakmp

// KeyExchange is the body of a key exchange payload, IKEv1's: the public value
// of the Diffie-Hellman group that is being used. RFC 2408, section 3.7.
//
//	+---------------------------------------------------------------+
//	|                     public value (variable)                   |
//	+---------------------------------------------------------------+
//
// Its length is that of the group's modulus, RFC 2409, section 5.
type KeyExchange []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (k KeyExchange) AppendBinary(dst []byte) ([]byte, error) { return append(dst, k...), nil }

// IsZero reports whether the public value is zero, which makes the secret one
// that everybody knows.
func (k KeyExchange) IsZero() bool {
	for _, b := range k {
		if b != 0 {
			return false
		}
	}
	return true
}
