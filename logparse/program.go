package logparse

import "strings"

// program is a template as a list of steps. A text that fits the template
// that texts with the same first eight octets fitted last is recognised by that
// template's program alone, without the trie.
//
// That gives what the trie would give: where the trie would try something else
// before one of the program's values, the program tries that, too.
type program struct {
	start words // the literal that the template begins with
	first *step
}

// step is a value and the literal behind it, if there is one.
type step struct {
	class class
	final bool
	slot  uint8
	again bool   // its digits count for where it ends; see mould
	rare  uint8  // text: the place in the literal of an octet to look for
	look  uint64 // that octet, eight times
	then  words
	fork  *fork // what the trie tries before the value, nil: nothing
	next  *step
}

// words is a literal, eight octets at a time: a call to compare it costs more.
type words struct {
	n          int
	tail, mask uint64   // its last eight octets, or all of a shorter one, which are the mask's
	head       []uint64 // those before the tail, of a longer one
	text       string
}

func literalWords(s string) words {
	w := words{n: len(s), text: s}
	var end, mask [8]byte
	for i := 1; i <= min(len(s), 8); i++ {
		end[8-i], mask[8-i] = s[len(s)-i], 0xff
	}
	w.tail, w.mask = first8(end[:]), first8(mask[:])
	for k := 0; k < len(s)-8; k += 8 {
		w.head = append(w.head, first8([]byte(s[k:])))
	}
	return w
}

// at reports whether the literal stands at text[pos], where text is of eight
// octets at least.
func (w *words) at(text []byte, pos int) bool {
	end := pos + w.n
	switch {
	case end > len(text):
		return false
	case end < 8:
		return (first8(text)<<(64-8*uint(end)&63)^w.tail)&w.mask == 0
	}
	return (last8(text, end)^w.tail)&w.mask == 0 && w.begins(text, pos)
}

// begins compares all but the literal's tail.
func (w *words) begins(text []byte, pos int) bool {
	for _, v := range w.head {
		if eight(text, pos) != v {
			return false
		}
		pos += 8
	}
	return true
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
		t.templates[i].program = b.program(t, b.toks[i])
	}
}

func (b *builder) program(t *trie, toks []token) (p program) {
	at := int32(0)
	literalAt := func(i int) (string, bool) {
		if i < len(toks) && toks[i].class == literal {
			at = b.insertLiteral(at, toks[i].text) // finds it
			return toks[i].text, true
		}
		return "", false
	}
	s, ok := literalAt(0)
	p.start = literalWords(s)
	if len(s) > 8 {
		p.start.head = p.start.head[1:] // texts are known by it
	}
	i := 0
	if ok {
		i++
	}
	link := &p.first
	for slot := uint8(0); i < len(toks); slot++ {
		w := &b.nodes[at]
		c := b.edge(at, toks[i:])
		one := &step{class: w.caps[c].class, final: w.caps[c].final, slot: slot}
		if c > 0 || len(w.next) > 0 || w.accept >= 0 {
			one.fork = &fork{node: b.packed[at], before: int32(c), whole: w.accept >= 0}
			for _, c := range w.next {
				one.fork.elsewhere[c>>6] |= 1 << (c & 63)
			}
		}
		at = w.caps[c].to
		i++
		s, ok := literalAt(i)
		if ok {
			i++
		}
		one.then = literalWords(s)
		if len(s) > 1 && s[0] == ' ' {
			one.rare = 1
		}
		one.again = !one.final && (one.class == classPeer || one.class == classText && strings.ContainsAny(s, "0123456789"))
		if one.class == classWord {
			s = " " // or the end
			one.rare = 0
		}
		if len(s) > 0 {
			one.look = uint64(s[one.rare]) * each
		}
		*link, link = one, &one.next
	}
	return p
}

