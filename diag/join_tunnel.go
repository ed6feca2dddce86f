package diag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// A tunnel is a pair of gateways and what is known of their negotiations.
type tunnel struct {
	sum      sum    // of what it is
	legs     []*leg // one per end that was seen, then those of captures on the path
	ends     [2]*leg
	attempts []*Attempt
	view     View
	evaluated
	lastUp int32 // index of the last attempt that is up, -1 for none, while rules run
	dirty  bool  // something is new since the rules ran
}

// tunnelsOf pairs legs of different gateways, the surest ties first.
func tunnelsOf(gs []*gateway) []*tunnel {
	p := pairing{owner: map[netip.Addr]*gateway{}}
	for _, g := range gs {
		for _, a := range g.addrs {
			if _, twice := p.owner[a]; twice {
				p.owner[a] = nil
				continue
			}
			p.owner[a] = g
		}
		for _, l := range g.legs {
			if !l.loose {
				p.add(l)
			} else {
				p.loose = append(p.loose, l)
			}
		}
	}
	p.hint(gs)
	p.byTokens()
	p.byAddress()
	p.byCaller()
	p.oneSided()
	p.byIdentity()
	p.split()
	p.facing()
	p.sole()
	p.adopt()
	return p.tunnels()
}

// adopt gives a leg that no connection fits the one that was meant for it: a
// connection of its gateway that nobody calls, whose identities or name mirror
// those of the other end. Its addresses are wrong, which is the fault.
func (p *pairing) adopt() {
	idle := map[*gateway][]*leg{}
	for _, l := range p.legs {
		if l.free() && len(l.strands) == 0 && len(l.policies) > 0 {
			idle[l.gateway] = append(idle[l.gateway], l)
		}
	}
	gone := map[*leg]bool{}
	for _, l := range p.legs {
		m := l.mate
		if m == nil || len(l.policies) > 0 {
			continue
		}
		meant := slices.DeleteFunc(slices.Clone(idle[l.gateway]), func(c *leg) bool {
			byID := c.localID != "" && c.localID == m.remoteID && c.remoteID == m.localID
			byName := c.name != "" && c.name == m.name
			return gone[c] || !byID && !byName
		})
		if len(meant) == 1 {
			for _, s := range meant[0].policies {
				l.configure(s)
			}
			gone[meant[0]] = true
		}
	}
	p.legs = slices.DeleteFunc(p.legs, func(l *leg) bool { return gone[l] })
}

type pairing struct {
	legs  []*leg
	loose []*leg
	owner map[netip.Addr]*gateway // nil where two gateways claim an address
}

// add takes a leg in.
func (p *pairing) add(l *leg) {
	l.order = int32(len(p.legs))
	p.legs = append(p.legs, l)
}

// free reports whether a leg has no mate yet.
func (l *leg) free() bool { return l.mate == nil }

// mateWith makes two legs each other's mates.
func (l *leg) mateWith(m *leg) { l.mate, m.mate = m, l }

// left returns the legs that have no mate yet.
func (p *pairing) left() (legs []*leg) {
	for _, l := range p.legs {
		if l.free() {
			legs = append(legs, l)
		}
	}
	return legs
}

// tier mates every pair of free legs that are each other's only candidate.
func (p *pairing) tier(candidates func(l *leg) []*leg) {
	sole := make([]*leg, len(p.legs)) // by its order
	for _, l := range p.legs {
		if !l.free() {
			continue
		}
		c := slices.DeleteFunc(candidates(l), func(m *leg) bool { return m.gateway == l.gateway || !m.free() })
		if len(c) > 1 {
			c = narrow(l, c)
		}
		if len(c) == 1 {
			sole[l.order] = c[0]
		}
	}
	for _, l := range p.legs {
		if m := sole[l.order]; m != nil && sole[m.order] == l && l.free() && m.free() {
			l.mateWith(m)
		}
	}
}

// narrow picks among several candidates those whose identities, then names,
// then selectors mirror the leg's.
func narrow(l *leg, c []*leg) []*leg {
	for _, same := range []func(m *leg) bool{
		func(m *leg) bool { return l.localID != "" && l.localID == m.remoteID && l.remoteID == m.localID },
		func(m *leg) bool { return l.name != "" && l.name == m.name },
		func(m *leg) bool { return mirrored(l, m) },
	} {
		var kept []*leg
		for _, m := range c {
			if same(m) {
				kept = append(kept, m)
			}
		}
		if len(kept) == 1 {
			return kept
		}
		if len(kept) > 0 {
			c = kept
		}
	}
	return c
}

