package config

import (
	"iter"
	"strings"
)

// Configurations that are a tree of words: Juniper's and VyOS's, whose curly
// braces and set commands are two ways to write one thing. Each word is a node
// below the word before it; a value is a node as a name is.

// wordNode is a word with those that may follow it.
type wordNode struct {
	word string
	line int32
	ends int32 // how many statements end here
	kids []*wordNode
	// byWord finds kids, once they are many.
	byWord map[string]*wordNode
	// last is the kid that was written last: where only one is meant, the one
	// that counts.
	last *wordNode
	// from is the node that this one is inherited from.
	from *wordNode
	off  bool // deactivated
	// taken: the statement that ends here has a place in the model. torn: a
	// limit ended the reading within.
	taken, torn bool
	// read: last has been settled.
	read bool
}

// fewWords is how many kids are looked through without an index.
const fewWords = 8

func (n *wordNode) find(word string) *wordNode {
	if n.byWord != nil {
		return n.byWord[word]
	}
	for _, k := range n.kids {
		if k.word == word {
			return k
		}
	}
	return nil
}

func (n *wordNode) add(k *wordNode) {
	n.kids = append(n.kids, k)
	switch {
	case n.byWord != nil:
		n.byWord[k.word] = k
	case len(n.kids) > fewWords:
		n.byWord = make(map[string]*wordNode, 2*len(n.kids))
		for _, x := range n.kids {
			n.byWord[x.word] = x
		}
	}
}

// remove takes a kid away with all that is below it.
func (n *wordNode) remove(word string) {
	k := n.find(word)
	if k == nil {
		return
	}
	delete(n.byWord, word)
	*k = wordNode{off: true}
	if n.last == k {
		n.last = nil
	}
}

// at returns the node below by its words, nil where there is none or it is
// deactivated. It takes a nil receiver.
func (n *wordNode) at(words ...string) *wordNode {
	for _, w := range words {
		if n == nil {
			return nil
		}
		if n = n.find(w); n == nil || n.off {
			return nil
		}
	}
	return n
}

// each iterates over the kids that are not deactivated.
func (n *wordNode) each() iter.Seq[*wordNode] {
	return func(yield func(*wordNode) bool) {
		if n == nil {
			return
		}
		for _, k := range n.kids {
			if !k.off && !yield(k) {
				return
			}
		}
	}
}

// take says that the statement that ends at n has a place in the model.
func (n *wordNode) take() {
	for ; n != nil; n = n.from {
		n.taken = true
	}
}

// takeAll takes everything at n and below.
func (n *wordNode) takeAll() {
	n.take()
	if n != nil {
		for _, k := range n.kids {
			k.takeAll()
		}
	}
}

// has reports whether a word stands below n, and takes it.
func (n *wordNode) has(words ...string) bool {
	k := n.at(words...)
	k.take()
	return k != nil
}

// pos is where a node was written.
func (t *wordTree) pos(n *wordNode) Pos {
	if n == nil || n.line == 0 {
		return Pos{}
	}
	return Pos{File: t.name, Line: int(n.line)}
}

// wordTree is a configuration that was read.
type wordTree struct {
	s    *source
	name string
	root wordNode
}

// value returns what follows a word below n: of several the last, for each of
// which the statement is taken. Its key is the word, or the words.
func (t *wordTree) value(n *wordNode, words ...string) Value[string] {
	v := Value[string]{Key: strings.Join(words, " ")}
	k := n.at(words...)
	if k == nil {
		return v
	}
	if !k.read {
		k.settle()
	}
	if k.last == nil {
		return v
	}
	return t.written(k.last, v.Key)
}

// written makes a setting of a node.
func (t *wordTree) written(n *wordNode, key string) Value[string] {
	v := Value[string]{V: n.word, At: t.pos(n), Origin: Written, Key: key}
	if n.from != nil {
		v.Origin = Inherited
	}
	return v
}

// settle finds the kid that counts where only one is meant, and takes all.
func (n *wordNode) settle() {
	n.read = true
	for _, k := range n.kids {
		k.take()
	}
	if n.last != nil && !n.last.off {
		return
	}
	n.last = nil
	for k := range n.each() {
		n.last = k
	}
}

// maxWordValues bounds the values of one setting.
const maxWordValues = 256

// values returns those that follow a word below n, in order, and takes them.
func (t *wordTree) values(n *wordNode, words ...string) (out []Value[string]) {
	key := strings.Join(words, " ")
	for k := range n.at(words...).each() {
		k.take()
		if out = append(out, t.written(k, key)); len(out) == maxWordValues {
			break
		}
	}
	return out
}

// number converts a setting that is a number; where it is none, what stands
// is a fault.
func (t *wordTree) number(v Value[string]) Value[uint32] {
	if v.Origin == Unset {
		return as(v, uint32(0))
	}
	n, ok := number(v.V)
	if !ok {
		t.s.problem(v.At, v.Key, ErrValue)
		return Value[uint32]{Key: v.Key}
	}
	return spelt(v, n)
}

// refer notes a reference to a section.
func (t *wordTree) refer(kind, in string, v Value[string], def *wordNode) {
	t.s.c.SectionRefs = append(t.s.c.SectionRefs, SectionRef{Kind: kind, Name: v.V, In: in, At: v.At, Def: t.pos(def), Defined: def != nil})
}

// leftovers counts the statements that were understood and lists the others.
// words are those that the format has; only they show. What stands below one
// of others is not looked into.
func (t *wordTree) leftovers(n *wordNode, words, others string, path []string) {
	for _, k := range n.kids {
		below := path
		foreign := len(path) == 0 && hasWord(others, k.word)
		if (foreign || hasWord(words, k.word)) && len(path) < 6 {
			below = append(path[:len(path):len(path)], k.word)
		}
		if k.ends > 0 && k.from == nil {
			t.leftover(k, below, hasWord(words, k.word) || len(below) > 1 || len(below) > 0 && hasWord(others, below[0]))
		}
		t.leftovers(k, words, others, below)
	}
}

func (t *wordTree) leftover(k *wordNode, path []string, known bool) {
	if k.taken || known {
		for range k.ends {
			t.s.recognize(t.pos(k))
		}
	}
	if k.taken {
		return
	}
	st := Statement{At: t.pos(k), Word: known}
	if known && len(path) > 0 {
		st.Section, st.Key = strings.Join(path[:len(path)-1], " "), path[len(path)-1]
	}
	t.s.c.Unknown = append(t.s.c.Unknown, st)
}
