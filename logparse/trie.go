package logparse

import (
	"bytes"
	"slices"
)

// trie holds the templates of a dialect so that the cost of finding the one
// that fits does not grow with their number: templates that begin alike,
// values included, share their nodes. It is packed into a few slices in the
// order of a walk, since what a match costs is mostly memory that is far away.
type trie struct {
	nodes     []node
	text      string  // literals
	next      []byte  // first octets of the children
	kids      []int32 // the children
	caps      []capture
	templates []template
	// ahead leads from a text's first eight octets to the node in which they
	// end: most messages are told apart by then. It is a hash table, shift
	// takes the hash's highest bits.
	ahead []leap
	shift uint8
}

type leap struct {
	head uint64
	node int32 // 0: empty
	used int32 // octets of the node's literal that are part of the head
}

// node is reached when all before it has matched. Its own literal comes
// first, then what may follow.
type node struct {
	lit, kid, capture int32 // offsets into text, next and kids, caps
	accept            int32 // index of the template that ends here, -1: none
	litLen            uint16
	nkid, ncap        uint8
	table             bool // kids has 256 entries, by octet
}

// capture is an edge that consumes a value.
type capture struct {
	until int32 // text and peer: offset of the literal behind it, not consumed here
	to    int32
	n     uint16 // its length
	class class
	final bool // that literal is the end of the pattern
}

// newTrie compiles templates. One whose pattern is faulty or the same as an
// earlier one is left out and reported, for tests.
func newTrie(lists [][]Template) (*trie, []error) {
	b := builder{nodes: []wide{{accept: -1}}}
	var errs []error
	for _, list := range lists {
		for i := range list {
			toks, tmpl, err := compile(&list[i])
			if err == nil {
				err = b.insert(toks, tmpl)
			}
			if err != nil {
				errs = append(errs, err)
			}
		}
	}
	t := &trie{templates: b.templates}
	t.nodes = make([]node, 0, len(b.nodes))
	b.packed = make([]int32, len(b.nodes))
	t.pack(&b, 0)
	t.text = string(b.text)
	t.lookAhead()
	b.programs(t)
	return t, errs
}

// lookAhead fills the table of first octets.
func (t *trie) lookAhead() {
	var found []leap
	var walk func(at int32, prefix []byte)
	walk = func(at int32, prefix []byte) {
		d := &t.nodes[at]
		had := len(prefix)
		prefix = append(prefix[:had:had], t.text[d.lit:d.lit+int32(d.litLen)]...)
		if len(prefix) >= 8 {
			found = append(found, leap{first8(prefix), at, int32(8 - had)})
			return
		}
		for i := range int32(256) {
			switch {
			case d.table && t.kids[d.kid+i] != 0:
				walk(t.kids[d.kid+i], prefix)
			case !d.table && i < int32(d.nkid):
				walk(t.kids[d.kid+i], prefix)
			}
		}
	}
	walk(0, nil)
	bits := 4
	for 1<<bits < 4*len(found) {
		bits++
	}
	t.ahead, t.shift = make([]leap, 1<<bits), uint8(64-bits)
	for _, l := range found {
		i := l.head * mix >> t.shift
		for t.ahead[i].node != 0 {
			i = (i + 1) & uint64(len(t.ahead)-1)
		}
		t.ahead[i] = l
	}
}

// mix is an odd number whose multiples spread over all bits.
const mix = 0x9e3779b97f4a7c15

