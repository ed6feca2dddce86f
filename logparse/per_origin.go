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
		t = new(T)
		remember(&p.all, maxOrigins, o.id, t)
	}
	p.last, p.id = t, o.id
	return t
}

// remember puts an entry into a table of bounded size, which begins anew when
// it is full.
func remember[K comparable, V any](m *map[K]V, most int, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	if len(*m) >= most {
		clear(*m)
	}
	(*m)[key] = value
}
