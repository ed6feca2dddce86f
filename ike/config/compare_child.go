package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// relation says how two lists of selectors lie to each other.
type relation uint8

const (
	disjoint relation = iota
	overlap
	contained // one contains the other
	unknown   // a dynamic one takes part
	mirrored
)

// relate compares one end's selectors with what the other end calls it. An
// IKEv1 strongSwan negotiates the first of a list only.
func relate(x, y []Selector, firstOnly bool) relation {
	if firstOnly {
		x, y = x[:min(len(x), 1)], y[:min(len(y), 1)]
	}
	if len(x) == len(y) {
		same := true
		for i := range x {
			same = same && slices.ContainsFunc(y, func(s Selector) bool { return s.Selector.Equal(x[i].Selector) })
		}
		if same {
			return mirrored
		}
	}
	best := disjoint
	for _, s := range x {
		for _, t := range y {
			switch {
			case s.Dynamic != t.Dynamic || s.Bad || t.Bad:
				best = max(best, unknown)
			case s.Selector.Contains(t.Selector) || t.Selector.Contains(s.Selector):
				best = max(best, contained)
			case s.Selector.Overlaps(t.Selector):
				best = max(best, overlap)
			}
		}
	}
	return best
}

// nearness orders children of the other end: both relations, then the name.
func nearness(k, m *Child, first bool) int {
	n := 4 * (int(relate(k.Local.V, m.Remote.V, first)) + int(relate(k.Remote.V, m.Local.V, first)))
	if k.Name == m.Name {
		n++
	}
	return n
}

// children pairs the children and compares the pairs. What the end with more
// of them has left is for another connection of the peer to answer.
func (c *comparer) children() {
	v1 := c.x.Version.V != IKEv2 && c.y.Version.V != IKEv2
	few, many, turned := protected(c.x), protected(c.y), false
	if len(few) > len(many) {
		few, many, turned = many, few, true
	}
	used := make([]bool, len(many))
	for _, k := range few {
		best, at := -1, -1
		for j, m := range many {
			if used[j] {
				continue
			}
			if n := nearness(k, m, v1 && k.FirstOnly && m.FirstOnly); n > best {
				best, at = n, j
			}
		}
		used[at] = true
		if turned {
			c.child(many[at], k, v1)
		} else {
			c.child(k, many[at], v1)
		}
	}
	for j, m := range many {
		if used[j] || len(few) == 0 {
			continue
		}
		left := Setting{Text: m.Name, At: m.At, Origin: Written}
		if turned {
			c.add(FieldChild, Unverifiable, left, Setting{}, NoteUnanswered).ChildA = m.Name
		} else {
			c.add(FieldChild, Unverifiable, Setting{}, left, NoteUnanswered).ChildB = m.Name
		}
	}
}

// protected returns the children that negotiate, as many as are compared.
func protected(c *Connection) (out []*Child) {
	for i := range c.Children {
		if k := &c.Children[i]; k.Action.V == Protect && len(out) < maxCandidates {
			out = append(out, k)
		}
	}
	return out
}

