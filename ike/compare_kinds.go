package ike

import "strings"

// maxAlternatives bounds how many alternatives of a kind are looked at. The
// longest lists of real daemons have about thirty.
const maxAlternatives = 64

// verdict is how two sets compare.
type verdict uint8

const (
	agree     verdict = iota
	disagree          // nothing in common
	bothEmpty         // neither side states anything
	oneEmpty          // one side states nothing
)

// compareOne compares two proposals kind by kind.
func compareOne(o, a *Proposal) (p pair) {
	if o.Default || a.Default {
		return pair{builtin: true, incomplete: true}
	}
	if o.Protocol != a.Protocol {
		return pair{differ: Attributes(0).With(AttrProtocol)}
	}
	phase1 := o.Protocol == ProtocolIKE
	needHash := p.ciphers(o, a)
	if needHash {
		p.hash(o, a, phase1)
	}
	if phase1 {
		p.prf(o, a)
		p.auth(o, a)
	}
	p.group(o, a, phase1)
	if !phase1 && o.Protocol != ProtocolIPComp {
		p.esn(o, a)
		p.mode(o, a)
	}
	return p
}

// set notes a kind's verdict; a difference that rests on names which are not
// understood, or on what a side leaves open, is none that can be relied on.
func (p *pair) set(kind Attribute, v verdict, o, a *Proposal) {
	if v != disagree && v != oneEmpty {
		return
	}
	if o.Open.Has(kind) || a.Open.Has(kind) {
		p.incomplete = true
		return
	}
	p.differ = p.differ.With(kind)
	if hasUnknown(o, kind) || hasUnknown(a, kind) {
		p.incomplete = true
	}
}

// compareSets compares the members of one kind, known and unknown.
func compareSets[T any](o, a *Proposal, kind Attribute, os, as []T, same func(x, y T) bool) verdict {
	on, an := len(os) > 0 || hasUnknown(o, kind), len(as) > 0 || hasUnknown(a, kind)
	switch {
	case !on && !an:
		return bothEmpty
	case !on || !an:
		return oneEmpty
	}
	for i := range os[:min(len(os), maxAlternatives)] {
		for j := range as[:min(len(as), maxAlternatives)] {
			if same(os[i], as[j]) {
				return agree
			}
		}
	}
	if sharedUnknown(o, a, kind) {
		return agree
	}
	return disagree
}

func hasUnknown(p *Proposal, kind Attribute) bool {
	for i := range p.Unknown {
		if p.Unknown[i].Kind == kind {
			return true
		}
	}
	return false
}

// sharedUnknown looks for an unknown name of a kind that both have.
func sharedUnknown(o, a *Proposal, kind Attribute) bool {
	for _, x := range o.Unknown[:min(len(o.Unknown), maxAlternatives)] {
		if x.Kind != kind || placeholder(x.Name) {
			continue
		}
		for _, y := range a.Unknown[:min(len(a.Unknown), maxAlternatives)] {
			if y.Kind == kind && strings.EqualFold(x.Name, y.Name) {
				return true
			}
		}
	}
	return false
}

// placeholder tells strongSwan's word for a number that it does not know: two
// of them need not be the same.
func placeholder(name string) bool {
	return strings.EqualFold(name, "UNDEFINED") || strings.EqualFold(name, "PRF_UNDEFINED")
}

func same[T comparable](x, y T) bool { return x == y }

// ciphers compares ciphers and key lengths, and reports whether an integrity
// algorithm is needed beside what both sides share.
func (p *pair) ciphers(o, a *Proposal) (needHash bool) {
	if o.Protocol == ProtocolAH {
		return true
	}
	if o.Protocol == ProtocolIPComp {
		return false
	}
	v := compareSets(o, a, AttrEncryption, o.Ciphers, a.Ciphers, sameKey)
	if v != disagree {
		p.set(AttrEncryption, v, o, a)
		if v != agree {
			return !o.AEAD() && !a.AEAD()
		}
		// Of what both share, something that needs no hash is enough.
		exact, aead, shared := false, false, false
		for i := range o.Ciphers[:min(len(o.Ciphers), maxAlternatives)] {
			for j := range a.Ciphers[:min(len(a.Ciphers), maxAlternatives)] {
				x, y := o.Ciphers[i], a.Ciphers[j]
				if sameKey(x, y) {
					shared = true
					exact = exact || x == y && !x.Cipher.private(o.Protocol == ProtocolIKE)
					aead = aead || x.Cipher.AEAD()
				}
			}
		}
		if shared && !exact {
			p.incomplete = true
		}
		return !aead
	}
	kind := AttrEncryption
	for i := range o.Ciphers[:min(len(o.Ciphers), maxAlternatives)] {
		for j := range a.Ciphers[:min(len(a.Ciphers), maxAlternatives)] {
			if o.Ciphers[i].Cipher == a.Ciphers[j].Cipher {
				kind = AttrKeyLength
			}
		}
	}
	p.set(kind, disagree, o, a)
	return !o.AEAD() && !a.AEAD()
}

