package logparse

// room is memory that parsers of several streams use one after the other.
type room struct {
	tables
	children []child
	read     []byte // Events' buffer
}

// roomy is the number of sessions up to which their tables are used again: to
// empty larger ones for each of many small logs would take longer than to make
// small ones.
const roomy = 1 << 9

// Reset makes p ready for another stream, with the same options, as if it were
// new. Who reads many logs one after the other saves the memory of a Parser each,
// which is as much as that of a thousand lines. What the events of the stream
// before refer to is no longer theirs.
func (p *Parser) Reset() {
	for _, r := range p.asms {
		if r.a != nil {
			r.a.leave(&p.room)
			r.a = nil
		}
	}
	*p = Parser{
		Dialects: p.Dialects, MaxLine: p.MaxLine, MaxSessions: p.MaxSessions, PrefixOnly: p.PrefixOnly,
		asms: p.asms, room: p.room,
	}
}

// leave gives up what the tables take, empty.
func (c *charon) leave(r *room) {
	if t := &c.tables; len(t.slots) <= roomy && cap(t.slots) > cap(r.slots) {
		clear(t.slots)
		clear(t.bySA)
		clear(t.byPair)
		clear(t.byAddr)
		clear(t.bySPI)
		r.tables = *t
	}
}

func (c *pluto) leave(r *room) {
	c.charon.leave(r)
	if c.children != nil {
		clear(c.children)
		r.children = c.children
	}
}