func (c *comparer) child(k, m *Child, v1 bool) {
	from := len(c.out)
	c.selectors(k, m, v1)
	c.childSuites(k, m)
	lenient := c.either(func(t traits) bool { return t.followsMode })
	if x, y := k.Mode, m.Mode; x.V != y.V && x.Origin != Unset && y.Origin != Unset {
		d, note := Mismatch, ""
		if lenient {
			d, note = Advisory, NoteLenient
		}
		c.add(FieldEncapsulation, d, settingOf(x, x.V.String()), settingOf(y, y.V.String()), note)
	}
	if x, y := k.Lifetime.Life, m.Lifetime.Life; x.V != y.V && x.Known() && y.Known() {
		c.add(FieldChildLifetime, Advisory, settingOf(x, secondsText(x.V)), settingOf(y, secondsText(y.V)), "")
	}
	for i, n := range []*Child{k, m} {
		if n.Translated.Origin != Unset {
			var s [2]Setting
			s[i] = settingOf(n.Translated, n.Translated.V)
			c.add(FieldTranslation, Mismatch, s[0], s[1], NoteTranslated)
		}
	}
	if x, y := k.IPComp, m.IPComp; x.V != y.V {
		c.add(FieldIPComp, Advisory, settingOf(x, yesNo(x.V)), settingOf(y, yesNo(y.V)), "")
	}
	if x, y := k.SHA256Bits96, m.SHA256Bits96; x.V != y.V && usesSHA256(k) && usesSHA256(m) {
		c.add(FieldTruncation, Mismatch, settingOf(x, yesNo(x.V)), settingOf(y, yesNo(y.V)), "")
	}
	for i := from; i < len(c.out); i++ {
		c.out[i].ChildA, c.out[i].ChildB = k.Name, m.Name
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// either reports whether one of the two daemons has a trait.
func (c *comparer) either(has func(traits) bool) bool { return has(c.x.traits()) || has(c.y.traits()) }

func usesSHA256(k *Child) bool {
	return slices.ContainsFunc(k.Proposals.V.List, func(p ike.Proposal) bool {
		return slices.Contains(p.Integrity, ike.IntegritySHA256) && !p.AEAD()
	})
}

func (c *comparer) selectors(k, m *Child, v1 bool) {
	first := v1 && k.FirstOnly && m.FirstOnly
	narrows := Advisory
	if v1 && c.either(func(t traits) bool { return t.exact }) {
		narrows = Mismatch // it wants them as configured
	}
	for _, x := range [2][2]Value[[]Selector]{{k.Local, m.Remote}, {k.Remote, m.Local}} {
		a, b := settingOf(x[0], selectorText(x[0].V)), settingOf(x[1], selectorText(x[1].V))
		switch relate(x[0].V, x[1].V, first) {
		case mirrored:
			if first && max(len(x[0].V), len(x[1].V)) > 1 {
				c.add(FieldSelectors, Advisory, a, b, NoteFirstOnly)
			}
		case unknown:
			if !c.virtual() {
				c.add(FieldSelectors, Unverifiable, a, b, NoteDynamic)
			}
		case contained:
			d, note := narrows, NoteNarrowed
			if v1 && (c.wider(c.x, c.y, k, m) || c.wider(c.y, c.x, m, k)) {
				d, note = Mismatch, NoteWider
			}
			c.add(FieldSelectors, d, a, b, note)
		case overlap:
			d := narrows
			if v1 && c.either(func(t traits) bool { return t.within }) {
				d = Mismatch
			}
			c.add(FieldSelectors, d, a, b, NoteOverlap)
		default:
			c.add(FieldSelectors, Mismatch, a, b, "")
		}
	}
}

// wider reports whether x may begin and ask y for more than what y has, which
// y refuses.
func (c *comparer) wider(x, y *Connection, k, m *Child) bool {
	if !y.traits().within || x.Passive() {
		return false
	}
	within := func(asked, has []Selector) bool {
		return len(asked) == 0 || slices.ContainsFunc(has, func(s Selector) bool {
			return s.Dynamic || s.Bad || asked[0].Dynamic || s.Selector.Contains(asked[0].Selector)
		})
	}
	return !within(k.Local.V, m.Remote.V) || !within(k.Remote.V, m.Local.V)
}

// virtual reports whether an inner address is handed out, so that a dynamic
// selector becomes a known one.
func (c *comparer) virtual() bool {
	return len(c.x.Local.VirtualIPs.V)+len(c.x.Remote.VirtualIPs.V) > 0 && len(c.y.Local.VirtualIPs.V)+len(c.y.Remote.VirtualIPs.V) > 0
}

func selectorText(l []Selector) string {
	var t []string
	for _, s := range l {
		t = append(t, s.Text)
	}
	return strings.Join(t, ",")
}

// childSuites compares the phase-2 proposals; a group that differs is PFS.
func (c *comparer) childSuites(k, m *Child) {
	x, y := k.Proposals, m.Proposals
	d, attrs, note := c.suites(x, y)
	if d == 0 {
		return
	}
	f := FieldChildProposals
	if len(attrs) == 1 && attrs[0] == ike.AttrGroup {
		f = FieldPFS
		if d == Mismatch && c.either(func(t traits) bool { return t.anyGroup }) && pfs(k) && pfs(m) {
			d, note = Advisory, NoteLenient // it takes any group where it wants PFS at all
		}
	}
	c.add(f, d, settingOf(x, x.V.Text), settingOf(y, y.V.Text), note).Attributes = attrs
}

func pfs(k *Child) bool {
	return slices.ContainsFunc(k.Proposals.V.List, func(p ike.Proposal) bool { return len(p.Groups) > 0 })
}
