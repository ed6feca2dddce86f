package config

import (
	"fmt"
	"slices"
	"strings"
)

// The layout that strongSwan's and libreswan's ipsec.conf share: sections
// "conn NAME", "ca NAME" and "config setup" at the start of a line, their
// settings indented below.

// ipsecFile is what one ipsec.conf and its includes say.
type ipsecFile struct {
	conns *section // its sub-sections are the conn sections
	setup *section
	cas   *section
	// libreswan's rules for comments and quotes differ.
	libreswan bool
}

// ipsecParser reads lines.
type ipsecParser struct {
	s   *source
	f   *ipsecFile
	cur *section // where settings go; nil: nowhere
	// flush is the last section of which it was said that its settings must be
	// indented.
	flush *section
}

func (p *ipsecParser) parse(name string, b []byte) {
	text := string(b)
	line := 0
	for text != "" && !p.s.full {
		var l string
		full := text
		l, text, _ = strings.Cut(text, "\n")
		line++
		at := Pos{name, line}
		indented := l != "" && (l[0] == ' ' || l[0] == '\t')
		l = strings.Trim(l, " \t\r")
		if l == "" || l[0] == '#' {
			continue
		}
		eq := strings.IndexByte(l, '=')
		first, arg := splitWord(l)
		switch {
		case eq >= 0 && word(strings.TrimRight(l[:eq], " \t")):
			used := p.setting(l, eq, at, indented, full)
			for ; used > 0; used-- { // lines that a quotation took with it
				_, text, _ = strings.Cut(text, "\n")
				line++
			}
		case first == "include" && arg != "":
			if p.s.unit(at) {
				p.s.recognize(at)
				p.s.include(unquote(p.uncomment(arg)), at, func(file string, b []byte) {
					cur := p.cur
					p.parse(file, b)
					p.cur = cur
				})
			}
		case first == "version":
		default:
			p.section(first, p.uncomment(arg), at, indented)
		}
	}
	if p.s.full {
		p.tear()
	}
}

// tear leaves out the conn section within which a limit ended the reading:
// what it lacks it may have had.
func (p *ipsecParser) tear() {
	p.f.conns.subs = slices.DeleteFunc(p.f.conns.subs, func(sec *section) bool { return sec == p.cur })
	p.cur = nil
}

// section opens a section.
func (p *ipsecParser) section(kind, name string, at Pos, indented bool) {
	p.cur = nil
	if !p.s.unit(at) {
		return
	}
	switch {
	case kind == "config" && name == "setup":
		p.cur = p.f.setup
		p.cur.at = at
	case kind == "conn" && name != "" && !strings.ContainsAny(name, " \t"):
		n := len(p.f.conns.subs)
		if p.f.conns.sub["%default"] != nil {
			n-- // which is none
		}
		if p.f.conns.sub[name] == nil && name != "%default" && !p.s.connection(n, at) {
			return
		}
		p.cur = p.f.conns.child(name, at)
	case kind == "ca" && name != "" && !strings.ContainsAny(name, " \t"):
		p.cur = p.f.cas.child(name, at)
	default:
		// What it says may be anything, a line of a secrets file too.
		p.s.problem(at, "", ErrSyntax)
		return
	}
	p.s.recognize(at)
	if indented {
		p.s.problem(at, kind, fmt.Errorf("%w: a section must not be indented", ErrSyntax))
	}
}

// setting reads one setting and returns how many further lines its quotation
// took.
func (p *ipsecParser) setting(l string, eq int, at Pos, indented bool, full string) int {
	key := strings.ToLower(strings.TrimRight(l[:eq], " \t"))
	if p.f.libreswan { // leftid and left-id are one
		for _, side := range []string{"left", "right"} {
			if rest, ok := strings.CutPrefix(key, side+"-"); ok {
				key = side + rest
			}
		}
	}
	val := strings.TrimLeft(l[eq+1:], " \t")
	used, ok := 0, true
	quoted := strings.HasPrefix(val, `"`)
	switch {
	case quoted && p.f.libreswan:
		var rest string
		if val, rest, ok = strings.Cut(val[1:], `"`); !ok {
			val = p.uncomment(val)
		}
		_ = rest
	case quoted:
		lex := settingsLexer{b: full[strings.IndexByte(full, '"')+1:]}
		var text string
		if text, ok = lex.quoted(); ok && !runaway(text) {
			val, used = text, lex.line
		} else {
			val, ok = p.uncomment(val[1:]), false
		}
	case p.f.libreswan && strings.HasPrefix(val, "{"):
		val, _, ok = strings.Cut(val[1:], "}")
	default:
		val = p.uncomment(val)
	}
	if !p.s.unit(at) {
		return used
	}
	switch {
	case !ok:
		p.s.problem(at, "", ErrUnterminated)
		return used
	case p.cur == nil:
		p.s.problem(at, "", fmt.Errorf("%w: a setting outside of a section", ErrSyntax))
		return used
	case !indented && p.flush != p.cur:
		p.flush = p.cur // said once a section
		p.s.problem(at, "", fmt.Errorf("%w: a setting must be indented", ErrSyntax))
	}
	if key == "also" || key == "alsoflip" {
		p.s.recognize(at)
		p.also(val, at)
		return used
	}
	p.cur.put(setting{key: key, val: val, at: at, quoted: quoted})
	return used
}

// maxAlso bounds how many sections one section may name.
const maxAlso = 1024

// also notes a reference.
func (p *ipsecParser) also(val string, at Pos) {
	for name := range strings.FieldsSeq(strings.ReplaceAll(val, ",", " ")) {
		switch {
		case name == "%default":
		case len(p.cur.refs) >= maxAlso:
			p.s.problem(at, "also", ErrTooMany)
			return
		default:
			p.cur.from = at
			p.cur.refs = append(p.cur.refs, name)
		}
	}
}

// uncomment cuts an unquoted comment. libreswan takes # for one after white
// space only, strongSwan everywhere but in @#, which begins a key ID.
func (p *ipsecParser) uncomment(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] != '#' {
			continue
		}
		if i == 0 || s[i-1] == ' ' || s[i-1] == '\t' || !p.f.libreswan && s[i-1] != '@' {
			return strings.TrimRight(s[:i], " \t")
		}
	}
	return s
}

func splitWord(s string) (first, rest string) {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], strings.TrimLeft(s[i:], " \t")
	}
	return s, ""
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}
