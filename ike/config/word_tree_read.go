package config

import "strings"

// wordStyle is what the formats of words in a tree write differently.
type wordStyle struct {
	// free: braces, semicolons and brackets part words wherever they stand, and
	// a # begins a comment. Otherwise a brace ends a line and nothing else is
	// special.
	free bool
	// keep are the words of the top level whose trees are read, others those
	// that the format has besides.
	keep, others string
}

// wordReader reads a tree of words.
type wordReader struct {
	*wordTree
	style wordStyle
	line  int
	stack []*wordNode // open blocks
	// other stands in stack for what the format has and is not kept, nil for
	// what it does not have.
	other *wordNode
	words []string // of the statement so far
	from  int      // the line that it begins in
	list  []string // what stands in brackets
	state wordState
	edit  []string // what the command edit entered
	shown []string // what the command show was asked for
	nodes int
}

// wordState is what the reader stands in.
type wordState uint8

const (
	inStatement wordState = iota
	inList
	inComment
)

// maxWords bounds the words of a statement.
const maxWords = 64

// readWords reads a whole file.
func (s *source) readWords(name string, b []byte, style wordStyle) *wordTree {
	r := &wordReader{wordTree: &wordTree{s: s, name: name}, style: style, other: &wordNode{}}
	rest := string(b)
	for rest != "" && !s.full {
		var l string
		l, rest, _ = strings.Cut(rest, "\n")
		r.line++
		r.readLine(strings.TrimRight(l, "\r \t"))
	}
	r.end()
	if r.state == inComment {
		s.problem(Pos{name, r.from}, "", ErrUnterminated)
	}
	switch {
	case s.full:
		for _, n := range r.stack {
			if n != nil {
				n.torn = true
			}
		}
	case len(r.stack) > 0:
		s.problem(Pos{name, max(r.line, 1)}, "", ErrUnclosed)
	}
	return r.wordTree
}

// readLine reads the words of one line.
func (r *wordReader) readLine(l string) {
	if r.state != inComment {
		l = strings.TrimLeft(l, " \t")
		if aside(l) {
			r.end()
			return
		}
		l = withoutShell(l)
		if !r.style.free && (strings.HasPrefix(l, "//") || strings.HasPrefix(l, "#")) {
			return
		}
		if r.state == inStatement && !strings.HasPrefix(l, "{") || len(r.stack) == 0 {
			r.end() // what the line before has without an end
		}
	}
	for l != "" && !r.s.full {
		l = r.token(l)
	}
}

// aside reports whether a line is what a terminal shows besides: the place in
// the tree, the role of a cluster's node, or that there is more.
func aside(l string) bool {
	return strings.HasPrefix(l, "[edit") || strings.HasPrefix(l, "---(more") ||
		len(l) > 2 && l[0] == '{' && l[1] >= 'a' && l[1] <= 'z' && strings.HasSuffix(strings.TrimSuffix(l, "[edit]"), "}") && !strings.ContainsAny(l, " ;")
}

// withoutShell takes away the prompt of a terminal, as in "admin@gw# set".
func withoutShell(l string) string {
	first, rest, _ := strings.Cut(l, " ")
	if i := strings.IndexByte(first, '@'); i > 0 && strings.ContainsAny(first[len(first)-1:], "#>$") {
		return strings.TrimLeft(rest, " \t")
	}
	return l
}

// token reads one word or sign and returns what follows.
func (r *wordReader) token(l string) string {
	if r.state == inComment {
		_, rest, ok := strings.Cut(l, "*/")
		if ok {
			r.state = inStatement
		}
		return rest
	}
	switch c := l[0]; {
	case c == ' ' || c == '\t':
		return strings.TrimLeft(l, " \t")
	case strings.HasPrefix(l, "/*"):
		if r.state == inStatement {
			r.end()
			r.state, r.from = inComment, r.line
		}
		return l[2:]
	case c == '#' && r.style.free:
		return ""
	case c == '"' || c == '\'' && !r.style.free:
		return r.quoted(l)
	case c == '{' && (r.style.free || len(l) == 1):
		r.open()
		return l[1:]
	case c == '}' && (r.style.free || len(r.words) == 0):
		r.end()
		r.close()
		return l[1:]
	case c == ';' && r.style.free:
		r.end()
		return l[1:]
	case c == '[' && r.style.free && (len(l) == 1 || l[1] == ' '):
		r.state = inList
		return l[1:]
	case c == ']' && r.style.free && r.state == inList:
		r.state = inStatement
		return l[1:]
	}
	stop := " \t"
	if r.style.free {
		stop = " \t;{}\""
	}
	n := strings.IndexAny(l, stop)
	if n < 0 {
		n = len(l)
	}
	if n == 0 { // a sign that means nothing here
		n = 1
	}
	word := l[:n]
	if r.style.free && strings.HasPrefix(l, "${") { // a variable of Juniper's
		if i := strings.IndexByte(l, '}'); i > 0 {
			n, word = i+1, l[:i+1]
		}
	}
	if r.style.free && r.state == inList && len(word) > 1 && strings.HasSuffix(word, "]") {
		r.word(word[:len(word)-1])
		r.state = inStatement
		return l[n:]
	}
	r.word(word)
	return l[n:]
}

