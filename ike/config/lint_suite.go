package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// suite looks at a list of proposals that is written down; an implementation's
// own list is for its maintainers to keep up to date.
func (l *linter) suite(conn, child int, v Value[Proposals]) {
	if !v.Stated() {
		return
	}
	add := func(k IssueKind, e Effect, subject string, list []ike.Proposal) {
		i := Issue{Kind: k, Effect: e, Connection: conn, Child: child, Setting: settingOf(v, v.V.Text), Subject: subject, Key: v.Key, Write: l.spell(v, list)}
		if l.dialect.parts && strings.Contains(i.Write, ", ") {
			i.Write = "" // several settings
		}
		l.add(i)
	}
	refused, written := 0, 0
	var faults []Issue
	for i := range v.V.List {
		p := &v.V.List[i]
		if p.Default {
			continue
		}
		written++
		if k, subject := l.refusal(p); k != 0 {
			refused++
			faults = append(faults, Issue{Kind: k, Subject: subject})
		} else if len(p.Integrity) > 0 && p.AEAD() && p.Protocol == ike.ProtocolESP && l.dialect.separate == NoEffect {
			add(IssueAlgorithmMix, NoEffect, p.Integrity[0].String(), safe(v.V.List, false))
		}
	}
	broken := l.dialect.broken
	if l.c.Dialect == StrongSwan && refused == written && v.V.Strict {
		broken = Fails // none is left
	}
	for _, f := range faults {
		add(f.Kind, broken, f.Subject, safe(v.V.List, false))
	}
	for _, w := range weaknesses {
		if name := weakest(v.V.List, w.of); name != "" {
			add(w.kind, Unwise, name, safe(v.V.List, false))
			if l.dialect.parts {
				l.part(v, w.attr, safe(v.V.List, false))
			}
			if w.kind == IssueWeakGroup && child >= 0 && l.dialect.apart {
				last, pfs := &l.out[len(l.out)-1], l.c.Connections[conn].Children[child].PFS
				last.Setting = settingOf(pfs, name)
				last.Key, last.Write = whole(l.dialect.pfs[0], pfs.Key), l.dialect.pfs[1]
				if l.dialect.group[0] != "" {
					last.Key, last.Write = l.dialect.group[0], l.dialect.group[1]
				}
			}
		}
	}
	if child >= 0 {
		l.protection(v, add)
	}
	if l.c.Dialect == StrongSwan && v.V.Defaults && !v.V.Strict && written > 0 {
		add(IssuePermissive, Unwise, "", slices.DeleteFunc(slices.Clone(v.V.List), func(p ike.Proposal) bool { return p.Default }))
	}
}

// refusal says why the daemon refuses a proposal; 0 if it does not.
//
// strongSwan refuses one that holds a name it does not have, that mixes
// combined modes with others, and one of IKE without group, or hash, or PRF;
// libreswan also combined modes of ESP with a hash. Other daemons are not
// known to refuse more than what RFC 7296 section 3.3 forbids.
func (l *linter) refusal(p *ike.Proposal) (IssueKind, string) {
	for _, u := range p.Unknown {
		if !l.newer(u) {
			return IssueAlgorithmUnknown, u.Name
		}
	}
	combined, classic := "", ""
	for _, c := range p.Ciphers {
		if c.Cipher.AEAD() {
			combined = c.String()
		} else {
			classic = c.String()
		}
	}
	swan := l.dialect.spelling == ike.DialectStrongSwan
	switch {
	case combined != "" && classic != "":
		return IssueAlgorithmMix, combined + " with " + classic
	case combined != "" && len(p.Integrity) > 0 && p.Protocol == ike.ProtocolESP && l.dialect.separate == Fails:
		return IssueAlgorithmMix, combined + " with " + p.Integrity[0].String()
	case len(p.Unknown) > 0 || !swan && l.c.Dialect != Libreswan:
	case p.Protocol == ike.ProtocolESP && len(p.Ciphers) == 0 && swan:
		return IssueProposalLacks, "cipher"
	case p.Protocol == ike.ProtocolAH && len(p.Integrity) == 0 && swan:
		return IssueProposalLacks, "hash"
	case p.Protocol == ike.ProtocolESP && l.dialect.spelling == ike.DialectLibreswan && classic != "" && len(p.Integrity) == 0 && !p.Open.Has(ike.AttrHash):
		return IssueProposalLacks, "hash" // libreswan's none, or null, in its place
	case p.Protocol != ike.ProtocolIKE || !swan:
	case len(p.Ciphers) == 0:
		return IssueProposalLacks, "cipher"
	case classic != "" && len(p.Integrity) == 0:
		return IssueProposalLacks, "hash"
	case combined != "" && len(p.PRF) == 0:
		return IssueProposalLacks, "PRF"
	case !wantsPFS([]ike.Proposal{*p}):
		return IssueProposalLacks, "group"
	}
	return 0, ""
}

