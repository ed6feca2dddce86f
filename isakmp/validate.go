package isakmp

import "iter"

// Validate yields what is wrong with the message: the faults of framing that
// Decode found, then what breaks a rule of meaning, in the order of the
// message. Problem.Reference cites the section that a rule rests on. What only
// other messages or a configuration could tell is not its business, and of
// IKEv2 it knows no more than header and payload types.
func (m *Message) Validate() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		v := validator{m: m, yield: yield}
		for _, p := range m.Problems {
			if !yield(p) {
				return
			}
		}
		v.header()
		v.chain()
	}
}

// validator checks one message. Its methods go on when yield wants no more,
// but report does not call it again.
type validator struct {
	m     *Message
	yield func(Problem) bool
	done  bool
}

func (v *validator) report(r Rule, at Path, offset int, got, want uint32) {
	if !v.done {
		v.done = !v.yield(Problem{Rule: r, Path: at, Offset: offset, Got: got, Want: want})
	}
}

// phase1 reports whether the exchange sets up an ISAKMP SA.
func (t ExchangeType) phase1() bool { return t >= ExchangeBase && t <= ExchangeAggressive }

// phase2 reports whether the exchange is one of those that need an ISAKMP SA
// and a message ID.
func (t ExchangeType) phase2() bool {
	return t == ExchangeTransaction || t == ExchangeQuick || t == ExchangeNewGroup
}

// assigned reports whether the number is assigned for a major version, or
// private.
func (t ExchangeType) assigned(major uint8) bool {
	if t >= 240 {
		return true
	}
	if major == 1 {
		return t.phase1() || t.phase2() || t == ExchangeInformational
	}
	return t >= ExchangeSAInit && t <= ExchangeFollowupKE
}

func (v *validator) header() {
	h := &v.m.Header
	if v.m.headless {
		return
	}
	major := h.Version.Major()
	defined := FlagEncryption | FlagCommit | FlagAuthOnly
	if major == 2 {
		defined = FlagInitiator | FlagVersion | FlagResponse
	}
	check := func(wrong bool, r Rule, offset int, got uint32) {
		if wrong {
			v.report(r, Path{}, offset, got, 0)
		}
	}
	check(h.InitiatorCookie.IsZero(), RuleCookieZero, 0, 0)
	check(major == 1 && h.Version.Minor() != 0, RuleMinorVersion, versionOffset, uint32(h.Version.Minor()))
	check(!h.Exchange.assigned(major), RuleExchange, exchangeOffset, uint32(h.Exchange))
	check(h.Flags&^defined != 0, RuleFlags, flagsOffset, uint32(h.Flags))
	if major == 1 {
		check(h.Exchange.phase1() && h.MessageID != 0, RuleMessageIDSet, messageIDOffset, h.MessageID)
		check(h.Exchange.phase2() && h.MessageID == 0, RuleMessageIDZero, messageIDOffset, 0)
	}
}

func (v *validator) chain() {
	m := v.m
	if !m.Header.Encrypted() && len(m.Problems) == 0 {
		switch {
		case len(m.Payloads) == 0:
			v.report(RuleEmpty, Path{}, nextOffset, 0, 0)
		case m.LastNext == PayloadNone && len(m.Rest) != 0:
			last := m.Payloads[len(m.Payloads)-1]
			end := int(last.Offset) + PayloadHeaderLen + len(last.Body)
			v.report(RuleTrailing, Path{}, end, uint32(len(m.Rest)), 0)
		}
	}
	sas := 0
	for i := range m.Payloads {
		p := &m.Payloads[i]
		at, offset := pathTo(i, p.Type), int(p.Offset)
		v.payloadType(p, at)
		if m.Version.Major() != 1 {
			continue
		}
		switch {
		case p.Type == PayloadSA:
			if sas++; m.Exchange.phase1() {
				if i != 0 {
					v.report(RuleFirstPayload, at, offset, uint32(i), 0)
				}
				if sas == 2 {
					v.report(RuleOneSA, at, offset, uint32(sas), 1)
				}
			}
		case i == 0 && m.Exchange == ExchangeQuick && p.Type != PayloadHash:
			v.report(RuleHashFirst, at, offset, uint32(p.Type), uint32(PayloadHash))
		}
		if p.Missing == 0 {
			v.body(p, at)
		}
	}
	for i := range m.SAs {
		if !m.SAs[i].V2 {
			v.sa(&m.SAs[i])
		}
	}
}

// payloadType checks the generic header of a payload.
func (v *validator) payloadType(p *Payload, at Path) {
	major, t := v.m.Version.Major(), p.Type
	reserved := p.Reserved
	if major == 2 {
		reserved &^= 0x80 // the critical flag
	}
	if reserved != 0 {
		v.report(RuleReserved, at, int(p.Offset)+1, uint32(reserved), 0)
	}
	v1 := t == PayloadSA || t >= PayloadKE && t <= PayloadGAP
	v2 := t >= PayloadV2SA && t <= PayloadV2PuzzleSolution
	switch {
	case t >= 128 || major == 1 && v1 || major == 2 && v2:
	case v1 || v2:
		v.report(RulePayloadVersion, at, int(p.Offset), uint32(t), 0)
	default:
		v.report(RulePayloadType, at, int(p.Offset), uint32(t), 0)
	}
}
