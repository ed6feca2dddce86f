package diag

import (
	"net/netip"
	"slices"
)

// A leg is what one gateway shows of one tunnel. A leg without a gateway is a
// capture's, taken somewhere on the path: it sees both ends.
type leg struct {
	gateway *gateway
	local   netip.Addr // the initiator's, for a leg without a gateway
	remote  netip.Addr
	*names
	strands  []*strand // negotiations and state
	policies []*strand // configured connections
	mate     *leg      // what the gateway at the other end shows of the tunnel
	order    int32     // among its gateway's while they are made, then among all
	any      bool      // only a policy for any peer
	// loose: a capture of both ends that nothing ties to one of them; local
	// is then the smaller address.
	loose bool
}

// ends returns a strand's addresses as the gateway sees them, its own first.
// loose says that it cannot be told which is its own.
func (g *gateway) ends(s *strand) (local, remote netip.Addr, loose bool) {
	local, remote = s.local.Addr(), s.remote.Addr()
	if !s.observer {
		return local, remote, false
	}
	switch l, r := g.owns(local), g.owns(remote); {
	case l && !r:
	case r && !l:
		local, remote = remote, local
	default:
		if remote.Less(local) {
			local, remote = remote, local
		}
		loose = true
	}
	return local, remote, loose
}

func (l *leg) add(s *strand) {
	l.strands = append(l.strands, s)
	local, remote, loose := l.gateway.ends(s)
	l.loose = loose && (l.loose || len(l.strands) == 1)
	if local.IsValid() && !local.IsUnspecified() {
		l.local = local
	}
	if remote.IsValid() && !remote.IsUnspecified() {
		l.remote = remote
	}
	if l.names = l.names.or(s.names); *l.names == *s.names {
		s.names = l.names
	}
}

func (l *leg) configure(s *strand) {
	c := s.policy()
	l.policies = append(l.policies, s)
	if len(c.LocalAddresses) > 0 && !l.local.IsValid() {
		l.local = c.LocalAddresses[0]
	}
	if len(c.RemoteAddresses) > 0 && !l.remote.IsValid() {
		l.remote = c.RemoteAddresses[0]
	}
	n := names{name: s.name}
	if !c.LocalID.Any {
		n.localID = c.LocalID.String()
	}
	if !c.RemoteID.Any {
		n.remoteID = c.RemoteID.String()
	}
	l.names = l.names.or(&n)
}

// fits reports whether a connection may be the one for a pair of addresses,
// and how well: 2 where it names the peer, 1 where it is for any.
func (c *Connection) fits(local, remote netip.Addr) int {
	if len(c.LocalAddresses) > 0 && local.IsValid() && !slices.Contains(c.LocalAddresses, local) {
		return 0
	}
	if slices.Contains(c.RemoteAddresses, remote) {
		return 2
	}
	if c.RemoteAny || len(c.RemoteAddresses) == 0 {
		return 1
	}
	return 0
}

// legsOf sorts a gateway's strands into legs.
func legsOf(g *gateway) []*leg {
	var named, paired, bare, policies []*strand
	for _, u := range g.units {
		for _, s := range u.strands {
			switch {
			case s.policy() != nil:
				policies = append(policies, s)
			case s.key.handle == 0:
				// About the host: visible in all its tunnels, in none of them.
			case s.probing():
				// Nobody wants a tunnel.
			case s.name != "":
				named = append(named, s)
			case s.remote.IsValid() && s.local.IsValid():
				paired = append(paired, s)
			default:
				bare = append(bare, s)
			}
		}
	}
	b := legBuilder{gateway: g, byName: map[string][]*leg{}, byRemote: map[netip.Addr][]*leg{}}
	for _, s := range named {
		b.named(s)
	}
	for _, s := range policies {
		b.policy(s)
	}
	b.tokened()
	defer b.byToken.free()
	for _, s := range paired {
		b.paired(s)
	}
	b.bare(bare)
	b.unite()
	return b.finish()
}

type legBuilder struct {
	gateway  *gateway
	legs     []*leg
	byName   map[string][]*leg
	byRemote map[netip.Addr][]*leg
	byToken  *numbers // of legs that do not know their peer
}

func (b *legBuilder) new(index ...*strand) *leg {
	l := &leg{gateway: b.gateway, names: &noNames, order: int32(len(b.legs))}
	b.legs = append(b.legs, l)
	for _, s := range index {
		l.add(s)
	}
	b.index(l)
	return l
}

func (b *legBuilder) index(l *leg) {
	if l.name != "" && !slices.Contains(b.byName[l.name], l) {
		b.byName[l.name] = append(b.byName[l.name], l)
	}
	if l.remote.IsValid() && !slices.Contains(b.byRemote[l.remote], l) {
		b.byRemote[l.remote] = append(b.byRemote[l.remote], l)
	}
}

// add adds a strand to a leg that is found by its name and its peer, and goes on to be.
func (b *legBuilder) add(l *leg, s *strand) {
	name, remote := l.name, l.remote
	if l.add(s); l.remote != remote || l.name != name {
		b.index(l)
	}
}

// named places a strand that knows its connection: with the others of that
// connection and peer. A connection for any peer has a leg for each.
func (b *legBuilder) named(s *strand) {
	remote := s.remote.Addr()
	for _, l := range b.byName[s.name] {
		if !remote.IsValid() || !l.remote.IsValid() || l.remote == remote {
			b.add(l, s)
			return
		}
	}
	b.new(s)
}

