package config

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// Side is a connection in its configuration.
type Side struct {
	// Config holds the secrets; nil: keys cannot be compared.
	Config     *Config
	Connection *Connection
}

// Pair is a connection of one gateway and the one of the other that answers
// it.
type Pair struct {
	// A and B are the two ends' connections.
	A, B Side
	// Score says how much speaks for the pair, by identities, addresses and
	// selectors: 8 and more is certain where nothing else claims the same.
	Score int
	// Candidates counts the connections of B that were weighed for A's.
	Candidates int
}

// maxCandidates bounds how many connections of B are weighed for one of A by
// one criterion, so that thousands that look alike cost thousands and not
// millions.
const maxCandidates = 64

// minScore is what it takes to be a pair.
const minScore = 4

// Match finds which connection of b answers which of a. Connections that are
// not loaded take no part. A connection answers one other, unless it accepts
// any peer; unmatched are those of both that found none.
//
// What speaks for a pair are identities that mirror each other, addresses that
// do, mirrored traffic selectors and, a little, the name; what speaks against
// it are addresses that exclude each other. No single one decides: the one
// that is wrong may be the fault that is looked for.
//
// Of a connection whose sides were guessed both readings are tried, as the two
// gateways often have one and the same text. A Side of a pair then holds a
// reversed copy.
func Match(a, b *Config) (pairs []Pair, unmatched []*Connection) {
	x := indexOf(b)
	alone := x.loaded == 1 && loaded(a) == 1
	type weighed struct {
		Pair
		a, b *Connection // as they stand in their configurations
	}
	var all []weighed
	for i := range a.Connections {
		c := &a.Connections[i]
		if !c.Loaded() {
			continue
		}
		for reversed, v := range c.variants() {
			cands, mine := x.candidates(v), v.selectorKeys()
			if alone && len(cands) == 0 {
				cands = x.sole()
			}
			for _, n := range cands {
				d := &x.all[n]
				if d.reversed && reversed == 1 {
					continue // the same as neither
				}
				s, both := score(v, d.c, mine, d.selectors)
				if !both && (d.reversed || reversed == 1) {
					continue // two that talk to a third look like this
				}
				if s >= minScore || s > 0 && alone {
					all = append(all, weighed{Pair{Side{a, v}, Side{b, d.c}, s, len(cands)}, c, d.orig})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(p, q weighed) int { return cmp.Compare(q.Score, p.Score) })
	taken := make(map[*Connection]bool)
	for _, p := range all {
		ta, tb := taken[p.a], taken[p.b]
		if ta && tb || ta && !p.a.Remote.AnyAddress() || tb && !p.b.Remote.AnyAddress() {
			continue
		}
		taken[p.a], taken[p.b] = true, true
		pairs = append(pairs, p.Pair)
	}
	for _, c := range []*Config{a, b} {
		for i := range c.Connections {
			if d := &c.Connections[i]; d.Loaded() && !taken[d] {
				unmatched = append(unmatched, d)
			}
		}
	}
	return pairs, unmatched
}

// variants returns the connection and, where its sides were guessed, a copy
// the other way round.
func (c *Connection) variants() []*Connection {
	if !c.SidesGuessed {
		return []*Connection{c}
	}
	r := new(Connection)
	*r = *c
	r.Reverse()
	return []*Connection{c, r}
}

func loaded(c *Config) (n int) {
	for i := range c.Connections {
		if c.Connections[i].Loaded() {
			n++
		}
	}
	return n
}

// matchKey is one property by which connections of the other gateway are
// found, as seen from there.
type matchKey struct {
	kind          byte
	local, remote string
}

type matchIndex struct {
	all    []variant
	by     map[matchKey][]int
	any    []int // accept any peer
	loaded int
}

// variant is a connection of b in one reading.
type variant struct {
	c, orig   *Connection
	reversed  bool
	selectors [][2]string // its selectorKeys
}

// keys returns the properties of a connection; mirrored, those that one of the
// other gateway has that answers it. The most telling come first.
func (c *Connection) keys(mirrored bool) []matchKey {
	l, r := &c.Local, &c.Remote
	if mirrored {
		l, r = r, l
	}
	var out []matchKey
	lid, rid := idKey(l.ID), idKey(r.ID)
	la, ra := hostKey(l), hostKey(r)
	if lid != "" && rid != "" {
		out = append(out, matchKey{'i', lid, rid})
	}
	if la != "" && ra != "" {
		out = append(out, matchKey{'a', la, ra})
	}
	for _, k := range c.selectorKeys() {
		if mirrored {
			k[0], k[1] = k[1], k[0]
		}
		if k[0] != "" && k[1] != "" {
			out = append(out, matchKey{'t', k[0], k[1]})
		}
	}
	for _, k := range []matchKey{{'i', lid, ""}, {'i', "", rid}, {'a', la, ""}, {'a', "", ra}} {
		if k.local != "" || k.remote != "" {
			out = append(out, k)
		}
	}
	return out
}

// selectorKeys returns the first local and remote selector of each child.
func (c *Connection) selectorKeys() [][2]string {
	out := make([][2]string, min(len(c.Children), 16))
	for i := range out {
		out[i] = [2]string{tsKey(c.Children[i].Local.V), tsKey(c.Children[i].Remote.V)}
	}
	return out
}

func idKey(v Value[ike.Identity]) string {
	if !v.Stated() || v.V.Any || v.V.FromCert {
		return ""
	}
	return v.V.Value // types may differ, that is a fault to find
}

func hostKey(e *End) string {
	if a, ok := e.Host(); ok {
		return a.String()
	}
	return ""
}

func tsKey(l []Selector) string {
	if len(l) == 0 || l[0].Dynamic || l[0].Bad {
		return ""
	}
	return l[0].Selector.String()
}

func indexOf(b *Config) *matchIndex {
	x := &matchIndex{by: make(map[matchKey][]int)}
	for j := range b.Connections {
		d := &b.Connections[j]
		if !d.Loaded() {
			continue
		}
		x.loaded++
		for reversed, v := range d.variants() {
			n := len(x.all)
			x.all = append(x.all, variant{v, d, reversed == 1, v.selectorKeys()})
			if v.Remote.AnyAddress() && len(x.any) < maxCandidates {
				x.any = append(x.any, n)
			}
			for _, k := range v.keys(false) {
				if l := x.by[k]; len(l) < maxCandidates {
					x.by[k] = append(l, n)
				}
			}
		}
	}
	return x
}

// candidates returns the connections worth weighing for c, in order: where
// both identities or both addresses mirror, what shares only one of them is
// left out.
func (x *matchIndex) candidates(c *Connection) []int {
	var out []int
	seen := make(map[int]bool)
	take := func(l []int) {
		for _, j := range l {
			if !seen[j] {
				seen[j] = true
				out = append(out, j)
			}
		}
	}
	certain := false
	for _, k := range c.keys(true) {
		if certain && k.kind != 't' && (k.local == "" || k.remote == "") {
			continue
		}
		take(x.by[k])
		certain = certain || k.kind != 't' && len(out) > 0
	}
	if !certain {
		take(x.any)
	}
	return out
}

// sole returns the readings of the only connection.
func (x *matchIndex) sole() []int {
	out := make([]int, len(x.all))
	for i := range out {
		out[i] = i
	}
	return out
}

// score weighs a pair; p and q are their selectorKeys. both says that something
// speaks for either end.
func score(a, b *Connection, p, q [][2]string) (s int, both bool) {
	best := 0
	both = true
	for _, x := range [2][2]*End{{&a.Local, &b.Remote}, {&a.Remote, &b.Local}} {
		n := scoreAddress(x[0], x[1]) + scoreID(x[0].ID, x[1].ID)
		s, both = s+n, both && n > 0
	}
	// Who calls the very address of one that takes anybody is answered.
	if s == 3 && (reaches(a, b) || reaches(b, a)) {
		s++
	}
	for _, k := range p {
		for _, m := range q {
			n := 0
			for side := range 2 {
				if k[side] != "" && k[side] == m[1-side] {
					n += 2
				}
			}
			best = max(best, n)
		}
	}
	if s += best; a.Name == b.Name {
		s++
	}
	return s, both
}

// reaches reports whether a calls the address of b, which takes any peer.
func reaches(a, b *Connection) bool {
	x, ok1 := a.Remote.Host()
	y, ok2 := b.Local.Host()
	return ok1 && ok2 && x == y && b.Remote.AnyAddress()
}

func scoreAddress(a, b *End) int {
	if x, ok := a.Host(); ok {
		return scoreHost(x, b)
	}
	if x, ok := b.Host(); ok {
		return scoreHost(x, a)
	}
	return 0
}

func scoreHost(x netip.Addr, e *End) int {
	fits, in := e.fits(x)
	switch {
	case !in:
		return -2
	case fits >= 4:
		return 3
	case fits >= 2:
		return 1
	}
	return 0
}

func scoreID(a, b Value[ike.Identity]) int {
	if !a.Stated() || !b.Stated() || a.V.Any || b.V.Any {
		return 0
	}
	switch {
	case a.V.Equal(b.V):
		return 4
	case a.V.SameValue(b.V):
		return 3
	case a.V.Accepts(b.V), b.V.Accepts(a.V):
		return 2
	}
	return -1
}
