package config

import (
	"bytes"
	"strconv"
	"strings"
)

// The layout of a RouterOS export: a menu, as /ip ipsec peer, and commands in
// it, as add KEY=VALUE. A backslash at the end of a line joins it with the
// next, also within quotes.

// rosReader cuts a file into records.
type rosReader struct {
	s    *source
	name string
	b    string
	i    int
	line int

	menu    string
	known   bool // the menu is one of RouterOS
	records []*record
	in      map[string][]*record // by menu
	byName  map[string]*record   // by menu and name
	seen    map[string]bool      // foreign menus that were listed
	foreign []Statement
	vars    map[string]string
	version string
}

// rosWord is a word of a command: a key with its value, or a word alone.
type rosWord struct {
	key, val string
	hasVal   bool
	open     bool // it holds a variable that the file does not set
	group    bool // [ find ... ]
	at       Pos
}

func (r *rosReader) read(b []byte) {
	r.b, r.line = string(bytes.TrimRight(b, " \t\r\n")), 1
	r.in, r.byName, r.seen, r.vars = map[string][]*record{}, map[string]*record{}, map[string]bool{}, map[string]string{}
	for r.i < len(r.b) && !r.s.full {
		at := Pos{r.name, r.line}
		words := r.command()
		if len(words) > 0 && r.s.unit(at) {
			r.do(words, at)
		}
	}
}

// command reads the words of one command.
func (r *rosReader) command() (words []rosWord) {
	for r.i < len(r.b) {
		switch c := r.b[r.i]; {
		case c == '\n':
			r.i++
			r.line++
			return words
		case c == ' ' || c == '\t' || c == '\r':
			r.i++
		case c == ';':
			r.i++
			if len(words) > 0 {
				return words
			}
		case r.joined():
		case c == '#' && len(words) == 0:
			r.comment()
		case c == '[' && len(words) == 0 && r.prompt():
		default:
			from := r.i
			words = append(words, r.word())
			if r.i == from { // a character that no word begins with
				r.i++
			}
		}
	}
	return words
}

// joined passes a backslash that ends a line, and the blanks that begin the
// next.
func (r *rosReader) joined() bool {
	rest := r.b[r.i:]
	n := 2
	switch {
	case strings.HasPrefix(rest, "\\\n"):
	case strings.HasPrefix(rest, "\\\r\n"):
		n = 3
	default:
		return false
	}
	r.i += n
	r.line++
	for r.i < len(r.b) && (r.b[r.i] == ' ' || r.b[r.i] == '\t') {
		r.i++
	}
	return true
}

// comment passes a line that begins with #; the first tells the release.
func (r *rosReader) comment() {
	l, _, _ := strings.Cut(r.b[r.i:], "\n")
	r.i += len(l)
	if _, v, ok := strings.Cut(l, "by RouterOS "); ok && r.version == "" {
		r.version, _, _ = strings.Cut(strings.TrimSpace(v), " ")
	}
}

// prompt passes what a router shows before a command: [admin@edge] /ip ipsec>.
func (r *rosReader) prompt() bool {
	l, _, _ := strings.Cut(r.b[r.i:], "\n")
	l = l[:min(len(l), 120)]
	end := strings.IndexByte(l, '>')
	if i := strings.IndexByte(l, ']'); i < 0 || end < i || !strings.Contains(l[:i], "@") {
		return false
	} else if menu := strings.TrimSpace(l[i+1 : end]); menu != "" {
		r.enter(menu, Pos{r.name, r.line})
	}
	r.i += end + 1
	return true
}

// word reads KEY=VALUE, a word, or a group in brackets.
func (r *rosReader) word() rosWord {
	w := rosWord{at: Pos{r.name, r.line}}
	if c := r.b[r.i]; c == '[' || c == '(' || c == '{' {
		w.val, w.group = r.bracket(), true
		return w
	}
	w.key, _, _ = r.text(true)
	if r.i < len(r.b) && r.b[r.i] == '=' {
		r.i++
		w.hasVal = true
		for r.i < len(r.b) && r.joined() {
		}
		if r.i < len(r.b) && (r.b[r.i] == '[' || r.b[r.i] == '(' || r.b[r.i] == '{') {
			w.val, w.open = r.bracket(), true
			return w
		}
		w.val, w.open, _ = r.text(false)
	}
	return w
}

