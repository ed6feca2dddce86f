package logparse

// program is a template as a list of steps. A text that fits the template
// that texts with the same beginning fitted last is recognised by that
// template's program alone, without the trie.
//
// That gives what the trie would give: where the trie would try something else
// before one of the program's values, the program tries that, too.
type program struct{ steps []step }

// step is a literal and the value behind it, if there is one.
type step struct {
	head, mask uint64 // the literal's first eight octets, as far as it has them
	tail       uint64 // its last eight, of a longer one
	lit        string
	until      string    // what ends the value
	elsewhere  [4]uint64 // with one of these the trie would go elsewhere
	before     []capture // the values that come first
	node       int32     // where they and the literals are
	class      class     // literal: no value follows
	final      bool
	whole      bool // the trie would end here if the text does
	forks      bool // the trie tries something else first
}

// programs makes the programs of all templates, whose nodes are packed.
func (b *builder) programs(t *trie) {
	for i := range t.templates {
		t.templates[i].program.steps = b.steps(t, b.toks[i])
	}
}

func (b *builder) steps(t *trie, toks []token) (list []step) {
	at := int32(0)
	for i := 0; i < len(toks); {
		var s step
		if toks[i].class == literal {
			at = b.insertLiteral(at, toks[i].text) // finds it
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
			w := &b.nodes[at]
			c := b.edge(at, toks[i:])
			s.node = b.packed[at]
			n := &t.nodes[s.node]
			s.before = t.caps[n.capture : n.capture+int32(c)]
			for _, c := range w.next {
				s.elsewhere[c>>6] |= 1 << (c & 63)
			}
			e := &w.caps[c]
			s.until, s.class, s.final, s.whole = e.until, e.class, e.final, w.accept >= 0
			s.forks = s.whole || c > 0 || len(w.next) > 0
			at = e.to
			i++
		}
		list = append(list, s)
	}
	return list
}

// otherwise reports whether the trie would find a template by what it tries
// before the step's value, which begins at text[pos].
func (s *step) otherwise(t *trie, text []byte, pos, slot int, spans *[maxFields]span) bool {
	if pos == len(text) {
		if s.whole {
			return true
		}
	} else if c := text[pos]; s.elsewhere[c>>6]>>(c&63)&1 != 0 && t.walk(t.kid(&t.nodes[s.node], c), text, pos, slot, spans) >= 0 {
		return true
	}
	for i := range s.before {
		c := &s.before[i]
		end := c.class.reach(text, pos, t.text[c.until:c.until+int32(c.n)], c.final)
		if end < 0 {
			continue
		}
		spans[slot] = span{uint32(pos), uint32(end)}
		if t.walk(c.to, text, end, slot+1, spans) >= 0 {
			return true
		}
	}
	return false
}

// run reports whether text, which is of eight octets at least, fits, and leaves
// its values in spans.
func (p *program) run(t *trie, text []byte, spans *[maxFields]span) bool {
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
		if s.forks && s.otherwise(t, text, pos, slot, spans) {
			return false
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
