package diag

import "net/netip"

// Some daemons name the connection and never the peer's address, and of a
// negotiation that fails nothing else ties the two ends. Where other tunnels of
// such a gateway tell by which address its peers know it, the peer that still
// waits for that address is the one that the gateway does not name.

// facing mates the legs that do not know their peer with those whose peer their
// gateway is.
func (p *pairing) facing() {
	known := map[netip.Addr]*gateway{} // nil where two are known by an address
	for _, l := range p.legs {
		if m := l.mate; m != nil && m.remote.IsValid() {
			if g, twice := known[m.remote]; twice && g != l.gateway {
				known[m.remote] = nil
			} else {
				known[m.remote] = l.gateway
			}
		}
	}
	unnamed, waiting := map[*gateway][]*leg{}, map[*gateway][]*leg{}
	for _, l := range p.legs {
		switch {
		case !l.free() || l.role() == SideUnknown:
		case !l.remote.IsValid():
			unnamed[l.gateway] = append(unnamed[l.gateway], l)
		case known[l.remote] != nil:
			waiting[known[l.remote]] = append(waiting[known[l.remote]], l)
		}
	}
	if len(unnamed) == 0 || len(waiting) == 0 {
		return
	}
	p.tier(func(l *leg) (c []*leg) {
		of := unnamed[known[l.remote]]
		if !l.remote.IsValid() {
			of = waiting[l.gateway]
		}
		for _, m := range of {
			if l.role() == m.role().Other() && l.during(m) && !l.strangers(m) {
				c = append(c, m)
			}
		}
		return c
	})
}

// role returns the side that a leg was on whenever that is known, SideUnknown
// where it never is or was on both.
func (l *leg) role() (role Side) {
	for _, s := range l.strands {
		switch {
		case s.observer:
			return SideUnknown
		case role == SideUnknown:
			role = s.role
		case s.role != SideUnknown && s.role != role:
			return SideUnknown
		}
	}
	return role
}
