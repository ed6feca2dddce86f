package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What to write instead: the same list without what is wrong with it.

// maxAdvised bounds how many proposals are written out.
const maxAdvised = 8

// safe returns the proposals without what is weak, unknown or out of place. A
// proposal that loses all algorithms of a kind is given the common choice. With
// pfs it has a group in any case.
func safe(list []ike.Proposal, pfs bool) (out []ike.Proposal) {
	for i := range list {
		if len(out) >= maxAdvised {
			break
		}
		p := list[i].Clone()
		if !p.Default {
			mend(&p, pfs)
		}
		if !slices.ContainsFunc(out, func(q ike.Proposal) bool { return q.Equal(&p) }) {
			out = append(out, p)
		}
	}
	return out
}

func mend(p *ike.Proposal, pfs bool) {
	hashes := len(p.Integrity) > 0 || slices.ContainsFunc(p.Unknown, func(u ike.Unknown) bool { return u.Kind == ike.AttrHash })
	groups := pfs || p.Protocol == ike.ProtocolIKE || len(p.Groups) > 0 || slices.ContainsFunc(p.Unknown, func(u ike.Unknown) bool { return u.Kind == ike.AttrGroup })
	p.Unknown = nil
	p.Ciphers = slices.DeleteFunc(p.Ciphers, func(c ike.CipherKey) bool { return isWeakCipher(c) || c.Cipher == ike.CipherNull })
	p.Integrity = slices.DeleteFunc(p.Integrity, isWeakHash)
	p.Groups = slices.DeleteFunc(p.Groups, func(g ike.Group) bool { return isWeakGroup(g) || groups && g == ike.GroupNone })
	p.PRF = slices.DeleteFunc(p.PRF, func(f ike.PRF) bool { return f == ike.IntegrityMD5.PRF() || f == ike.IntegritySHA1.PRF() })
	if p.Protocol != ike.ProtocolAH {
		if len(p.Ciphers) == 0 {
			p.Ciphers = []ike.CipherKey{{Cipher: ike.CipherAESCBC, KeyBits: 256}}
		}
		if slices.ContainsFunc(p.Ciphers, func(c ike.CipherKey) bool { return c.Cipher.AEAD() }) {
			p.Ciphers = slices.DeleteFunc(p.Ciphers, func(c ike.CipherKey) bool { return !c.Cipher.AEAD() })
			p.Integrity, hashes = nil, true
		}
	}
	if len(p.Integrity) == 0 && !p.AEAD() && (hashes || !p.Open.Has(ike.AttrHash)) {
		p.Integrity = []ike.Integrity{ike.IntegritySHA256}
	}
	if p.Protocol == ike.ProtocolIKE && len(p.PRF) == 0 {
		p.PRF = []ike.PRF{ike.IntegritySHA256.PRF()}
	}
	if groups && len(p.Groups) == 0 && (pfs || !p.Open.Has(ike.AttrGroup)) {
		p.Groups = []ike.Group{ike.GroupMODP2048}
	}
}

// spell writes a list as the format has it; empty where it has no words for
// it, or where the setting holds proposals of two protocols.
func (l *linter) spell(v Value[Proposals], list []ike.Proposal) string {
	if l.dialect.spelling == ike.DialectAny || len(list) == 0 || l.dialect.single && len(list) > 1 { // it has a place for each
		return ""
	}
	var texts []string
	for i := range list {
		p := &list[i]
		if p.Protocol != list[0].Protocol {
			return ""
		}
		if !p.HasWords(l.dialect.spelling) {
			return ""
		}
		if p.Default && l.c.Dialect == StrongSwan {
			continue // it is what the missing exclamation mark means
		}
		texts = append(texts, p.Config(l.dialect.spelling))
	}
	text := strings.Join(texts, ",")
	if l.c.Dialect == StrongSwan && text != "" {
		text += "!"
	}
	return text
}