// sameKey takes a key length that is not stated for any.
func sameKey(x, y CipherKey) bool {
	return x.Cipher == y.Cipher && (x.KeyBits == y.KeyBits || x.KeyBits == 0 || y.KeyBits == 0)
}

func (p *pair) hash(o, a *Proposal, phase1 bool) {
	eq := same[Integrity]
	if phase1 {
		eq = sameHash
	}
	v := compareSets(o, a, AttrHash, o.Integrity, a.Integrity, eq)
	if phase1 && v == oneEmpty {
		// A negotiation cannot do without; the text did not say it.
		p.incomplete = true
		return
	}
	p.set(AttrHash, v, o, a)
}

// sameHash ignores truncation, which phase 1 does not have.
func sameHash(x, y Integrity) bool {
	return x == y || x.PRF() != PRFNone && x.PRF() == y.PRF()
}

func (p *pair) prf(o, a *Proposal) {
	if p.differ.Has(AttrHash) {
		return
	}
	if compareSets(o, a, AttrPRF, o.PRF, a.PRF, same) == disagree {
		p.set(AttrPRF, disagree, o, a)
		return
	}
	// One side states its PRF and the other leaves it to the hash.
	x, y := o, a
	if len(x.PRF) == 0 {
		x, y = a, o
	}
	if len(x.PRF) == 0 || len(y.PRF) > 0 || len(y.Integrity) == 0 || hasUnknown(x, AttrPRF) || hasUnknown(y, AttrPRF) {
		return
	}
	for _, f := range x.PRF[:min(len(x.PRF), maxAlternatives)] {
		for _, h := range y.Integrity[:min(len(y.Integrity), maxAlternatives)] {
			if h.PRF() == f || h.PRF() == PRFNone {
				return
			}
		}
	}
	p.set(AttrPRF, disagree, o, a)
}

func (p *pair) group(o, a *Proposal, phase1 bool) {
	if o.Protocol == ProtocolIPComp {
		return
	}
	if phase1 {
		v := compareSets(o, a, AttrGroup, o.Groups, a.Groups, same)
		if v == oneEmpty {
			p.incomplete = true
			return
		}
		p.set(AttrGroup, v, o, a)
		return
	}
	p.set(AttrGroup, compareSets(o, a, AttrGroup, orNone(o, o.Groups), orNone(a, a.Groups), same), o, a)
}

// noGroup is PFS off.
var noGroup = []Group{GroupNone}

// orNone returns the groups of phase 2, where none stated is none.
func orNone(p *Proposal, g []Group) []Group {
	if len(g) == 0 && !hasUnknown(p, AttrGroup) {
		return noGroup
	}
	return g
}

func (p *pair) auth(o, a *Proposal) {
	v := compareSets(o, a, AttrAuth, o.Auth, a.Auth, AuthMethod.Agrees)
	if v == disagree {
		p.set(AttrAuth, v, o, a)
	}
}

var noESN = []bool{false}

func (p *pair) esn(o, a *Proposal) {
	x, y := o.ESN, a.ESN
	if len(x) == 0 {
		x = noESN
	}
	if len(y) == 0 {
		y = noESN
	}
	p.set(AttrESN, compareSets(o, a, AttrESN, x, y, same), o, a)
}

func (p *pair) mode(o, a *Proposal) {
	v := compareSets(o, a, AttrMode, o.Modes, a.Modes, sameMode)
	if v == disagree {
		p.set(AttrMode, v, o, a)
	}
}

func sameMode(x, y Mode) bool { return x.Inner() == y.Inner() }
