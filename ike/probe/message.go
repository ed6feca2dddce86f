package probe

import (
	"crypto/rand"
	"net/netip"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// VendorID stands in every message that is sent, so that a probe can be told
// from a peer: the text "ikediag probe" in ASCII.
const VendorID = "ikediag probe"

// natt announces NAT traversal (RFC 3947, section 3.1), without which nobody
// sends NAT-D.
var natt = isakmp.VendorID{0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57, 0x28, 0xf2, 0x0e, 0x95, 0x45, 0x2f}

// lifetime is what is offered, in seconds: short enough for those that refuse a
// longer one than their own.
const lifetime = 28800

// cookie returns a new cookie. It is not zero.
func cookie() (c isakmp.Cookie, err error) {
	for c.IsZero() && err == nil {
		_, err = rand.Read(c[:])
	}
	return c, err
}

// random returns n random octets.
func random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := rand.Read(b)
	return b, err
}

// offer returns the SA payload of message 1: one proposal with the transforms
// (RFC 2409, section 5).
func offer(all []Transform) (isakmp.Payload, error) {
	p := isakmp.Proposal{Number: 1, Protocol: isakmp.ProtocolISAKMP}
	for i, t := range all {
		short := func(class isakmp.OakleyAttribute, v uint16) isakmp.Attribute {
			return isakmp.ShortAttribute(uint16(class), v)
		}
		w := isakmp.Transform{Number: uint8(i + 1), ID: isakmp.KeyIKE, Attributes: []isakmp.Attribute{short(isakmp.OakleyEncryption, uint16(t.Cipher))}}
		if t.KeyLength > 0 {
			w.Attributes = append(w.Attributes, short(isakmp.OakleyKeyLength, t.KeyLength))
		}
		w.Attributes = append(w.Attributes,
			short(isakmp.OakleyHash, uint16(t.Hash)),
			short(isakmp.OakleyGroup, uint16(t.Group)),
			short(isakmp.OakleyAuth, uint16(t.Auth)),
			short(isakmp.OakleyLifeType, uint16(isakmp.LifeSeconds)),
			short(isakmp.OakleyLifeDuration, lifetime))
		p.Transforms = append(p.Transforms, w)
	}
	body, err := isakmp.SA{DOI: isakmp.DOIIPsec, Situation: isakmp.SituationIdentityOnly, Proposals: []isakmp.Proposal{p}}.AppendBinary(nil)
	return isakmp.Payload{Type: isakmp.PayloadSA, Body: body}, err
}

// first returns message 1 of main mode, or of aggressive mode where there is an
// identity; all transforms are then of one group.
func first(c isakmp.Cookie, offered []Transform, id *isakmp.ID, vendors ...isakmp.VendorID) ([]byte, error) {
	sa, err := offer(offered)
	if err != nil {
		return nil, err
	}
	m := isakmp.Message{Header: isakmp.Header{InitiatorCookie: c, Version: isakmp.Version1, Exchange: isakmp.ExchangeMain}, Payloads: []isakmp.Payload{sa}}
	if id != nil {
		m.Exchange = isakmp.ExchangeAggressive
		key, err := keying(offered[0].Group)
		if err != nil {
			return nil, err
		}
		body, err := id.AppendBinary(nil)
		if err != nil {
			return nil, err
		}
		m.Payloads = append(append(m.Payloads, key...), isakmp.Payload{Type: isakmp.PayloadID, Body: body})
	}
	for _, v := range append(vendors, isakmp.VendorID(VendorID)) {
		m.Payloads = append(m.Payloads, isakmp.Payload{Type: isakmp.PayloadVendorID, Body: v})
	}
	return m.AppendBinary(nil)
}

// keying returns a public value and a nonce.
func keying(g isakmp.Group) ([]isakmp.Payload, error) {
	ke, err := public(g)
	if err != nil {
		return nil, err
	}
	nonce, err := random(32)
	return []isakmp.Payload{{Type: isakmp.PayloadKE, Body: ke}, {Type: isakmp.PayloadNonce, Body: nonce}}, err
}

// hashSizes are the lengths of hashes, by which NAT-D is computed.
var hashSizes = map[isakmp.HashAlgorithm]int{
	isakmp.HashMD5: 16, isakmp.HashSHA1: 20, isakmp.HashSHA256: 32, isakmp.HashSHA384: 48, isakmp.HashSHA512: 64,
}

