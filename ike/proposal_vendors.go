package ike

import (
	"strconv"
	"strings"
)

// Words of the vendors of firewalls whose settings name algorithms in lists.

// fortinet writes each cipher with each hash, as set proposal takes them. The
// group of phase 2 has a setting of its own.
func (p *Proposal) fortinet() string {
	var pairs []string
	for _, c := range p.Ciphers {
		name := c.keyword()
		switch {
		case c.Cipher == CipherAESGCM16:
			name = "aes" + strconv.Itoa(int(c.KeyBits)) + "gcm"
			fallthrough
		case c.Cipher.AEAD():
			if p.Protocol != ProtocolIKE || len(p.PRF) == 0 {
				pairs = append(pairs, name)
			}
			for _, f := range p.PRF {
				if p.Protocol == ProtocolIKE {
					pairs = append(pairs, name+"-"+f.keyword())
				}
			}
			continue
		}
		for _, i := range p.Integrity {
			pairs = append(pairs, name+"-"+i.keyword())
		}
		if len(p.Integrity) == 0 {
			pairs = append(pairs, name+"-null")
		}
	}
	for _, u := range p.Unknown {
		pairs = append(pairs, u.Name)
	}
	text := strings.Join(pairs, " ")
	if p.Protocol != ProtocolIKE {
		return text
	}
	var parts []string
	if text != "" {
		parts = append(parts, "set proposal "+text)
	}
	var groups []string
	for _, g := range p.Groups {
		groups = append(groups, strconv.Itoa(int(g)))
	}
	if len(groups) > 0 {
		parts = append(parts, "set dhgrp "+strings.Join(groups, " "))
	}
	return strings.Join(parts, ", ")
}

// wordLists writes settings with their lists of names, in parts that commas
// divide.
type wordLists struct{ parts []string }

func listed[T any](w *wordLists, key, sep string, list []T, name func(T) string) {
	if len(list) > 0 {
		w.parts = append(w.parts, key+" "+strings.Join(spell(list, name), sep))
	}
}

// routerOS writes a profile of phase 1, or a proposal of phase 2, whose group
// has a setting of its own.
func (p *Proposal) routerOS() string {
	var w wordLists
	if p.Protocol == ProtocolIKE {
		listed(&w, "enc-algorithm", ",", p.Ciphers, func(c CipherKey) string { return c.dashed("") })
		listed(&w, "hash-algorithm", ",", p.Integrity, Integrity.keyword)
		listed(&w, "dh-group", ",", p.Groups, Group.keyword)
	} else {
		listed(&w, "enc-algorithms", ",", p.Ciphers, func(c CipherKey) string { return c.dashed("-cbc") })
		listed(&w, "auth-algorithms", ",", p.Integrity, Integrity.keyword)
	}
	return strings.Join(w.parts, ", ")
}

// paloAlto writes a crypto profile, in which a list of several stands in
// brackets. The group of phase 2 has a setting of its own.
func (p *Proposal) paloAlto() string {
	var w wordLists
	cipher := func(c CipherKey) string { return c.dashed("-cbc") }
	switch p.Protocol {
	case ProtocolIKE:
		listed(&w, "encryption", " ", p.Ciphers, cipher)
		listed(&w, "hash", " ", p.Integrity, Integrity.keyword)
		listed(&w, "dh-group", " ", p.Groups, func(g Group) string { return "group" + strconv.Itoa(int(g)) })
	case ProtocolAH:
		listed(&w, "ah authentication", " ", p.Integrity, Integrity.keyword)
	default:
		listed(&w, "esp encryption", " ", p.Ciphers, cipher)
		listed(&w, "esp authentication", " ", p.Integrity, Integrity.keyword)
	}
	for i, s := range w.parts {
		n := 1
		if strings.HasPrefix(s, "esp ") || strings.HasPrefix(s, "ah ") {
			n = 2
		}
		if f := strings.Fields(s); len(f) > n+1 {
			w.parts[i] = strings.Join(f[:n], " ") + " [ " + strings.Join(f[n:], " ") + " ]"
		}
	}
	return strings.Join(w.parts, ", ")
}

// dashed is the cipher with its key length between dashes: aes-128-cbc,
// aes-256-gcm, 3des. mode is how the chaining mode of AES is said.
func (c CipherKey) dashed(mode string) string {
	bits := ""
	if c.KeyBits != 0 {
		bits = "-" + strconv.Itoa(int(c.KeyBits))
	}
	switch c.Cipher {
	case CipherAESCBC:
		return "aes" + bits + mode
	case CipherAESCTR:
		return "aes" + bits + "-ctr"
	case CipherAESGCM16:
		return "aes" + bits + "-gcm"
	case CipherAESCCM16:
		return "aes" + bits + "-ccm"
	case CipherCamelliaCBC:
		return "camellia" + bits
	}
	return c.keyword()
}
