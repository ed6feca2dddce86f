package isakmp

// transformLen is the length of a transform's fixed part, its generic header
// included.
const transformLen = 8

// KeyIKE is the transform ID of phase 1: RFC 2407, section 4.4.2.1.
const KeyIKE = 1

// Transform is one way to protect: in IKEv1 a whole suite, RFC 2408, section
// 3.6; in IKEv2 a single algorithm, RFC 7296, section 3.3.2. Its octets:
//
//	+---------------+---------------+-------------------------------+
//	| 3, or 0: last |   reserved    |       transform length        |
//	+---------------+---------------+-------------------------------+
//	|    number     | transform ID  |           reserved2           |  IKEv1
//	+---------------+---------------+-------------------------------+
//	|     type      |   reserved2   |         transform ID          |  IKEv2
//	+---------------+---------------+-------------------------------+
//	|                          attributes                           |
//	+---------------------------------------------------------------+
type Transform struct {
	Attributes []Attribute
	// ID is an AHTransform, ESPTransform or IPCompTransform by the
	// proposal's protocol, and KeyIKE in phase 1.
	ID uint16
	// Reserved2 has 16 bits in IKEv1, 8 in IKEv2.
	Reserved2 uint16
	// Number counts the transforms of an IKEv1 proposal. In IKEv2 it is the
	// TransformTypeV2.
	Number   uint8
	Reserved uint8
}

// Attribute returns the first attribute of a class.
func (t *Transform) Attribute(class uint16) (Attribute, bool) {
	for _, a := range t.Attributes {
		if a.Class == class {
			return a, true
		}
	}
	return Attribute{}, false
}

// AppendBinary appends the transform to dst as the last one of its proposal,
// in IKEv1's form. Its error is ErrRange.
func (t Transform) AppendBinary(dst []byte) ([]byte, error) { return t.append(dst, 0, false) }

func (t *Transform) append(dst []byte, more byte, v2 bool) ([]byte, error) {
	start := len(dst)
	dst = append(dst, more, t.Reserved, 0, 0, t.Number, byte(t.ID), byte(t.Reserved2>>8), byte(t.Reserved2))
	if v2 {
		dst[start+5], dst[start+6], dst[start+7] = byte(t.Reserved2), byte(t.ID>>8), byte(t.ID)
	} else if t.ID > 0xff {
		return dst, ErrRange
	}
	var err error
	for i := range t.Attributes {
		if dst, err = t.Attributes[i].AppendBinary(dst); err != nil {
			return dst, err
		}
	}
	return dst, putLength(dst, start)
}
