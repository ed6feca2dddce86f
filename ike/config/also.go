package config

import (
	"fmt"
	"slices"
)

// alsoResolver gives every conn section what it inherits: by also= and, last
// of all, from %default.
type alsoResolver struct {
	s     *source
	conns *section
	left  int // sections that may still be listed
	memo  map[*section][]*section
	lacks map[*section][]Setting
	copy  *flattener // its budget is that of the whole configuration
	stack []*section
	said  bool
	// firstWins: of the sections that one names, the first is the most
	// important, as in libreswan; in strongSwan it is the last.
	firstWins bool
}

func newAlsoResolver(s *source, conns *section, firstWins bool) *alsoResolver {
	return &alsoResolver{s: s, conns: conns, firstWins: firstWins, left: s.lim.Expand, memo: make(map[*section][]*section), lacks: make(map[*section][]Setting), copy: &flattener{s: s, left: s.lim.Expand}}
}

// parents returns the sections that sec inherits from, most important first:
// depth first, and of a section that is reached twice the last place counts.
func (r *alsoResolver) parents(sec *section) []*section {
	if p, ok := r.memo[sec]; ok {
		return p
	}
	if len(r.stack) >= r.s.lim.Depth {
		r.s.problem(sec.at, "also", ErrTooDeep)
		return nil
	}
	r.stack = append(r.stack, sec)
	var all []*section
	refs := slices.Clone(sec.refs)
	if !r.firstWins {
		slices.Reverse(refs)
	}
	for _, name := range refs {
		t := r.conns.sub[name]
		switch {
		case t == nil:
			r.s.problem(sec.from, "also", ErrReference)
		case slices.Contains(r.stack, t):
			r.s.problem(sec.from, "also", ErrCycle)
		default:
			more := r.parents(t)
			if r.left -= len(more) + 1; r.left < 0 {
				if !r.said {
					r.said = true
					r.s.problem(sec.from, "also", fmt.Errorf("%w: by also=", ErrTooMany))
				}
				break
			}
			all = append(append(all, t), more...)
		}
	}
	r.stack = r.stack[:len(r.stack)-1]
	all = keepLast(all)
	r.memo[sec] = all
	return all
}

// keepLast drops all but the last occurrence of each section.
func keepLast(all []*section) []*section {
	seen := make(map[*section]bool, len(all))
	out := all[:0:0]
	for _, s := range slices.Backward(all) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	slices.Reverse(out)
	return out
}

// flatten returns a conn section with all that it inherits.
func (r *alsoResolver) flatten(sec *section) *flat {
	f := r.copy
	out := &flat{name: sec.name, at: sec.at}
	for i := range sec.set {
		f.put(out, flatSetting{setting: &sec.set[i]})
	}
	out.miss(r.missing(sec)...)
	from := r.parents(sec)
	if def := r.conns.sub["%default"]; def != nil {
		from = append(slices.Clip(from), def)
	}
	for _, p := range from {
		if p.name != "%default" {
			out.miss(r.missing(p)...)
		}
		for i := range p.set {
			f.put(out, flatSetting{setting: &p.set[i], inherited: true})
		}
	}
	return out
}

// missing returns the sections that sec names and that do not exist.
func (r *alsoResolver) missing(sec *section) []Setting {
	m, ok := r.lacks[sec]
	if ok {
		return m
	}
	for _, name := range sec.refs {
		if r.conns.sub[name] == nil && len(m) < maxMissing {
			m = append(m, Setting{Key: "also", Text: name, At: sec.from, Origin: Written})
		}
	}
	r.lacks[sec] = m
	return m
}

// templates returns the sections that others refer to.
func templates(conns *section) map[string]bool {
	m := make(map[string]bool)
	for _, sec := range conns.subs {
		for _, ref := range sec.refs {
			m[ref] = true
		}
	}
	return m
}
