package capture

import (
	"bytes"
	"encoding/binary"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// isakmp reads what stands behind the word "isakmp":
//
//	: phase 1 I ident
//	: phase 2/others R oakley-quick[E]
//	 1.0 msgid 00000000 cookie 0011223344556677->0000000000000000: phase 1 I ident: (sa: …
//
// marker is the length of the non-ESP marker before the message.
func (p *textPacket) isakmp(b []byte, marker int) {
	p.d.Protocol = exchange.ProtocolUDP
	p.ipLength(8)
	p.said.ISAKMP = true
	if v, ok := numberAfter(p.said.Text, "(len mismatch: isakmp "); ok && p.fragment {
		p.length(v + marker)
	}
	header, rest, ok := bytes.Cut(b, []byte(":"))
	if !ok {
		return
	}
	rest = bytes.TrimLeft(rest, " ")
	w, after := word(rest)
	v2 := false
	switch string(w) {
	case "phase":
		w, rest = word(after)
		switch {
		case hasPrefix(w, "1"):
			p.said.Phase = 1
		case hasPrefix(w, "2"):
			p.said.Phase = 2
		}
		w, rest = word(rest)
		switch string(w) {
		case "I":
			p.said.Sender = RoleInitiator
		case "R":
			p.said.Sender = RoleResponder
		}
	case "parent_sa", "child_sa":
		v2, rest = true, after
	default:
		return
	}
	name, rest := word(rest)
	flags, known := p.exchange(name, v2)
	first := bytes.TrimLeft(rest, " :")
	p.said.FirstPayload, ok = payloadName(first, v2)
	if !v2 && !p.said.Encrypted {
		p.notify(first)
	}
	if known && ok && p.said.LengthKnown && !p.fragment {
		p.header(header, flags, marker)
	}
}

// notify reads "(n: doi=ipsec proto=isakmp type=NO-PROPOSAL-CHOSEN spi=…)" among
// a message's payloads; a type without a name is printed as "#24576".
func (p *textPacket) notify(b []byte) {
	i := indexString(b, "(n: ")
	if i < 0 {
		return
	}
	b = b[i:]
	if i = indexString(b, " type="); i < 0 {
		return
	}
	b = b[i+len(" type="):]
	if end := bytes.IndexAny(b, " )"); end >= 0 {
		b = b[:end]
	}
	if number, ok := cutPrefix(b, "#"); ok {
		v, n := digits(number)
		p.said.Notify, p.said.NotifyKnown = isakmp.NotifyType(v), n > 0 && n == len(number) && v < 1<<16
		return
	}
	for _, from := range [...]isakmp.NotifyType{1, 24576} { // of ISAKMP, and of IPsec's DOI (RFC 2407, section 4.6.3)
		for t := from; t < from+32; t++ {
			if string(b) == t.String() {
				p.said.Notify, p.said.NotifyKnown = t, true
				return
			}
		}
	}
}

// exchange reads "ident", "oakley-quick[E]:", "ikev2_init[I]". It returns false
// where the type or a flag is none that it knows.
func (p *textPacket) exchange(w []byte, v2 bool) (flags uint8, known bool) {
	w = bytes.TrimRight(w, ":")
	name, letters, _ := bytes.Cut(w, []byte("["))
	letters, _ = bytes.CutSuffix(letters, []byte("]"))
	for _, c := range letters {
		switch {
		case c == 'E':
			flags |= uint8(isakmp.FlagEncryption)
		case c == 'C':
			flags |= uint8(isakmp.FlagCommit)
		case c == 'I' && v2:
			flags |= 0x08
		case c == 'V' && v2:
			flags |= 0x10
		case c == 'R' && v2:
			flags |= 0x20
		default:
			return 0, false
		}
	}
	p.said.Encrypted = flags&uint8(isakmp.FlagEncryption) != 0
	if v2 {
		switch string(name) {
		case "ikev2_init":
			p.said.Exchange = isakmp.ExchangeSAInit
		case "ikev2_auth":
			p.said.Exchange = isakmp.ExchangeAuth
		case "child_sa":
			p.said.Exchange = isakmp.ExchangeCreateChild
		case "inf2":
			p.said.Exchange = isakmp.ExchangeInformational2
		default:
			return 0, false
		}
		return flags, true
	}
	switch string(name) {
	case "base":
		p.said.Exchange = isakmp.ExchangeBase
	case "ident":
		p.said.Exchange = isakmp.ExchangeMain
	case "auth":
		p.said.Exchange = isakmp.ExchangeAuthOnly
	case "agg":
		p.said.Exchange = isakmp.ExchangeAggressive
	case "inf":
		p.said.Exchange = isakmp.ExchangeInformational
	case "oakley-quick":
		p.said.Exchange = isakmp.ExchangeQuick
	case "oakley-newgroup":
		p.said.Exchange = isakmp.ExchangeNewGroup
	default:
		number, ok := bytes.CutPrefix(name, []byte("#"))
		v, n := digits(number)
		if !ok || n == 0 || v > 255 {
			return 0, false
		}
		p.said.Exchange = isakmp.ExchangeType(v)
	}
	return flags, true
}

// payloadName reads the first payload: "(sa: …" or "[encrypted id]". Some of
// IKEv2's payloads are printed by the names of IKEv1's.
func payloadName(b []byte, v2 bool) (isakmp.PayloadType, bool) {
	b, encrypted := cutPrefix(b, "[encrypted ")
	if !encrypted && !hasPrefix(b, "(") {
		return 0, false
	}
	b = bytes.TrimLeft(b, "(")
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' || b[n]-'0' <= 9) {
		n++
	}
	name := b[:n]
	if number, ok := cutPrefix(name, "pay"); ok {
		v, k := digits(number)
		return isakmp.PayloadType(v), k > 0 && v <= 255
	}
	if v2 {
		switch string(name) {
		case "sa":
			return 33, true
		case "nonce":
			return 40, true
		case "n":
			return 41, true
		case "d":
			return 42, true
		}
		if !hasPrefix(name, "v2") {
			return 0, false
		}
	}
	for i, s := range [...]string{"none", "sa", "p", "t", "ke", "id", "cert", "cr", "hash", "sig", "nonce", "n", "d", "vid"} {
		if string(name) == s {
			return isakmp.PayloadType(i), true
		}
	}
	for i, s := range [...]string{"v2sa", "v2ke", "v2IDi", "v2IDr", "v2cert", "v2CR", "v2auth", "v2nonce", "v2n", "v2d", "v2vid", "v2TSi", "v2TSr", "v2e", "v2cp", "v2eap"} {
		if string(name) == s {
			return isakmp.PayloadType(33 + i), true
		}
	}
	return 0, false
}

