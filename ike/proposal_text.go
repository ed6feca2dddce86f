package ike

import (
	"slices"
	"strconv"
	"strings"
)

// String spells the proposal as strongSwan logs it, as in
// IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048. What that
// spelling has no place for, authentication and mode, does not show.
func (p Proposal) String() string { return string(p.Append(nil)) }

// Append appends String's text to dst.
func (p *Proposal) Append(dst []byte) []byte {
	if p.Protocol != ProtocolNone {
		dst = append(append(dst, p.Protocol.String()...), ':')
	}
	if p.Default {
		return append(dst, "default"...)
	}
	w := listWriter{dst: dst, sep: '/'}
	p.eachCipher(&w, func(c CipherKey) { w.dst = c.append(w.dst) })
	for _, v := range p.Integrity {
		w.add(v.String())
	}
	p.unknown(&w, AttrHash)
	for _, v := range p.PRF {
		w.add(v.String())
	}
	p.unknown(&w, AttrPRF)
	for _, v := range p.Groups {
		if v == GroupNone {
			w.add("KE_NONE")
		} else {
			w.add(v.String())
		}
	}
	p.unknown(&w, AttrGroup)
	for _, v := range p.ESN {
		if v {
			w.add("EXT_SEQ")
		} else {
			w.add("NO_EXT_SEQ")
		}
	}
	for _, u := range p.Unknown {
		switch u.Kind {
		case AttrEncryption, AttrHash, AttrPRF, AttrGroup:
		default:
			w.add(u.Name)
		}
	}
	return w.dst
}

// AppendProposalList appends the text of several proposals as strongSwan logs
// a list of them.
func AppendProposalList(dst []byte, ps []Proposal) []byte {
	for i := range ps {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = ps[i].Append(dst)
	}
	return dst
}

// Config spells the proposal as a configuration of the dialect would have it,
// so that a remedy can say what to write:
//
//	strongSwan  aes128-sha256-modp2048
//	libreswan   aes128-sha2_256;modp2048
//	Cisco       encryption aes 128, hash sha256, authentication pre-share, group 14
//	            esp-aes 128 esp-sha256-hmac
//	ASA         encryption aes-256, hash sha, authentication pre-share, group 14
//	            esp-aes-256 esp-sha-hmac
//	racoon      encryption_algorithm aes 128; hash_algorithm sha256; dh_group 14;
//	pfSense     encryption-algorithm aes 128, hash-algorithm sha256, dhgroup 14
//	            encryption-algorithm-option aes 128, hash-algorithm-option hmac_sha256, pfsgroup 14
//	AWS         Phase1EncryptionAlgorithms AES128, Phase1IntegrityAlgorithms SHA2-256, Phase1DHGroupNumbers 14
//	Fortinet    set proposal aes128-sha256, set dhgrp 14
//	            aes128-sha256
//	RouterOS    enc-algorithm aes-128, hash-algorithm sha256, dh-group modp2048
//	            enc-algorithms aes-128-cbc, auth-algorithms sha256
//	Palo Alto   encryption aes-128-cbc, hash sha256, dh-group group14
//	            esp encryption aes-128-cbc, esp authentication sha256
//	Junos       encryption-algorithm aes-128-cbc, authentication-algorithm sha-256, dh-group group14
//	            encryption-algorithm aes-128-cbc, authentication-algorithm hmac-sha-256-128, protocol esp
//	VyOS        encryption aes128, hash sha256, dh-group 14
//	ScreenOS    preshare group14 esp aes128 sha2-256
//	            group14 esp aes128 sha2-256, no-pfs ah sha-1
//
// DialectAny is spelled as strongSwan. A name that the dialect does not have is
// spelled as strongSwan's keyword.
func (p Proposal) Config(d Dialect) string {
	if p.Default {
		return "default"
	}
	switch d {
	case DialectLibreswan:
		return p.libreswan()
	case DialectCisco:
		return p.cisco(" ")
	case DialectASA:
		return p.cisco("-")
	case DialectRacoon:
		return p.racoon()
	case DialectPfSense:
		return p.pfSense()
	case DialectAWS:
		return p.aws()
	case DialectFortinet:
		return p.fortinet()
	case DialectRouterOS:
		return p.routerOS()
	case DialectPaloAlto:
		return p.paloAlto()
	case DialectJunos:
		return p.junos()
	case DialectVyOS:
		return p.vyos()
	case DialectScreenOS:
		return p.screenOS()
	}
	w := listWriter{sep: '-'}
	p.eachCipher(&w, func(c CipherKey) { w.dst = append(w.dst, c.keyword()...) })
	for _, v := range p.Integrity {
		w.add(v.keyword())
	}
	p.unknown(&w, AttrHash)
	for _, v := range p.PRF {
		if len(p.Integrity) != 1 || p.Integrity[0].PRF() != v {
			w.add(v.keyword())
		}
	}
	p.unknown(&w, AttrPRF)
	for _, v := range p.Groups {
		w.add(v.keyword())
	}
	p.unknown(&w, AttrGroup)
	for _, v := range p.ESN {
		if v {
			w.add("esn")
		} else if len(p.ESN) > 1 {
			w.add("noesn")
		}
	}
	return string(w.dst)
}

