package isakmp

import "net/netip"

// IsNATD reports whether the type is that of a NAT-D payload: RFC 3947,
// section 3.2; the private number of the drafts to 03; or 15, which some
// implementations of a later draft used before it became GDOI's.
func (t PayloadType) IsNATD() bool {
	return t == PayloadNATD || t == PayloadNATDDraft || t == PayloadSAK
}

// IsNATOA reports whether the type is that of a NAT-OA payload, as IsNATD.
func (t PayloadType) IsNATOA() bool {
	return t == PayloadNATOA || t == PayloadNATOADraft || t == PayloadSAT
}

// NATD is the body of a NAT-D payload: a hash over both cookies and the
// address and port that the sender sees, the destination's in the first such
// payload and its own in the others. RFC 3947, section 3.2.
//
//	+---------------------------------------------------------------+
//	|        HASH(CKY-I | CKY-R | address | port) (variable)        |
//	+---------------------------------------------------------------+
type NATD []byte

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (n NATD) AppendBinary(dst []byte) ([]byte, error) { return append(dst, n...), nil }

// natOALen is the length of the fixed part of a NAT-OA payload.
const natOALen = 4

// NATOA is a NAT-OA payload: an address as its owner knows it, for transport
// mode. RFC 3947, section 5.2. After the generic header:
//
//	+---------------+-----------------------------------------------+
//	|    ID type    |                    reserved                   |
//	+---------------+-----------------------------------------------+
//	|                   address (4 or 16 octets)                    |
//	+---------------------------------------------------------------+
type NATOA struct {
	// Type tells how the address is read; Reserved is kept as it came.
	Type     IDType
	Reserved [3]byte
	// Data aliases the decoded octets.
	Data []byte
}

// Decode reads the body of a NAT-OA payload. Its error is ErrTruncated.
func (n *NATOA) Decode(body []byte) error {
	*n = NATOA{}
	if len(body) < natOALen {
		return ErrTruncated
	}
	n.Type, n.Reserved, n.Data = IDType(body[0]), [3]byte(body[1:]), body[natOALen:]
	return nil
}

// Addr returns the address. ok is false if type and length do not agree.
func (n *NATOA) Addr() (addr netip.Addr, ok bool) {
	id := ID{Type: n.Type, Data: n.Data}
	return id.Addr()
}

// AppendBinary appends the payload's body to dst. Its error is always nil.
func (n NATOA) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, byte(n.Type), n.Reserved[0], n.Reserved[1], n.Reserved[2])
	return append(dst, n.Data...), nil
}
