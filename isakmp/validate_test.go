package isakmp

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// clear1 returns an IKEv1 message of an exchange with payloads in the clear.
func clear1(exchange ExchangeType, payloads ...Payload) *Message {
	return &Message{
		Header:   Header{InitiatorCookie: Cookie{1}, ResponderCookie: Cookie{2}, Version: Version1, Exchange: exchange},
		Payloads: payloads,
	}
}

// quick returns a quick mode message as it is once decrypted.
func quick(payloads ...Payload) *Message {
	m := clear1(ExchangeQuick, append([]Payload{{Type: PayloadHash, Body: []byte("hash")}}, payloads...)...)
	m.Flags, m.MessageID = FlagEncryption, 7
	return m
}

func body(v typed) []byte {
	b, err := v.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	return b
}

// suite returns the attributes of a sound phase 1 transform, and others.
func suite(others ...Attribute) []Attribute {
	return append([]Attribute{
		ShortAttribute(uint16(OakleyEncryption), uint16(CipherTripleDES)), ShortAttribute(uint16(OakleyHash), uint16(HashSHA1)),
		ShortAttribute(uint16(OakleyAuth), uint16(AuthPSK)), ShortAttribute(uint16(OakleyGroup), uint16(GroupMODP2048)),
	}, others...)
}

func sa1(edit func(*SA)) Payload {
	sa := SA{DOI: DOIIPsec, Situation: SituationIdentityOnly, Proposals: []Proposal{{
		Number: 1, Protocol: ProtocolISAKMP, Transforms: []Transform{{Number: 1, ID: KeyIKE, Attributes: suite()}},
	}}}
	if edit != nil {
		edit(&sa)
	}
	return Payload{Type: PayloadSA, Body: body(sa)}
}

func sa2(edit func(*SA)) Payload {
	sa := SA{DOI: DOIIPsec, Situation: SituationIdentityOnly, Proposals: []Proposal{{
		Number: 1, Protocol: ProtocolESP, SPI: []byte{1, 2, 3, 4},
		Transforms: []Transform{{Number: 1, ID: uint16(ESPTripleDES), Attributes: []Attribute{
			ShortAttribute(uint16(IPsecEncapsulation), uint16(EncapsulationTunnel)),
		}}},
	}}}
	if edit != nil {
		edit(&sa)
	}
	return Payload{Type: PayloadSA, Body: body(sa)}
}