// mirrored reports whether some child of one is a child of the other with its
// ends swapped.
func mirrored(l, m *leg) bool {
	for _, p := range l.policies {
		for _, q := range m.policies {
			for i := range p.policy().Children {
				for j := range q.policy().Children {
					a, b := &p.policy().Children[i], &q.policy().Children[j]
					if len(a.Local) > 0 && slices.Equal(a.Local, b.Remote) && slices.Equal(a.Remote, b.Local) {
						return true
					}
				}
			}
		}
	}
	return false
}

func (p *pairing) byTokens() {
	// Of each token the legs that have it, the last first. Most have one or two.
	type holder struct {
		leg, next int32 // that of the token; 0 is none
	}
	n := sharedOf(p.legs)
	holders := make([]holder, 1, n+1)
	by := newNumbers(n)
	defer by.free()
	candidates := make([][]*leg, len(p.legs))
	fit := func(l, m *leg) {
		if c := &candidates[l.order]; !slices.Contains(*c, m) {
			*c = append(*c, m)
			candidates[m.order] = append(candidates[m.order], l)
		}
	}
	for _, l := range p.legs {
		fits := int32(-1) // the last that it does, as most of its tokens tell
		for _, s := range l.strands {
			for t := range s.shared() {
				last := by.of(t)
				first := *last
				if first != 0 && holders[first].leg == l.order {
					continue
				}
				*last = int32(len(holders))
				holders = append(holders, holder{l.order, first})
				for i := first; i != 0; i = holders[i].next {
					if m := holders[i].leg; m != fits {
						fits = m
						fit(l, p.legs[m])
					}
				}
			}
		}
	}
	p.tier(func(l *leg) []*leg { return candidates[l.order] })
}

func (p *pairing) byAddress() {
	type pair struct{ local, remote netip.Addr }
	by := map[pair][]*leg{}
	for _, l := range p.left() {
		by[pair{l.local, l.remote}] = append(by[pair{l.local, l.remote}], l)
	}
	p.tier(func(l *leg) []*leg {
		if !l.local.IsValid() || !l.remote.IsValid() {
			return nil
		}
		return slices.Clone(by[pair{l.remote, l.local}])
	})
}

// byCaller finds legs that name the other's address as their peer's and do not
// know their own: a daemon that knows no more than who called.
func (p *pairing) byCaller() {
	type call struct {
		from netip.Addr
		to   *gateway
	}
	of := func(l *leg) (c call, caller bool) {
		switch {
		case !l.remote.IsValid():
			return c, false
		case l.local.IsValid():
			return call{l.local, p.owner[l.remote]}, true
		case len(l.strands) > 0:
			return call{l.remote, l.gateway}, false
		}
		return c, false
	}
	callers, called := map[call][]*leg{}, map[call][]*leg{}
	for _, l := range p.legs {
		switch c, caller := of(l); {
		case c.to == nil:
		case caller:
			callers[c] = append(callers[c], l)
		default:
			called[c] = append(called[c], l)
		}
	}
	p.tier(func(l *leg) []*leg {
		c, caller := of(l)
		if caller {
			return slices.Clone(called[c])
		}
		return slices.Clone(callers[c])
	})
}

// oneSided finds legs whose gateway the leg talks to, and which talk to an
// address that nobody known owns: behind a NAT, or configured wrongly.
func (p *pairing) oneSided() {
	callers := map[netip.Addr][]*leg{}
	for _, m := range p.left() {
		callers[m.remote] = append(callers[m.remote], m)
	}
	unknown := func(a netip.Addr, but *gateway) bool {
		o := p.owner[a]
		return !a.IsValid() || o == nil || o == but
	}
	p.tier(func(l *leg) (c []*leg) {
		if to := p.owner[l.remote]; to != nil {
			for _, m := range to.legs {
				if !m.loose && (!m.local.IsValid() || m.local == l.remote) && unknown(m.remote, l.gateway) {
					c = append(c, m)
				}
			}
			return c
		}
		// The other way round: somebody unknown is this leg's peer.
		if !l.local.IsValid() {
			return nil
		}
		for _, m := range callers[l.local] {
			if m.gateway != l.gateway && unknown(l.remote, m.gateway) {
				c = append(c, m)
			}
		}
		return c
	})
}

