package config

import "strings"

// setting is one key of a section of strongSwan's settings format.
type setting struct {
	key    string
	val    string
	at     Pos
	quoted bool
	seen   bool // counted as understood
}

// section is a section of strongSwan's settings format (strongswan.conf(5)):
// settings and sections under a name, and the sections it refers to.
type section struct {
	name string
	at   Pos
	set  []setting
	keys map[string]int // index into set of the last setting of a name
	subs []*section
	sub  map[string]*section
	refs []string
	from Pos  // where the references stand
	torn bool // a limit ended the reading within it
}

// child returns the section's sub-section of a name, a new one if needed: a
// section that is opened twice is one.
func (s *section) child(name string, at Pos) *section {
	if c := s.sub[name]; c != nil {
		return c
	}
	c := &section{name: name, at: at}
	if s.sub == nil {
		s.sub = make(map[string]*section)
	}
	s.sub[name] = c
	s.subs = append(s.subs, c)
	return c
}

// put adds a setting; a key given again replaces the earlier one.
func (s *section) put(x setting) {
	if i, ok := s.keys[x.key]; ok {
		s.set[i] = x
		return
	}
	if s.keys == nil {
		s.keys = make(map[string]int)
	}
	s.keys[x.key] = len(s.set)
	s.set = append(s.set, x)
}

// The tokens of the settings format.
type token uint8

const (
	tokEOF token = iota
	tokNewline
	tokName
	tokOpen
	tokClose
	tokEqual
	tokColon
	tokComma
	tokString // a stray quoted string, where none may stand
)

// settingsLexer reads the tokens of one file. Values have rules of their own:
// they run to the end of the line, a comment or a closing brace.
type settingsLexer struct {
	file string
	b    string
	i    int
	line int
}

func (l *settingsLexer) pos() Pos { return Pos{l.file, l.line} }

// skip passes blanks and comments within a line.
func (l *settingsLexer) skip() {
	for l.i < len(l.b) {
		switch l.b[l.i] {
		case ' ', '\t', '\r':
			l.i++
		case '#':
			n := strings.IndexByte(l.b[l.i:], '\n')
			if n < 0 {
				l.i = len(l.b)
			} else {
				l.i += n
			}
		default:
			return
		}
	}
}

// next returns the next token and, for a name, its text.
func (l *settingsLexer) next() (token, string) {
	l.skip()
	if l.i >= len(l.b) {
		return tokEOF, ""
	}
	c := l.b[l.i]
	l.i++
	switch c {
	case '\n':
		l.line++
		return tokNewline, ""
	case '{':
		return tokOpen, ""
	case '}':
		return tokClose, ""
	case '=':
		return tokEqual, ""
	case ':':
		return tokColon, ""
	case ',':
		return tokComma, ""
	case '"':
		l.quoted()
		return tokString, ""
	}
	from := l.i - 1
	for l.i < len(l.b) && strings.IndexByte("#{}=:,\"\r\n\t ", l.b[l.i]) < 0 {
		l.i++
	}
	return tokName, l.b[from:l.i]
}

// quoted reads a string after its opening quote; ok is false if it never ends.
func (l *settingsLexer) quoted() (text string, ok bool) {
	var b strings.Builder
	for l.i < len(l.b) {
		c := l.b[l.i]
		l.i++
		switch c {
		case '"':
			return b.String(), true
		case '\r':
			continue
		case '\n':
			l.line++
		case '\\':
			if l.i >= len(l.b) {
				return b.String(), false
			}
			e := l.b[l.i]
			l.i++
			switch e {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case '\r', '\n': // an escaped end of line joins the lines
				if e == '\r' && l.i < len(l.b) && l.b[l.i] == '\n' {
					l.i++
				}
				l.line++
				continue
			default:
				c = e
			}
		}
		b.WriteByte(c)
	}
	return b.String(), false
}

// value reads what follows an equals sign: words and strings up to the end of
// the line, joined by one blank.
func (l *settingsLexer) value() (text string, quoted, ok bool) {
	ok = true
	var parts []string
	for {
		l.skip()
		if l.i >= len(l.b) || l.b[l.i] == '\n' || l.b[l.i] == '}' {
			return strings.Join(parts, " "), quoted, ok
		}
		if l.b[l.i] == '"' {
			l.i++
			s, closed := l.quoted()
			parts, quoted, ok = append(parts, s), true, ok && closed
			continue
		}
		from := l.i
		for l.i < len(l.b) && strings.IndexByte("#}\"\r\n\t ", l.b[l.i]) < 0 {
			l.i++
		}
		parts = append(parts, l.b[from:l.i])
	}
}

// glued reports whether a value was ended by a brace that stands in its midst.
func (l *settingsLexer) glued() bool {
	if l.i >= len(l.b) || l.i == 0 || l.b[l.i] != '}' || strings.IndexByte(" \t\"", l.b[l.i-1]) >= 0 {
		return false
	}
	rest, _, _ := strings.Cut(l.b[l.i:], "\n")
	return strings.Trim(rest, "} \t\r") != "" && !strings.HasPrefix(strings.TrimLeft(rest, "} \t\r"), "#")
}

// endLine passes the rest of the line.
func (l *settingsLexer) endLine() {
	if n := strings.IndexByte(l.b[l.i:], '\n'); n >= 0 {
		l.i += n
	} else {
		l.i = len(l.b)
	}
}

// includePattern reads the pattern after the word include.
func (l *settingsLexer) includePattern() string {
	l.skip()
	if l.i < len(l.b) && l.b[l.i] == '"' {
		l.i++
		s, _ := l.quoted()
		return s
	}
	var b strings.Builder
	for l.i < len(l.b) && strings.IndexByte("#}\r\n\t ", l.b[l.i]) < 0 {
		if l.b[l.i] == '\\' && l.i+1 < len(l.b) && strings.IndexByte("\"#} ", l.b[l.i+1]) >= 0 {
			l.i++
		}
		b.WriteByte(l.b[l.i])
		l.i++
	}
	return b.String()
}
