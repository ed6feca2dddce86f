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
	head, mask uint64   // the literal's first eight octets, as far as it has them
	tail       uint64   // its last eight, of a longer one
	middle     []uint64 // those between, of one longer than sixteen
	lit        string
	fork       *fork // what the trie tries before the value, nil: nothing
	class      class // literal: no value follows
	final      bool
}

// fork is what the trie tries before it tries a value.
type fork struct {
	elsewhere [4]uint64 // the octets that begin a literal there
	node      int32     // where that and the values before are
	before    int32     // how many of these
	whole     bool      // a template ends here
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
				for k := 8; k < len(s.lit)-8; k += 8 {
					s.middle = append(s.middle, first8([]byte(s.lit[k:])))
				}
			}
			i++
		}
		if i < len(toks) {
			w := &b.nodes[at]
			c := b.edge(at, toks[i:])
			if c > 0 || len(w.next) > 0 || w.accept >= 0 {
				s.fork = &fork{node: b.packed[at], before: int32(c), whole: w.accept >= 0}
				for _, c := range w.next {
					s.fork.elsewhere[c>>6] |= 1 << (c & 63)
				}
			}
			s.class, s.final = w.caps[c].class, w.caps[c].final
			at = w.caps[c].to
			i++
		}
		list = append(list, s)
	}
	return list
}

// otherwise reports whether the trie would find a template by what it tries
// before the value that begins at text[pos].
func (f *fork) otherwise(t *trie, text []byte, pos, slot int, spans *[maxFields]span) bool {
	if pos == len(text) {
		if f.whole {
			return true
		}
	} else if c := text[pos]; f.elsewhere[c>>6]>>(c&63)&1 != 0 && t.walk(t.kid(&t.nodes[f.node], c), text, pos, slot, spans) >= 0 {
		return true
	}
	first := t.nodes[f.node].capture
	for i := first; i < first+f.before; i++ {
		c := &t.caps[i]
		end := c.class.reach(text, pos, t.text[c.until:c.until+int32(c.n)], c.final)
		if end < 0 {
			continue
		}
		spans[slot&(maxFields-1)] = span{uint32(pos), uint32(end)}
		if t.walk(c.to, text, end, slot+1, spans) >= 0 {
			return true
		}
	}
	return false
}

// goesOn compares what is in the middle of a literal.
func (s *step) goesOn(text []byte, pos int) bool {
	for _, w := range s.middle {
		if eight(text, pos) != w {
			return false
		}
		pos += 8
	}
	return true
}

// run reports whether text, which is of eight octets at least, fits, and leaves
// its values in spans.
func (p *program) run(t *trie, text []byte, spans *[maxFields]span) bool {
	pos, slot := 0, 0
	for i := range p.steps {
		s := &p.steps[i]
		if n := len(s.lit); n > 0 {
			// Eight octets at a time: a call costs more.
			var v uint64
			if pos <= len(text)-8 {
				v = eight(text, pos)
			} else {
				v = eight(text, len(text)-8) >> (8 * uint(pos+8-len(text)))
			}
			if v&s.mask != s.head {
				return false
			}
			if pos += n; pos > len(text) || n > 8 && eight(text, pos-8) != s.tail {
				return false
			}
			if n > 16 && !s.goesOn(text, pos-n+8) {
				return false
			}
		}
		if s.class == literal {
			continue
		}
		if s.fork != nil && s.fork.otherwise(t, text, pos, slot, spans) {
			return false
		}
		end := pos
		switch s.class {
		case classNum:
			for end < len(text) && text[end]-'0' <= 9 {
				end++
			}
			if end == pos {
				return false
			}
		case classWord:
			if end = reachOctet(text, pos, ' '); end == pos {
				return false
			}
		case classText:
			if end = indexFrom(text, pos, p.steps[i+1].lit); end < 0 {
				return false
			}
		case classPeer:
			if end = classPeer.reach(text, pos, p.steps[i+1].lit, s.final); end < 0 {
				return false
			}
		case classRest:
			end = len(text)
		case classAddr:
			if end = reachAddr(text, pos); end == pos {
				return false
			}
		default:
			if end = s.class.reach(text, pos, "", false); end < 0 {
				return false
			}
		}
		spans[slot&(maxFields-1)] = span{uint32(pos), uint32(end)}
		slot++
		pos = end
	}
	return pos == len(text)
}
