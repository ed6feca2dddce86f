package isakmp

import (
	"encoding/binary"
	"slices"
)

// AppendBinary appends the message to dst: the header, the payloads with their
// Body (or Encrypted, if Header.Encrypted says so), and Rest. The octets that
// say what comes next and the payloads' lengths are computed. So is the
// message's Length if it is 0 and there are no Problems.
//
// After Decode it appends the octets that were decoded, whether that met a
// fault or not. Its error is ErrRange.
func (m *Message) AppendBinary(dst []byte) ([]byte, error) {
	if m.headless {
		return append(dst, m.Rest...), nil
	}
	start := len(dst)
	dst = slices.Grow(dst, HeaderLen)[:start+HeaderLen]
	header := (*[HeaderLen]byte)(dst[start:])
	m.Header.encode(header)
	if m.Header.Encrypted() {
		dst = append(dst, m.Encrypted...)
	} else if len(m.Payloads) != 0 {
		header[nextOffset] = byte(m.Payloads[0].Type)
		var err error
		if dst, err = m.AppendPayloads(dst); err != nil {
			return dst, err
		}
	}
	if len(m.Rest) != 0 {
		dst = append(dst, m.Rest...)
	}
	if m.Length == 0 && len(m.Problems) == 0 {
		binary.BigEndian.PutUint32(dst[start+lengthOffset:], uint32(len(dst)-start))
	}
	return dst, nil
}

// AppendPayloads appends the chain of payloads to dst, without header and
// Rest: what there is to encrypt. Its error is ErrRange.
func (m *Message) AppendPayloads(dst []byte) ([]byte, error) {
	for i := range m.Payloads {
		p := &m.Payloads[i]
		next := m.LastNext
		if i+1 < len(m.Payloads) {
			next = m.Payloads[i+1].Type
		}
		n := PayloadHeaderLen + len(p.Body) + int(p.Missing)
		if n > 0xffff {
			return dst, ErrRange
		}
		dst = append(dst, byte(next), p.Reserved, byte(n>>8), byte(n))
		dst = append(dst, p.Body...)
	}
	return dst, nil
}
