package config

import (
	"bytes"
	"slices"
	"strings"
)

// The layout of a configuration of Cisco's products: a line is a command, lines
// indented below it belong to it. What people paste has lost its indentation,
// or was broken by a terminal, a mail or a slide; both are mended where the
// commands tell.

// ciscoLine is one command.
type ciscoLine struct {
	words []string
	at    Pos
	taken bool // it has a place in the model
	// foreign: it stands below a command of the format that has none.
	foreign bool
}

// ciscoSection is a command of the top level with those below it.
type ciscoSection struct {
	ciscoLine
	indent int
	subs   []ciscoLine
}

// is reports whether the line begins with the words.
func (l *ciscoLine) is(words ...string) bool {
	if len(l.words) < len(words) {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold(l.words[i], w) {
			return false
		}
	}
	return true
}

// arg returns the word at an index, or nothing.
func (l *ciscoLine) arg(i int) string {
	if i < len(l.words) {
		return l.words[i]
	}
	return ""
}

// rest returns the words from an index on.
func (l *ciscoLine) rest(i int) []string { return l.words[min(i, len(l.words)):] }

// head returns the words up to an index as one text, in lower case but for the
// last, which is a name.
func (l *ciscoLine) head(n int) string {
	n = min(n, len(l.words))
	if n == 0 {
		return ""
	}
	return strings.ToLower(strings.Join(l.words[:n-1], " ")) + " " + l.words[n-1]
}

// value makes a setting of the line.
func (l *ciscoLine) value(key, v string) Value[string] {
	return Value[string]{V: v, At: l.at, Origin: Written, Key: key}
}

// ciscoReader cuts a file into sections.
type ciscoReader struct {
	s        *source
	asa      bool // a banner is of one line, and a colon begins a comment
	sections []ciscoSection
	cur      int    // the open section, -1 where none is
	banner   string // the end of a banner being read
	n        int    // the line
	last     int    // the line of the last command, to see what follows it at once
	tail     *ciscoLine
	joined   int  // lines that the last command was broken into
	other    bool // what a terminal shows is no configuration
	ended    bool // it shows its end
}

// maxJoined bounds the lines that are taken for one broken command.
const maxJoined = 8

func (r *ciscoReader) read(name string, b []byte) {
	r.cur = -1
	for len(b) > 0 && !r.s.full {
		var l []byte
		l, b, _ = bytes.Cut(b, []byte("\n"))
		r.n++
		r.line(name, withoutPager(string(bytes.TrimRight(l, "\r \t"))))
	}
	if r.s.full && len(r.sections) > 0 { // the last lacks what it may have had
		r.sections = r.sections[:len(r.sections)-1]
	}
}

func (r *ciscoReader) line(name, raw string) {
	text := strings.TrimLeft(raw, " \t")
	switch {
	case r.banner != "":
		if strings.Contains(text, r.banner) {
			r.banner = ""
		}
		return
	case r.asa && text != "" && text[0] == ':':
		r.ended = r.ended || strings.HasPrefix(text, ": end")
		return
	case r.asa && strings.HasPrefix(text, "Cryptochecksum:"):
		r.ended = true
		return
	case text == "" || text[0] == '!':
		return
	}
	if shows, ok := terminal(text); ok {
		r.other = shows == showsOther || r.other && shows == showsNothing
		r.cur, r.tail = -1, nil
		return
	}
	if r.other {
		return
	}
	indent := len(raw) - len(text)
	text = withoutPrompt(text)
	words := strings.Fields(text)
	if len(words) == 0 || r.keyMaterial(words) {
		return
	}
	if r.tail != nil && r.last == r.n-1 && r.joined < maxJoined && r.join(words) {
		r.last = r.n
		r.joined++
		return
	}
	r.joined = 0
	l := ciscoLine{words: words, at: Pos{File: name, Line: r.n}}
	if !r.s.unit(l.at) {
		return
	}
	r.last = r.n
	if d, ok := bannerEnd(words, text); ok && !r.asa {
		r.banner, l.taken = d, true
		l.words = words[:2]
	}
	if r.below(&l, indent) {
		sec := &r.sections[r.cur]
		if leaves(words) {
			l.taken = true
			r.cur = -1
		}
		sec.subs = append(sec.subs, l)
		r.tail = &sec.subs[len(sec.subs)-1]
		return
	}
	r.sections = append(r.sections, ciscoSection{ciscoLine: l, indent: indent})
	r.cur = len(r.sections) - 1
	r.tail = &r.sections[r.cur].ciscoLine
	if leaves(words) {
		r.tail.taken = true
		r.cur, r.tail = -1, nil
	}
}

func leaves(words []string) bool {
	return len(words) == 1 && (strings.EqualFold(words[0], "exit") || strings.EqualFold(words[0], "end"))
}

// bannerEnd finds the character that ends a banner which goes on in the lines
// that follow. The visible ^C stands for one character.
func bannerEnd(words []string, text string) (string, bool) {
	if len(words) < 3 || !strings.EqualFold(words[0], "banner") {
		return "", false
	}
	d := words[2][:1]
	if strings.HasPrefix(words[2], "^C") {
		d = "^C"
	}
	from := strings.Index(text, words[2]) + len(d)
	return d, !strings.Contains(text[from:], d)
}

