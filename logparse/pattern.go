package logparse

import (
	"bytes"
	"slices"
	"strings"
)

// class says how far a value reaches.
type class uint8

const (
	literal class = iota
	classNum
	classHex
	classHost
	classAddr
	classNet
	classIdent
	classCaps
	classWord
	classText
	classPeer
	classRest
)

// classNames are the classes as patterns write them.
var classNames = [...]string{classNum: "num", classHex: "hex", classHost: "host", classAddr: "addr", classNet: "net",
	classIdent: "ident", classCaps: "caps", classWord: "word", classText: "text", classPeer: "peer", classRest: "rest"}

func classByName(s string) class {
	for i, n := range classNames {
		if n == s && s != "" {
			return class(i)
		}
	}
	return literal
}

// template is a compiled Template.
type template struct {
	program program  // what every match looks at comes first
	may     fieldSet // the fields with a slot, and those of consts
	// sign is what the dialect's assembler makes of the template's own words.
	sign uint8
	// hexID: it writes the message ID in hexadecimal.
	hexID bool
	// recalled: it is one of Dialect.Recalled.
	recalled bool
	// ends and cookies are the first of two slots that one of racoonSigns, or a
	// colon, and nothing else parts, from 1; 0: there are none.
	ends, cookies uint8
	Template
	slot   [numFields]uint8 // of each field, from 1; 0: none
	fields []Field          // by slot; NoField: skipped
	consts []constant
}

type constant struct {
	field Field
	value []byte
}

func (t *template) fixed(f Field) []byte {
	for i := range t.consts {
		if t.consts[i].field == f {
			return t.consts[i].value
		}
	}
	return nil
}

// PatternError says what is wrong with a Template's Pattern.
type PatternError struct{ Pattern, Problem string }

// Error says what is wrong, and where.
func (e *PatternError) Error() string { return "pattern " + e.Pattern + ": " + e.Problem }

type token struct {
	class class
	text  string
}

// compile takes a pattern apart.
func compile(t *Template) ([]token, template, error) {
	out := template{Template: *t}
	fail := func(s string) ([]token, template, error) { return nil, out, &PatternError{t.Pattern, s} }
	var toks []token
	for s := t.Pattern; s != ""; {
		open := strings.IndexByte(s, '{')
		// A brace that is no value is written twice.
		if open >= 0 && strings.HasPrefix(s[open:], "{{") {
			toks = appendLiteral(toks, s[:open+1])
			s = s[open+2:]
			continue
		}
		if open < 0 {
			toks = appendLiteral(toks, s)
			break
		}
		toks = appendLiteral(toks, s[:open])
		body, rest, ok := strings.Cut(s[open+1:], "}")
		if !ok {
			return fail("has an open brace")
		}
		s = rest
		if name, value, ok := strings.Cut(body, "="); ok {
			f := fieldByName(name)
			if f == NoField {
				return fail("has an unknown field " + name)
			}
			out.consts = append(out.consts, constant{f, []byte(value)})
			out.may.add(f)
			continue
		}
		name, cl, _ := strings.Cut(body, ":")
		f := fieldByName(name)
		c := classByName(cl)
		if f == NoField && name != "" || c == literal {
			return fail("has an unknown value " + body)
		}
		if n := len(toks); n > 0 && toks[n-1].class >= classWord {
			return fail("has a value that nothing ends")
		}
		toks = append(toks, token{class: c})
		out.fields = append(out.fields, f)
		out.hexID = out.hexID || f == FieldMessageID && c == classHex
	}
	if len(out.fields) > maxFields {
		return fail("has too many values")
	}
	for i, f := range out.fields {
		if out.slot[f] == 0 {
			out.slot[f] = uint8(i + 1)
			out.may.add(f)
		}
	}
	slot := uint8(0)
	for i, k := range toks {
		if k.class != literal {
			slot++
		} else if i > 0 && i < len(toks)-1 {
			if out.ends == 0 && slices.Contains(racoonSigns, k.text) {
				out.ends = slot
			}
			if out.cookies == 0 && k.text == ":" {
				out.cookies = slot
			}
		}
		last := i == len(toks)-1
		if (k.class == classText || k.class == classPeer) && (last || toks[i+1].class != literal) {
			return fail("has a text that no literal ends")
		}
		if k.class == classWord && !last && toks[i+1].text[0] != ' ' {
			return fail("has a word that no blank ends")
		}
		if k.class == classRest && !last {
			return fail("goes on after the rest")
		}
	}
	return toks, out, nil
}