// header puts the ISAKMP header of RFC 2408 section 3.1 together from the words
// of a verbose text. Each of its fields is either printed or follows from what
// is.
func (p *textPacket) header(b []byte, flags uint8, marker int) {
	w, rest := word(b)
	major, minor, ok := bytes.Cut(w, []byte("."))
	v, n := digits(major)
	u, m := digits(minor)
	if !ok || n == 0 || m == 0 || v > 15 || u > 15 || p.d.WireLen < 28+marker {
		return
	}
	var id, initiator, responder uint64
	for w, rest = word(rest); len(w) > 0; w, rest = word(rest) {
		switch string(w) {
		case "msgid":
			w, rest = word(rest)
			id, n = hexDigits(w)
			if n != 8 {
				return
			}
		case "cookie":
			w, rest = word(rest)
			i, r, _ := bytes.Cut(w, []byte("->"))
			var k int
			initiator, n = hexDigits(i)
			responder, k = hexDigits(r)
			if n != 16 || k != 16 {
				return
			}
		}
	}
	if initiator == 0 {
		return
	}
	h := append(p.t.bytes[:0], 0, 0, 0, 0)[:marker]
	h = binary.BigEndian.AppendUint64(h, initiator)
	h = binary.BigEndian.AppendUint64(h, responder)
	h = append(h, uint8(p.said.FirstPayload), uint8(v<<4|u), uint8(p.said.Exchange), flags)
	h = binary.BigEndian.AppendUint32(h, uint32(id))
	length := p.d.WireLen - marker
	if v, ok := numberAfter(p.said.Text, "(len mismatch: isakmp "); ok {
		length = v
	}
	h = binary.BigEndian.AppendUint32(h, uint32(length))
	p.rebuilt(h)
}
