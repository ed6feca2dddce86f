package diag

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// The join finds out which strands are views of one tunnel. It is a function
// of all strands, computed anew when one learned something that matters to
// it, so the order of arrival cannot change its result. It goes from the sure
// to the probable, and where two candidates fit equally well it takes none:
//
//  1. units (a host in a source) -> gateways    join_gateway.go
//  2. strands of a gateway -> legs              join_leg.go
//  3. legs of two gateways -> tunnels           join_tunnel.go
//  4. strands of a tunnel -> attempts           join_attempt.go

// A unit is one host's part of one source.
type unit struct {
	source  *Source
	id      SourceID
	host    string
	strands []*strand
	owned   []netip.Addr // addresses that are the host's own
	peers   []netip.Addr // addresses that it talks to
	hints   []netip.Addr // addresses that it has; other hosts may have the same
	words   []string     // of the source's name
}

// A gateway is a set of units that are one host's.
type gateway struct {
	id      string // the caller's, or one made of what identifies it
	given   bool
	addrs   []netip.Addr
	peers   []netip.Addr
	ids     []string
	units   []*unit
	legs    []*leg
	about   []*strand // facts about the host as a whole
	host    string
	group   string
	ordinal string // its ID in a report: g1, g2 …
	evaluated
}

func (g *gateway) owns(a netip.Addr) bool {
	return g != nil && a.IsValid() && slices.Contains(g.addrs, a)
}

// unitsOf sorts strands into units, in canonical order.
func (e *Engine) unitsOf() []*unit {
	type key struct {
		source SourceID
		host   uint32
	}
	byKey := map[key]*unit{}
	var units []*unit
	for _, s := range e.strands {
		k := key{s.key.source, s.key.host}
		u := byKey[k]
		if u == nil {
			u = &unit{source: &e.sources[k.source].Source, id: k.source, host: e.hosts[k.host]}
			u.words = nameWords(u.source.Name)
			if u.host == "" {
				u.host = u.source.Host
			}
			byKey[k] = u
			units = append(units, u)
		}
		u.strands = append(u.strands, s)
	}
	for _, u := range units {
		slices.SortFunc(u.strands, compareStrand)
	}
	slices.SortFunc(units, func(a, b *unit) int {
		return cmp.Or(e.compareSource(a.id, b.id), cmp.Compare(a.host, b.host))
	})
	orient(units)
	for _, u := range units {
		u.asides()
	}
	for _, u := range units {
		for _, s := range u.strands {
			u.addresses(s)
		}
		u.owned, u.peers = addrSet(u.owned), addrSet(u.peers)
	}
	for i, u := range units {
		for _, s := range u.strands {
			s.rank = int32(i)
		}
	}
	markCommon(units)
	return units
}

// orient turns configured connections round whose file does not say which end
// is its own: where the other sources of the group own the other address, or
// where another group's file is written the same way, as files that are copied
// from one end to the other are. Two files that mirror each other are two
// ends', each written by its own.
func orient(units []*unit) {
	place := func(u *unit) string { return u.source.Gateway + "\x00" + u.source.Group + "\x00" + u.host }
	guessed := false
	for _, u := range units {
		for _, s := range u.strands {
			if s.kinds.Has(BodyConnection) {
				s.open().turned = nil
				guessed = guessed || s.policy() != nil && s.policy().SidesGuessed
			}
		}
	}
	if !guessed {
		return
	}
	owned := map[string][]netip.Addr{}
	written := map[[2]netip.Addr]bool{}
	for _, u := range units {
		v := unit{}
		for _, s := range u.strands {
			if c := s.policy(); c == nil {
				v.addresses(s)
			} else if c.SidesGuessed && len(c.LocalAddresses) > 0 && len(c.RemoteAddresses) > 0 {
				written[[2]netip.Addr{c.LocalAddresses[0], c.RemoteAddresses[0]}] = true
			}
		}
		owned[place(u)] = append(owned[place(u)], v.owned...)
	}
	taken := map[netip.Addr]string{} // by the first group that claims it
	for _, u := range units {
		here := place(u)
		for _, s := range u.strands {
			c := s.policy()
			if c == nil || !c.SidesGuessed || len(c.LocalAddresses) == 0 || len(c.RemoteAddresses) == 0 {
				continue
			}
			local, remote := c.LocalAddresses[0], c.RemoteAddresses[0]
			mine, other := slices.Contains(owned[here], local), slices.Contains(owned[here], remote)
			by, claimed := taken[local]
			if written[[2]netip.Addr{remote, local}] {
				continue
			}
			if other && !mine || !other && !mine && claimed && by != here {
				s.ledger.turned = c.reversed()
				local = remote
			}
			if _, claimed := taken[local]; !claimed {
				taken[local] = here
			}
		}
	}
}

