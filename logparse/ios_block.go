package logparse

import (
	"bytes"
	"net/netip"
)

// iosOffer puts the attributes of transforms together: of the one that is
// being looked at, and of all that this message offered.
type iosOffer struct {
	phase2                                   bool
	differ                                   uint8 // in what those refused differ, by iosAttribute
	protocol, cipher, hash, group, keyLength [24]byte
	nProtocol, nCipher, nHash, nGroup, nLen  uint8
	list                                     []byte
}

// maxOffer bounds the octets of one message's proposals.
const maxOffer = 1024

// begin starts the next transform. A heading that names the first one starts
// a new list.
func (p *iosOffer) begin(phase2, first bool) {
	p.phase2 = phase2
	p.nProtocol, p.nCipher, p.nHash, p.nGroup, p.nLen = 0, 0, 0, 0, 0
	if first {
		p.list, p.differ = p.list[:0], 0
	}
}

// The attributes that an offer is made of.
const (
	offerNothing uint8 = iota
	offerCipher
	offerHash
	offerGroup
	offerKeyLength
	offerProtocol
)

// offerAttribute tells which attribute a FieldTransform names.
func offerAttribute(kind []byte) uint8 {
	switch string(kind) {
	case "encryption":
		return offerCipher
	case "hash", "authenticator":
		return offerHash
	case "group":
		return offerGroup
	case "key length":
		return offerKeyLength
	case "protocol":
		return offerProtocol
	}
	return offerNothing
}

// attribute takes one attribute in, in the words of a log.
func (p *iosOffer) attribute(kind, value []byte) { p.take(offerAttribute(kind), value) }

// take is attribute for one that is known already.
func (p *iosOffer) take(kind uint8, value []byte) {
	set := func(dst *[24]byte, n *uint8, v []byte) { *n = uint8(copy(dst[:], v)) }
	value = firstItem(value)
	switch kind {
	case offerCipher:
		set(&p.cipher, &p.nCipher, value)
	case offerHash:
		set(&p.hash, &p.nHash, value)
	case offerGroup:
		set(&p.group, &p.nGroup, value)
	case offerKeyLength:
		set(&p.keyLength, &p.nLen, value)
	case offerProtocol:
		p.begin(true, false)
		if proto, alg, ok := bytes.Cut(value, []byte("_")); ok {
			set(&p.protocol, &p.nProtocol, proto)
			if string(proto) == "AH" {
				set(&p.hash, &p.nHash, alg)
			} else {
				set(&p.cipher, &p.nCipher, alg)
			}
		}
	}
}

// firstItem returns a text's first word without the comma behind it.
func firstItem(text []byte) []byte {
	n := reachOctet(text, 0, ' ')
	if n > 0 && text[n-1] == ',' {
		n--
	}
	return text[:n]
}

// add puts the transform into the list, unless it stands there, and returns
// the list as it is spelled in logs.
func (p *iosOffer) add() []byte {
	if p.nCipher == 0 && p.nHash == 0 {
		return p.list
	}
	var buf [128]byte
	b := p.append(buf[:0])
	if len(p.list)+len(b)+2 > maxOffer || contains(p.list, b) {
		return p.list
	}
	if len(p.list) > 0 {
		p.list = append(p.list, ", "...)
	}
	p.list = append(p.list, b...)
	return p.list
}

// append spells the transform.
func (p *iosOffer) append(b []byte) []byte {
	switch {
	case !p.phase2:
		b = append(b, "IKE:"...)
	case p.nProtocol > 0:
		b = append(append(b, p.protocol[:p.nProtocol]...), ':')
	default:
		b = append(b, "ESP:"...)
	}
	start := len(b)
	if p.nCipher > 0 {
		b = append(b, p.cipher[:p.nCipher]...)
		if p.nLen > 0 {
			b = append(append(b, '_'), p.keyLength[:p.nLen]...)
		}
	}
	if p.nHash > 0 {
		if len(b) > start {
			b = append(b, '/')
		}
		h := p.hash[:p.nHash]
		h = bytes.TrimPrefix(h, []byte("HMAC-"))
		if string(h) == "SHA" {
			h = []byte("SHA1")
		}
		b = append(b, h...)
	}
	if p.nGroup > 0 {
		b = append(append(b, "/GROUP_"...), p.group[:p.nGroup]...)
	}
	return b
}