func (p *pairing) byIdentity() {
	type pair struct{ local, remote string }
	by := map[pair][]*leg{}
	for _, l := range p.left() {
		by[pair{l.localID, l.remoteID}] = append(by[pair{l.localID, l.remoteID}], l)
	}
	p.tier(func(l *leg) []*leg {
		if l.localID == "" || l.remoteID == "" {
			return nil
		}
		return slices.Clone(by[pair{l.remoteID, l.localID}])
	})
}

// split takes from a leg what is of another tunnel between the same two
// addresses: attempts that an end could not name, where its peer names two
// tunnels and knows all of those of the one.
func (p *pairing) split() {
	left := p.left()
	if len(left) == 0 {
		return
	}
	type pair struct{ local, remote netip.Addr }
	by := map[pair][]*leg{}
	for _, l := range p.legs {
		by[pair{l.local, l.remote}] = append(by[pair{l.local, l.remote}], l)
	}
	for _, l := range left {
		if !l.free() || len(l.strands) == 0 || !l.local.IsValid() || !l.remote.IsValid() {
			continue
		}
		// The one at the peer that may hold this tunnel's as well, if no other
		// tunnel without a mate may be meant.
		var of *leg
		n := 0
		for _, m := range by[pair{l.remote, l.local}] {
			if o := m.mate; o != nil && o.gateway == l.gateway {
				of, n = m, n+1
			}
		}
		rival := slices.ContainsFunc(by[pair{l.local, l.remote}], func(m *leg) bool { return m != l && m.free() && m.gateway == l.gateway })
		if n != 1 || rival || len(untied(of.mate, of)) > 0 {
			continue
		}
		rest := slices.DeleteFunc(untied(of, of.mate), func(s *strand) bool { return s.name != "" || s.observer })
		if len(rest) == 0 || len(rest) == len(of.strands) {
			continue
		}
		of.strands = slices.DeleteFunc(of.strands, func(s *strand) bool { return slices.Contains(rest, s) })
		m := &leg{gateway: of.gateway, names: &noNames}
		for _, s := range rest {
			m.add(s)
		}
		m.gateway.legs = append(m.gateway.legs, m)
		p.add(m)
		l.mateWith(m)
	}
}

// untied lists the negotiations of a leg that share nothing with the other's.
func untied(l, m *leg) (out []*strand) {
	for _, s := range l.strands {
		if !s.state() && !m.sharesToken(s) {
			out = append(out, s)
		}
	}
	return out
}

// sole mates the only two legs left, one of each of two gateways, where
// nothing contradicts.
func (p *pairing) sole() {
	left := p.left()
	if len(left) != 2 || left[0].gateway == left[1].gateway {
		return
	}
	l, m := left[0], left[1]
	if l.strangers(m) {
		return
	}
	if (l.contradicts(m) || m.contradicts(l)) && (l.name == "" || l.name != m.name) {
		return
	}
	l.mateWith(m)
}

// contradicts reports whether a leg's peer cannot be the other's gateway: it
// has another address, and no NAT can be what makes the difference.
func (l *leg) contradicts(m *leg) bool {
	return l.remote.IsValid() && m.local.IsValid() && l.remote != m.local && !m.local.IsPrivate()
}

// tunnels makes tunnels of mates, of legs without one, and puts what captures
// on the path saw to the tunnel that it belongs to.
func (p *pairing) tunnels() []*tunnel {
	var ts []*tunnel
	for _, l := range p.legs {
		m := l.mate
		if m != nil && cmp.Compare(m.gateway.id, l.gateway.id) < 0 {
			continue // made when its mate's turn comes
		}
		t := &tunnel{legs: []*leg{l}, ends: [2]*leg{l, m}}
		if m == nil {
			t.ends[1] = p.mute(l)
		}
		if m != nil {
			t.legs = append(t.legs, m)
		}
		ts = append(ts, t)
	}
	ts = settle(ts, p.loose)
	type named struct {
		*tunnel
		base, label string
	}
	all := make([]named, len(ts))
	for i, t := range ts {
		all[i] = named{tunnel: t, base: t.base()}
	}
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(a.base, b.base) })
	for from, to := 0, 1; from < len(all); from, to = to, to+1 {
		for to < len(all) && all[to].base == all[from].base {
			to++
		}
		if alike := all[from:to]; len(alike) > 1 {
			for i := range alike {
				alike[i].label = alike[i].tunnel.label()
			}
			slices.SortStableFunc(alike, func(a, b named) int { return strings.Compare(a.label, b.label) })
		}
	}
	seen, again := map[string]bool{}, map[string]int{}
	for i, t := range all {
		ts[i] = t.tunnel
		base := t.base
		if seen[base] {
			base += "\x00" + t.label
		}
		for alike := base; seen[base]; {
			again[alike]++
			base = alike + nth(again[alike])
		}
		seen[base] = true
		t.sum = sumOf(base)
	}
	return ts
}

