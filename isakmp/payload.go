package isakmp

// PayloadHeaderLen is the length of the generic payload header in octets.
const PayloadHeaderLen = 4

// Payload is one payload of a chain: its generic header, RFC 2408, section
// 3.2, and its body.
//
//	+---------------+---------------+-------------------------------+
//	| next payload  |   reserved    |        payload length         |
//	+---------------+---------------+-------------------------------+
//	|                              body                             |
//	+---------------------------------------------------------------+
//
// The next-payload octet and the length are not kept: the following payload
// and the body have them.
type Payload struct {
	// Body aliases the decoded octets. It lacks the last Missing octets that
	// the length field claims.
	Body []byte
	// Offset is that of the generic header in the decoded octets.
	Offset uint32
	// Missing is zero in every payload that is whole.
	Missing uint16
	Type    PayloadType
	// Reserved is the second octet; its upper bit is IKEv2's critical flag.
	Reserved uint8
}

// sealed reports whether the type is one of IKEv2's whose payload is the last
// and holds others, encrypted.
func (t PayloadType) sealed() bool { return t == PayloadV2Encrypted || t == PayloadV2Fragment }
