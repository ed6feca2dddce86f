package ike

// Comparison is what Compare found.
type Comparison struct {
	// Match says that a pair of the two lists is compatible.
	Match bool

	// Offered and Accepted are the indexes of that pair, or of the nearest
	// one where none matches; -1 where a list is empty. Of a bundle it is
	// the index of the first proposal.
	Offered, Accepted int

	// Differ lists what the nearest pair disagrees about, in the order of
	// the Attribute constants; empty where Match.
	Differ []Attribute

	// Incomplete says that the answer rests on something that was not
	// stated or not understood: a key length, a group that libreswan adds
	// by itself, the built-in proposals, an unknown name, a cipher under a
	// number for private use, a list that was too long. The answer is then no
	// proof.
	Incomplete bool
}

// Compare looks for a pair of an offered and an accepted proposal that are
// compatible in every kind, and finds the nearest pair where there is none.
// Either list may be in any order, or empty.
//
// A kind is compatible if the sets of both sides share a member. By kind:
//
//   - Protocols must be equal; proposals that are Bundled are compared as one.
//   - A cipher of the same name with another key length is a difference of key
//     length and not of encryption. A key length that one side does not state
//     agrees with all.
//   - The hash counts unless the cipher authenticates too. In phase 1 only the
//     hash function counts, not the truncation.
//   - The PRF counts in phase 1, where both sides state one and the hash does
//     not already differ; one that is not stated is the hash's.
//   - The group must agree in phase 1 if both sides state one. In phase 2 none
//     is the same as GroupNone, and PFS on one side only is a difference.
//   - The authentication method counts in phase 1, the mode in phase 2, both
//     only if both sides state one.
//   - Extended sequence numbers count in phase 2; not stated is off.
//   - Unknown names are members of the set of their kind and equal only the
//     same name.
//
// Of two pairs the nearer one differs in fewer attributes; among equals the
// one whose differences weigh less, in the order esn, prf, mode, key_length,
// hash, group, auth, encryption; then one that is not Incomplete; then the one
// offered first, then the one accepted first. A pair of different protocols is farther than any other, and
// then protocol is all that is said. A Default proposal is never the nearest
// while there are others. No more than MaxProposals of a list are looked at.
func Compare(offered, accepted []Proposal) Comparison {
	c := Comparison{Offered: -1, Accepted: -1}
	if len(offered) > MaxProposals || len(accepted) > MaxProposals {
		offered, accepted = offered[:min(len(offered), MaxProposals)], accepted[:min(len(accepted), MaxProposals)]
		c.Incomplete = true
	}
	best, found := pair{}, false
	defaults, work := false, 0
	for i := 0; i < len(offered) && work < maxWork; {
		o := bundle(offered[i:])
		for j := 0; j < len(accepted) && work < maxWork; {
			a := bundle(accepted[j:])
			work += 1 + size(o)*size(a)
			p := compareBundles(o, a)
			defaults = defaults || p.builtin
			if !found || p.nearer(best) {
				best, found = p, true
				c.Offered, c.Accepted = i, j
			}
			j += len(a)
		}
		i += len(o)
	}
	if !found {
		return c
	}
	c.Incomplete = c.Incomplete || work >= maxWork
	c.Match = best.differ == 0 && !best.builtin
	if !c.Match {
		c.Differ = best.differ.Append(nil)
		c.Incomplete = c.Incomplete || defaults
	}
	c.Incomplete = c.Incomplete || best.incomplete
	return c
}

// maxWork bounds what one comparison of two hostile lists may cost, in pairs of
// algorithms: some hundredths of a second. Real lists stay below a thousandth.
const maxWork = 1 << 22

// size counts the algorithms of a bundle.
func size(ps []Proposal) int {
	n := 0
	for i := range ps {
		p := &ps[i]
		n += len(p.Ciphers) + len(p.Integrity) + len(p.PRF) + len(p.Groups) + len(p.Auth) + len(p.Unknown)
	}
	return n
}

// bundle returns the proposals at the beginning of ps that are offered
// together.
func bundle(ps []Proposal) []Proposal {
	n := 1
	for n < len(ps) && ps[n].Bundled {
		n++
	}
	return ps[:n]
}

// pair is how two bundles compare.
type pair struct {
	differ     Attributes
	incomplete bool
	builtin    bool // one side is a Default
}

// weights orders attributes by how far apart two proposals are that differ in
// them.
var weights = [attrCount]int{
	AttrESN: 1, AttrPRF: 2, AttrMode: 3, AttrKeyLength: 4, AttrHash: 5, AttrGroup: 6, AttrAuth: 7, AttrEncryption: 8,
}

// distance is the rank of a pair; the number of differences counts before
// their weights, whose sum stays below 64.
func (p pair) distance() int {
	switch {
	case p.builtin:
		return 1 << 20
	case p.differ.Has(AttrProtocol):
		return 1 << 16
	}
	d := 0
	for a := range attrCount {
		if p.differ.Has(a) {
			d += 64 + weights[a]
		}
	}
	return d
}

func (p pair) nearer(q pair) bool {
	d, e := p.distance(), q.distance()
	return d < e || d == e && !p.incomplete && q.incomplete
}

func compareBundles(o, a []Proposal) pair {
	if len(o) == 1 && len(a) == 1 {
		return compareOne(&o[0], &a[0])
	}
	all := pair{}
	if len(o) != len(a) {
		all.differ = all.differ.With(AttrProtocol)
	}
	for i := range o {
		mate := -1
		for j := range a {
			if a[j].Protocol == o[i].Protocol {
				mate = j
				break
			}
		}
		if mate < 0 {
			all.differ = all.differ.With(AttrProtocol)
			continue
		}
		p := compareOne(&o[i], &a[mate])
		all.differ |= p.differ
		all.incomplete = all.incomplete || p.incomplete
		all.builtin = all.builtin || p.builtin
	}
	if all.differ.Has(AttrProtocol) {
		all.differ = Attributes(0).With(AttrProtocol)
	}
	return all
}
