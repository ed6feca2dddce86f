package isakmp

// inner marks payloads whose body holds lengths of its own, or other payloads.
const inner = 0x80

// framings holds for each payload type the length of its body's fixed part in
// octets, and inner where body has more to check.
var framings = [256]uint8{
	PayloadSA:            inner,
	PayloadID:            4,
	PayloadCert:          1,
	PayloadCertRequest:   1,
	PayloadNotify:        8 | inner,
	PayloadDelete:        8 | inner,
	PayloadAttribute:     4 | inner,
	PayloadNATOA:         4,
	PayloadNATOADraft:    4,
	PayloadFragment:      4,
	PayloadV2SA:          inner,
	PayloadV2KE:          4,
	PayloadV2IDi:         4,
	PayloadV2IDr:         4,
	PayloadV2Cert:        1,
	PayloadV2CertRequest: 1,
	PayloadV2Auth:        4,
	PayloadV2Notify:      4 | inner,
	PayloadV2Delete:      4 | inner,
	PayloadV2TSi:         4,
	PayloadV2TSr:         4,
	PayloadV2Encrypted:   inner,
	PayloadV2Config:      4,
	PayloadV2Fragment:    4 | inner,
}

// body checks the framing in a payload's body and takes a security association
// apart.
func (m *Message) body(index int, framing uint8) {
	p := &m.Payloads[index]
	if p.Type == PayloadSA || p.Type == PayloadV2SA {
		m.security(index, p)
		return
	}
	fixed := int(framing &^ inner)
	if n := len(p.Body) + int(p.Missing); n < fixed {
		m.problem(RuleShort, pathTo(index, p.Type), int(p.Offset)+2, uint32(n+PayloadHeaderLen), uint32(fixed+PayloadHeaderLen))
		return
	}
	if framing&inner == 0 || len(p.Body) < fixed {
		return
	}
	switch b := p.Body; p.Type {
	case PayloadNotify:
		m.holds(index, p, notifyLen+int(b[5]))
	case PayloadV2Notify:
		m.holds(index, p, notifyLenV2+int(b[1]))
	case PayloadDelete:
		m.holds(index, p, deleteLen+int(b[5])*(int(b[6])<<8|int(b[7])))
	case PayloadV2Delete:
		m.holds(index, p, deleteLenV2+int(b[1])*(int(b[2])<<8|int(b[3])))
	case PayloadAttribute:
		m.configFraming(index, p)
	}
}

// holds checks that a body has the n octets that its fields speak of.
func (m *Message) holds(index int, p *Payload, n int) {
	if have := len(p.Body) + int(p.Missing); n > have {
		m.problem(RuleOverrun, pathTo(index, p.Type), int(p.Offset)+PayloadHeaderLen, uint32(n), uint32(have))
	}
}

// configFraming checks the attributes of a mode config payload.
func (m *Message) configFraming(index int, p *Payload) {
	var a Attribute
	for i, at := 0, configLen; at < len(p.Body); i++ {
		end := a.decode(p.Body, at)
		if have := len(p.Body) + int(p.Missing); end > have {
			path := pathTo(index, p.Type).with(levelAttribute, i)
			m.problem(RuleOverrun, path, int(p.Offset)+PayloadHeaderLen+at, uint32(end-at), uint32(have-at))
		}
		at = end
	}
}
