package isakmp

import "encoding/binary"

// mainMode1 returns a main mode message 1 with so many transforms: with one,
// 168 octets, 5 payloads and 7 attributes.
func mainMode1(transforms int) []byte {
	number := func(class uint16, v uint16) Attribute { return ShortAttribute(class, v) }
	sa := SA{DOI: DOIIPsec, Situation: SituationIdentityOnly, Proposals: []Proposal{{Number: 1, Protocol: ProtocolISAKMP}}}
	for i := range transforms {
		sa.Proposals[0].Transforms = append(sa.Proposals[0].Transforms, Transform{
			Number: uint8(i + 1), ID: 1,
			Attributes: []Attribute{
				number(uint16(OakleyEncryption), uint16(CipherAES)),
				number(uint16(OakleyKeyLength), uint16(128+i)),
				number(uint16(OakleyHash), uint16(HashSHA1)),
				number(uint16(OakleyGroup), uint16(GroupMODP1024)),
				number(uint16(OakleyAuth), uint16(AuthPSK)),
				number(uint16(OakleyLifeType), uint16(LifeSeconds)),
				{Class: uint16(OakleyLifeDuration), Value: binary.BigEndian.AppendUint32(nil, 86400)},
			},
		})
	}
	body, err := sa.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	m := Message{
		Header:   Header{InitiatorCookie: Cookie{0xe4, 7, 0xa5, 0x9c, 1, 2, 3, 4}, Version: Version1, Exchange: ExchangeMain},
		Payloads: []Payload{{Type: PayloadSA, Body: body}},
	}
	for i := range 4 {
		vid := []byte("vendor identity 0")
		vid[16] += byte(i)
		m.Payloads = append(m.Payloads, Payload{Type: PayloadVendorID, Body: vid[1:]})
	}
	b, err := m.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	return b
}
