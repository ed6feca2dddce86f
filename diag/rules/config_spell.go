package rules

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// What to write, in the syntax of the file that has to change.

func (p confPair) format(end int) string { return p.c[end].V.Format }

// sameFormat reports whether what stands in one file can be copied into the
// other.
func (p confPair) sameFormat() bool { return p.format(0) != "" && p.format(0) == p.format(1) }

// writing is how an end's file writes.
func (p confPair) writing(end int) *writing { return writingOf(p.c[end].V) }

// proposal spells a proposal for an end's file, empty where that cannot be
// said: a built-in list, or a name that no table has.
func (p confPair) proposal(end int, want *ike.Proposal, old diag.Place) string {
	w := p.writing(end)
	if w.algorithms == ike.DialectAny || want.Default || len(want.Unknown) > 0 || want.Open != 0 {
		return ""
	}
	q := want.Clone()
	if w.single {
		q.Ciphers, q.Integrity = q.Ciphers[:min(1, len(q.Ciphers))], q.Integrity[:min(1, len(q.Integrity))]
		q.Groups, q.Auth = q.Groups[:min(1, len(q.Groups))], q.Auth[:min(1, len(q.Auth))]
	}
	if w.pfs != nil && q.Protocol != ike.ProtocolIKE {
		q.Groups = nil
	}
	if !q.HasWords(w.algorithms) {
		return ""
	}
	text := q.Config(w.algorithms)
	if w.strict != "" && strings.HasSuffix(old.Value, w.strict) {
		text += w.strict
	}
	return text
}

// attributeKey is the name under which a part of a proposal has its place,
// where parts have their own.
func attributeKey(n int, a ike.Attribute) string {
	switch a {
	case ike.AttrKeyLength:
		a = ike.AttrEncryption
	case ike.AttrPRF:
		a = ike.AttrHash
	}
	return fmt.Sprintf("Proposals.%d.%v", n, a)
}

// nearestIndex is the index of an end's proposal in a comparison of the first
// end's list with the second's.
func nearestIndex(d ike.Comparison, end int) int { return [2]int{d.Offered, d.Accepted}[end] }

// suiteFields returns under which names the places of phase-1 proposals that
// differ stand: the line of the part that differs, or the whole.
func (p confPair) suiteFields(d ike.Comparison) (fields [2]string) {
	for end := range fields {
		fields[end] = "Proposals"
		for _, a := range d.Differ {
			key := attributeKey(nearestIndex(d, end), a)
			if at, ok := p.c[end].V.At[key]; ok && at.Line > 0 {
				fields[end] = key
				break
			}
		}
	}
	return fields
}

// suiteRemedies says what to write for phase-1 proposals that differ.
func (p confPair) suiteRemedies(d ike.Comparison, action string) (out []diag.Remedy) {
	lists := [2][]ike.Proposal{p.c[0].V.Proposals, p.c[1].V.Proposals}
	for end := range p.c {
		other := nearestIndex(d, 1-end)
		if other < 0 || other >= len(lists[1-end]) {
			continue
		}
		want := &lists[1-end][other]
		whole := p.place(end, "Proposals")
		text := p.proposal(end, want, whole)
		last := "" // a cipher and its key length stand in one line
		for _, a := range d.Differ {
			key := attributeKey(nearestIndex(d, end), a)
			at, ok := p.c[end].V.At[key]
			if !ok || at.Setting == last {
				continue
			}
			e := p.v.PlaceEvidence(p.c[end], key)
			out = append(out, diag.Remedy{End: diag.EndEither, Action: action, Setting: at.Setting, Value: part(text, at.Setting), Source: e.Source, Line: e.Where.Line})
			last = at.Setting
		}
		if last == "" {
			e := p.v.PlaceEvidence(p.c[end], "Proposals")
			out = append(out, diag.Remedy{End: diag.EndEither, Action: action, Setting: whole.Setting, Value: text, Source: e.Source, Line: e.Where.Line})
		}
	}
	return out
}

