package logparse

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
	for i := range p.steps {
		s := &p.steps[i]
		end := pos + int(s.litEnd-s.lit)
		if end > len(text) || string(text[pos:end]) != string(p.text[s.lit:s.litEnd]) {
			return false
		}
		pos = end
		if s.class == literal {
			continue
		}
		if pos < len(text) {
			c := text[pos]
			for _, o := range p.text[s.octets:s.octEnd] {
				if o == c {
					return false
				}
			}
		} else if s.whole {
			return false
		}
		end = s.class.reach(text, pos, p.text[s.until:s.untilEnd], s.final)
		if end < 0 {
			return false
		}
		spans[slot] = span{uint32(pos), uint32(end)}
		slot++
		pos = end
	}
	return pos == len(text)
}