// keyMaterial reports whether a line is the body of a certificate or of a
// public key.
func (r *ciscoReader) keyMaterial(words []string) bool {
	if r.cur < 0 || !(r.sections[r.cur].is("crypto", "pki") || r.sections[r.cur].is("crypto", "ca") || r.sections[r.cur].is("crypto", "key")) {
		return false
	}
	for _, w := range words {
		if strings.Trim(w, "0123456789abcdefABCDEF") != "" {
			return len(words) == 1 && strings.EqualFold(w, "quit")
		}
	}
	return true
}

// below reports whether a line belongs to the open section: it is indented
// deeper, or it is a command that only has a meaning there.
func (r *ciscoReader) below(l *ciscoLine, indent int) bool {
	if r.cur < 0 {
		return false
	}
	sec := &r.sections[r.cur]
	if indent > sec.indent {
		return sec.opens() || !iosTop(l)
	}
	return indent == sec.indent && (r.asa && sec.ownsASA(l) || !r.asa && sec.owns(l))
}

// opens reports whether a command has others below it.
func (s *ciscoSection) opens() bool {
	switch {
	case s.is("access-list"), s.is("crypto", "isakmp", "key"), s.is("hostname"), s.is("version"), s.is("ip", "nat"), s.is("ip", "route"):
		return false
	}
	return true
}

// iosTop reports whether a line can only be of the top level.
func iosTop(l *ciscoLine) bool {
	return l.is("interface") || l.is("access-list") || l.is("hostname") || l.is("ip", "access-list") || l.is("crypto") && len(l.words) > 3
}

// iosBelow is for IOS.
var iosBelow = []ciscoBelow{
	{"crypto isakmp policy", "authentication encr encryption hash group lifetime"},
	{"crypto isakmp profile", "keyring match self-identity keepalive local-address vrf client initiate ca accounting description"},
	{"crypto keyring", "pre-shared-key local-address rsa-pubkey description"},
	{"crypto ipsec transform-set", "mode"},
	{"crypto ipsec profile", "set match description"},
	{"crypto map", "set match reverse-route description qos"},
	{"crypto dynamic-map", "set match reverse-route description qos"},
	{"ip access-list", "permit deny remark"},
	{"object-group", "host network-object group-object range"},
	{"interface", "tunnel shutdown description"},
}

// owns reports whether a line without indentation belongs to the section.
func (s *ciscoSection) owns(l *ciscoLine) bool {
	if s.is("interface") {
		if l.is("crypto", "map") && len(l.words) == 3 || l.is("ip", "address") || l.is("ip", "nat") && len(l.words) == 3 || l.is("no", "shutdown") || l.is("no", "ip", "address") {
			return true
		}
	}
	if s.is("ip", "access-list") && numeric(l.words[0]) {
		return true
	}
	return s.ownsBy(iosBelow, l)
}

// ciscoBelow says which words begin the commands that make sense only within a
// section, by how the section begins; both are parted by blanks.
type ciscoBelow struct{ section, words string }

// ownsBy looks a line up in a list of commands.
func (s *ciscoSection) ownsBy(list []ciscoBelow, l *ciscoLine) bool {
	for _, x := range list {
		if s.is(strings.Fields(x.section)...) {
			return hasWord(x.words, strings.ToLower(l.words[0]))
		}
	}
	return leaves(l.words) && s.opens()
}

func numeric(s string) bool {
	return s != "" && len(s) <= 10 && strings.Trim(s, "0123456789") == ""
}

// join appends words to the last command where that cannot be all of it.
func (r *ciscoReader) join(words []string) bool {
	p := r.tail
	last := p.words[len(p.words)-1]
	next := strings.ToLower(words[0])
	is := func(list ...string) bool { return slices.Contains(list, next) }
	glue := false
	switch {
	case p.is("crypto", "isakmp", "key"):
		i := slices.IndexFunc(p.rest(3), func(w string) bool { return ciscoKeyFor(w) })
		if len(p.words) < 4 && is("crypto", "exit") || i >= 0 && i+4 < len(p.words) || len(p.words) > 3 && i < 0 && !ciscoKeyFor(next) {
			return false
		}
	case strings.HasSuffix(last, "-") && (p.is("crypto") || p.is("set")):
		glue = true
	case p.is("crypto", "ipsec", "transform-set"):
		if len(p.words) == 3 && !is("crypto", "mode", "exit") {
			break
		}
		if !strings.HasPrefix(next, "esp-") && !strings.HasPrefix(next, "ah-") {
			return false
		}
	case p.is("crypto", "map") && len(p.words) == 4:
		if !strings.HasPrefix(next, "ipsec-") {
			return false
		}
	case p.is("access-list") && len(p.words) > 3:
		if _, how := parseACE(p.rest(2), p.at, aceWords{}); how != aceShort || !is("any", "host") && (next[0] < '0' || next[0] > '9') {
			return false
		}
	default:
		return false
	}
	if glue {
		p.words[len(p.words)-1] += words[0]
		words = words[1:]
	}
	p.words = append(p.words, words...)
	return true
}

// ciscoKeyFor reports whether a word says whom a key is for.
func ciscoKeyFor(w string) bool {
	return strings.EqualFold(w, "address") || strings.EqualFold(w, "hostname")
}