// pack copies the node at and all below it, depth first.
func (t *trie) pack(b *builder, at int32) int32 {
	w := &b.nodes[at]
	if at != 0 && len(w.lit) == 0 && len(w.kids) == 1 && len(w.caps) == 0 && w.accept < 0 {
		b.packed[at] = t.pack(b, w.kids[0]) // it does nothing
		return b.packed[at]
	}
	i := int32(len(t.nodes))
	b.packed[at] = i
	n := node{accept: w.accept, lit: int32(len(b.text)), litLen: uint16(len(w.lit)),
		capture: int32(len(t.caps)), ncap: uint8(len(w.caps)), nkid: uint8(len(w.kids))}
	b.text = append(b.text, w.lit...)
	t.caps = append(t.caps, make([]capture, len(w.caps))...)
	n.table = len(w.kids) > 12
	if n.kid = int32(len(t.kids)); n.table {
		t.kids = append(t.kids, make([]int32, 256)...)
		t.next = append(t.next, make([]byte, 256)...)
	} else {
		t.kids = append(t.kids, make([]int32, len(w.kids))...)
		t.next = append(t.next, w.next...)
	}
	t.nodes = append(t.nodes, n)
	for j, k := range w.kids {
		c := t.pack(b, k)
		if n.table {
			t.kids[n.kid+int32(w.next[j])] = c
		} else {
			t.kids[n.kid+int32(j)] = c
		}
	}
	for j := range w.caps {
		e := &w.caps[j]
		c := capture{class: e.class, final: e.final, until: int32(len(b.text)), n: uint16(len(e.until))}
		b.text = append(b.text, e.until...)
		c.to = t.pack(b, e.to)
		t.caps[n.capture+int32(j)] = c
	}
	return i
}

// recent remembers which templates texts with the same beginning fitted last,
// the latest one first. Each stream has its own.
type recent [256][4]known

// known is a template that a text which begins with head fitted.
type known struct {
	head uint64
	t    *template
}

// of returns the templates that texts with the beginning of text fitted, which
// is of eight octets at least.
func (r *recent) of(text []byte) *[4]known {
	return &r[beginning(text)*mix>>(64-8)]
}

// beginning tells texts apart by what they begin with, which are of eight octets at
// least.
func beginning(text []byte) uint64 {
	key := first8(text)
	if len(text) > 13 { // "received packet", "received DELETE"; "IKE_DECODE RECEIVED", "IKE_DECODE RESENDING"
		key ^= eight(text, 6) & (0xff<<24 | 0xff<<40 | 0xff<<56) // text[9], text[11], text[13]
	}
	return key
}

// match finds the template for text and leaves its values in spans.
func (t *trie) match(text []byte, spans *[maxFields]span, r *recent) *template {
	if len(text) >= 8 {
		head := first8(text)
		was := r.of(text)
		for i := range was {
			if k := &was[i]; k.head == head && k.t != nil && k.t.program.begins(text) && k.t.program.first.run(t, text, k.t.program.start.n, spans) {
				return k.t
			}
		}
	}
	return t.search(text, spans, r)
}

// search is match for a text that fits none of the recent templates.
func (t *trie) search(text []byte, spans *[maxFields]span, r *recent) *template {
	j := int32(-1)
	if len(text) >= 8 {
		head := first8(text)
		mask := uint64(len(t.ahead) - 1)
		for i := head * mix >> t.shift; ; i++ {
			l := &t.ahead[i&mask]
			if l.node == 0 {
				break
			}
			if l.head == head {
				// The same as the walk from the root, which comes to the same
				// node first and goes on to other ones if it fails there.
				j = t.walk(l.node, text, 8-int(l.used), 0, spans)
				break
			}
		}
	}
	if j < 0 {
		if j = t.walk(0, text, 0, 0, spans); j < 0 {
			return nil
		}
	}
	found := &t.templates[j]
	if len(text) >= 8 {
		was := r.of(text)
		copy(was[1:], was[:])
		was[0] = known{first8(text), found}
	}
	return found
}

// walk tries the node at with text[pos:]. Every edge is taken in one way
// only, so that no text costs more than one pass for each of the edges.
func (t *trie) walk(at int32, text []byte, pos, slot int, spans *[maxFields]span) int32 {
	for {
		n := &t.nodes[at]
		if l := int(n.litLen); l > 0 {
			end := pos + l
			if end > len(text) || string(text[pos:end]) != t.text[n.lit:int(n.lit)+l] {
				return -1
			}
			pos = end
		}
		if pos == len(text) {
			if n.accept >= 0 {
				return n.accept
			}
		} else if n.nkid > 0 {
			if kid := t.kid(n, text[pos]); kid > 0 {
				if n.ncap == 0 {
					at = kid
					continue
				}
				if i := t.walk(kid, text, pos, slot, spans); i >= 0 {
					return i
				}
			}
		}
		if slot == maxFields || n.ncap == 0 {
			return -1
		}
		caps := t.caps[n.capture : n.capture+int32(n.ncap)]
		for i := range caps {
			c := &caps[i]
			end := c.class.reach(text, pos, t.text[c.until:c.until+int32(c.n)], c.final)
			if end < 0 {
				continue
			}
			spans[slot] = span{uint32(pos), uint32(end)}
			if i == len(caps)-1 {
				at, pos, slot = c.to, end, slot+1
				goto next
			}
			if j := t.walk(c.to, text, end, slot+1, spans); j >= 0 {
				return j
			}
		}
		return -1
	next:
	}
}

