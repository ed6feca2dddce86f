package diag

import (
	"bytes"
	"slices"
)

// A Partitioner sends on what the sources of one gateway say, each observation
// under the key of PartitionKey. It knows more than that function does of one
// observation alone:
//
//   - What is said of a negotiation goes where the negotiation goes, also the
//     lines that do not name the other end. Those that stand before the first
//     one that does are held back, up to a bound or to the next Flush. Where
//     none does, the name of the connection tells, once it is known of which
//     pair that is.
//   - A fact about the host as a whole stays with its gateway, and goes to each
//     of the gateway's pairs besides: it is visible in all its tunnels.
//
// What goes where depends on the observations since the last Flush or longer
// ago and on their order, and on nothing else: who reads the same again sends
// the same again. The zero value with Gateway, Inventory and To is ready. It is
// for one goroutine at a time.
type Partitioner struct {
	Gateway   string // the ID of the gateway whose sources these are
	Inventory []Gateway
	// To is given what is sent. It must copy what it keeps.
	To func(key string, pair bool, o *Observation)

	placed, older map[strandName]string // key of a pair; two generations bound them
	named         map[string]string     // of a connection; empty where two have the name
	waiting       map[strandName][]Observation
	order         []strandName // of waiting
	pairs         []string
	host          []Observation
}

// A strandName names a negotiation before there is an engine.
type strandName struct {
	source SourceID
	handle uint64
	host   string
}

// Bounds of a Partitioner.
const (
	placedKept  = 1 << 13 // negotiations of a generation
	waitingKept = 64      // observations of a negotiation whose other end is not known
	waitingMost = 256     // such negotiations
	namedMost   = 1 << 13 // names of connections
	hostKept    = 512     // facts about the host
)

// Observe sends an observation on, now or when it is known where to.
func (p *Partitioner) Observe(o *Observation) {
	name := strandName{o.Source, o.Keys.Handle, string(o.Keys.Host)}
	if name.handle != 0 {
		if key, ok := p.lookup(name); ok {
			p.To(key, true, o)
			return
		}
	}
	key, pair := PartitionKey(p.Gateway, o, p.Inventory)
	if connection := string(o.Keys.Connection); pair {
		p.name(connection, key)
	} else if other := p.named[connection]; other != "" {
		key, pair = other, true
	}
	switch {
	case pair:
		p.pair(key)
		if name.handle != 0 {
			p.place(name, key)
		}
		p.To(key, true, o)
	case name.handle == 0:
		p.aboutHost(o)
	default:
		p.wait(name, o)
	}
}

// Flush gives the gateway what is still held back.
func (p *Partitioner) Flush() {
	for len(p.order) > 0 {
		p.release(p.order[0], p.Gateway, false)
	}
}

func (p *Partitioner) lookup(n strandName) (string, bool) {
	if key, ok := p.placed[n]; ok {
		return key, true
	}
	key, ok := p.older[n]
	if ok {
		p.remember(n, key)
	}
	return key, ok
}

func (p *Partitioner) remember(n strandName, key string) {
	if p.placed == nil || len(p.placed) >= placedKept {
		p.older, p.placed = p.placed, map[strandName]string{}
	}
	p.placed[n] = key
}

// place sends a negotiation to a pair from now on.
func (p *Partitioner) place(n strandName, key string) {
	p.remember(n, key)
	if p.waiting[n] != nil {
		p.release(n, key, true)
	}
}

// name learns which pair a connection is of, and what waits for that.
func (p *Partitioner) name(connection, key string) {
	if connection == "" {
		return
	}
	if was, ok := p.named[connection]; ok {
		if was != key {
			p.named[connection] = ""
		}
		return
	}
	if p.named == nil {
		p.named = map[string]string{}
	}
	if len(p.named) >= namedMost {
		return
	}
	p.named[connection] = key
	for _, n := range slices.Clone(p.order) {
		if held := p.waiting[n]; string(held[len(held)-1].Keys.Connection) == connection {
			p.pair(key)
			p.place(n, key)
		}
	}
}

// pair makes known to a pair what was said of the host before.
func (p *Partitioner) pair(key string) {
	if slices.Contains(p.pairs, key) {
		return
	}
	p.pairs = append(p.pairs, key)
	for i := range p.host {
		p.To(key, true, &p.host[i])
	}
}

func (p *Partitioner) aboutHost(o *Observation) {
	if len(p.host) < hostKept {
		p.host = append(p.host, o.own())
	}
	p.To(p.Gateway, false, o)
	for _, key := range p.pairs {
		p.To(key, true, o)
	}
}

// wait holds an observation back.
func (p *Partitioner) wait(n strandName, o *Observation) {
	if p.waiting == nil {
		p.waiting = map[strandName][]Observation{}
	}
	if p.waiting[n] == nil {
		if len(p.order) >= waitingMost {
			p.release(p.order[0], p.Gateway, false)
		}
		p.order = append(p.order, n)
	}
	p.waiting[n] = append(p.waiting[n], o.own())
	if len(p.waiting[n]) >= waitingKept {
		p.release(n, p.Gateway, false)
	}
}

func (p *Partitioner) release(n strandName, key string, pair bool) {
	held := p.waiting[n]
	delete(p.waiting, n)
	if i := slices.Index(p.order, n); i >= 0 {
		p.order = slices.Delete(p.order, i, i+1)
	}
	for i := range held {
		p.To(key, pair, &held[i])
	}
}

// own returns a copy that shares nothing with the original.
func (o *Observation) own() Observation {
	c := *o
	c.Text = bytes.Clone(o.Text)
	c.Keys.Connection = bytes.Clone(o.Keys.Connection)
	c.Keys.LocalID = bytes.Clone(o.Keys.LocalID)
	c.Keys.RemoteID = bytes.Clone(o.Keys.RemoteID)
	c.Keys.Host = bytes.Clone(o.Keys.Host)
	if o.Body != nil {
		c.Body = o.Body.clone(nil)
	}
	return c
}
