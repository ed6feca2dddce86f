package logparse

import "bytes"

// program is a template as a list of steps. A text that fits the template
// that texts with the same beginning fitted last is recognised by that
// template's program alone, without the trie.
//
// That gives what the trie would give, for it is only done where no other
// template can come first: at every value of the program the trie's node
// tries that value before any other, unless the text goes on with an octet
// that also begins a literal there.
type program struct {
	steps []step
	text  []byte // literals
}

// step is a literal and the value behind it, if there is one.
type step struct {
	lit, litEnd     uint16
	until, untilEnd uint16
	octets, octEnd  uint16 // with one of these the trie would go elsewhere
	class           class  // literal: no value follows
	final           bool
	whole           bool // the trie would end here if the text does
}

// programs makes the programs of all templates that can have one.
func (t *builder) programs() {
	for i := range t.templates {
		if p, ok := t.program(t.toks[i]); ok {
			t.templates[i].program = p
		}
	}
}

func (t *builder) program(toks []token) (p program, ok bool) {
	at := int32(0)
	put := func(s string) (from, to uint16) {
		from = uint16(len(p.text))
		p.text = append(p.text, s...)
		return from, uint16(len(p.text))
	}
	for i := 0; i < len(toks); {
		var s step
		if toks[i].class == literal {
			at = t.insertLiteral(at, toks[i].text) // finds it
			s.lit, s.litEnd = put(toks[i].text)
			i++
		}
		if i < len(toks) {
			w := &t.nodes[at]
			if len(w.caps) == 0 || w.caps[0].class != toks[i].class && !(w.caps[0].class == classPeer && toks[i].class == classText) {
				return program{}, false
			}
			c := w.caps[0]
			if c.class == classText || c.class == classPeer {
				if c.until != toks[i+1].text || c.final != (i+2 == len(toks)) {
					return program{}, false
				}
				s.until, s.untilEnd = put(c.until)
			}
			s.octets, s.octEnd = put(string(w.next))
			s.class, s.final, s.whole = c.class, c.final, w.accept >= 0
			at = c.to
			i++
		}
		p.steps = append(p.steps, s)
	}
	return p, true
}

// run reports whether text fits, and leaves its values in spans.
func (p *program) run(text []byte, spans *[maxFields]span) bool {
	pos, slot := 0, 0
	found := 0 // octets of the next literal that were found already
	for i := range p.steps {
		s := &p.steps[i]
		end := pos + int(s.litEnd-s.lit)
		if end > len(text) {
			return false
		}
		if from := pos + found; from < end && string(text[from:end]) != string(p.text[int(s.lit)+found:s.litEnd]) {
			return false
		}
		pos = end
		if s.class == literal {
			continue
		}
		if s.octets < s.octEnd && pos < len(text) {
			c := text[pos]
			for _, o := range p.text[s.octets:s.octEnd] {
				if o == c {
					return false
				}
			}
		}
		if s.whole && pos == len(text) {
			return false
		}
		switch found = 0; {
		case s.class == classText:
			until := p.text[s.until:s.untilEnd]
			found = len(until) // the next step's literal
			for end = pos; ; end++ {
				k := bytes.IndexByte(text[end:], until[0])
				if k < 0 || end+k+found > len(text) {
					return false
				}
				end += k
				if found == 1 || string(text[end+1:end+found]) == string(until[1:]) {
					break
				}
			}
		case s.class == classWord:
			for end = pos; end < len(text) && text[end] != ' '; end++ {
			}
			if end == pos {
				return false
			}
		case s.class == classNum:
			for end = pos; end < len(text) && text[end]-'0' <= 9; end++ {
			}
			if end == pos {
				return false
			}
		case s.class == classPeer && s.final:
			until := p.text[s.until:s.untilEnd]
			if end = len(text) - len(until); end < pos || string(text[end:]) != string(until) {
				return false
			}
			spans[slot] = span{uint32(pos), uint32(end)}
			return true
		case s.class == classRest:
			spans[slot] = span{uint32(pos), uint32(len(text))}
			return true
		default:
			if end = s.class.reach(text, pos, p.text[s.until:s.untilEnd], s.final); end < 0 {
				return false
			}
		}
		spans[slot] = span{uint32(pos), uint32(end)}
		slot++
		pos = end
	}
	return pos == len(text)
}
