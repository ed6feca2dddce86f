package config

import (
	"fmt"
	glob "path"
	"strings"
)

// wordGroups merges what Juniper's apply-groups inherits: a group is a tree of
// its own, whose parts are inherited at the same places. What a node has itself
// counts more, and of several groups the first does.
type wordGroups struct {
	*wordTree
	groups *wordNode
	left   int
}

// inherit applies the groups of the tree, those that are named further down
// before those of the top.
func (t *wordTree) inherit() {
	g := &wordGroups{wordTree: t, groups: t.root.at("groups"), left: t.s.lim.Expand}
	if g.groups == nil {
		return
	}
	g.walk(&t.root, nil)
	if g.left < 0 {
		t.s.problem(Pos{t.name, 1}, "apply-groups", fmt.Errorf("%w of %d words", ErrTooMany, t.s.lim.Expand))
	}
}

func (g *wordGroups) walk(n *wordNode, words []string) {
	if g.left--; g.left < 0 || len(words) > maxWords {
		return
	}
	for _, k := range n.kids {
		if len(k.kids) == 0 || k.word == "apply-groups" || n == &g.root && k.word == "groups" {
			continue
		}
		g.walk(k, append(words[:len(words):len(words)], k.word))
	}
	for name := range n.at("apply-groups").each() {
		name.take()
		g.places(n, g.groups.at(name.word), words, name.word)
	}
}

// places merges all that a group has at a path into n.
func (g *wordGroups) places(n, from *wordNode, words []string, group string) {
	if g.left--; from == nil || g.left < 0 {
		return
	}
	if len(words) == 0 {
		g.merge(n, from, group)
		return
	}
	for f := range from.each() {
		if f.word == words[0] || matchesGroup(f.word, words[0]) {
			g.places(n, f, words[1:], group)
		}
	}
}

// merge copies into n what from has and n has not.
func (g *wordGroups) merge(n, from *wordNode, group string) {
	if n.at("apply-groups-except", group) != nil {
		return
	}
	own := len(n.kids)
	for f := range from.each() {
		if g.left--; g.left < 0 {
			return
		}
		if strings.HasPrefix(f.word, "<") {
			for _, k := range n.kids[:own] {
				if g.left--; g.left < 0 {
					return
				}
				if matchesGroup(f.word, k.word) {
					g.merge(k, f, group)
				}
			}
			continue
		}
		k := n.find(f.word)
		if k == nil {
			k = &wordNode{word: f.word, line: f.line, from: f}
			n.add(k)
			if n.last == nil {
				n.last = k
			}
		}
		g.merge(k, f, group)
	}
}

// matchesGroup reports whether a name of a group in angle brackets stands for
// a word.
func matchesGroup(pattern, word string) bool {
	if len(pattern) < 3 || len(pattern) > 64 || pattern[0] != '<' || pattern[len(pattern)-1] != '>' {
		return false
	}
	ok, err := glob.Match(pattern[1:len(pattern)-1], word)
	return ok && err == nil
}
