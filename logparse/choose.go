package logparse

import "slices"

// choose returns the dialect of a line and what is left behind the prefix of
// that daemon. A line that has none is the dialect's of the line before.
func (p *Parser) choose(b []byte, pr *Prefix) (*Dialect, []byte) {
	list := p.Dialects
	if list == nil {
		list = dialects[:]
	}
	d := p.dialect
	if d == nil {
		d = list[0]
	}
	if len(pr.Program) > 0 && !d.names(pr.Program) {
		for _, x := range list {
			if x.names(pr.Program) {
				d = x
				break
			}
		}
	}
	if d.Prefix != nil {
		if rest := d.Prefix(b, pr); len(rest) < len(b) || len(list) == 1 {
			p.dialect = d
			return d, rest
		}
	}
	if !d.names(pr.Program) {
		var head Prefix
		rest, foreign := parseHeader(b, &head)
		rest = trimLeft(rest)
		score, marked := 49, marks().whose(b)
		for _, x := range list {
			s := 0
			switch {
			case x.score != nil && !foreign:
				s = x.score(rest, head, x.has(marked))
			case x.score == nil && x.Detect != nil && x.has(marked):
				s = x.Detect(b)
			case x.score == nil && x.Detect == nil && !foreign:
				p.scratch = head
				s = x.likeness(rest, &p.scratch)
			}
			if s > score {
				d, score = x, s
			}
		}
	}
	p.dialect = d
	if d.Prefix != nil {
		b = d.Prefix(b, pr)
	}
	return d, b
}

// names reports whether program is one of the dialect's.
func (d *Dialect) names(program []byte) bool {
	for _, n := range d.Programs {
		if string(program) == n {
			return true
		}
	}
	return false
}

// reading returns what the stream keeps for a dialect.
func (p *Parser) reading(d *Dialect) *reading {
	at := slices.IndexFunc(p.asms, func(r *reading) bool { return r.d == d })
	if at < 0 {
		at, p.asms = len(p.asms), append(p.asms, &reading{d: d, trie: d.compiled()})
	}
	p.last = p.asms[at]
	switch {
	case p.last.a != nil:
	case d.assemble != nil:
		p.last.a = d.assemble()
	default:
		p.last.a = ownAssembler()
	}
	p.last.a.serve(p)
	return p.last
}
