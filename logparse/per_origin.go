package logparse

// perOrigin holds what an assembler knows of each device whose lines it reads,
// beside its sessions: of at most maxOrigins, after which it begins anew. Its
// zero value is ready.
type perOrigin[T any] struct {
	all  map[uint32]*T
	last *T // that of origin id
	id   uint32
}

// of returns what belongs to an origin.
func (p *perOrigin[T]) of(o *origin) *T {
	if p.last != nil && p.id == o.id {
		return p.last
	}
	t := p.all[o.id]
	if t == nil {
		if p.all == nil || len(p.all) >= maxOrigins {
			p.all = map[uint32]*T{}
		}
		t = new(T)
		p.all[o.id] = t
	}
	p.last, p.id = t, o.id
	return t
}