// TestValidate has for each rule of meaning a message that breaks it, and no
// other.
func TestValidate(t *testing.T) {
	attribute := func(a Attribute) func(*SA) {
		return func(sa *SA) { sa.Proposals[0].Transforms[0].Attributes = suite(a) }
	}
	proposal := func(f func(*Proposal)) func(*SA) { return func(sa *SA) { f(&sa.Proposals[0]) } }
	transform := func(f func(*Transform)) func(*SA) { return func(sa *SA) { f(&sa.Proposals[0].Transforms[0]) } }
	nonce := Payload{Type: PayloadNonce, Body: make([]byte, 16)}
	id := func(id ID) *Message { return clear1(ExchangeAggressive, Payload{Type: PayloadID, Body: body(id)}) }
	selector := func(id ID) *Message { return quick(Payload{Type: PayloadID, Body: body(id)}) }
	notify := func(n Notify) *Message {
		return clear1(ExchangeInformational, Payload{Type: PayloadNotify, Body: body(n)})
	}
	with := func(m *Message, f func(*Message)) *Message { f(m); return m }
	tests := []struct {
		rule Rule
		at   string
		m    *Message
	}{
		{RuleCookieZero, "header", with(clear1(ExchangeMain, nonce), func(m *Message) { m.InitiatorCookie = Cookie{} })},
		{RuleMinorVersion, "header", with(clear1(ExchangeMain, nonce), func(m *Message) { m.Version = 0x11 })},
		{RuleExchange, "header", clear1(7, nonce)},
		{RuleFlags, "header", with(clear1(ExchangeMain, nonce), func(m *Message) { m.Flags = 0x40 })},
		{RuleMessageIDSet, "header", with(clear1(ExchangeMain, nonce), func(m *Message) { m.MessageID = 1 })},
		{RuleMessageIDZero, "header", with(quick(sa2(nil), nonce), func(m *Message) { m.MessageID = 0 })},
		{RuleTrailing, "header", with(clear1(ExchangeMain, nonce), func(m *Message) { m.Rest = []byte{0, 0} })},
		{RuleEmpty, "header", clear1(ExchangeInformational)},
		{RulePayloadType, "payload[0] P", clear1(ExchangeMain, Payload{Type: PayloadProposal})},
		{RulePayloadVersion, "payload[0] NONCEv2", clear1(ExchangeMain, Payload{Type: PayloadV2Nonce})},
		{RuleReserved, "payload[0] NONCE", clear1(ExchangeMain, Payload{Type: PayloadNonce, Body: nonce.Body, Reserved: 1})},
		{RuleFirstPayload, "payload[1] SA", clear1(ExchangeMain, Payload{Type: PayloadVendorID, Body: []byte{1}}, sa1(nil))},
		{RuleHashFirst, "payload[0] NONCE", with(clear1(ExchangeQuick, nonce), func(m *Message) { m.MessageID = 1 })},
		{RuleDOI, "payload[0] SA", clear1(ExchangeMain, sa1(func(sa *SA) { *sa = SA{DOI: 99} }))},
		{RuleSituation, "payload[0] SA", clear1(ExchangeMain, sa1(func(sa *SA) { sa.Situation = 0 }))},
		{RuleNoProposal, "payload[0] SA", clear1(ExchangeMain, sa1(func(sa *SA) { sa.Proposals = nil }))},
		{RuleOneProposal, "payload[0] SA", clear1(ExchangeMain, sa1(func(sa *SA) {
			sa.Proposals = append(sa.Proposals, sa.Proposals[0])
		}))},
		{RuleProposalNumber, "payload[1] SA, proposal[1]", quick(sa2(func(sa *SA) {
			sa.Proposals = append(sa.Proposals, sa.Proposals[0])
			sa.Proposals[1].Number = 0
		}))},
		{RuleProtocol, "payload[0] SA, proposal[0]", clear1(ExchangeMain, sa1(proposal(func(p *Proposal) { p.Protocol = ProtocolESP; p.SPI = make([]byte, 4) })))},
		{RuleProtocol, "payload[1] SA, proposal[0]", quick(sa2(proposal(func(p *Proposal) { p.Protocol = ProtocolISAKMP })))},
		{RuleSPISize, "payload[1] SA, proposal[0]", quick(sa2(proposal(func(p *Proposal) { p.SPI = p.SPI[:3] })))},
		{RuleSPISize, "payload[0] SA, proposal[0]", clear1(ExchangeMain, sa1(proposal(func(p *Proposal) { p.SPI = make([]byte, 17) })))},
		{RuleNoTransform, "payload[1] SA, proposal[0]", quick(sa2(proposal(func(p *Proposal) { p.Transforms = nil })))},
		{RuleTransformNumber, "payload[0] SA, proposal[0], transform[1]", clear1(ExchangeMain, sa1(proposal(func(p *Proposal) {
			p.Transforms = append(p.Transforms, p.Transforms[0])
		})))},
		{RuleTransformID, "payload[0] SA, proposal[0], transform[0]", clear1(ExchangeMain, sa1(transform(func(t *Transform) { t.ID = 2 })))},
		{RuleTransformReserved, "payload[0] SA, proposal[0], transform[0]", clear1(ExchangeMain, sa1(transform(func(t *Transform) { t.Reserved2 = 2 })))},
		{RuleTransformReserved, "payload[0] SA, proposal[0]", clear1(ExchangeMain, sa1(proposal(func(p *Proposal) { p.Reserved = 2 })))},
		{RuleAttributeMissing, "payload[0] SA, proposal[0], transform[0]", clear1(ExchangeMain, sa1(transform(func(t *Transform) { t.Attributes = t.Attributes[:3] })))},
		{RuleAttributeTwice, "payload[0] SA, proposal[0], transform[0], attribute[4]", clear1(ExchangeMain, sa1(attribute(ShortAttribute(uint16(OakleyHash), 1))))},
		{RuleAttributeLong, "payload[0] SA, proposal[0], transform[0], attribute[4]", clear1(ExchangeMain, sa1(attribute(Attribute{Class: uint16(OakleyPRF), Value: []byte{0, 1}})))},
		{RuleAttributeNumber, "payload[0] SA, proposal[0], transform[0], attribute[5]", clear1(ExchangeMain, sa1(transform(func(t *Transform) {
			t.Attributes = suite(ShortAttribute(uint16(OakleyLifeType), 1), Attribute{Class: uint16(OakleyLifeDuration), Value: []byte("ten octets")})
		})))},
		{RuleLifeType, "payload[0] SA, proposal[0], transform[0], attribute[4]", clear1(ExchangeMain, sa1(attribute(ShortAttribute(uint16(OakleyLifeDuration), 60))))},
		{RuleKeyLength, "payload[0] SA, proposal[0], transform[0]", clear1(ExchangeMain, sa1(attribute(ShortAttribute(uint16(OakleyKeyLength), 168))))},
		{RuleKeyLength, "payload[1] SA, proposal[0], transform[0]", quick(sa2(transform(func(t *Transform) {
			t.Attributes = append(t.Attributes, ShortAttribute(uint16(IPsecKeyLength), 168))
		})))},
		{RuleKeyExchange, "payload[0] KE", clear1(ExchangeMain, Payload{Type: PayloadKE, Body: make([]byte, 128)})},
		{RuleIDType, "payload[0] ID", id(ID{Type: 99, Data: []byte{1}})},
		{RuleIDLength, "payload[0] ID", id(ID{Type: IDIPv4, Data: []byte{1, 2, 3}})},
		{RuleIDLength, "payload[0] ID", id(ID{Type: IDFQDN})},
		{RuleIDLength, "payload[0] ID", id(ID{Type: IDDERDN, Data: []byte("CN=gw")})},
		{RuleIDLength, "payload[1] ID", selector(ID{Type: IDIPv6Subnet, Data: make([]byte, 31)})},
		{RuleIDMask, "payload[1] ID", selector(ID{Type: IDIPv4Subnet, Data: []byte{10, 0, 0, 0, 255, 0, 255, 0}})},
		{RuleIDRange, "payload[1] ID", selector(ID{Type: IDIPv4Range, Data: []byte{10, 0, 0, 9, 10, 0, 0, 1}})},
		{RuleIDPort, "payload[0] ID", id(ID{Type: IDFQDN, Data: []byte("gw"), Protocol: 6, Port: 500})},
		{RuleIDPort, "payload[0] ID", id(ID{Type: IDFQDN, Data: []byte("gw"), Protocol: 17, Port: 501})},
		{RuleCertEncoding, "payload[0] CR", clear1(ExchangeMain, Payload{Type: PayloadCertRequest, Body: []byte{11}})},
		{RuleHashEmpty, "payload[0] HASH", clear1(ExchangeMain, Payload{Type: PayloadHash})},
		{RuleNonceLength, "payload[0] NONCE", clear1(ExchangeMain, Payload{Type: PayloadNonce, Body: make([]byte, 7)})},
		{RuleNonceLength, "payload[0] NONCE", clear1(ExchangeMain, Payload{Type: PayloadNonce, Body: make([]byte, 257)})},
		{RuleNotifyZero, "payload[0] N", notify(Notify{DOI: DOIIPsec, Protocol: ProtocolISAKMP})},
		{RuleNotifySPI, "payload[0] N", notify(Notify{DOI: DOIIPsec, Protocol: ProtocolESP, Type: NotifyInvalidSPI, SPI: make([]byte, 5)})},
		{RuleNotifySPI, "payload[0] N", notify(Notify{DOI: DOIIPsec, Protocol: ProtocolISAKMP, Type: NotifyInitialContact})},
		{RuleNotifyData, "payload[0] N", notify(Notify{DOI: DOIIPsec, Protocol: ProtocolESP, Type: NotifyReplayStatus, SPI: make([]byte, 4), Data: []byte{1}})},
		{RuleDPD, "payload[0] N", notify(Notify{DOI: DOIIPsec, Protocol: ProtocolISAKMP, Type: NotifyDPDRUThere, SPI: make([]byte, 16)})},
		{RuleDeleteSPI, "payload[0] D", clear1(ExchangeInformational, Payload{Type: PayloadDelete, Body: body(Delete{DOI: DOIIPsec, Protocol: ProtocolISAKMP, SPISize: 4, Count: 1, SPIs: make([]byte, 4)})})},
		{RuleDeleteCount, "payload[0] D", clear1(ExchangeInformational, Payload{Type: PayloadDelete, Body: body(Delete{DOI: DOIIPsec, Protocol: ProtocolESP, SPISize: 4, Count: 1, SPIs: make([]byte, 8)})})},
		{RuleVendorEmpty, "payload[0] VID", clear1(ExchangeMain, Payload{Type: PayloadVendorID})},
		{RuleNATDLength, "payload[0] NAT-D", clear1(ExchangeMain, Payload{Type: PayloadNATD, Body: make([]byte, 17)})},
		{RuleNATOA, "payload[1] NAT-OA", quick(Payload{Type: PayloadNATOA, Body: body(NATOA{Type: IDFQDN, Data: []byte("gw")})})},
		{RuleFragmentNumber, "payload[0] FRAG", clear1(ExchangeMain, Payload{Type: PayloadFragment, Body: make([]byte, 8)})},
		{RuleFragmentAlone, "payload[1] FRAG", clear1(ExchangeMain, nonce, Payload{Type: PayloadFragment, Body: body(Fragment{Number: 1})})},
		{RuleConfigType, "payload[0] ATTR", with(clear1(ExchangeTransaction, Payload{Type: PayloadAttribute, Body: make([]byte, 4)}), func(m *Message) { m.MessageID = 1 })},
	}
	covered := map[Rule]bool{RuleOneSA: true} // breaks RuleFirstPayload, too
	for _, tt := range tests {
		covered[tt.rule] = true
		var broken []string
		for p := range decoded(t, tt.m).Validate() {
			broken = append(broken, p.Rule.String()+" of "+p.Path.String())
			if p.Rule != RuleLimit && p.Reference() == "" {
				t.Errorf("%v rests on nothing", p.Rule)
			}
		}
		if want := tt.rule.String() + " of " + tt.at; !slices.Equal(broken, []string{want}) {
			t.Errorf("%q, want %q", broken, want)
		}
	}
	for r := firstMeaning; int(r) < len(rules); r++ {
		if !covered[r] {
			t.Errorf("no message breaks: %v", r)
		}
		if r.Framing() || !strings.HasPrefix(rules[r].reference, "RFC") && !strings.HasPrefix(rules[r].reference, "[MS-") && !strings.HasPrefix(rules[r].reference, "draft-") {
			t.Errorf("%v rests on %q", r, rules[r].reference)
		}
	}
}

