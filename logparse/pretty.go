package logparse

import "bytes"

// prettyRecord collects an object of JSON that goes over several lines, as
// journalctl -o json-pretty and jq write it: a brace alone, members or parts of
// them, and a brace as far in as the first.
//
//	{
//		"_HOSTNAME" : "gw",
//		"MESSAGE" : "10[IKE] no proposal found"
//	}
type prettyRecord struct {
	buf    []byte
	indent int // of its braces
	parts  int // lines behind the first
	rank   int // of the best message so far
	number int // of its line
}

// line takes one line and reports whether it is part of an object. The one that
// ends the object fills e.
func (x *prettyRecord) line(p *Parser, line []byte, e *Event) bool {
	text := trimRight(trimLeft(line))
	switch indent := overBlanks(line, 0); {
	case string(text) == "{" && (p.open != openPretty || indent <= x.indent): // what was open was cut short
		p.open = openPretty
		*x = prettyRecord{buf: append(x.buf[:0], '{'), indent: indent}
	case p.open != openPretty:
		return false
	case indent <= x.indent && (string(text) == "}" || string(text) == "},"):
		x.finish(p, e)
		return true
	case x.part(p, text, e.Number):
		if x.parts++; len(x.buf)+len(text) < maxExport {
			x.buf = append(append(x.buf, text...), '\n')
		}
	default:
		p.open = openNone
		return false
	}
	e.Kind, e.Text = Blank, nil
	p.stats.Blank++
	return true
}

// part reports whether a line can be one of an object: a member first.
func (x *prettyRecord) part(p *Parser, text []byte, number int) bool {
	if len(text) == 0 {
		return x.parts > 0
	}
	if text[0] == '"' {
		s := jsonScanner{b: text, out: p.json.buf[:0]}
		key, ok := s.str()
		p.json.buf = s.out[:0]
		if s.blank(); !ok || s.i == len(text) || text[s.i] == ',' {
			return x.parts > 0 // a string of an array, or the half of a long one
		}
		if rank := messageKey(key); rank > x.rank {
			x.rank, x.number = rank, number
		}
		return text[s.i] == ':'
	}
	switch string(bytes.TrimSuffix(text, []byte(","))) {
	case "[", "]", "[]", "{", "}", "{}", "true", "false", "null":
		return x.parts > 0
	}
	for _, c := range text {
		if c-'0' > 9 && c != ',' && c != '-' && c != '.' {
			return false
		}
	}
	return x.parts > 0
}

// finish fills e from the object, as if it were one line.
func (x *prettyRecord) finish(p *Parser, e *Event) {
	p.open = openNone
	x.buf = append(x.buf, '}')
	number := e.Number
	e.Number = x.number
	text, ok := p.unwrap(x.buf, &e.Prefix)
	if x.rank == 0 || !ok {
		e.Kind, e.Number = Blank, number
		p.stats.Blank++
		return
	}
	e.Line = text
	p.wrapped(text, e)
}

// prettyMember returns the value of a line that is the member with a message.
func prettyMember(line []byte) (text []byte, ok bool) {
	s := jsonScanner{b: line}
	if key, ok := s.str(); !ok || messageKey(key) == 0 || !s.take(':') {
		return nil, false
	}
	s.blank()
	text, _ = s.str()
	return text, len(text) > 0
}

// prettyOther reports whether a line is another member, or a number of a message
// that is not printable.
func prettyOther(line []byte) bool {
	if line[0] != '"' {
		return len(line) <= len("255,") && digits(line) >= len(line)-1
	}
	s := jsonScanner{b: line}
	key, ok := s.str()
	return ok && messageKey(key) == 0 && s.take(':')
}
