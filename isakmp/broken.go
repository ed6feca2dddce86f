package isakmp

// broken explains why the chain cannot go on at an offset of b, though it
// names a payload of type m.LastNext there. Of a payload whose end is missing
// it decodes the beginning. It returns where it stopped.
func (m *Message) broken(b []byte, at, missing int) int {
	index, t := len(m.Payloads), m.LastNext
	if index > 0 && m.Payloads[index-1].Type.sealed() {
		return at // what the chain names is inside
	}
	path, left := pathTo(index, t), len(b)-at
	if left+missing == 0 {
		m.problem(RulePromised, path, at, 0, 0)
		return at
	}
	if left < PayloadHeaderLen {
		m.overrun(path, at, PayloadHeaderLen, left, missing)
		return at
	}
	n := int(b[at+2])<<8 | int(b[at+3])
	if n < PayloadHeaderLen {
		m.problem(RuleShort, path, at, uint32(n), PayloadHeaderLen)
		return at
	}
	if index == cap(m.Payloads) {
		m.problem(RuleLimit, path, at, 0, 0)
		return at
	}
	m.overrun(path, at, n, left, missing)
	m.Payloads = append(m.Payloads, Payload{
		Body:     b[at+PayloadHeaderLen:],
		Offset:   uint32(at),
		Missing:  uint16(n - left),
		Type:     t,
		Reserved: b[at+1],
	})
	m.body(index, framings[t])
	m.LastNext = PayloadType(b[at])
	return len(b)
}
