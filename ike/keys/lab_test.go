package keys_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	"testing"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 peers negotiate it
	"golang.org/x/crypto/cast5"    //lint:ignore SA1019 peers negotiate it

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// peers plays both ends of a negotiation, with formulas written down here once
// more, so that a mistake would have to be made twice.
type peers struct {
	t       testing.TB
	cipher  [2]uint16 // phase-1 number and key length
	hash    uint16
	auth    uint16
	psk     [2]string
	dh      []byte
	cookies [2]isakmp.Cookie
	nonce   [2][]byte
	ke      [2][]byte
	sa      []byte
	last    []byte            // last block of phase 1
	chain   map[uint32][]byte // of the other exchanges
	pad     []byte
}

func newPeers(t testing.TB) *peers {
	p := &peers{
		t: t, cipher: [2]uint16{7, 128}, hash: 2, auth: 1, psk: [2]string{"canary-psk", "canary-psk"},
		dh:      bytes.Repeat([]byte{0xd4}, 128),
		cookies: [2]isakmp.Cookie{{1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1}},
		nonce:   [2][]byte{bytes.Repeat([]byte{0x11}, 16), bytes.Repeat([]byte{0x22}, 20)},
		ke:      [2][]byte{bytes.Repeat([]byte{0x33}, 128), bytes.Repeat([]byte{0x44}, 128)},
		chain:   map[uint32][]byte{},
	}
	return p
}

func (p *peers) newHash() func() hash.Hash {
	return map[uint16]func() hash.Hash{1: md5.New, 2: sha1.New, 4: sha256.New, 5: sha512.New384, 6: sha512.New}[p.hash]
}

func (p *peers) prf(key []byte, parts ...[]byte) []byte {
	m := hmac.New(p.newHash(), key)
	m.Write(bytes.Join(parts, nil))
	return m.Sum(nil)
}

func (p *peers) digest(parts ...[]byte) []byte {
	h := p.newHash()()
	h.Write(bytes.Join(parts, nil))
	return h.Sum(nil)
}

// keys returns SKEYID, SKEYID_a and the cipher of a side.
func (p *peers) keys(side keys.Side) (id, a []byte, b cipher.Block, ka []byte) {
	ni, nr := p.nonce[0], p.nonce[1]
	c := append(p.cookies[0][:], p.cookies[1][:]...)
	switch p.auth {
	case 1:
		id = p.prf([]byte(p.psk[side]), ni, nr)
	case 3:
		id = p.prf(append(bytes.Clone(ni), nr...), p.dh)
	}
	d := p.prf(id, p.dh, c, []byte{0})
	a = p.prf(id, d, p.dh, c, []byte{1})
	e := p.prf(id, a, p.dh, c, []byte{2})
	n := map[uint16]int{1: 8, 3: 56, 5: 24, 6: 16, 7: 16}[p.cipher[0]]
	if p.cipher[1] != 0 {
		n = int(p.cipher[1]) / 8
	}
	if ka = e; len(e) < n {
		k := p.prf(e, []byte{0})
		for ka = k; len(ka) < n; ka = append(ka, k...) {
			k = p.prf(e, k)
		}
	}
	ka = ka[:n]
	var err error
	switch p.cipher[0] {
	case 1:
		b, err = des.NewCipher(ka)
	case 3:
		b, err = blowfish.NewCipher(ka)
	case 5:
		b, err = des.NewTripleDESCipher(ka)
	case 6:
		b, err = cast5.NewCipher(append(bytes.Clone(ka), make([]byte, 16-len(ka))...))
	case 7:
		b, err = aes.NewCipher(ka)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return id, a, b, ka
}

func attribute(class, value uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, class|0x8000)
	return binary.BigEndian.AppendUint16(b, value)
}