// quoted reads a string in quotes, which ends with its line at the latest.
func (r *wordReader) quoted(l string) string {
	var b strings.Builder
	for i := 1; i < len(l); i++ {
		switch c := l[i]; {
		case c == l[0]:
			r.word(b.String())
			return l[i+1:]
		case c == '\\' && l[0] == '"' && i+1 < len(l):
			i++
			b.WriteByte(l[i])
		default:
			b.WriteByte(c)
		}
	}
	r.s.problem(Pos{r.name, r.line}, "", ErrUnterminated)
	r.words, r.list, r.state = nil, nil, inStatement
	return ""
}

func (r *wordReader) word(w string) {
	if r.state == inList {
		r.list = append(r.list, w)
		return
	}
	if len(r.words) == 0 {
		r.from = r.line
	}
	r.words = append(r.words, w)
}

// top is the open block, the root where none is; nil in what is not kept.
func (r *wordReader) top() *wordNode {
	if n := len(r.stack); n > 0 {
		return r.stack[n-1]
	}
	if len(r.shown) > 0 {
		return r.put(&r.root, r.shown, Pos{r.name, max(r.from, 1)})
	}
	return &r.root
}

// open begins a block below the words so far.
func (r *wordReader) open() {
	words, at := r.words, Pos{r.name, max(r.from, 1)}
	r.words, r.list, r.state = nil, nil, inStatement
	if len(words) == 0 {
		at.Line = r.line
	}
	if len(r.stack) >= r.s.lim.Depth {
		r.s.problem(at, "", ErrTooDeep)
		r.s.full = true
		return
	}
	if !r.s.opened(at) {
		return
	}
	n := r.put(r.top(), words, at)
	if len(r.stack) == 0 && n == nil && len(words) > 0 && hasWord(r.style.others, words[0]) {
		n = r.other
		n.word = words[0]
	}
	r.stack = append(r.stack, n)
}

func (r *wordReader) close() {
	if len(r.stack) == 0 {
		r.s.problem(Pos{r.name, r.line}, "", ErrUnopened)
		return
	}
	r.stack = r.stack[:len(r.stack)-1]
}

// end ends the statement so far.
func (r *wordReader) end() {
	words, list := r.words, r.list
	r.words, r.list = nil, nil
	if len(words) == 0 || r.s.full {
		return
	}
	r.state = inStatement
	at := Pos{r.name, r.from}
	if !r.s.unit(at) {
		if n := r.top(); n != nil {
			n.torn = true
		}
		return
	}
	parent := r.top()
	if len(r.stack) == 0 {
		if known, done := r.command(words, list, at); done {
			if known {
				r.s.recognize(at)
			}
			return
		}
		if !r.style.free && len(r.shown) == 0 { // only blocks are at the top
			r.foreign(nil, words, at)
			return
		}
	}
	r.insert(parent, words, list, at)
}

// insert adds a statement below a node.
func (r *wordReader) insert(parent *wordNode, words, list []string, at Pos) {
	n := r.put(parent, words, at)
	if n == nil || n == r.other {
		r.foreign(parent, words, at)
		return
	}
	if len(list) == 0 {
		n.ends++
		n.line = int32(at.Line) // the last word on it counts
		return
	}
	for i, w := range list {
		k := r.put(n, []string{w}, at)
		if k == nil {
			return
		}
		if k.line = int32(at.Line); i == 0 {
			k.ends++
		}
	}
}

// foreign counts a statement of a part that is not kept.
func (r *wordReader) foreign(parent *wordNode, words []string, at Pos) {
	st := Statement{At: at}
	switch {
	case parent == r.other:
		st.Word, st.Key = true, r.other.word
	case parent == &r.root && hasWord(r.style.others, words[0]):
		st.Word, st.Key = true, words[0]
	}
	if st.Word {
		r.s.recognize(at)
	}
	r.s.c.Unknown = append(r.s.c.Unknown, st)
}

// put finds or makes the node of words below a parent. It is nil where that is
// not kept.
func (r *wordReader) put(n *wordNode, words []string, at Pos) *wordNode {
	if n == nil || n == r.other {
		return n
	}
	words, off, anew := untagged(words)
	words = words[:min(len(words), maxWords)]
	if n == &r.root && (len(words) == 0 || !hasWord(r.style.keep, words[0])) {
		return nil
	}
	for i, w := range words {
		k := n.find(w)
		if k != nil && anew && i == len(words)-1 {
			n.remove(w)
			k = nil
		}
		if k == nil {
			if r.nodes++; r.nodes > 4*r.s.lim.Statements {
				r.s.stop(at, 4*r.s.lim.Statements, "words")
				return nil
			}
			k = &wordNode{word: w, line: int32(at.Line)}
			n.add(k)
		}
		n.last = k
		n = k
	}
	n.off = off
	return n
}

// untagged takes away the tags before a statement: whether it is deactivated,
// and whether it is in place of what there is.
func untagged(words []string) (rest []string, off, anew bool) {
	for i, w := range words {
		switch w {
		case "inactive:":
			off = true
		case "replace:":
			anew = true
		case "protect:", "active:":
		default:
			return words[i:], off, anew
		}
	}
	return nil, off, anew
}