// policy attaches a configured connection to the legs that name it; where
// none does it makes one, to which strands that know only addresses may come.
func (b *legBuilder) policy(s *strand) {
	if legs := b.byName[s.name]; len(legs) > 0 {
		for _, l := range legs {
			l.configure(s)
			b.index(l)
		}
		return
	}
	l := b.new()
	l.configure(s)
	l.any = !l.remote.IsValid()
	b.index(l)
}

// paired places a strand that knows only addresses.
func (b *legBuilder) paired(s *strand) {
	local, remote, _ := b.gateway.ends(s)
	// The leg of this very pair, by what was seen or is configured.
	var exact []*leg
	for _, l := range b.byRemote[remote] {
		if !l.local.IsValid() || l.local == local {
			exact = append(exact, l)
		}
	}
	if len(exact) > 1 { // several tunnels between two addresses: tokens decide
		exact = slices.DeleteFunc(exact, func(l *leg) bool { return !l.sharesToken(s) })
		if len(exact) == 0 {
			exact = b.unnamed(local, remote)
		}
	}
	if len(exact) == 0 {
		if l := b.nameless(s); l != nil {
			exact = append(exact, l)
		}
	}
	if len(exact) == 1 {
		b.add(exact[0], s)
		return
	}
	// A connection for any peer that fits, if it is the only one.
	var open []*leg
	for _, l := range b.legs {
		if l.any && l.fits(local, remote) {
			open = append(open, l)
		}
	}
	l := b.new(s)
	if len(open) == 1 {
		for _, p := range open[0].policies {
			l.configure(p)
		}
		b.index(l)
	}
}

// unnamed finds the leg of a pair that no connection's name is known of.
func (b *legBuilder) unnamed(local, remote netip.Addr) (legs []*leg) {
	for _, l := range b.byRemote[remote] {
		if l.name == "" && l.local == local {
			legs = append(legs, l)
		}
	}
	return legs
}

func (l *leg) fits(local, remote netip.Addr) bool {
	for _, p := range l.policies {
		if p.policy().fits(local, remote) == 0 {
			return false
		}
	}
	return true
}

func (l *leg) sharesToken(s *strand) bool {
	for _, t := range l.strands {
		if sharesToken(s, t) {
			return true
		}
	}
	return false
}

func sharesToken(a, b *strand) bool {
	for i, j := 0, 0; i < len(a.tokens) && j < len(b.tokens); {
		switch t, u := a.tokens[i], b.tokens[j]; {
		case t == u:
			return true
		case t < u:
			i++
		default:
			j++
		}
	}
	return false
}

// bare places strands that know neither a name nor both addresses: with the
// gateway's only leg, unless that is another peer's, with the only one of their
// peer's address or the only one of these that is more than configured, or in one
// of their own. Those that do not even know their peer come last, and share one.
func (b *legBuilder) bare(strands []*strand) {
	if len(strands) == 0 {
		return
	}
	first := newNumbers(sharedBy(strands) + sharedOf(b.legs)) // leg that has a token, by its order from 1
	defer first.free()
	hold := func(l *leg, s *strand) {
		for t := range s.shared() {
			if i := first.of(t); *i == 0 || l.order < *i-1 {
				*i = l.order + 1
			}
		}
	}
	for _, l := range b.legs {
		for _, s := range l.strands {
			hold(l, s)
		}
	}
	var rest []*strand
	for _, s := range strands {
		at := int32(0)
		for t := range s.shared() {
			if i := *first.of(t); i > 0 && (at == 0 || i < at) {
				at = i
			}
		}
		remote := s.remote.Addr()
		var l *leg
		var same []*leg // of its peer
		if at == 0 && remote.IsValid() {
			same = b.byRemote[remote]
		}
		switch {
		case at > 0:
			l = b.legs[at-1]
			l.add(s)
		case !remote.IsValid():
			rest = append(rest, s)
			continue
		case len(b.legs) == 1 && (!b.legs[0].remote.IsValid() || b.legs[0].remote == remote):
			l = b.legs[0]
			l.add(s)
			b.index(l)
		case len(same) == 1:
			l = same[0]
			l.add(s)
		case len(same) == 0:
			l = b.new(s)
		case onlyNegotiated(same) != nil:
			l = onlyNegotiated(same)
			l.add(s)
		default:
			rest = append(rest, s)
			continue
		}
		hold(l, s)
	}
	switch {
	case len(rest) == 0:
	case len(b.legs) == 1:
		for _, s := range rest {
			b.legs[0].add(s)
		}
	default:
		b.new(rest...)
	}
}

// onlyNegotiated returns the only leg that something of a negotiation was seen
// of, nil where there is none or are several.
func onlyNegotiated(legs []*leg) (found *leg) {
	for _, l := range legs {
		switch {
		case len(l.strands) == 0:
		case found != nil:
			return nil
		default:
			found = l
		}
	}
	return found
}

// finish drops the legs of connections for any peer that have become legs of
// known peers.
func (b *legBuilder) finish() []*leg {
	used := map[*strand]bool{}
	for _, l := range b.legs {
		if len(l.strands) > 0 {
			for _, p := range l.policies {
				used[p] = true
			}
		}
	}
	return slices.DeleteFunc(b.legs, func(l *leg) bool {
		return len(l.strands) == 0 && l.any && !slices.ContainsFunc(l.policies, func(p *strand) bool { return !used[p] })
	})
}