func appendLiteral(toks []token, s string) []token {
	if s == "" {
		return toks
	}
	if n := len(toks); n > 0 && toks[n-1].class == literal {
		toks[n-1].text += s
		return toks
	}
	return append(toks, token{literal, s})
}

func fieldByName(s string) Field {
	for i, n := range fieldNames {
		if n == s && s != "" {
			return Field(i)
		}
	}
	return NoField
}

// reach returns where the value that begins at pos ends, -1 if there is none.
func (c class) reach(text []byte, pos int, until string, final bool) int {
	i := pos
	switch c {
	case classNum:
		for i < len(text) && text[i]-'0' <= 9 {
			i++
		}
	case classHex:
		i = reachHex(text, pos)
	case classHost:
		i = reachHost(text, pos)
	case classAddr:
		i = reachAddr(text, pos)
	case classNet:
		i = reachNet(text, pos)
	case classIdent:
		for i < len(text) && (text[i]-'a' <= 25 || text[i]-'0' <= 9 || text[i] == '_' || text[i] == '-') {
			i++
		}
	case classCaps:
		for i < len(text) && (text[i]-'A' <= 25 || text[i]-'0' <= 9 || text[i] == '_') {
			i++
		}
	case classWord:
		i = reachOctet(text, pos, ' ')
	case classText:
		return indexFrom(text, pos, until)
	case classPeer:
		if final {
			if i = len(text) - len(until); i < pos || string(text[i:]) != until {
				return -1
			}
			return i
		}
		k := lastIndex(text[pos:], until)
		if k < 0 {
			return -1
		}
		return pos + k
	case classRest:
		return len(text)
	}
	if i == pos {
		return -1
	}
	return i
}

// indexFrom is bytes.Index from pos on, for needles whose first octet that is
// no blank is rare.
func indexFrom(text []byte, pos int, needle string) int {
	rare := 0
	if needle[0] == ' ' && len(needle) > 1 {
		rare = 1
	}
	for {
		pos = reachOctet(text, pos+rare, needle[rare]) - rare
		if pos+len(needle) > len(text) {
			return -1
		}
		if string(text[pos:pos+len(needle)]) == needle {
			return pos
		}
		pos++
	}
}

// lastIndex is bytes.LastIndex for such needles.
func lastIndex(text []byte, needle string) int {
	found := -1
	for at := indexFrom(text, 0, needle); at >= 0; at = indexFrom(text, at+1, needle) {
		found = at
	}
	return found
}

// reachNet passes over a traffic selector: a prefix or a range with or
// without protocol and ports, or "dynamic".
func reachNet(text []byte, pos int) int {
	b := text[pos:]
	if bytes.HasPrefix(b, []byte("dynamic")) {
		pos += 7
	} else if len(b) == 0 || unhex(b[0]) > 15 && b[0] != ':' {
		return pos
	}
	i, mark := pos, false
	for i < len(text) && text[i] != ' ' {
		switch c := text[i]; {
		case c == '/' || c == '.' || c == ':':
			mark = true
		case c == '|' || c == '[' || c == ']' || c == '-' || c == '_' || c-'0' <= 9 || c|0x20-'a' <= 25:
		default:
			return pos
		}
		i++
	}
	if !mark && i > pos && text[pos] != '[' {
		return pos
	}
	return i
}
