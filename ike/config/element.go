package config

import "slices"

// element is an element of XML, or a member of JSON: of a list there are as
// many of its name as it has values.
type element struct {
	name  string
	uuid  string // its attribute of that name, or id
	text  string
	at    Pos // where its text begins, or else the element
	subs  []*element
	taken bool // it has a place in the model
	torn  bool // the reading ended within it
}

// find returns the first element of a path below the node; nil where there is
// none. A nil node has no elements.
func (n *element) find(path ...string) *element {
	for _, name := range path {
		if n == nil {
			return nil
		}
		i := slices.IndexFunc(n.subs, func(s *element) bool { return s.name == name })
		if i < 0 {
			return nil
		}
		n = n.subs[i]
	}
	return n
}

// all returns the elements of a name.
func (n *element) all(name string) (out []*element) {
	if n == nil {
		return nil
	}
	for _, s := range n.subs {
		if s.name == name {
			out = append(out, s)
		}
	}
	return out
}

// take returns the text of the element of a name, false where there is none or
// it is empty.
func (n *element) take(name string) (Value[string], bool) {
	e := n.find(name)
	if e == nil {
		return Value[string]{Key: name}, false
	}
	e.taken = true
	return Value[string]{V: e.text, At: e.at, Origin: Written, Key: name}, e.text != ""
}

// has reports whether there is an element of a name, be it empty, and takes it.
func (n *element) has(name string) bool {
	e := n.find(name)
	if e != nil {
		e.taken = true
	}
	return e != nil
}