// newer reports whether a name that no table has may be one of a newer
// release: key exchanges after the first, which resist quantum computers.
func (l *linter) newer(u ike.Unknown) bool {
	s := strings.ToLower(u.Name)
	if rest, ok := strings.CutPrefix(s, "ke"); ok && len(rest) > 1 && rest[0] >= '1' && rest[0] <= '7' {
		return true
	}
	for _, family := range [...]string{"mlkem", "ml_kem", "kyber", "ntru", "frodo", "bike", "hqc", "saber", "sike", "newhope", "prf"} {
		if strings.HasPrefix(s, family) {
			return true
		}
	}
	return len(s) > 1 && s[0] == '0' && s[1] == 'x' || allDigits(s)
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// weakness is a kind of issue and what of a proposal shows it.
type weakness struct {
	kind IssueKind
	attr ike.Attribute
	of   func(p *ike.Proposal) string
}

var weaknesses = [...]weakness{{IssueWeakCipher, ike.AttrEncryption, weakCipher}, {IssueWeakHash, ike.AttrHash, weakHash}, {IssueWeakGroup, ike.AttrGroup, weakGroup}}

// part makes the last issue one of the setting that has the part of the
// proposals that it is about, where the format has a setting for that. In phase
// 2 of FortiOS it has one for all.
func (l *linter) part(v Value[Proposals], attr ike.Attribute, list []ike.Proposal) {
	if len(v.V.Terms) == 0 || v.V.Terms[0][attr].Key == "" {
		return
	}
	term, last := v.V.Terms[0][attr], &l.out[len(l.out)-1]
	var words []string
	for i := range list {
		for f := range strings.SplitSeq(list[i].Config(l.dialect.spelling), ", ") {
			if w, ok := strings.CutPrefix(f, term.Key+" "); ok && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	if len(words) > 0 || len(list) > 0 && list[0].Protocol == ike.ProtocolIKE {
		last.Setting, last.Key, last.Write = settingOf(term, term.V), term.Key, strings.Join(words, " ")
	}
}

// weakest names the first weakness of a list.
func weakest(list []ike.Proposal, of func(p *ike.Proposal) string) string {
	for i := range list {
		if name := of(&list[i]); name != "" && !list[i].Default {
			return name
		}
	}
	return ""
}

// weakCipher: those that RFC 8221 section 5 and RFC 8247 section 2.1, as RFC
// 9395 updates them, tell not to use.
func weakCipher(p *ike.Proposal) string {
	for _, c := range p.Ciphers {
		if isWeakCipher(c) {
			return c.Cipher.String()
		}
	}
	return ""
}

func isWeakCipher(c ike.CipherKey) bool {
	switch c.Cipher {
	case ike.CipherDES, ike.Cipher3DES, ike.CipherBlowfish, ike.CipherCAST, ike.CipherIDEA, ike.Cipher3IDEA, ike.CipherRC4, ike.CipherRC5, ike.CipherDESIV32, ike.CipherDESIV64:
		return true
	}
	return false
}

// weakHash: RFC 8221 section 6 and RFC 8247 section 2.3.
func weakHash(p *ike.Proposal) string {
	for _, h := range p.Integrity {
		if isWeakHash(h) {
			return h.String()
		}
	}
	return ""
}

func isWeakHash(h ike.Integrity) bool {
	switch h {
	case ike.IntegrityMD5, ike.IntegrityMD5Full, ike.IntegritySHA1, ike.IntegritySHA1Full, ike.IntegrityDESMAC, ike.IntegrityKPDK:
		return true
	}
	return false
}

// weakGroup: RFC 8247 section 2.4.
func weakGroup(p *ike.Proposal) string {
	for _, g := range p.Groups {
		if isWeakGroup(g) {
			return g.String()
		}
	}
	return ""
}

func isWeakGroup(g ike.Group) bool {
	switch g {
	case ike.GroupMODP768, ike.GroupMODP1024, ike.GroupMODP1536, ike.GroupEC2N155, ike.GroupEC2N185, ike.GroupMODP1024s160, ike.GroupMODP2048s224, ike.GroupMODP2048s256, ike.GroupMODPNull:
		return true
	}
	return false
}

// protection looks at what the phase-2 proposals protect.
func (l *linter) protection(v Value[Proposals], add func(IssueKind, Effect, string, []ike.Proposal)) {
	list := v.V.List
	esp := slices.ContainsFunc(list, func(p ike.Proposal) bool { return p.Protocol == ike.ProtocolESP })
	if name := weakest(list, func(p *ike.Proposal) string {
		if slices.ContainsFunc(p.Ciphers, func(c ike.CipherKey) bool { return c.Cipher == ike.CipherNull }) {
			return ike.CipherNull.String()
		}
		return ""
	}); name != "" {
		add(IssueNullCipher, Unwise, name, safe(list, false))
	}
	// libreswan has a default where no hash is written; in Cisco's sets AH may
	// authenticate.
	bundled := slices.ContainsFunc(list, func(p ike.Proposal) bool { return p.Bundled })
	if name := weakest(list, func(p *ike.Proposal) string {
		if l.dialect.spelling == ike.DialectLibreswan || l.dialect.spelling == ike.DialectAny || bundled || p.Protocol != ike.ProtocolESP || len(p.Ciphers) == 0 || p.AEAD() || len(p.Integrity)+len(p.Unknown) > 0 || p.Open != 0 {
			return ""
		}
		return p.Ciphers[0].String()
	}); name != "" {
		add(IssueNoAuthentication, Unwise, name, safe(list, false))
	}
	if !esp && len(list) > 0 && list[0].Protocol == ike.ProtocolAH {
		i := Issue{Kind: IssueAHOnly, Setting: settingOf(v, v.V.Text), Subject: list[0].Protocol.String()}
		add(i.Kind, Unwise, i.Subject, nil)
		last := &l.out[len(l.out)-1]
		last.Key, last.Write = l.dialect.esp[0], l.dialect.esp[1]
		if last.Write == "" && last.Key != "" {
			last.Write = l.spell(v, safe([]ike.Proposal{{Protocol: ike.ProtocolESP}}, wantsPFS(list)))
		}
	}
}

// pfs looks for a child that renews its keys from those of phase 1.
func (l *linter) pfs(conn, child int, k *Child) {
	list := k.Proposals.V.List
	if len(list) == 0 || wantsPFS(list) {
		return
	}
	i := Issue{Kind: IssueNoPFS, Connection: conn, Child: child, Setting: settingOf(k.Proposals, k.Proposals.V.Text), Subject: ike.GroupNone.String()}
	for _, p := range list {
		if p.Default || p.Protocol == ike.ProtocolIPComp || p.Open.Has(ike.AttrGroup) || len(p.Unknown) > 0 {
			continue
		}
		i.Key, i.Write = k.Proposals.Key, l.spell(k.Proposals, safe(list, true))
		if l.dialect.apart || k.PFS.Stated() && !k.PFS.V && l.dialect.pfs[0] != "" {
			i.Setting = settingOf(k.PFS, "no")
			i.Key, i.Write = whole(l.dialect.pfs[0], k.PFS.Key), l.dialect.pfs[1]
		}
		l.add(i)
		return
	}
}

// wantsPFS reports whether some proposal has a group.
func wantsPFS(list []ike.Proposal) bool {
	return slices.ContainsFunc(list, func(p ike.Proposal) bool {
		return slices.ContainsFunc(p.Groups, func(g ike.Group) bool { return g != ike.GroupNone })
	})
}
