package ike

import "slices"

// Proposal says, for one protocol, what one end offers or accepts: for each
// kind of transform the alternatives, best first. strongSwan's configured
// proposals and libreswan's ike= lists hold several alternatives of a kind; a
// transform on the wire holds one. An empty kind is "not stated"; what that
// means is Compare's to know.
type Proposal struct {
	Protocol Protocol
	// The alternatives of each kind, in the order of preference.
	Ciphers   []CipherKey
	Integrity []Integrity
	PRF       []PRF
	Groups    []Group
	// Auth is of phase 1 only.
	Auth  []AuthMethod
	ESN   []bool // true: extended sequence numbers
	Modes []Mode

	// Unknown holds the names that no table explains, with the kind they
	// seem to be of. They compare by name.
	Unknown []Unknown

	// Bundled says that this proposal and the one before it in the list are
	// one offer of two protocols together, as ESP with AH (RFC 2408 section
	// 4.2), and no alternatives.
	Bundled bool

	// Open is the set of kinds that the text leaves to the implementation, as
	// the group in libreswan's ike=aes256-sha1. They agree with everything,
	// and a Comparison that rests on them is Incomplete.
	Open Attributes

	// Default stands for the implementation's built-in proposals, as
	// strongSwan's keyword default does: what they hold is not known here.
	Default bool
}

// Unknown is an algorithm of which only the name is known.
type Unknown struct {
	Kind Attribute // AttrNone where not even that is clear
	Name string    // as written
}

// Clone returns a copy of p that shares no slice with it.
func (p Proposal) Clone() Proposal {
	p.Ciphers = slices.Clone(p.Ciphers)
	p.Integrity = slices.Clone(p.Integrity)
	p.PRF = slices.Clone(p.PRF)
	p.Groups = slices.Clone(p.Groups)
	p.Auth = slices.Clone(p.Auth)
	p.ESN = slices.Clone(p.ESN)
	p.Modes = slices.Clone(p.Modes)
	p.Unknown = slices.Clone(p.Unknown)
	return p
}

// CloneProposals returns a copy of ps that shares no slice with it.
func CloneProposals(ps []Proposal) []Proposal {
	if ps == nil {
		return nil
	}
	out := make([]Proposal, len(ps))
	for i := range ps {
		out[i] = ps[i].Clone()
	}
	return out
}

// Equal reports whether p and o say the same in the same order.
func (p *Proposal) Equal(o *Proposal) bool {
	return p.Protocol == o.Protocol && p.Bundled == o.Bundled && p.Default == o.Default && p.Open == o.Open &&
		slices.Equal(p.Ciphers, o.Ciphers) && slices.Equal(p.Integrity, o.Integrity) &&
		slices.Equal(p.PRF, o.PRF) && slices.Equal(p.Groups, o.Groups) &&
		slices.Equal(p.Auth, o.Auth) && slices.Equal(p.ESN, o.ESN) &&
		slices.Equal(p.Modes, o.Modes) && slices.Equal(p.Unknown, o.Unknown)
}

// Reset empties p and keeps its slices' memory.
func (p *Proposal) Reset() {
	*p = Proposal{
		Ciphers: p.Ciphers[:0], Integrity: p.Integrity[:0], PRF: p.PRF[:0], Groups: p.Groups[:0],
		Auth: p.Auth[:0], ESN: p.ESN[:0], Modes: p.Modes[:0], Unknown: p.Unknown[:0],
	}
}

// extend returns dst longer by an empty proposal, whose slices are those that
// lay there before.
func extend(dst []Proposal) []Proposal {
	if len(dst) < cap(dst) {
		dst = dst[:len(dst)+1]
		dst[len(dst)-1].Reset()
		return dst
	}
	return append(dst, Proposal{})
}

// AEAD reports whether all ciphers that p holds authenticate too, so that
// p needs no integrity algorithm. It is false where p holds no cipher.
func (p *Proposal) AEAD() bool {
	for _, c := range p.Ciphers {
		if !c.Cipher.AEAD() {
			return false
		}
	}
	return len(p.Ciphers) > 0
}