// saBody returns the body of an SA payload with n transforms, the first of
// which is the peers'.
func (p *peers) saBody(n int) []byte {
	var ts []byte
	for i := range n {
		t := []byte{byte(i + 1), 1, 0, 0}
		t = append(t, attribute(1, p.cipher[0])...)
		if p.cipher[1] != 0 {
			t = append(t, attribute(14, p.cipher[1])...)
		}
		t = append(t, attribute(2, p.hash)...)
		t = append(t, attribute(3, p.auth)...)
		t = append(t, attribute(4, uint16(2+3*i))...)
		next := byte(3)
		if i == n-1 {
			next = 0
		}
		ts = append(append(ts, next, 0, byte((len(t)+4)>>8), byte(len(t)+4)), t...)
	}
	prop := append([]byte{0, 0, byte((len(ts) + 8) >> 8), byte(len(ts) + 8), 1, 1, 0, byte(n)}, ts...)
	return append([]byte{0, 0, 0, 1, 0, 0, 0, 1}, prop...)
}

type part struct {
	t    isakmp.PayloadType
	body []byte
}

func chainOf(parts ...part) []byte {
	var b []byte
	for i, p := range parts {
		next := byte(0)
		if i+1 < len(parts) {
			next = byte(parts[i+1].t)
		}
		b = append(append(b, next, 0, byte((len(p.body)+4)>>8), byte(len(p.body)+4)), p.body...)
	}
	return b
}

