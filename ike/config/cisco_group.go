package config

import (
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// Object groups of Cisco's products.

// ciscoGroup is an object or an object group: networks or services.
type ciscoGroup struct {
	name  string
	at    Pos
	nets  []ike.Selector
	uses  []string // groups within it
	ports []ike.Selector
	bad   bool
	// service: it is one of services.
	service bool

	opening, opened bool
	all             []ike.Selector // with those of the groups within it
	how             aceState       // that came upon them
}

// group expands an object or object group, of services or of networks.
func (r *aceReader) group(name string, service bool) []ike.Selector {
	g := r.groups[name]
	if g == nil || g.service != service || g.opening {
		r.fail(aceWrong)
		return nil
	}
	if !g.opened {
		in := aceReader{aceWords: r.aceWords, depth: r.depth + 1}
		g.opening = true
		g.all = in.members(g)
		g.opening, g.opened, g.how = false, true, in.state
	}
	if g.how != aceRead {
		r.fail(g.how)
	}
	return g.all
}

// members are what a group has itself and what those within it have.
func (r *aceReader) members(g *ciscoGroup) []ike.Selector {
	if g.bad || r.depth > maxGroups {
		r.fail(aceWrong)
		return nil
	}
	own := g.nets
	if g.service {
		own = g.ports
	}
	if len(g.uses) == 0 {
		return own
	}
	out := slices.Clone(own[:min(len(own), maxACEPairs+1)])
	for _, u := range g.uses {
		if len(out) > maxACEPairs {
			r.fail(aceMany)
			break
		}
		more := r.group(u, g.service)
		out = append(out, more[:min(len(more), maxACEPairs+1)]...)
	}
	return out
}