func (p *Proposal) libreswan() string {
	w := listWriter{sep: '+'}
	p.eachCipher(&w, func(c CipherKey) { w.dst = append(w.dst, c.libreswan()...) })
	field := func(sep byte) {
		if len(w.dst) > 0 {
			w.dst, w.n = append(w.dst, sep), 0
		}
	}
	aead := p.AEAD()
	if len(p.Integrity) > 0 || aead || hasUnknown(p, AttrHash) {
		field('-')
		if len(p.Integrity) == 0 && aead {
			w.add("null")
		}
		for _, v := range p.Integrity {
			w.add(v.libreswan())
		}
		p.unknown(&w, AttrHash)
	}
	if p.Protocol == ProtocolIKE && len(p.PRF) > 0 && (aead || !slices.EqualFunc(p.Integrity, p.PRF, impliesPRF)) {
		field('-')
		for _, v := range p.PRF {
			w.add(strings.TrimPrefix(v.keyword(), "prf"))
		}
	}
	if len(p.Groups) > 0 || hasUnknown(p, AttrGroup) {
		field(';')
		for _, v := range p.Groups {
			w.add(v.libreswan())
		}
		p.unknown(&w, AttrGroup)
	}
	return string(w.dst)
}

func impliesPRF(i Integrity, f PRF) bool { return i.PRF() == f }

// listWriter parts the members of a list.
type listWriter struct {
	dst []byte
	sep byte
	n   int
}

func (w *listWriter) next() {
	if w.n++; w.n > 1 {
		w.dst = append(w.dst, w.sep)
	}
}

func (w *listWriter) add(s string) {
	if s != "" {
		w.next()
		w.dst = append(w.dst, s...)
	}
}

func (p *Proposal) eachCipher(w *listWriter, f func(CipherKey)) {
	for _, c := range p.Ciphers {
		w.next()
		f(c)
	}
	p.unknown(w, AttrEncryption)
}

func (p *Proposal) unknown(w *listWriter, kind Attribute) {
	for _, u := range p.Unknown {
		if u.Kind == kind {
			w.add(u.Name)
		}
	}
}

// keyword spells the cipher as strongSwan's configuration does.
func (c CipherKey) keyword() string {
	before, after, sized := strings.Cut(c.Cipher.row().config, "%d")
	switch {
	case before == "":
		return c.String()
	case !sized || c.KeyBits == 0:
		return before + after
	}
	return before + strconv.Itoa(int(c.KeyBits)) + after
}

func (i Integrity) keyword() string { return orString(i.row().config, i.String()) }
func (g Group) keyword() string     { return orString(g.row().config, g.String()) }

func (p PRF) keyword() string {
	if p < prfCount {
		return prfRows[p].config
	}
	return p.String()
}

func orString(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
