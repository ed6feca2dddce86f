package config

import (
	"fmt"
	"strings"
)

// flat is a section with everything that it inherits by its references.
type flat struct {
	name string
	at   Pos
	set  []flatSetting
	keys map[string]int
	subs []*flat
	sub  map[string]*flat
	// missing are the references, its own and inherited ones, to sections that
	// do not exist.
	missing []Setting
}

type flatSetting struct {
	*setting
	inherited bool
	taken     bool
}

// flattener resolves section references (name : other, another { }).
type flattener struct {
	s     *source
	root  *section
	left  int // settings that may still be copied
	stack []*section
	said  bool
}

// flatten returns sec with what it inherits. A setting of its own wins over an
// inherited one, and a reference named first over those that follow.
func (f *flattener) flatten(sec *section) *flat {
	out := &flat{name: sec.name, at: sec.at}
	if len(f.stack) >= f.s.lim.Depth {
		f.s.problem(sec.at, "", ErrTooDeep)
		return out
	}
	if !f.spend(sec.at) {
		return out
	}
	f.stack = append(f.stack, sec)
	for i := range sec.set {
		f.put(out, flatSetting{setting: &sec.set[i]})
	}
	for _, sub := range sec.subs {
		out.adopt(f.flatten(sub))
	}
	for _, ref := range sec.refs {
		if t := f.target(ref, sec.from); t != nil {
			f.merge(out, f.flatten(t))
		} else {
			out.miss(Setting{Key: sec.name, Text: ref, At: sec.from, Origin: Written})
		}
	}
	f.stack = f.stack[:len(f.stack)-1]
	return out
}

// target returns the section that a reference names.
func (f *flattener) target(ref string, at Pos) *section {
	t := f.root
	for name := range strings.SplitSeq(ref, ".") {
		if t = t.sub[name]; t == nil {
			f.s.problem(at, "", ErrReference)
			return nil
		}
	}
	for _, open := range f.stack {
		if open == t {
			f.s.problem(at, "", fmt.Errorf("%w: a section reference", ErrCycle))
			return nil
		}
	}
	return t
}

// spend takes one from what may still be copied, false if nothing is left.
func (f *flattener) spend(at Pos) bool {
	if f.left--; f.left >= 0 {
		return true
	}
	if !f.said {
		f.said = true
		f.s.problem(at, "", fmt.Errorf("%w: by references", ErrTooMany))
	}
	return false
}

func (f *flattener) put(to *flat, x flatSetting) {
	if _, ok := to.keys[x.key]; ok {
		return
	}
	if !f.spend(x.at) {
		return
	}
	if to.keys == nil {
		to.keys = make(map[string]int)
	}
	to.keys[x.key] = len(to.set)
	to.set = append(to.set, x)
}

func (f *flattener) merge(to, from *flat) {
	to.miss(from.missing...)
	for _, x := range from.set {
		x.inherited = true
		f.put(to, x)
	}
	for _, sub := range from.subs {
		into := to.sub[sub.name]
		if into == nil {
			into = &flat{name: sub.name, at: sub.at}
			to.adopt(into)
		}
		f.merge(into, sub)
	}
}

// maxMissing bounds the references of a section that are kept as missing.
const maxMissing = 8

func (s *flat) miss(x ...Setting) {
	s.missing = append(s.missing, x[:min(len(x), maxMissing-len(s.missing))]...)
}

// found returns the section's missing references, and those of its own
// sections, as issues.
func (s *flat) found(e Effect, depth int) (out []Issue) {
	for _, m := range s.missing {
		out = append(out, Issue{Kind: IssueReference, Effect: e, Child: -1, Setting: m, Subject: m.Text})
	}
	for _, sub := range s.subs {
		if depth > 0 && len(out) < maxMissing {
			out = append(out, sub.found(e, depth-1)...)
		}
	}
	return out[:min(len(out), maxMissing)]
}

func (s *flat) adopt(sub *flat) {
	if s.sub == nil {
		s.sub = make(map[string]*flat)
	}
	s.sub[sub.name] = sub
	s.subs = append(s.subs, sub)
}

// count returns the number of settings in the section and below it.
func (s *flat) count() int {
	n := len(s.set)
	for _, sub := range s.subs {
		n += sub.count()
	}
	return n
}