// nth tells tunnels apart that nothing else does.
func nth(n int) string {
	const quotes = "''''''''"
	if n <= len(quotes) {
		return quotes[:n]
	}
	return fmt.Sprint(quotes, n)
}

// hint makes gateways that own no address for certain known by those that they
// seem to have, where no other has them.
func (p *pairing) hint(gs []*gateway) {
	seems := map[netip.Addr]*gateway{}
	for _, g := range gs {
		if len(g.addrs) > 0 {
			continue
		}
		for _, u := range g.units {
			for _, a := range u.hints {
				if h, twice := seems[a]; twice && h != g {
					seems[a] = nil
				} else {
					seems[a] = g
				}
			}
		}
	}
	for a, g := range seems {
		if _, owned := p.owner[a]; !owned && g != nil {
			p.owner[a] = g
		}
	}
}

// mute returns the other end of a leg whose gateway is known by its address
// and shows nothing of any tunnel.
func (p *pairing) mute(l *leg) *leg {
	g := p.owner[l.remote]
	if g == nil || g == l.gateway || len(g.legs) > 0 {
		return nil
	}
	return &leg{gateway: g, names: &noNames, local: l.remote, remote: l.local}
}

// addr returns the address of an end, 0 or 1, as far as it is known: each end's
// own word for itself comes before the other's for it.
func (t *tunnel) addr(end int) netip.Addr {
	l, m := t.legs[0], t.ends[1]
	switch {
	case end == 0 && (l.local.IsValid() || m == nil):
		return l.local
	case end == 0:
		return m.remote
	case m != nil && m.local.IsValid():
		return m.local
	}
	return l.remote
}

// base is what a tunnel's ID is made of: the pair of addresses that the
// smaller of its views gives, which stays when the other view comes.
func (t *tunnel) base() string {
	best := ""
	var x, y netip.Addr // what was looked at last
	for _, l := range t.legs {
		if !l.local.IsValid() || !l.remote.IsValid() {
			continue
		}
		a, b := l.local, l.remote
		if b.Less(a) {
			a, b = b, a
		}
		if x == a && y == b { // as with two ends
			continue
		}
		x, y = a, b
		if s := a.String() + "|" + b.String(); best == "" || s < best {
			best = s
		}
	}
	return best
}

// label tells tunnels of one base apart.
func (t *tunnel) label() string {
	var names []string
	for _, l := range t.legs {
		names = append(names, l.name+"\x01"+min(l.localID, l.remoteID)+"\x01"+max(l.localID, l.remoteID))
	}
	slices.Sort(names)
	return strings.Join(names, "\x00")
}

// id returns the tunnel's ID.
func (t *tunnel) id() string { return t.sum.id("t") }

// contentID makes a short stable ID of content.
func contentID(prefix string, parts ...string) string { return sumOf(parts...).id(prefix) }

// A sum is what tells one content from another.
type sum [8]byte

func sumOf(parts ...string) (s sum) {
	var room [256]byte
	all := room[:0]
	for _, p := range parts {
		all = append(append(all, p...), 0)
	}
	h := sha256.Sum256(all)
	copy(s[:], h[:])
	return s
}

// ids returns the ID and the fingerprint of a finding.
func (s sum) ids() (id, fingerprint string) {
	var room [64]byte
	b := hex.AppendEncode(append(room[:0], "f-"...), s[:])
	n := len(b)
	both := string(hex.AppendEncode(append(b, "f1:"...), s[:]))
	return both[:n], both[n:]
}

func (s sum) id(prefix string) string {
	var room [32]byte
	return string(hex.AppendEncode(append(append(room[:0], prefix...), '-'), s[:]))
}
