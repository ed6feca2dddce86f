package isakmp

import "encoding/binary"

// configLen is the length of the fixed part of a mode config payload.
const configLen = 4

// Config is a mode config payload, which also carries XAUTH:
// draft-dukes-ike-mode-cfg-02, section 3.2. After the generic header:
//
//	+---------------+---------------+-------------------------------+
//	|     type      |   reserved    |           identifier          |
//	+---------------+---------------+-------------------------------+
//	|                          attributes                           |
//	+---------------------------------------------------------------+
//
// Their classes are ConfigAttribute.
type Config struct {
	// The fields of the payload as they are on the wire.
	Type       ConfigType
	Reserved   uint8
	Identifier uint16
	Attributes Attributes
}

// Decode reads the body of a mode config payload. Its error is ErrTruncated:
// in the fixed part, or in an attribute, the ones before which can be read.
func (c *Config) Decode(body []byte) error {
	*c = Config{}
	if len(body) < configLen {
		return ErrTruncated
	}
	c.Type, c.Reserved, c.Identifier = ConfigType(body[0]), body[1], binary.BigEndian.Uint16(body[2:])
	c.Attributes = Attributes{b: body[configLen:]}
	return c.Attributes.Check()
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (c Config) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, byte(c.Type), c.Reserved, byte(c.Identifier>>8), byte(c.Identifier))
	return append(dst, c.Attributes.b...), nil
}
