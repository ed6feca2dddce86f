package diag

import (
	"bytes"
	"math"
	"path"
	"slices"
	"strings"
	"unicode"
)

// mergeGroups merges the gateways that were inferred from one group. Files of
// one folder are one gateway's unless their contents name two: hosts whose
// names differ, or whose own addresses are each other's peers. Where they name
// two, what does not know its own address goes by its peers, and last by what it
// is called.
func mergeGroups(gs []*gateway) []*gateway {
	groups := map[string][]*gateway{}
	var names []string
	gone := map[*gateway]bool{}
	for _, g := range gs {
		if g.given {
			continue
		}
		if groups[g.group] == nil {
			names = append(names, g.group)
		}
		groups[g.group] = append(groups[g.group], g)
	}
	for _, n := range names {
		var placed, rest []*gateway // those that know who they are, those that do not
		for _, g := range groups[n] {
			i := slices.IndexFunc(placed, func(h *gateway) bool { return !h.apart(g) && !h.talks(g) })
			switch {
			case len(g.addrs) == 0 && g.host == "":
				rest = append(rest, g)
			case i >= 0:
				placed[i].absorb(g)
				gone[g] = true
			default:
				placed = append(placed, g)
			}
		}
		switch {
		case len(placed) == 1:
			words, sides := placed[0].words(), placed[0].sides(rest)
			for _, g := range rest {
				// Nobody is a peer of its own.
				if !placed[0].talks(g) && !g.opposes(sides) && !placed[0].counterpart(g) && !stranger(words, rest, g) {
					placed[0].absorb(g)
					gone[g] = true
				}
			}
		case len(placed) == 0:
			for _, g := range rest[min(1, len(rest)):] {
				// Two logs, or two captures, that name nobody are two ends'.
				if g.units[0].source.Kind != rest[0].units[0].source.Kind {
					rest[0].absorb(g)
					gone[g] = true
				}
			}
		default:
			whose := make([]*gateway, len(rest))
			for i, g := range rest {
				whose[i] = ownOf(placed, g)
			}
			for i, g := range rest {
				if whose[i] != nil {
					whose[i].absorb(g)
					gone[g] = true
				}
			}
		}
	}
	return slices.DeleteFunc(gs, func(g *gateway) bool { return gone[g] })
}

// sides returns on which side of a negotiation a gateway's logs show it, by what
// tells negotiations apart; nil where nobody asks.
func (g *gateway) sides(rest []*gateway) map[token]Side {
	if len(rest) == 0 {
		return nil
	}
	by := map[token]Side{}
	for _, u := range g.units {
		for _, s := range u.strands {
			if !s.observer && s.role != SideUnknown {
				for t := range s.shared() {
					by[t] = s.role
				}
			}
		}
	}
	return by
}

// opposes reports whether a gateway's logs show it on the other side of a
// negotiation.
func (g *gateway) opposes(sides map[token]Side) bool {
	for _, u := range g.units {
		for _, s := range u.strands {
			if s.observer || s.role == SideUnknown {
				continue
			}
			for t := range s.shared() {
				if sides[t] == s.role.Other() {
					return true
				}
			}
		}
	}
	return false
}

// counterpart reports whether two gateways' logs are of two daemons, of which the
// one does nothing but call and the other is only called.
func (g *gateway) counterpart(h *gateway) bool {
	x, y := g.onlyRole(), h.onlyRole()
	return x != SideUnknown && x == y.Other() && !slices.ContainsFunc(g.units, func(u *unit) bool {
		return u.source.Kind == KindLog && slices.ContainsFunc(h.units, func(v *unit) bool { return v.source.Dialect == u.source.Dialect })
	})
}

// onlyRole returns the role that a gateway's logs show it in, SideUnknown for
// none or both.
func (g *gateway) onlyRole() (role Side) {
	for _, u := range g.units {
		for _, s := range u.strands {
			switch {
			case u.source.Kind != KindLog || s.role == SideUnknown || s.role == role:
			case role == SideUnknown:
				role = s.role
			default:
				return SideUnknown
			}
		}
	}
	return role
}

// ownOf finds the gateway that a source which does not say what its own address
// is belongs to: the only one that has an address which it has, too, else the
// only one with its peers, else by its name, else the only one on its side of
// what is negotiated.
func ownOf(placed []*gateway, g *gateway) *gateway {
	hints := g.units[0].hints
	if p := only(placed, func(p *gateway) bool { return !p.apart(g) && intersects(p.addrs, hints) }); p != nil {
		return p
	}
	if p := only(placed, func(p *gateway) bool { return !p.apart(g) && intersects(p.peers, g.peers) && !p.talks(g) }); p != nil {
		return p
	}
	if p := byName(placed, g); p != nil {
		return p
	}
	return byRole(placed, g)
}

