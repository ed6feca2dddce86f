package exchange

import (
	"encoding/binary"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// contents puts into a Step what a message says in the clear, or says inside
// where the Opener can read it.
func (t *Tracker) contents(s *Step, raw []byte, fromInitiator bool) {
	m := s.Message
	if s.Class == MessageV2 {
		for i := range m.Payloads {
			s.notifyV2(&m.Payloads[i])
		}
		return
	}
	if t.Opener != nil && s.First() && !s.Cut {
		plain, ok := t.Opener.Open(t.plain[:0], raw, m, fromInitiator)
		if plain != nil {
			t.plain = plain
		}
		if ok && s.Encrypted {
			t.inside.Header, t.inside.Limits = m.Header, m.Limits
			// What faults it has are the reader's to look at: padding that
			// makes no sense says that the key is wrong.
			_ = t.inside.DecodePayloads(m.NextPayload, plain)
			s.Plain = &t.inside
			m = s.Plain
		}
	}
	if s.Encrypted && s.Plain == nil {
		return
	}
	for i := range m.Payloads {
		s.payload(&m.Payloads[i])
	}
	for i := range m.SAs {
		s.offers(&m.SAs[i])
	}
	s.Chosen = len(s.Offers) > 0 && (s.Number == 2 || s.From == Responder && isPhase1(s.Exchange))
}

// maxListed bounds each list in a Step.
const maxListed = 64

// payload puts one payload into a Step.
func (s *Step) payload(p *isakmp.Payload) {
	switch p.Type {
	case isakmp.PayloadVendorID:
		if len(s.Vendors) < maxListed {
			s.Vendors = append(s.Vendors, p.Body)
		}
	case isakmp.PayloadNATD, isakmp.PayloadNATDDraft:
		if len(s.NATD) < maxListed && p.Missing == 0 {
			s.NATD = append(s.NATD, p.Body)
		}
	case isakmp.PayloadNotify:
		n := Notification{Length: isakmp.PayloadHeaderLen + len(p.Body) + int(p.Missing)}
		if len(s.Notifies) < maxListed && n.Decode(p.Body) == nil {
			s.Notifies = append(s.Notifies, n)
		}
	case isakmp.PayloadDelete:
		var d isakmp.Delete
		if len(s.Deletes) < maxListed && d.Decode(p.Body) == nil {
			s.Deletes = append(s.Deletes, d)
		}
	case isakmp.PayloadID:
		if len(s.IDs) < maxListed && len(p.Body) >= 4 {
			s.IDs = append(s.IDs, Identification{
				Type: isakmp.IDType(p.Body[0]), Protocol: p.Body[1],
				Port: binary.BigEndian.Uint16(p.Body[2:]), Data: p.Body[4:],
			})
		}
	}
}

// notifyV2 puts a notification of IKEv2 into a Step.
func (s *Step) notifyV2(p *isakmp.Payload) {
	n := Notification{Length: isakmp.PayloadHeaderLen + len(p.Body) + int(p.Missing)}
	if p.Type == isakmp.PayloadV2Notify && len(s.Notifies) < maxListed && n.DecodeV2(p.Body) == nil {
		s.Notifies = append(s.Notifies, n)
	}
}

// maxOffers bounds the proposals in a Step. Daemons send a few dozen.
const maxOffers = 512

// offers puts the transforms of an SA payload into a Step.
func (s *Step) offers(sa *isakmp.SA) {
	if sa.V2 || sa.DOI != isakmp.DOIIPsec && sa.DOI != isakmp.DOIISAKMP {
		return
	}
	for i := range sa.Proposals {
		p := &sa.Proposals[i]
		for j := range p.Transforms {
			if len(s.Offers) >= maxOffers {
				return
			}
			bundled := j == 0 && i > 0 && sa.Proposals[i-1].Number == p.Number
			s.offer(p, &p.Transforms[j], bundled)
		}
	}
}

// Classes of the attributes that hold lifetimes: RFC 2409, appendix A, and RFC
// 2407, section 4.5.
const (
	phase1LifeType     = 11
	phase1LifeDuration = 12
	phase2LifeType     = 1
	phase2LifeDuration = 2
)

// offer puts one transform into a Step.
func (s *Step) offer(p *isakmp.Proposal, t *isakmp.Transform, bundled bool) {
	s.Offers = extend(s.Offers)
	o := &s.Offers[len(s.Offers)-1]
	o.Protocol = ike.Protocol(p.Protocol)
	o.Bundled = bundled
	o.SetTransform(uint8(t.ID))
	lifeType, lifeDuration := uint16(phase2LifeType), uint16(phase2LifeDuration)
	if p.Protocol == isakmp.ProtocolISAKMP {
		lifeType, lifeDuration = phase1LifeType, phase1LifeDuration
	}
	var life ike.Lifetime
	unit := uint64(1) // seconds, if a type is missing
	for _, a := range t.Attributes {
		v, ok := a.Uint()
		switch {
		case !ok:
		case a.Class == lifeType:
			unit = v
		case a.Class == lifeDuration && unit == 1:
			life.Seconds = v
		case a.Class == lifeDuration && unit == 2:
			life.Kilobytes = v
		case v <= 0xffff:
			o.SetAttribute(a.Class, uint16(v))
		}
	}
	s.Lifetimes = append(s.Lifetimes, life)
}

// extend returns a list longer by an empty proposal, in the memory of one that
// an earlier message had.
func extend(list []ike.Proposal) []ike.Proposal {
	if len(list) == cap(list) {
		return append(list, ike.Proposal{})
	}
	list = list[:len(list)+1]
	list[len(list)-1].Reset()
	return list
}

// reset empties a Step and keeps its memory.
func (s *Step) reset() {
	*s = Step{
		Notifies: s.Notifies[:0], Deletes: s.Deletes[:0], Vendors: s.Vendors[:0], NATD: s.NATD[:0],
		IDs: s.IDs[:0], Offers: s.Offers[:0], Lifetimes: s.Lifetimes[:0],
	}
}
