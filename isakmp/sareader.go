package isakmp

import (
	"encoding/binary"
	"math"
)

// saReader takes one security association payload apart, into the slabs of a
// Message. Its methods take the octets of their part.
//
// Here is the way of sound input, and it is short and fast. What there is to
// say of a fault stands in sabad.go.
type saReader struct {
	m  *Message
	p  *Payload
	v2 bool
	// partial is set within a part that lacks octets, which has been reported.
	partial bool
	// The indexes of payload, proposal and so on, where the reader is.
	index, proposal, transform, attribute int
}

// security takes a security association payload apart.
func (m *Message) security(index int, p *Payload) {
	r := saReader{m: m, p: p, v2: p.Type == PayloadV2SA, index: index}
	b := p.Body
	doi, situation := DOIISAKMP, uint32(0)
	if !r.v2 {
		if len(b) < 4 {
			r.short(4)
			return
		}
		doi = DOI(binary.BigEndian.Uint32(b))
		b = b[4:]
		if doi == DOIIPsec {
			if len(b) < 4 {
				r.short(8)
				return
			}
			situation = binary.BigEndian.Uint32(b)
			b = b[4:]
		}
	}
	m.room(len(p.Body) + proposalLen)
	m.SAs = m.SAs[:len(m.SAs)+1]
	sa := &m.SAs[len(m.SAs)-1]
	sa.Payload, sa.V2, sa.DOI, sa.Situation = index, r.v2, doi, situation
	if sa.opaque() {
		sa.Proposals, sa.Rest = nil, b
		return
	}
	sa.Proposals, sa.Rest = r.proposals(b), nil
}

// room makes room in the slabs for a security association of n octets, and for
// what it can hold, behind those that came before it in the message. Where
// there is room is not looked at again: a slab that is full is at its limit.
func (m *Message) room(n int) {
	m.octets += n
	if m.octets > m.fitted {
		m.fitted = m.octets
		m.SAs = reserve(m.SAs, n/proposalLen, math.MaxInt)
		m.proposals = reserve(m.proposals, n/proposalLen, m.Limits.proposals())
		m.transforms = reserve(m.transforms, n/transformLen, m.Limits.transforms())
		m.attributes = reserve(m.attributes, n/attributeLen, m.Limits.attributes())
	}
}

// proposals reads a row of proposals.
func (r *saReader) proposals(b []byte) []Proposal {
	slab := r.m.proposals
	start := len(slab)
	for len(b) > 0 {
		r.proposal = len(slab) - start
		if len(b) < proposalLen || len(slab) == cap(slab) {
			r.unread(levelProposal, b, proposalLen)
			break
		}
		n := int(b[2])<<8 | int(b[3])
		if n < proposalLen || n > len(b) {
			if n = r.misfit(levelProposal, b, n, proposalLen); n == 0 {
				break
			}
		}
		slab = slab[:len(slab)+1]
		p := &slab[len(slab)-1]
		p.Number, p.Protocol, p.Reserved = b[4], ProtocolID(b[5]), b[1]
		if spi := proposalLen + int(b[6]); spi <= n {
			p.SPI = b[proposalLen:spi:spi]
			p.Transforms = r.transforms(b[spi:n])
			if len(p.Transforms) != int(b[7]) {
				r.badCount(b, int(b[7]), len(p.Transforms))
			}
		} else {
			r.badSPI(b, n, p)
		}
		if b[0] == byte(PayloadProposal) && n < len(b) {
			b = b[n:]
			continue
		}
		if b[0] != 0 || n != len(b) {
			r.badNext(levelProposal, b, n, PayloadProposal)
		}
		break
	}
	r.m.proposals = slab
	return slab[start:len(slab):len(slab)]
}

// transforms reads a row of transforms.
func (r *saReader) transforms(b []byte) []Transform {
	slab := r.m.transforms
	start := len(slab)
	for len(b) > 0 {
		r.transform = len(slab) - start
		if len(b) < transformLen || len(slab) == cap(slab) {
			r.unread(levelTransform, b, transformLen)
			break
		}
		n := int(b[2])<<8 | int(b[3])
		if n < transformLen || n > len(b) {
			if n = r.misfit(levelTransform, b, n, transformLen); n == 0 {
				break
			}
		}
		slab = slab[:len(slab)+1]
		t := &slab[len(slab)-1]
		t.Number, t.Reserved = b[4], b[1]
		t.ID, t.Reserved2 = uint16(b[5]), uint16(b[6])<<8|uint16(b[7])
		if r.v2 {
			t.Reserved2, t.ID = t.ID, t.Reserved2
		}
		t.Attributes = r.attributes(b[transformLen:n])
		if b[0] == byte(PayloadTransform) && n < len(b) {
			b = b[n:]
			continue
		}
		if b[0] != 0 || n != len(b) {
			r.badNext(levelTransform, b, n, PayloadTransform)
		}
		break
	}
	r.m.transforms = slab
	return slab[start:len(slab):len(slab)]
}

// attributes reads the attributes of a transform.
func (r *saReader) attributes(b []byte) []Attribute {
	slab := r.m.attributes
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
	r.m.attributes = slab
	if len(b) > 0 {
		r.badAttribute(b, len(slab)-start)
	}
	return slab[start:len(slab):len(slab)]
}