// contains reports whether one is a member of a list.
func contains(list, one []byte) bool {
	for rest := list; len(rest) > 0; {
		item := rest
		if i := bytes.Index(rest, []byte(", ")); i >= 0 {
			item, rest = rest[:i], rest[i+2:]
		} else {
			rest = nil
		}
		if bytes.Equal(item, one) {
			return true
		}
	}
	return false
}

// attributeBit is the attribute's place in iosOffer.differ.
func attributeBit(transform []byte) uint8 {
	switch string(transform) {
	case "encryption":
		return 1
	case "hash":
		return 2
	case "group":
		return differsGroup
	case "auth":
		return differsMethod
	case "key length":
		return 16
	}
	return 32
}

const (
	differsGroup  = 4
	differsMethod = 8
)

// iosBlock is a block of "debug crypto ipsec": whose, between whom, for which
// traffic.
type iosBlock struct {
	local, remote     netip.Addr
	fresh             bool // its addresses are not used yet
	localTS, remoteTS [64]byte
	nLocal, nRemote   uint8
}

// begin makes b a new block, between two ends.
func (b *iosBlock) begin(local, remote netip.Addr) {
	b.local, b.remote, b.fresh = local, remote, true
	b.nLocal, b.nRemote = 0, 0
}

// endpoints reads "local= 192.0.2.1:500, remote= 198.51.100.7:500,".
func (b *iosBlock) endpoints(text []byte) {
	b.begin(netip.Addr{}, netip.Addr{})
	for i := 0; i < len(text); i++ {
		end := reachOctet(text, i, ' ')
		w := text[i:end]
		i = end
		if len(w) == 0 || unhex(w[0]) > 15 && w[0] != ':' {
			continue // no address begins so
		}
		a, ok := parseAddrPort(withoutPort(bytes.TrimSuffix(w, []byte(","))))
		switch {
		case !ok:
		case !b.local.IsValid():
			b.local = a.Addr()
		default:
			b.remote = a.Addr()
			return
		}
	}
}

// beforePort takes the port off an address.
func beforePort(b []byte) []byte {
	if i := reachOctet(b, 0, ':'); i == len(b) || reachOctet(b, i+1, ':') == len(b) {
		return b[:i]
	}
	return withoutPort(b)
}

// withoutPort takes the port off an address of IPv6, which stands behind a
// colon like any other.
func withoutPort(b []byte) []byte {
	if i := reachOctet(b, 0, ':'); i == len(b) || reachOctet(b, i+1, ':') == len(b) {
		return b
	}
	for _, port := range [...]string{":0", ":500", ":4500"} {
		if rest, ok := bytes.CutSuffix(b, []byte(port)); ok && rest[len(rest)-1] != ':' {
			return rest
		}
	}
	return b
}

// selector keeps the selector of a side and reports whether both are there.
func (b *iosBlock) selector(local bool, ts []byte) bool {
	ts = bytes.TrimSuffix(firstWord(trimBlanks(ts)), []byte(","))
	// 256 stands for any protocol.
	net, proto, ok := cutLast(ts, 2)
	if ok && bytes.HasPrefix(proto, []byte("/256/")) {
		ts, proto = net, proto[4:]
	} else {
		proto = nil
	}
	dst, n := &b.localTS, &b.nLocal
	if !local {
		dst, n = &b.remoteTS, &b.nRemote
	}
	*n = uint8(copy(dst[:], ts))
	if proto != nil {
		*n += uint8(copy(dst[*n:], "/0"))
		*n += uint8(copy(dst[*n:], proto))
	}
	return b.nLocal > 0 && b.nRemote > 0
}

// cutLast cuts b before its nth slash from the end.
func cutLast(b []byte, n int) (head, tail []byte, ok bool) {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == '/' {
			if n--; n == 0 {
				return b[:i], b[i:], true
			}
		}
	}
	return b, nil, false
}
