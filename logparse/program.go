package logparse

// program is a template as a list of steps. A text that fits the template
// that texts with the same beginning fitted last is recognised by that
// template's program alone, without the trie.
//
// That gives what the trie would give, for it is only done where no other
// template can come first: at every value of the program the trie's node
// tries that value before any other, unless the text goes on with an octet
// that also begins a literal there.
type program struct{ steps []step }

// step is a literal and the value behind it, if there is one.
type step struct {
	head, mask uint64 // the literal's first eight octets, as far as it has them
	tail       uint64 // its last eight, of a longer one
	lit        string
	until      string    // what ends the value
	elsewhere  [4]uint64 // with one of these the trie would go elsewhere
	class      class     // literal: no value follows
	final      bool
	whole      bool // the trie would end here if the text does
	forks      bool // elsewhere is not empty
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
	for i := 0; i < len(toks); {
		var s step
		if toks[i].class == literal {
			at = t.insertLiteral(at, toks[i].text) // finds it
			s.lit = toks[i].text
			var head [8]byte
			n := copy(head[:], s.lit)
			s.head, s.mask = first8(head[:]), 1<<(8*n)-1
			if len(s.lit) > 8 {
				s.tail = first8([]byte(s.lit[len(s.lit)-8:]))
			}
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
				s.until = c.until
			}
			for _, c := range w.next {
				s.elsewhere[c>>6] |= 1 << (c & 63)
				s.forks = true
			}
			s.class, s.final, s.whole = c.class, c.final, w.accept >= 0
			at = c.to
			i++
		}
		p.steps = append(p.steps, s)
	}
	return p, true
}

// run reports whether text, which is of eight octets at least, fits, and leaves
// its values in spans.
func (p *program) run(text []byte, spans *[maxFields]span) bool {
	pos, slot := 0, 0
	found := false // the step's literal, when looking for the value's end
	for i := range p.steps {
		s := &p.steps[i]
		end := pos + len(s.lit)
		if end > len(text) || !found && !s.at(text, pos, end) {
			return false
		}
		if pos = end; s.class == literal {
			continue
		}
		if pos == len(text) {
			if s.whole {
				return false
			}
		} else if s.forks {
			if c := text[pos]; s.elsewhere[c>>6]>>(c&63)&1 != 0 {
				return false
			}
		}
		found = false
		switch s.class {
		case classNum:
			for end < len(text) && text[end]-'0' <= 9 {
				end++
			}
		case classWord:
			end = reachOctet(text, pos, ' ')
		case classText:
			found, end = true, indexFrom(text, pos, s.until)
		case classRest:
			spans[slot] = span{uint32(pos), uint32(len(text))}
			return true
		case classAddr:
			end = reachAddr(text, pos)
		default:
			end = s.class.reach(text, pos, s.until, s.final)
		}
		if end <= pos && !(end == pos && (s.class == classText || s.class == classPeer)) {
			return false
		}
		spans[slot] = span{uint32(pos), uint32(end)}
		slot++
		pos = end
	}
	return pos == len(text)
}

// at reports whether the step's literal stands in text[pos:end]. Loading eight
// octets at a time costs less than calling for a comparison.
func (s *step) at(text []byte, pos, end int) bool {
	v := uint64(0)
	if pos <= len(text)-8 {
		v = eight(text, pos)
	} else {
		v = eight(text, len(text)-8) >> (8 * uint(pos+8-len(text)))
	}
	if v&s.mask != s.head {
		return false
	}
	n := end - pos
	return n <= 8 || eight(text, end-8) == s.tail && (n <= 16 || string(text[pos+8:end-8]) == s.lit[8:n-8])
}
