package diag

import "cmp"

// names are what a gateway calls a connection of its own and its ends. They are
// never written again, so that all who have the same may share them.
type names struct{ name, localID, remoteID string }

// noNames are those of what is not called anything yet.
var noNames names

// or returns the names, with what they lack taken from others.
func (n *names) or(o *names) *names {
	switch both := (names{cmp.Or(n.name, o.name), cmp.Or(n.localID, o.localID), cmp.Or(n.remoteID, o.remoteID)}); both {
	case *n:
		return n
	case *o:
		return o
	default:
		return &names{both.name, both.localID, both.remoteID}
	}
}