// byRole finds the only gateway that does nothing but call, or is only called, as
// the log of one daemon shows that names nobody, and that has no other daemon's.
func byRole(placed []*gateway, g *gateway) *gateway {
	role := g.onlyRole()
	if role == SideUnknown {
		return nil
	}
	return only(placed, func(p *gateway) bool {
		return !p.apart(g) && !slices.ContainsFunc(p.units, func(u *unit) bool {
			return u.source.Kind == KindLog && u.source.Dialect != g.dialect()
		}) && p.place() == role
	})
}

// place returns the side on which a gateway's logs and captures show it,
// SideUnknown for none or both.
func (g *gateway) place() (side Side) {
	for _, u := range g.units {
		for _, s := range u.strands {
			switch at := s.at(); {
			case at == SideUnknown || at == side:
			case side == SideUnknown:
				side = at
			default:
				return SideUnknown
			}
		}
	}
	return side
}

// only returns the only gateway that fits.
func only(all []*gateway, fits func(*gateway) bool) (found *gateway) {
	for _, p := range all {
		if !fits(p) {
			continue
		}
		if found != nil {
			return nil
		}
		found = p
	}
	return found
}

// The last resort of the join: what a source is called. Counters of a kernel
// name no address, and in one folder with files of both ends the file's name
// is all that tells whose they are: east.log, east-xfrm_stat.txt.

// byName finds the only gateway whose mark is in a source's name: a word that
// the names of all its sources have and no other gateway's; else one that they
// begin with.
func byName(placed []*gateway, g *gateway) *gateway {
	if p := marked(placed, g, math.MaxInt); p != nil {
		return p
	}
	return marked(placed, g, 1)
}

// marked looks at so many words of each name.
func marked(placed []*gateway, g *gateway, most int) (found *gateway) {
	first := func(u *unit) []string {
		w := u.words
		return w[:min(len(w), most)]
	}
	for _, p := range placed {
		isMark := func(w string) bool {
			missing := slices.ContainsFunc(p.units, func(u *unit) bool { return !slices.Contains(first(u), w) })
			return !missing && !slices.ContainsFunc(placed, func(o *gateway) bool {
				return o != p && slices.ContainsFunc(o.units, func(u *unit) bool { return slices.Contains(first(u), w) })
			})
		}
		if slices.ContainsFunc(first(g.units[0]), isMark) {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	return found
}

// stranger reports whether a source's name speaks against the only gateway of
// its group, whose sources' names have the given words: another source of the
// same format shares one of them, and this one does not.
func stranger(words []string, rest []*gateway, g *gateway) bool {
	like := slices.DeleteFunc(slices.Clone(rest), func(o *gateway) bool { return o.dialect() != g.dialect() })
	shares := func(o *gateway) bool {
		return slices.ContainsFunc(o.words(), func(w string) bool {
			common := !slices.ContainsFunc(like, func(x *gateway) bool { return !slices.Contains(x.words(), w) })
			return !common && slices.Contains(words, w)
		})
	}
	return !shares(g) && slices.ContainsFunc(like, shares) && !slices.ContainsFunc(like, func(o *gateway) bool { return shares(o) && o.twin(g) })
}

// twin reports whether the first sources of two gateways say the same of the
// same negotiations, word for word: one file, given twice. Counters may be alike
// by chance.
func (g *gateway) twin(h *gateway) bool {
	tells := slices.ContainsFunc(g.units[0].strands, func(s *strand) bool { return s.key.handle != 0 })
	return tells && slices.EqualFunc(g.units[0].strands, h.units[0].strands, func(s, t *strand) bool {
		return s.key.handle == t.key.handle && s.first == t.first && s.open().last == t.open().last && slices.EqualFunc(s.facts(), t.facts(), func(a, b *slot) bool {
			return a.count == b.count && a.first.at == b.first.at && bytes.Equal(s.said(&a.first), t.said(&b.first))
		})
	})
}

// words returns the words of the names of a gateway's sources.
func (g *gateway) words() (all []string) {
	for _, u := range g.units {
		all = append(all, u.words...)
	}
	return all
}

// nameWords takes the last part of a path apart.
func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(path.Base(name)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func (g *gateway) dialect() string { return g.units[0].source.Dialect }