// begins reports whether one of the literals, or nothing at all, may follow at
// text[pos].
func (f *fork) begins(text []byte, pos int) bool {
	return pos >= len(text) || f.elsewhere[text[pos]>>6]>>(text[pos]&63)&1 != 0
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

// begins reports whether text, which begins with the same eight octets as one
// that fitted, begins with the program's literal.
func (p *program) begins(text []byte) bool {
	n := p.start.n
	return n <= 8 || n <= len(text) && last8(text, n) == p.start.tail && p.start.begins(text, 8)
}

// run reports whether text goes on from pos with the steps from s on. What most
// lines need is here and calls nothing: what is alive across a call costs more
// than the call.
func (s *step) run(t *trie, text []byte, pos int, spans *[maxFields]span) bool {
	for ; s != nil; s = s.next {
		if f := s.fork; f != nil && (f.before > 0 || f.begins(text, pos)) {
			return s.slowly(t, text, pos, spans)
		}
		end := pos
		switch s.class {
		case classNum:
			for uint(end) < uint(len(text)) && text[end]-'0' <= 9 {
				end++
			}
			if end == pos {
				return false
			}
		case classText, classWord: // what is looked for is an octet of the literal behind it
			for end += int(s.rare); ; end += 8 {
				var v uint64
				if end <= len(text)-8 {
					v = next8(text, end)
				} else if end < len(text) {
					v = upTo8(text, end)
				} else {
					return s.slowly(t, text, pos, spans)
				}
				v ^= s.look
				// The lowest bit that this leaves is where the first zero octet is.
				if v = (v - each) &^ v & highest; v != 0 {
					end += first(v) - int(s.rare)
					break
				}
			}
			if s.class == classWord && end == pos {
				return false
			}
		case classPeer:
			if !s.final {
				return s.slowly(t, text, pos, spans)
			}
			if end = len(text) - s.then.n; end < pos {
				return false
			}
		case classRest:
			end = len(text)
		case classHex:
			for n := 8; n == 8; end += n {
				n = first(notHex(upTo8(text, end)))
			}
			if end == pos {
				return false
			}
		case classCaps:
			for uint(end) < uint(len(text)) && (text[end]-'A' <= 25 || text[end]-'0' <= 9 || text[end] == '_') {
				end++
			}
			if end == pos {
				return false
			}
		case classHost, classAddr:
			last, n := uint64(0), 8 // a dot before
			for ; n == 8; end += n {
				v := upTo8(text, end)
				dots := equal(v, '.')
				if dots&(dots<<8|last) != 0 {
					return s.slowly(t, text, pos, spans) // two of them end it
				}
				n, last = first((^between(v&lower, '0', ':')&^dots|v)&highest), dots>>56
			}
			if end == pos || text[end-1] == '.' || end < len(text) && unhex(text[end]) <= 15 {
				return s.slowly(t, text, pos, spans) // of IPv6, or a name
			}
			if s.class == classAddr && end < len(text) && text[end] == '[' {
				port := end + 1
				for uint(port) < uint(len(text)) && text[port]-'0' <= 9 {
					port++
				}
				if port > end+1 && port < len(text) && text[port] == ']' {
					end = port + 1
				}
			}
		case classNet, classIdent:
			return s.slowly(t, text, pos, spans)
		case literal: // none is a value
			return false
		}
		next := end + s.then.n
		if next < 8 || next > len(text) || (last8(text, next)^s.then.tail)&s.then.mask != 0 || s.then.n > 8 && !s.then.begins(text, end) {
			return s.slowly(t, text, pos, spans) // it may be further on
		}
		spans[s.slot&(maxFields-1)] = span{uint32(pos), uint32(end)}
		pos = next
	}
	return pos == len(text)
}

// slowly is run for the steps that few lines have.
func (s *step) slowly(t *trie, text []byte, pos int, spans *[maxFields]span) bool {
	if s.fork != nil && s.fork.otherwise(t, text, pos, int(s.slot), spans) {
		return false
	}
	end := s.class.reach(text, pos, s.then.text, s.final)
	if end < 0 || s.then.n > 0 && !s.then.at(text, end) {
		return false
	}
	spans[s.slot&(maxFields-1)] = span{uint32(pos), uint32(end)}
	return s.next.run(t, text, end+s.then.n, spans)
}