func compareStrand(a, b *strand) int {
	if a.first != b.first {
		return cmp.Compare(a.first, b.first)
	}
	return cmp.Compare(a.key.handle, b.key.handle)
}

// addresses learns from a strand which addresses are the unit's own.
func (u *unit) addresses(s *strand) {
	if c := s.policy(); c != nil {
		u.owned = append(u.owned, c.LocalAddresses...)
		u.peers = append(u.peers, c.RemoteAddresses...)
		return
	}
	if u.kernel(s) {
		return
	}
	local, remote := s.local.Addr(), s.remote.Addr()
	if s.observer {
		switch s.nearer() {
		case Responder:
			local, remote = remote, local
		case SideUnknown:
			return
		}
	}
	u.owned, u.peers = also(u.owned, local), also(u.peers, remote)
}

// also appends an address that is one and none of the last few again, as a host's
// own is for each of its strands.
func also(list []netip.Addr, a netip.Addr) []netip.Addr {
	const few = 8
	if !a.IsValid() || a.IsUnspecified() || slices.Contains(list[max(len(list)-few, 0):], a) {
		return list
	}
	return append(list, a)
}

// kernel learns them from what a kernel has: its policies and its SAs say
// whose they are by the ends that they send from.
func (u *unit) kernel(s *strand) (known bool) {
	if s.kinds&(1<<BodyPolicies|1<<BodySA|1<<BodyHost|1<<BodyRoutes) == 0 {
		return false // as with most
	}
	for _, sl := range s.factsOf(BodyPolicies, BodySA, BodyHost, BodyRoutes) {
		switch b := sl.first.body.(type) {
		case *Policies:
			u.owned, u.peers = append(u.owned, b.Own...), append(u.peers, b.Peers...)
			known = true
		case *SA:
			own, peer := b.Outer[0].Addr(), b.Outer[1].Addr()
			if b.Way == PolicyIn {
				own, peer = peer, own
			}
			if b.Half && b.Way != 0 {
				u.owned, u.peers = append(u.owned, own), append(u.peers, peer)
				known = true
			}
		case *Host:
			if b.Event == OwnAddress && u.source != nil && u.source.Kind == KindState {
				u.hints = append(u.hints, b.Address)
			}
		case *Routes:
			for _, r := range b.List {
				if r.Source.IsValid() {
					u.hints = append(u.hints, r.Source)
				}
			}
		}
	}
	return known
}

func addrSet(a []netip.Addr) []netip.Addr {
	slices.SortFunc(a, netip.Addr.Compare)
	return slices.Clone(slices.Compact(a))
}