// part returns the value of one setting in a list of settings, as in
// encryption aes 256, group 14, or with semicolons in between. A setting that
// is there several times has several values.
func part(text, setting string) string {
	var values []string
	for _, f := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' }) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(f), setting+" "); ok {
			values = append(values, v)
		}
	}
	return strings.Join(values, ", ")
}

// suiteRemedies says what to write for phase-2 proposals that differ, and for
// the group for PFS where it has a setting of its own.
func (k kidPair) suiteRemedies(d ike.Comparison, action string) (out []diag.Remedy) {
	for end := range k.k {
		other := nearestIndex(d, 1-end)
		if other < 0 || other >= len(k.k[1-end].Proposals) {
			continue
		}
		want := &k.k[1-end].Proposals[other]
		add := func(field string, at diag.Place, setting, value string) {
			e := k.p.v.ChildEvidence(k.p.c[end], k.index[end], field)
			if at.Line > 0 {
				e.Where.Line = at.Line
			}
			out = append(out, diag.Remedy{End: diag.EndEither, Action: action, Setting: setting, Value: value, Source: e.Source, Line: e.Where.Line})
		}
		group := len(d.Differ) == 1 && d.Differ[0] == ike.AttrGroup
		own := k.k[end].At
		off, apart := own["PFS"]
		switch {
		case k.p.writing(end).pfs != nil:
			last := ""
			for _, a := range d.Differ {
				if a == ike.AttrGroup {
					continue
				}
				key := attributeKey(nearestIndex(d, end), a)
				if own[key].Line == 0 {
					key = "Proposals"
				}
				at := own[key]
				if at.Setting == last {
					continue // a transform set, which holds all
				}
				last = at.Setting
				text := k.p.proposal(end, want, at)
				if v := part(text, at.Setting); v != "" {
					text = v
				}
				add(key, at, at.Setting, text)
			}
			if containsAttr(d.Differ, ike.AttrGroup) {
				setting, value := k.p.writing(end).pfs(firstGroup(want), off.Setting)
				add("PFS", off, setting, value)
			}
		case group && apart: // switched off beside the proposals
			add("PFS", off, off.Setting, "yes")
		default:
			add("Proposals", own["Proposals"], own["Proposals"].Setting, k.p.proposal(end, want, own["Proposals"]))
		}
	}
	return out
}

func containsAttr(list []ike.Attribute, a ike.Attribute) bool {
	for _, x := range list {
		if x == a {
			return true
		}
	}
	return false
}

func firstGroup(p *ike.Proposal) ike.Group {
	for _, g := range p.Groups {
		if g != ike.GroupNone {
			return g
		}
	}
	return ike.GroupNone
}

// selectorRemedies says what to write for selectors that do not mirror each
// other: an access list takes both at once.
func (k kidPair) selectorRemedies(ev []diag.Evidence, fields [2]string, action string) (out []diag.Remedy) {
	at := k.places(fields)
	for end := range k.k {
		r := diag.Remedy{End: diag.EndEither, Action: action, Setting: at[end].Setting, Source: ev[end].Source, Line: ev[end].Where.Line}
		own, other := k.k[end], k.k[1-end]
		switch {
		case own.AccessList:
			if w := k.p.writing(end); w.entry != nil {
				r.Value = w.entry(other.Remote, other.Local, at[end].Setting)
			}
		case !other.AccessList && k.p.sameFormat():
			r.Value = at[1-end].Value
		case fields[end] == "Remote":
			r.Value = k.p.subnets(end, other.Local)
		default:
			r.Value = k.p.subnets(end, other.Remote)
		}
		out = append(out, r)
	}
	return out
}

// subnets writes selectors as the file of an end has them, where one setting
// can say them all.
func (p confPair) subnets(end int, list []ike.Selector) string {
	w := p.writing(end)
	if w.subnet == nil {
		return ""
	}
	var b strings.Builder
	for i, s := range list {
		if _, ok := s.Prefix(); !ok || s.Dynamic || !w.lists && (i > 0 || s.Protocol != 0 || !s.AllPorts()) {
			return ""
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(w.subnet(s))
	}
	return b.String()
}