// bracket reads up to the bracket that closes the one it stands at, within the
// command.
func (r *rosReader) bracket() string {
	from, depth := r.i, 0
	for r.i < len(r.b) {
		switch r.b[r.i] {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			depth--
		case '\n':
			return r.b[from:r.i]
		case '\\':
			if r.joined() {
				continue
			}
		}
		if r.i++; depth == 0 {
			break
		}
	}
	return strings.TrimSpace(r.b[from:r.i])
}

// maxRosText bounds a value with its variables.
const maxRosText = 1 << 16

// text reads a key, or a value, of which parts may stand in quotes. open says
// that a variable is not known.
func (r *rosReader) text(key bool) (s string, open, quoted bool) {
	var b strings.Builder
	for r.i < len(r.b) {
		switch c := r.b[r.i]; {
		case c == '"':
			quoted = true
			r.i++
			if r.quotation(&b) {
				open = true
			}
			continue
		case c == '\\':
			if r.joined() {
				continue
			}
			r.i++
			b.WriteByte(c)
			continue
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';', key && c == '=', key && c == '[':
			return b.String(), open, quoted
		case c == '$' && !key:
			if r.variable(&b) {
				open = true
			}
			continue
		default:
			b.WriteByte(c)
			r.i++
		}
	}
	return b.String(), open, quoted
}

// quotation reads up to the closing quote. One that has none ends with its
// line.
func (r *rosReader) quotation(b *strings.Builder) (open bool) {
	for r.i < len(r.b) {
		c := r.b[r.i]
		switch c {
		case '"':
			r.i++
			return open
		case '\n':
			r.s.problem(Pos{r.name, r.line}, "", ErrUnterminated)
			return open
		case '$':
			open = r.variable(b) || open
			continue
		case '\\':
			if r.joined() {
				continue
			}
			r.escape(b)
			continue
		}
		b.WriteByte(c)
		r.i++
	}
	r.s.problem(Pos{r.name, r.line}, "", ErrUnterminated)
	return open
}

// escape reads a backslash and what follows it.
func (r *rosReader) escape(b *strings.Builder) {
	r.i++
	if r.i >= len(r.b) || r.b[r.i] == '\n' {
		return
	}
	c := r.b[r.i]
	if r.i+1 < len(r.b) {
		if n, err := strconv.ParseUint(r.b[r.i:r.i+2], 16, 8); err == nil && strings.ToUpper(r.b[r.i:r.i+2]) == r.b[r.i:r.i+2] {
			b.WriteByte(byte(n))
			r.i += 2
			return
		}
	}
	r.i++
	switch c {
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case '_':
		c = ' '
	}
	b.WriteByte(c)
}

// variable reads $NAME and writes its value; one that the file does not set
// stays as it is, and is reported.
func (r *rosReader) variable(b *strings.Builder) bool {
	j := r.i + 1
	for j < len(r.b) && (r.b[j] >= '0' && r.b[j] <= '9' || r.b[j]|0x20 >= 'a' && r.b[j]|0x20 <= 'z') {
		j++
	}
	name := r.b[r.i+1 : j]
	v, ok := r.vars[name]
	if !ok || b.Len()+len(v) > maxRosText {
		b.WriteString(r.b[r.i:j])
		r.i = j
		return true
	}
	b.WriteString(v)
	r.i = j
	return false
}

// rosMenus are the menus of which the model has entries.
var rosMenus = []string{
	"ip ipsec profile", "ip ipsec peer profile", "ip ipsec peer", "ip ipsec identity", "ip ipsec proposal", "ip ipsec policy", "ip ipsec policy group", "ip ipsec mode-config",
	"ip firewall nat", "ip address",
}

// rosTrees are the first words of the menus of RouterOS 6 and 7.
const rosTrees = "app caps-man certificate console container disk dude file interface iot ip ipv6 log lora lte metarouter mpls openflow partitions port ppp queue radius routing rsync snmp special-login store system task tool user user-manager zerotier"
