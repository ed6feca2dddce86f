package config

import (
	"github.com/ikediag/ikediag/ike"
)

// The access lists of a file.

func (c *cisco) acl(name string, at Pos) *ciscoACL {
	a := c.acls[name]
	if a == nil {
		a = &ciscoACL{name: name, at: at, key: "access-list " + name}
		c.acls[name] = a
	}
	return a
}

// holes says what may have gone wrong with a mask that has holes, by whether the
// product has netmasks.
var holes = map[bool]string{false: "a wildcard mask with holes, such as a netmask turned round", true: "a netmask with holes, such as a wildcard mask"}

func (c *cisco) ace(a *ciscoACL, l *ciscoLine, words []string) {
	e, how := parseACE(words, l.at, aceWords{c.groups, c.names, c.netmasks})
	if c.pairs += max(0, len(e.pairs)-1); c.pairs > maxACETotal {
		e.pairs, e.bad, how = nil, true, aceMany
	}
	switch how {
	case aceRead:
	case aceHoles:
		c.s.problem(l.at, "access-list "+a.name, wrong(holes[c.netmasks]))
	case aceMany:
		c.s.problem(l.at, "access-list "+a.name, ErrTooMany)
	default:
		c.s.problem(l.at, "access-list "+a.name, ErrSyntax)
	}
	a.aces = append(a.aces, e)
}

// maxNATSteps bounds the work for address translation.
const maxNATSteps = 1 << 22

// verdict returns the entry of an access list that permits all traffic between
// two selectors, Unset where that is denied or nobody's; an entry that is for a
// part of it only is passed over.
func (c *cisco) verdict(list string, local, remote ike.Selector) (v Value[string]) {
	a := c.acls[list]
	if a == nil {
		return v
	}
	for i := range a.aces {
		e := &a.aces[i]
		if c.steps += len(e.pairs); c.steps > maxNATSteps {
			return v
		}
		for _, p := range e.pairs {
			if !p[0].Contains(local) || !p[1].Contains(remote) {
				continue
			}
			if e.permit {
				v = Value[string]{V: e.text, At: e.at, Origin: Inherited, Key: a.key}
			}
			return v
		}
	}
	return v
}

// ciscoACL is an access list.
type ciscoACL struct {
	name string
	key  string // the command, as far as the name
	at   Pos
	aces []ciscoACE
}