// third returns message 3 of main mode: a public value, a nonce, and NAT-D of
// both ends (RFC 3947, section 3.2).
func third(cookies [2]isakmp.Cookie, t Transform, local, gateway netip.AddrPort) ([]byte, error) {
	m := isakmp.Message{Header: isakmp.Header{InitiatorCookie: cookies[0], ResponderCookie: cookies[1], Version: isakmp.Version1, Exchange: isakmp.ExchangeMain}}
	key, err := keying(t.Group)
	if err != nil {
		return nil, err
	}
	m.Payloads = key
	for _, at := range []netip.AddrPort{gateway, local} { // the destination's first
		m.Payloads = append(m.Payloads, isakmp.Payload{Type: isakmp.PayloadNATD, Body: exchange.AppendNATHash(nil, hashSizes[t.Hash], cookies[0], cookies[1], at)})
	}
	return m.AppendBinary(nil)
}

// initV2 returns IKE_SA_INIT (RFC 7296, section 1.2) with what most accept. A
// gateway that wants another group says so, which is an answer, too.
func initV2(c isakmp.Cookie) ([]byte, error) {
	number := func(t isakmp.TransformTypeV2, id uint16, bits uint16) isakmp.Transform {
		w := isakmp.Transform{Number: uint8(t), ID: id}
		if bits > 0 {
			w.Attributes = []isakmp.Attribute{isakmp.ShortAttribute(uint16(isakmp.OakleyKeyLength), bits)} // 14 in IKEv2 as well
		}
		return w
	}
	sa := isakmp.SA{V2: true, Proposals: []isakmp.Proposal{{Number: 1, Protocol: isakmp.ProtocolISAKMP, Transforms: []isakmp.Transform{
		number(isakmp.TransformV2Encryption, 12, 256), number(isakmp.TransformV2Encryption, 12, 128), // AES-CBC
		number(isakmp.TransformV2PRF, 5, 0), number(isakmp.TransformV2PRF, 2, 0), // HMAC-SHA2-256, HMAC-SHA1
		number(isakmp.TransformV2Integrity, 12, 0), number(isakmp.TransformV2Integrity, 2, 0), // HMAC-SHA2-256-128, HMAC-SHA1-96
		number(isakmp.TransformV2KeyExchange, uint16(isakmp.GroupECP256), 0), number(isakmp.TransformV2KeyExchange, uint16(isakmp.GroupMODP2048), 0),
	}}}}
	body, err := sa.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	key, err := keying(isakmp.GroupECP256)
	if err != nil {
		return nil, err
	}
	ke := append([]byte{0, byte(isakmp.GroupECP256), 0, 0}, key[0].Body...) // RFC 7296, section 3.4
	m := isakmp.Message{
		Header: isakmp.Header{InitiatorCookie: c, Version: isakmp.Version2, Exchange: isakmp.ExchangeSAInit, Flags: isakmp.FlagInitiator},
		Payloads: []isakmp.Payload{
			{Type: isakmp.PayloadV2SA, Body: body}, {Type: isakmp.PayloadV2KE, Body: ke}, {Type: isakmp.PayloadV2Nonce, Body: key[1].Body},
			{Type: isakmp.PayloadV2VendorID, Body: []byte(VendorID)},
		},
	}
	return m.AppendBinary(nil)
}

// end returns what tells a gateway that the negotiation does not go on: an
// error in the clear, which is all that can be said without keys (RFC 2408,
// section 5.14).
func end(cookies [2]isakmp.Cookie) ([]byte, error) {
	n, err := isakmp.Notify{DOI: isakmp.DOIIPsec, Protocol: isakmp.ProtocolISAKMP, Type: isakmp.NotifyNoProposalChosen}.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	id, err := random(4)
	if err != nil {
		return nil, err
	}
	m := isakmp.Message{
		Header: isakmp.Header{
			InitiatorCookie: cookies[0], ResponderCookie: cookies[1], Version: isakmp.Version1, Exchange: isakmp.ExchangeInformational,
			MessageID: uint32(id[0])<<24 | uint32(id[1])<<16 | uint32(id[2])<<8 | uint32(id[3]) | 1,
		},
		Payloads: []isakmp.Payload{{Type: isakmp.PayloadNotify, Body: n}},
	}
	return m.AppendBinary(nil)
}

// padding returns vendor IDs that make a message longer by n octets, or by
// nearly as many. No payload is larger than those that daemons are used to.
func padding(n int) (all []isakmp.VendorID) {
	const most = 1024
	for n > isakmp.PayloadHeaderLen {
		size := min(n-isakmp.PayloadHeaderLen, most)
		if left := n - isakmp.PayloadHeaderLen - size; left > 0 && left <= isakmp.PayloadHeaderLen {
			size -= isakmp.PayloadHeaderLen // room for one more
		}
		all = append(all, make(isakmp.VendorID, size))
		copy(all[len(all)-1], VendorID+" padding")
		n -= size + isakmp.PayloadHeaderLen
	}
	return all
}
