package config

import "slices"

// Commands on a tree of words, as people paste them from a terminal.

// command carries out a command of the top level. known says that it is one
// that changes nothing here or that was carried out on the tree, done that
// there is no more to do.
func (r *wordReader) command(words, list []string, at Pos) (known, done bool) {
	args := words[1:]
	path := func() []string { return append(r.edit[:len(r.edit):len(r.edit)], args...) }
	switch words[0] {
	case "set":
		if len(args)+len(r.edit) == 0 {
			return false, true
		}
		r.insert(&r.root, path(), list, at)
	case "delete":
		if n, last := r.parent(path()); n != nil {
			n.remove(last)
		}
		return true, true
	case "deactivate", "activate":
		if n, last := r.parent(path()); n != nil {
			if k := n.find(last); k != nil {
				k.off = words[0] == "deactivate"
			}
		}
		return true, true
	case "edit":
		if len(path()) <= maxWords {
			r.edit = path()
		}
		return true, true
	case "up":
		r.edit = r.edit[:max(0, len(r.edit)-1)]
		return true, true
	case "top", "exit":
		r.edit = nil
		return true, true
	case "show":
		r.show(args)
		return true, true
	case "run", "commit", "configure", "save", "load", "quit", "insert", "annotate", "compare", "discard", "end":
		return true, true
	default:
		return false, false
	}
	return false, true
}

// show notes of which part a terminal then shows the tree.
func (r *wordReader) show(args []string) {
	if len(args) > 0 && args[0] == "configuration" {
		args = args[1:]
	}
	if i := slices.Index(args, "|"); i >= 0 {
		args = args[:i]
	}
	if r.shown = nil; len(args) <= maxWords && len(args) > 0 && hasWord(r.style.keep, args[0]) {
		r.shown = args
	}
}

// parent returns the node above the last of words, nil where there is none.
func (r *wordReader) parent(words []string) (*wordNode, string) {
	if len(words) == 0 {
		return nil, ""
	}
	n := &r.root
	for _, w := range words[:len(words)-1] {
		if n = n.find(w); n == nil {
			return nil, ""
		}
	}
	return n, words[len(words)-1]
}
