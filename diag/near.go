package diag

// near finds the strands that were observed a moment ago: those of negotiations
// whose lines stand among each other.
type near [1 << nearBits]*strand

const nearBits = 8

func (n *near) at(k strandKey) **strand {
	h := (k.handle ^ uint64(k.source)<<32 ^ uint64(k.host)) * tokenMix
	return &n[h>>(64-nearBits)]
}

// of returns a strand, nil where it is not known to be there.
func (n *near) of(k strandKey) *strand {
	if s := *n.at(k); s != nil && s.key == k {
		return s
	}
	return nil
}

func (n *near) keep(s *strand) { *n.at(s.key) = s }

// forget lets a strand go that is dropped.
func (n *near) forget(s *strand) {
	if p := n.at(s.key); *p == s {
		*p = nil
	}
}
