package config

import (
	"fmt"
	"slices"
	"strings"
)

// settingsParser builds the tree of sections below root.
type settingsParser struct {
	s    *source
	root *section
	list *section // whose sections are the connections
	kids *section // whose sections are the children of one of them
}

// tree reads a file and what it includes. Of what a limit cut apart, the
// connection or secret is left out: what it lacks it may have had.
func (s *source) tree(name string, b []byte) *section {
	root := &section{at: Pos{File: name}}
	p := &settingsParser{s: s, root: root}
	p.parse(name, b, root, 0)
	for _, top := range root.subs {
		top.subs = slices.DeleteFunc(top.subs, func(sub *section) bool { return sub.torn })
	}
	return root
}

// parse reads one file into the section root. Files that are included go into
// the section in which the include stands.
func (p *settingsParser) parse(name string, b []byte, root *section, depth int) {
	l := &settingsLexer{file: name, b: string(b), line: 1}
	open := []*section{root}
	var pending string // a name that waits for what it is the name of
	var at Pos
	var refs []string
	referring, wanting := false, false
	var refAt Pos
	drop := func() {
		if pending != "" || referring {
			p.s.problem(at, "", fmt.Errorf("%w: a name without = or {", ErrSyntax))
		}
		pending, referring, wanting, refs = "", false, false, nil
	}
	for {
		if p.s.full {
			for _, sec := range open {
				sec.torn = true
			}
			return
		}
		tok, text := l.next()
		top := open[len(open)-1]
		switch tok {
		case tokEOF:
			drop()
			if len(open) > 1 {
				p.s.problem(Pos{name, top.at.Line}, "", ErrUnclosed)
			}
			return
		case tokNewline:
			continue // an opening brace may stand on the next line
		case tokName:
			if pending == "" && text == "include" && p.includes(l) {
				pat, where := l.includePattern(), l.pos()
				p.s.include(pat, where, func(file string, b []byte) { p.parse(file, b, top, depth+len(open)) })
				continue
			}
			if referring && (wanting || len(refs) == 0) {
				refs, wanting, refAt = append(refs, text), false, l.pos()
				continue
			}
			if pending != "" {
				drop()
			}
			pending, at = text, l.pos()
		case tokColon:
			if pending == "" {
				p.s.problem(l.pos(), "", ErrSyntax)
				continue
			}
			referring, wanting = true, true
		case tokComma:
			if !referring {
				p.s.problem(l.pos(), "", ErrSyntax)
				continue
			}
			wanting = true
		case tokEqual:
			from := *l
			val, quoted, ok := l.value()
			switch {
			case quoted && (!ok || runaway(val)):
				// The end of the line is where the missing quote belongs: reading
				// on would give this setting the rest of the file, secrets too.
				p.s.problem(from.pos(), "", ErrUnterminated)
				from.endLine()
				*l = from
			case pending == "" || referring:
				p.s.problem(l.pos(), "", ErrSyntax)
			case secretKey(pending) && l.glued():
				// The brace ends the value here as it does for the daemon; what
				// follows is the rest of the secret.
				p.s.problem(at, pending, wrong("a secret with a brace needs quotes"))
				l.endLine()
			case p.s.unit(at):
				top.put(setting{key: pending, val: val, at: at, quoted: quoted})
			}
			pending, referring, refs = "", false, nil
		case tokOpen:
			if pending == "" {
				p.s.problem(l.pos(), "", fmt.Errorf("%w: a section without name", ErrSyntax))
				pending, at = "", l.pos()
			}
			if depth+len(open) >= p.s.lim.Depth {
				p.s.problem(l.pos(), "", ErrTooDeep)
				p.skipSection(l)
				pending, referring, refs = "", false, nil
				continue
			}
			sub := &section{at: l.pos()} // of a section without name nothing is kept
			if pending != "" && p.admits(top, pending, at) {
				sub = top.child(pending, at)
				switch {
				case top == p.root && pending == "connections":
					p.list = sub
				case pending == "children" && p.list != nil && p.list.sub[top.name] == top:
					p.kids = sub
				}
				sub.refs = append(sub.refs, refs...)
				if refs != nil {
					sub.from = refAt
				}
			}
			open = append(open, sub)
			pending, referring, refs = "", false, nil
		case tokClose:
			drop()
			if len(open) == 1 {
				p.s.problem(l.pos(), "", ErrUnopened)
				continue
			}
			open = open[:len(open)-1]
		case tokString:
			drop()
			p.s.problem(l.pos(), "", fmt.Errorf("%w: a string where a name belongs", ErrSyntax))
		}
	}
}

// admits reports whether a section may be opened within the limits.
func (p *settingsParser) admits(top *section, name string, at Pos) bool {
	if top == p.list && top.sub[name] == nil && !p.s.connection(len(top.subs), at) {
		return false
	}
	if top == p.kids && top.sub[name] == nil && !p.s.child(at) {
		p.s.full = true
		return false
	}
	return p.s.opened(at)
}

// secretKey reports whether a setting of that name holds a secret.
func secretKey(key string) bool { return key == "secret" || key == "pin" }

// runaway reports whether a quoted value has swallowed settings: a text of
// several lines one of which looks like a setting, a section or its end.
func runaway(val string) bool {
	_, rest, more := strings.Cut(val, "\n")
	for more {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "}") || strings.HasSuffix(line, "{") {
			return true
		}
		if key, _, ok := strings.Cut(line, "="); ok && word(strings.TrimSpace(key)) {
			return true
		}
	}
	return false
}

// word reports whether s could be a key of a configuration format.
func word(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return true
}

// includes reports whether the word include just read is the statement and not
// a key of that name.
func (p *settingsParser) includes(l *settingsLexer) bool {
	rest := l.b[l.i:]
	t := strings.TrimLeft(rest, " \t")
	return len(t) < len(rest) && t != "" && t[0] != '=' && t[0] != '{' && t[0] != '\n' && t[0] != '\r'
}

// skipSection passes a section whose opening brace was read.
func (p *settingsParser) skipSection(l *settingsLexer) {
	for depth := 1; depth > 0; {
		switch tok, _ := l.next(); tok {
		case tokEOF:
			return
		case tokEqual:
			l.value()
		case tokOpen:
			depth++
		case tokClose:
			depth--
		}
	}
}
