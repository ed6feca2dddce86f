package isakmp

import (
	"encoding/binary"
	"slices"
)

// saReader takes one security association payload apart, into the slabs of a
// Message. Its methods take the octets of their part.
//
// Here is the way of sound input, and it is short and fast. What there is to
// say of a fault stands in sabad.go.
type place struct {
	base, cap                  int
	index, proposal, transform int
	t                          PayloadType
	partial                    bool
}

// security takes a security association payload apart.
func (m *Message) security(index int, p *Payload) {
	v2 := p.Type == PayloadV2SA
	m.in = place{base: int(p.Offset) + PayloadHeaderLen, cap: cap(p.Body), index: index, t: p.Type}
	m.v2 = v2
	b := p.Body
	doi, situation := DOIISAKMP, uint32(0)
	if !v2 {
		doi = DOI(binary.BigEndian.Uint32(b))
		b = b[4:]
		if doi == DOIIPsec {
			if len(b) < 4 {
				m.saOverrun(b, 4)
				return
			}
			situation = binary.BigEndian.Uint32(b)
			b = b[4:]
		}
	}
	m.SAs = slices.Grow(m.SAs, 1)[:len(m.SAs)+1]
	sa := &m.SAs[len(m.SAs)-1]
	sa.Payload, sa.V2, sa.DOI, sa.Situation = index, v2, doi, situation
	if sa.opaque() {
		sa.Proposals, sa.Rest = nil, b
		return
	}
	m.room(len(b))
	sa.Proposals, sa.Rest = m.readProposals(b), nil
}

// room makes room for what security associations of so many octets in all can
// hold.
func (m *Message) room(n int) {
	m.octets += n
	if m.octets > m.roomFor {
		m.roomFor = m.octets
		m.proposals = reserve(m.proposals, n/proposalLen, m.Limits.proposals())
		m.transforms = reserve(m.transforms, n/transformLen, m.Limits.transforms())
		m.attributes = reserve(m.attributes, n/attributeLen, m.Limits.attributes())
	}
}

// proposals reads a row of proposals.
func (m *Message) readProposals(b []byte) []Proposal {
	slab := m.proposals
	start := len(slab)
	for len(b) > 0 {
		if len(b) < proposalLen || len(slab) == cap(slab) {
			m.saUnread(b, proposalLen)
			break
		}
		n := int(b[2])<<8 | int(b[3])
		if n < proposalLen || n > len(b) {
			if n = m.saMisfit(b, n, proposalLen); n == 0 {
				break
			}
		}
		slab = slab[:len(slab)+1]
		p := &slab[len(slab)-1]
		p.Number, p.Protocol, p.Reserved = b[4], ProtocolID(b[5]), b[1]
		if spi := proposalLen + int(b[6]); spi <= n {
			p.SPI = b[proposalLen:spi:spi]
			p.Transforms = m.readTransforms(b[spi:n], int(b[7]))
		} else {
			m.badSPI(b, n, p)
		}
		m.in.proposal++
		if b[0] == byte(PayloadProposal) && n < len(b) {
			b = b[n:]
			continue
		}
		if b[0] != 0 || n != len(b) {
			m.badNext(b, n, PayloadProposal)
		}
		break
	}
	m.proposals = slab
	return slab[start:len(slab):len(slab)]
}

// transforms reads a row of transforms, which are to be so many.
func (m *Message) readTransforms(b []byte, count int) []Transform {
	slab := m.transforms
	start := len(slab)
	for len(b) > 0 {
		if len(b) < transformLen || len(slab) == cap(slab) {
			m.saUnread(b, transformLen)
			break
		}
		n := int(b[2])<<8 | int(b[3])
		if n < transformLen || n > len(b) {
			if n = m.saMisfit(b, n, transformLen); n == 0 {
				break
			}
		}
		slab = slab[:len(slab)+1]
		t := &slab[len(slab)-1]
		t.Number, t.Reserved = b[4], b[1]
		t.ID, t.Reserved2 = uint16(b[5]), uint16(b[6])<<8|uint16(b[7])
		if m.v2 {
			t.Reserved2, t.ID = t.ID, t.Reserved2
		}
		t.Attributes = m.readAttributes(b[transformLen:n])
		m.in.transform++
		if b[0] == byte(PayloadTransform) && n < len(b) {
			b = b[n:]
			continue
		}
		if b[0] != 0 || n != len(b) {
			m.badNext(b, n, PayloadTransform)
		}
		break
	}
	m.transforms = slab
	if n := len(slab) - start; n != count {
		m.badCount(b, count, n)
	}
	m.in.transform = 0
	return slab[start:len(slab):len(slab)]
}

// attributes reads the attributes of a transform.
func (m *Message) readAttributes(b []byte) []Attribute {
	slab := m.attributes
	start := len(slab)
	for len(b) >= attributeLen && len(slab) < cap(slab) {
		head := binary.BigEndian.Uint32(b)
		slab = slab[:len(slab)+1]
		a := &slab[len(slab)-1]
		a.Class = uint16(head>>16) &^ attributeShort
		if head>>31 != 0 {
			a.Short = true
			a.Value = b[2:4:4]
			b = b[4:]
			continue
		}
		n := attributeLen + int(head&0xffff)
		if n > len(b) {
			slab = slab[:len(slab)-1]
			break
		}
		a.Short = false
		a.Value = b[attributeLen:n:n]
		b = b[n:]
	}
	m.attributes = slab
	if len(b) > 0 {
		m.badAttribute(b, len(slab)-start)
	}
	return slab[start:len(slab):len(slab)]
}
