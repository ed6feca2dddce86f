package isakmp

import "bytes"

// saValidator checks one security association payload of IKEv1.
type saValidator struct {
	*validator
	phase1 bool
	at     Path
	offset int // of the part that at leads to
}

func (v *saValidator) check(wrong bool, r Rule, got, want uint32) {
	if wrong {
		v.report(r, v.at, v.offset, got, want)
	}
}

func (v *validator) sa(sa *SA) {
	if sa.Payload >= len(v.m.Payloads) {
		return // put together by hand
	}
	p := &v.m.Payloads[sa.Payload]
	s := saValidator{v, v.m.Exchange.phase1(), pathTo(sa.Payload, p.Type), int(p.Offset)}
	s.check(sa.DOI > DOIGDOI, RuleDOI, uint32(sa.DOI), uint32(DOIIPsec))
	if sa.DOI != DOIIPsec {
		return
	}
	s.check(sa.Situation != SituationIdentityOnly, RuleSituation, sa.Situation, SituationIdentityOnly)
	if sa.opaque() {
		return
	}
	s.check(len(sa.Proposals) == 0 && p.Missing == 0, RuleNoProposal, 0, 0)
	if !s.phase1 && v.m.Exchange != ExchangeQuick {
		return // what its attributes mean is not known
	}
	s.check(s.phase1 && len(sa.Proposals) > 1, RuleOneProposal, uint32(len(sa.Proposals)), 1)
	at, offset, last := s.at, s.offset+PayloadHeaderLen+8, uint8(0)
	for i := range sa.Proposals {
		s.at, s.offset = at.with(levelProposal, i), offset
		p := &sa.Proposals[i]
		s.check(i > 0 && p.Number < last, RuleProposalNumber, uint32(p.Number), uint32(last))
		s.proposal(p)
		last, offset = p.Number, s.offset
	}
}

// proposal checks a proposal and leaves v.offset where the next one begins.
func (v *saValidator) proposal(p *Proposal) {
	v.check(p.Reserved != 0, RuleTransformReserved, uint32(p.Reserved), 0)
	v.check(v.phase1 != (p.Protocol == ProtocolISAKMP), RuleProtocol, uint32(p.Protocol), 0)
	v.check(!spiSize(p.Protocol, len(p.SPI)), RuleSPISize, uint32(len(p.SPI)), 0)
	v.check(len(p.Transforms) == 0, RuleNoTransform, 0, 0)
	at, offset, last := v.at, v.offset+proposalLen+len(p.SPI), uint8(0)
	for i := range p.Transforms {
		v.at, v.offset = at.with(levelTransform, i), offset
		t := &p.Transforms[i]
		v.check(i > 0 && t.Number <= last, RuleTransformNumber, uint32(t.Number), uint32(last))
		v.check(t.Reserved != 0 || t.Reserved2 != 0, RuleTransformReserved, uint32(t.Reserved)<<16|uint32(t.Reserved2), 0)
		v.check(v.phase1 && t.ID != KeyIKE, RuleTransformID, uint32(t.ID), KeyIKE)
		v.attributes(p, t)
		last, offset = t.Number, v.offset
	}
	v.at, v.offset = at, offset
}

// spiSize reports whether n is a size that an SPI of a protocol may have in a
// proposal: RFC 2408, section 3.5; for IPComp, RFC 2407, section 4.4.1.4, and
// RFC 3173, section 3.3.
func spiSize(p ProtocolID, n int) bool {
	switch p {
	case ProtocolISAKMP:
		return n <= 16
	case ProtocolAH, ProtocolESP:
		return n == 4
	case ProtocolIPComp:
		return n == 2 || n == 4
	}
	return true
}

// attributes checks the attributes of a transform and leaves v.offset behind
// them.
func (v *saValidator) attributes(p *Proposal, t *Transform) {
	transform, start := v.at, v.offset
	v.offset += transformLen
	lifeType, duration := uint16(IPsecLifeType), uint16(IPsecLifeDuration)
	if v.phase1 {
		lifeType, duration = uint16(OakleyLifeType), uint16(OakleyLifeDuration)
	}
	typed := false // a life type waits for its duration
	for i, a := range t.Attributes {
		v.at = transform.with(levelAttribute, i)
		number := v.phase1 && oakleyBasic(a.Class) || !v.phase1 && ipsecBasic(a.Class)
		_, ok := a.Uint()
		v.check((number || a.Class == duration) && !ok, RuleAttributeNumber, uint32(a.Class), 0)
		v.check(number && !a.Short, RuleAttributeLong, uint32(a.Class), 0)
		switch a.Class {
		case lifeType:
			typed = true
		case duration:
			v.check(!typed, RuleLifeType, 0, 0)
			typed = false
		default:
			first, _ := t.Attribute(a.Class)
			v.check(!bytes.Equal(first.Value, a.Value), RuleAttributeTwice, uint32(a.Class), 0)
		}
		v.offset += attributeLen
		if !a.Short {
			v.offset += len(a.Value)
		}
	}
	end := v.offset
	v.at, v.offset = transform, start
	v.suite(p, t)
	v.offset = end
}

// suite checks which attributes a transform has.
func (v *saValidator) suite(p *Proposal, t *Transform) {
	keyLength, cipher := uint16(IPsecKeyLength), uint64(t.ID)
	fixed := p.Protocol == ProtocolESP && (cipher == uint64(ESPDES) || cipher == uint64(ESPTripleDES) || cipher == uint64(ESPIDEA))
	if v.phase1 {
		_, prime := t.Attribute(uint16(OakleyGroupPrime))
		for _, class := range [...]OakleyAttribute{OakleyEncryption, OakleyHash, OakleyAuth, OakleyGroup} {
			_, ok := t.Attribute(uint16(class))
			ok = ok || class == OakleyGroup && prime
			v.check(!ok, RuleAttributeMissing, uint32(class), 0)
		}
		a, _ := t.Attribute(uint16(OakleyEncryption))
		cipher, _ = a.Uint()
		keyLength = uint16(OakleyKeyLength)
		fixed = cipher == uint64(CipherDES) || cipher == uint64(CipherTripleDES) || cipher == uint64(CipherIDEA)
	}
	_, ok := t.Attribute(keyLength)
	v.check(ok && fixed, RuleKeyLength, uint32(cipher), 0)
}

// oakleyBasic reports whether a class of phase 1 is basic: RFC 2409, appendix
// A.
func oakleyBasic(class uint16) bool {
	switch OakleyAttribute(class) {
	case OakleyEncryption, OakleyHash, OakleyAuth, OakleyGroup, OakleyGroupType,
		OakleyLifeType, OakleyPRF, OakleyKeyLength, OakleyFieldSize:
		return true
	}
	return false
}

// ipsecBasic reports whether a class of phase 2 is basic: RFC 2407, section
// 4.5.
func ipsecBasic(class uint16) bool {
	switch IPsecAttribute(class) {
	case IPsecLifeType, IPsecGroup, IPsecEncapsulation, IPsecAuth, IPsecKeyLength,
		IPsecKeyRounds, IPsecCompressDictionarySize, IPsecECNTunnel, IPsecESN:
		return true
	}
	return false
}
