package diag

import "net/netip"

// What a capture on the path saw goes to the tunnel that has a token of it, else
// to the only one between its addresses; where there is none, or several, it is
// a tunnel of its own.

// homes finds tunnels by what is known of them.
type homes struct {
	tunnels []*tunnel
	byToken map[token]int         // the first that has it
	byPair  map[[2]netip.Addr]int // the only one between two addresses, -1 for several
}

// settle puts loose legs to tunnels.
func settle(ts []*tunnel, loose []*leg) []*tunnel {
	if len(loose) == 0 {
		return ts
	}
	h := homes{ts, map[token]int{}, map[[2]netip.Addr]int{}}
	for i, t := range ts {
		for _, l := range t.legs {
			h.note(i, l)
		}
	}
	for _, l := range loose {
		i := h.of(l)
		if i < 0 {
			i = len(h.tunnels)
			h.tunnels = append(h.tunnels, &tunnel{})
		}
		h.tunnels[i].legs = append(h.tunnels[i].legs, l)
		h.note(i, l)
	}
	return h.tunnels
}

// note makes a tunnel known by one of its legs.
func (h *homes) note(i int, l *leg) {
	for _, s := range l.strands {
		for t := range s.shared() {
			if first, known := h.byToken[t]; !known || i < first {
				h.byToken[t] = i
			}
		}
	}
	if k, ok := l.pair(); ok {
		if other, known := h.byPair[k]; known && other != i {
			i = -1
		}
		h.byPair[k] = i
	}
}

// of returns the tunnel that a leg belongs to, -1 where that is not known.
func (h *homes) of(l *leg) int {
	at := -1
	for _, s := range l.strands {
		for t := range s.shared() {
			if i, known := h.byToken[t]; known && (at < 0 || i < at) {
				at = i
			}
		}
	}
	if k, ok := l.pair(); at < 0 && ok {
		if i, known := h.byPair[k]; known {
			at = i
		}
	}
	return at
}

// pair returns a leg's addresses, the smaller first, where both are known.
func (l *leg) pair() (k [2]netip.Addr, ok bool) {
	k = [2]netip.Addr{l.local, l.remote}
	if k[1].Less(k[0]) {
		k[0], k[1] = k[1], k[0]
	}
	return k, k[0].IsValid() && k[1].IsValid()
}