// kid returns the child of a node whose literal begins with c, 0 if there is
// none.
func (t *trie) kid(n *node, c byte) int32 {
	if n.table {
		return t.kids[n.kid+int32(c)]
	}
	for i, d := range t.next[n.kid : n.kid+int32(n.nkid)] {
		if c == d {
			return t.kids[n.kid+int32(i)]
		}
	}
	return 0
}

// builder is a trie that grows.
type builder struct {
	nodes     []wide
	templates []template
	toks      [][]token // of each template
	text      []byte    // literals, packed
	packed    []int32   // the places of the nodes in the trie
}

type wide struct {
	lit    string
	accept int32
	next   []byte
	kids   []int32
	caps   []edge
}

type edge struct {
	class class
	until string
	final bool
	to    int32
}

// edge returns which value of node at a pattern goes on with.
func (t *builder) edge(at int32, toks []token) int {
	return slices.IndexFunc(t.nodes[at].caps, edgeOf(toks).same)
}

// edgeOf returns the value that a pattern goes on with.
func edgeOf(toks []token) edge {
	c := edge{class: toks[0].class}
	if c.class == classText || c.class == classPeer {
		c.until = toks[1].text
		c.final = len(toks) == 2
		if c.final {
			c.class = classPeer // to the end either way: share one edge
		}
	}
	return c
}

func (e edge) same(f edge) bool {
	return e.class == f.class && e.until == f.until && e.final == f.final
}

func (t *builder) insert(toks []token, tmpl template) error {
	at := int32(0)
	for i, k := range toks {
		if k.class == literal {
			at = t.insertLiteral(at, k.text)
			continue
		}
		at = t.insertCapture(at, edgeOf(toks[i:]))
	}
	if j := t.nodes[at].accept; j >= 0 {
		return &PatternError{tmpl.Pattern, "is the same as " + t.templates[j].Pattern}
	}
	t.nodes[at].accept = int32(len(t.templates))
	t.templates = append(t.templates, tmpl)
	t.toks = append(t.toks, toks)
	return nil
}

// insertLiteral walks or builds the nodes for s below at.
func (t *builder) insertLiteral(at int32, s string) int32 {
	for s != "" {
		i := bytes.IndexByte(t.nodes[at].next, s[0])
		if i < 0 {
			t.nodes = append(t.nodes, wide{lit: s, accept: -1})
			k := int32(len(t.nodes) - 1)
			n := &t.nodes[at]
			n.next, n.kids = append(n.next, s[0]), append(n.kids, k)
			return k
		}
		at = t.nodes[at].kids[i]
		lit := t.nodes[at].lit
		c := 0
		for c < len(lit) && c < len(s) && lit[c] == s[c] {
			c++
		}
		if c < len(lit) { // split
			low := t.nodes[at]
			low.lit = lit[c:]
			t.nodes = append(t.nodes, low)
			t.nodes[at] = wide{lit: lit[:c], accept: -1, next: []byte{lit[c]}, kids: []int32{int32(len(t.nodes) - 1)}}
		}
		s = s[c:]
	}
	return at
}

func (t *builder) insertCapture(at int32, c edge) int32 {
	if i := slices.IndexFunc(t.nodes[at].caps, c.same); i >= 0 {
		return t.nodes[at].caps[i].to
	}
	t.nodes = append(t.nodes, wide{accept: -1})
	c.to = int32(len(t.nodes) - 1)
	// Narrow classes before wide ones, whatever the order of the templates.
	caps := append(t.nodes[at].caps, c)
	slices.SortStableFunc(caps, func(a, b edge) int {
		if a.class != b.class {
			return int(a.class) - int(b.class)
		}
		return len(b.until) - len(a.until)
	})
	t.nodes[at].caps = caps
	return c.to
}