func intersects(a, b []netip.Addr) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// gatewaysOf sorts units into gateways: by the ID that the caller gave, by
// the inventory's addresses, by host names, by their own addresses, and last
// by the group that they came in. Units come in canonical order.
func (e *Engine) gatewaysOf(units []*unit) []*gateway {
	var gs []*gateway
	for _, u := range units {
		g := &gateway{id: u.source.Gateway, host: u.host, units: []*unit{u}, addrs: slices.Clip(u.owned), peers: slices.Clip(u.peers), group: u.source.Group}
		if g.id == "" {
			g.id = e.inventoryID(u)
		}
		g.given = g.id != ""
		gs = append(gs, g)
	}
	gs = mergeBy(gs, func(g *gateway) []string {
		if g.given {
			return []string{g.id}
		}
		return nil
	})
	gs = mergeBy(gs, func(g *gateway) []string {
		if g.host != "" {
			return []string{g.group + "\x00" + g.host}
		}
		return nil
	})
	gs = mergeBy(gs, func(g *gateway) (keys []string) {
		for _, a := range g.addrs {
			key := a.String()
			if a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() {
				key = g.group + "\x00" + key // many sites have the same
			}
			keys = append(keys, key)
		}
		return keys
	})
	gs = mergeGroups(gs)
	for _, g := range gs {
		for _, known := range e.options.Gateways {
			if known.ID == g.id {
				g.addrs = addrSet(append(g.addrs, known.Addresses...))
				for _, id := range known.Identities {
					g.ids = append(g.ids, id.String())
				}
			}
		}
		if g.id == "" {
			g.id = g.infer()
		}
	}
	slices.SortFunc(gs, func(a, b *gateway) int { return cmp.Compare(a.id, b.id) })
	return gs
}

// apart reports whether two gateways cannot be one.
func (g *gateway) apart(h *gateway) bool {
	return g.given && h.given && g.id != h.id || g.host != "" && h.host != "" && g.host != h.host
}

// talks reports whether two gateways are each other's peers.
func (g *gateway) talks(h *gateway) bool {
	return intersects(g.addrs, h.peers) || intersects(g.peers, h.addrs)
}

func (g *gateway) absorb(h *gateway) {
	if h.given {
		g.id, g.given = h.id, true
	}
	if g.host == "" {
		g.host = h.host
	}
	g.units = append(g.units, h.units...)
	g.addrs, g.peers = united(g.addrs, h.addrs), united(g.peers, h.peers)
}

// united adds addresses to a set of them, as addrSet makes them.
func united(set, more []netip.Addr) []netip.Addr {
	for _, a := range more {
		if i, has := slices.BinarySearchFunc(set, a, netip.Addr.Compare); !has {
			set = slices.Insert(set, i, a)
		}
	}
	return set
}

// mergeBy merges gateways that share a key and are not apart.
func mergeBy(gs []*gateway, keys func(*gateway) []string) []*gateway {
	byKey := map[string]*gateway{}
	out := gs[:0]
next:
	for _, g := range gs {
		ks := keys(g)
		for _, k := range ks {
			if h := byKey[k]; h != nil && !h.apart(g) {
				h.absorb(g)
				for _, k := range ks {
					if byKey[k] == nil {
						byKey[k] = h
					}
				}
				continue next
			}
		}
		for _, k := range ks {
			if byKey[k] == nil {
				byKey[k] = g
			}
		}
		out = append(out, g)
	}
	return out
}

// inventoryID finds the gateway of the inventory that a unit's own addresses
// belong to, if exactly one.
func (e *Engine) inventoryID(u *unit) string {
	id := ""
	for _, g := range e.options.Gateways {
		if intersects(g.Addresses, u.owned) {
			if id != "" && id != g.ID {
				return ""
			}
			id = g.ID
		}
	}
	return id
}

// infer makes an ID of what is known: the smallest address, else the host's
// name, else the group and source.
func (g *gateway) infer() string {
	for _, a := range g.addrs {
		if !a.IsPrivate() {
			return a.String()
		}
	}
	if len(g.addrs) > 0 {
		return g.group + "/" + g.addrs[0].String()
	}
	if g.host != "" {
		return g.host
	}
	var names []string
	for _, u := range g.units {
		names = append(names, u.source.Group+"/"+u.source.Name)
	}
	slices.Sort(names)
	return "~" + strings.Join(names, ",")
}

// union is a union-find over small integers. Roots are the smallest members,
// so that the outcome does not depend on the order of joining.
type union struct{ parent []int }

func newUnion(n int) *union {
	u := &union{make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u *union) find(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *union) join(i, j int) {
	if u.parent[i] == u.parent[j] { // as when they are joined again
		return
	}
	i, j = u.find(i), u.find(j)
	if i > j {
		i, j = j, i
	}
	u.parent[j] = i
}