func (p *peers) message(x isakmp.ExchangeType, id uint32, flags isakmp.Flags, first isakmp.PayloadType, rc isakmp.Cookie, body []byte) []byte {
	h := isakmp.Header{InitiatorCookie: p.cookies[0], ResponderCookie: rc, NextPayload: first, Version: 0x10,
		Exchange: x, Flags: flags, MessageID: id, Length: uint32(isakmp.HeaderLen + len(body))}
	b, err := h.AppendBinary(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return append(b, body...)
}

func (p *peers) clear(x isakmp.ExchangeType, rc isakmp.Cookie, parts ...part) []byte {
	return p.message(x, 0, 0, parts[0].t, rc, chainOf(parts...))
}

// seal encrypts with a side's key and moves the vectors on.
func (p *peers) seal(side keys.Side, x isakmp.ExchangeType, id uint32, first isakmp.PayloadType, body []byte) []byte {
	_, _, b, _ := p.keys(side)
	size := b.BlockSize()
	iv := p.last
	phase1 := x == isakmp.ExchangeMain || x == isakmp.ExchangeAggressive
	if phase1 && iv == nil || !phase1 && p.last == nil {
		iv = p.digest(p.ke[0], p.ke[1])[:size]
	}
	if !phase1 {
		if c := p.chain[id]; c != nil {
			iv = c
		} else {
			iv = p.digest(iv, binary.BigEndian.AppendUint32(nil, id))[:size]
		}
	}
	body = append(bytes.Clone(body), p.pad...)
	if n := len(body) % size; n != 0 {
		body = append(body, make([]byte, size-n)...)
	}
	cipher.NewCBCEncrypter(b, iv).CryptBlocks(body, body)
	if end := bytes.Clone(body[len(body)-size:]); phase1 {
		p.last = end
	} else {
		p.chain[id] = end
	}
	return p.message(x, id, isakmp.FlagEncryption, first, p.cookies[1], body)
}

// sent is one message and its sender.
type sent struct {
	raw  []byte
	side keys.Side
}

var idBody = [2][]byte{append([]byte{2, 0, 0, 0}, "left.example"...), append([]byte{2, 0, 0, 0}, "right.example"...)}

func (p *peers) hashOf(side keys.Side) []byte {
	id, _, _, _ := p.keys(side)
	o := side.Other()
	return p.prf(id, p.ke[side], p.ke[o], p.cookies[side][:], p.cookies[o][:], p.sa, idBody[side])
}

// mainMode returns the six messages of main mode.
func (p *peers) mainMode() []sent {
	p.sa = p.saBody(3)
	var none isakmp.Cookie
	rc := p.cookies[1]
	list := []sent{
		{p.clear(isakmp.ExchangeMain, none, part{1, p.sa}), keys.Initiator},
		{p.clear(isakmp.ExchangeMain, rc, part{1, p.saBody(1)}), keys.Responder},
		{p.clear(isakmp.ExchangeMain, rc, part{4, p.ke[0]}, part{10, p.nonce[0]}), keys.Initiator},
		{p.clear(isakmp.ExchangeMain, rc, part{4, p.ke[1]}, part{10, p.nonce[1]}), keys.Responder},
	}
	for _, side := range []keys.Side{keys.Initiator, keys.Responder} {
		proof := part{8, p.hashOf(side)}
		if p.auth == 3 {
			proof = part{9, bytes.Repeat([]byte{0x77}, 256)}
		}
		body := chainOf(part{5, idBody[side]}, proof)
		list = append(list, sent{p.seal(side, isakmp.ExchangeMain, 0, 5, body), side})
	}
	return list
}

// aggressiveMode returns the three messages of aggressive mode.
func (p *peers) aggressiveMode(sealed bool) []sent {
	p.sa = p.saBody(2)
	var none isakmp.Cookie
	x := isakmp.ExchangeAggressive
	list := []sent{
		{p.clear(x, none, part{1, p.sa}, part{4, p.ke[0]}, part{10, p.nonce[0]}, part{5, idBody[0]}), keys.Initiator},
		{p.clear(x, p.cookies[1], part{1, p.saBody(1)}, part{4, p.ke[1]}, part{10, p.nonce[1]}, part{5, idBody[1]}, part{8, p.hashOf(1)}), keys.Responder},
	}
	last := part{8, p.hashOf(0)}
	if sealed {
		return append(list, sent{p.seal(0, x, 0, 8, chainOf(last)), keys.Initiator})
	}
	return append(list, sent{p.clear(x, p.cookies[1], last), keys.Initiator})
}

// quickMode returns the three messages of a quick mode that side begins.
func (p *peers) quickMode(side keys.Side, id uint32) []sent {
	mid := binary.BigEndian.AppendUint32(nil, id)
	ni, nr := part{10, bytes.Repeat([]byte{0x55}, 16)}, part{10, bytes.Repeat([]byte{0x66}, 16)}
	sa := part{1, p.saBody(1)}
	_, a1, _, _ := p.keys(side)
	_, a2, _, _ := p.keys(side.Other())
	rest1, rest2 := chainOf(sa, ni, part{5, idBody[0]}, part{5, idBody[1]}), chainOf(sa, nr)
	one := append(hashPayload(1, p.prf(a1, mid, rest1)), rest1...)
	two := append(hashPayload(1, p.prf(a2, mid, ni.body, rest2)), rest2...)
	three := hashPayload(0, p.prf(a1, []byte{0}, mid, ni.body, nr.body))
	x := isakmp.ExchangeQuick
	return []sent{
		{p.seal(side, x, id, 8, one), side},
		{p.seal(side.Other(), x, id, 8, two), side.Other()},
		{p.seal(side, x, id, 8, three), side},
	}
}

func hashPayload(next byte, sum []byte) []byte {
	return append([]byte{next, 0, 0, byte(len(sum) + 4)}, sum...)
}

// inform returns a notification in an exchange of type x.
func (p *peers) inform(side keys.Side, x isakmp.ExchangeType, id uint32) sent {
	_, a, _, _ := p.keys(side)
	rest := chainOf(part{11, []byte{0, 0, 0, 1, 1, 0, 0, 24}})
	body := append(hashPayload(11, p.prf(a, binary.BigEndian.AppendUint32(nil, id), rest)), rest...)
	return sent{p.seal(side, x, id, 8, body), side}
}

// open shows a message to an Opener.
func (p *peers) open(o *keys.Opener, s sent) ([]byte, keys.Result) {
	p.t.Helper()
	var m isakmp.Message
	if err := m.Decode(s.raw, len(s.raw)); err != nil {
		p.t.Fatal(err)
	}
	plain, ok := o.Open(nil, s.raw, &m, s.side == keys.Initiator)
	r := o.Take()
	if ok != (r.Outcome == keys.Opened) {
		p.t.Errorf("ok %v, %v", ok, r.Outcome)
	}
	return plain, r
}

// ring returns a Ring with the Diffie-Hellman secret and the keys.
func (p *peers) ring(psks ...string) *keys.Ring {
	r := &keys.Ring{}
	if err := r.AddDH(p.cookies[0], ike.NewSecret(p.dh)); err != nil {
		p.t.Fatal(err)
	}
	for _, k := range psks {
		if err := r.AddPSK(ike.NewSecret([]byte(k))); err != nil {
			p.t.Fatal(err)
		}
	}
	return r
}