// decoded encodes and decodes a message; one that is encrypted is decoded as
// after decryption.
func decoded(t *testing.T, m *Message) *Message {
	t.Helper()
	var d Message
	if m.Header.Encrypted() {
		b, err := m.AppendPayloads(nil)
		d.Header = m.Header
		if err = cmp.Or(err, d.DecodePayloads(m.Payloads[0].Type, b)); err != nil {
			t.Fatal(err)
		}
		return &d
	}
	b, err := m.AppendBinary(nil)
	if err = cmp.Or(err, d.Decode(b, 0)); err != nil {
		t.Fatal(err)
	}
	return &d
}

// TestValidateQuiet: sound messages, and the second SA of a phase 1.
func TestValidateQuiet(t *testing.T) {
	quiet := []*Message{
		clear1(ExchangeMain, sa1(nil), Payload{Type: PayloadVendorID, Body: []byte{1}}),
		quick(sa2(nil), Payload{Type: PayloadNonce, Body: make([]byte, 8)}, Payload{Type: PayloadKE, Body: []byte{1}}),
	}
	for _, m := range quiet {
		for p := range decoded(t, m).Validate() {
			t.Errorf("%v", &p)
		}
	}
	n := 0
	for p := range decoded(t, clear1(ExchangeMain, sa1(nil), sa1(nil))).Validate() {
		if p.Rule == RuleOneSA {
			n++
		}
	}
	if n != 1 {
		t.Errorf("second SA reported %d times", n)
	}
	for range decoded(t, clear1(7)).Validate() {
		break // stops early without harm
	}
}

// TestValidateRecordings: what real daemons sent breaks no rule of meaning.
func TestValidateRecordings(t *testing.T) {
	var m Message
	for _, msg := range recorded(t, recordings.Path(t), "corpus") {
		m.Decode(msg.b, msg.wireLen)
		for p := range m.Validate() {
			t.Errorf("%s frame %d: %v", msg.file, msg.frame, &p)
		}
	}
}
