package isakmp

import (
	"encoding/binary"
	"iter"
)

// attributeLen is the length of an attribute's fixed part.
const attributeLen = 4

// attributeShort is the bit F of an attribute's first two octets.
const attributeShort = 0x8000

// Attribute is a data attribute of a transform or of mode config: RFC 2408,
// section 3.3. Its octets in the short form (TV, F is 1) and in the long (TLV,
// F is 0):
//
//	+-+-----------------------------+-------------------------------+
//	|F|            class            |        value, or length       |
//	+-+-----------------------------+-------------------------------+
//	|                     value, in the long form                   |
//	+---------------------------------------------------------------+
type Attribute struct {
	// Value has 2 octets in the short form. It aliases the decoded octets.
	Value []byte
	// Class is an OakleyAttribute in phase 1, an IPsecAttribute in phase 2,
	// and a ConfigAttribute in mode config.
	Class uint16
	// Short is set for the short form. It says how the attribute was sent:
	// some send numbers in the long form, and mean the same.
	Short bool
}

// Uint returns the value as a number. ok is false if it is empty or has more
// than 8 significant octets.
func (a Attribute) Uint() (v uint64, ok bool) {
	b := a.Value
	for len(b) > 8 && b[0] == 0 {
		b = b[1:]
	}
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v, len(b) > 0 && len(b) <= 8
}

// AppendBinary appends the attribute to dst. Its error is ErrRange.
func (a Attribute) AppendBinary(dst []byte) ([]byte, error) {
	switch {
	case a.Class > 0x7fff:
		return dst, ErrRange
	case !a.Short:
		if len(a.Value) > 0xffff {
			return dst, ErrRange
		}
		dst = append(dst, byte(a.Class>>8), byte(a.Class), byte(len(a.Value)>>8), byte(len(a.Value)))
		return append(dst, a.Value...), nil
	case len(a.Value) != 2:
		return dst, ErrRange
	}
	return append(dst, byte(a.Class>>8)|0x80, byte(a.Class), a.Value[0], a.Value[1]), nil
}

// ShortAttribute returns an attribute of the short form. It allocates the
// value's 2 octets.
func ShortAttribute(class, value uint16) Attribute {
	return Attribute{Class: class, Short: true, Value: binary.BigEndian.AppendUint16(nil, value)}
}

// decode reads the attribute at an offset of b and returns where it ends. If
// that is beyond b, it reads nothing.
func (a *Attribute) decode(b []byte, at int) (end int) {
	if len(b)-at < attributeLen {
		return at + attributeLen
	}
	class, n := uint16(b[at])<<8|uint16(b[at+1]), int(b[at+2])<<8|int(b[at+3])
	from := at + 2
	end = at + attributeLen
	if class&0x8000 == 0 {
		from = end
		end += n
		if end > len(b) {
			return end
		}
	}
	a.Value = b[from:end:end]
	a.Class = class & 0x7fff
	a.Short = class&0x8000 != 0
	return end
}

// Attributes is a row of attributes as they were sent: a cursor, a value to
// copy. It stands before the first one.
type Attributes struct {
	b    []byte
	next int
	cur  Attribute
}

// NewAttributes returns the attributes that b holds, which it aliases.
func NewAttributes(b []byte) Attributes { return Attributes{b: b} }

// Next goes to the next attribute and reports whether there is one.
func (a *Attributes) Next() bool {
	if a.next >= len(a.b) {
		return false
	}
	end := a.cur.decode(a.b, a.next)
	if end > len(a.b) {
		return false
	}
	a.next = end
	return true
}

// Attribute returns the current attribute, whose value aliases the decoded
// octets.
func (a *Attributes) Attribute() Attribute { return a.cur }

// Find returns the first attribute of a class, wherever the cursor stands.
func (a Attributes) Find(class uint16) (Attribute, bool) {
	for a.next = 0; a.Next(); {
		if a.cur.Class == class {
			return a.cur, true
		}
	}
	return Attribute{}, false
}

// All yields the attributes from the first on, wherever the cursor stands.
func (a Attributes) All() iter.Seq[Attribute] {
	return func(yield func(Attribute) bool) {
		for a.next = 0; a.Next(); {
			if !yield(a.cur) {
				return
			}
		}
	}
}

// Check returns ErrTruncated if an attribute reaches beyond the end.
func (a Attributes) Check() error {
	for a.next = 0; a.Next(); {
	}
	if a.next < len(a.b) {
		return ErrTruncated
	}
	return nil
}

// AppendBinary appends the attributes to dst as they were sent. Its error is
// always nil.
func (a Attributes) AppendBinary(dst []byte) ([]byte, error) { return append(dst, a.b...), nil }
