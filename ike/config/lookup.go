package config

import (
	"iter"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// SecretFor returns the pre-shared key, or password, that the daemon whose
// configuration c is would take. The error is ErrNoSecret where nothing
// matches; SecretsRead then tells a missing secret from secrets that nobody
// showed. It is ErrPeerUnknown where nothing matches because the connection
// takes any peer and the query does not say which one it is.
//
// strongSwan compares an entry's owners with the local and with the remote
// identity, each for itself, and keeps the better of the owners for each. One
// that matches either is a candidate. The best match of the remote identity
// wins, among equal ones that of the local, among those the first of the file.
// A match is exact, by a pattern, or by %any, in this order; an entry without
// owners counts as %any. So an entry with %any beats one that names the local
// end exactly and not the peer.
//
// In IKEv1 it looks by the configured identities first: with a connection
// those of that connection, and as responder of main mode, which does not know
// the peer's identity before it has the key, those of every connection whose
// addresses fit, in the order of how well they fit. If that gives nothing, it
// looks by the two addresses of the IKE packets.
//
// libreswan looks once, by the identities of the connection; a peer that may
// come from anywhere and has no identity is %any. An entry matches that names
// both ends; the local end and %any; the peer and %any; the local end alone, if
// that is its only owner; %any alone; and one without owners; better in this
// order, but that the last two are equal. An entry with further owners that
// names only one end does not match. Of equal ones the first of the file wins.
//
// Cisco IOS looks by the peer's address, in the keyring of the connection's
// profile or else in all: the entry with the longest prefix wins, of equal ones
// the first. A key for a host name counts in aggressive mode. Cisco ASA looks
// for the tunnel group that goes by the peer's address, then takes the key of
// DefaultL2LGroup.
//
// racoon looks by the peer's address in main mode; in aggressive mode by the
// identity that the peer sends, and by the address where that has no key.
//
// Where a format states a key with the one connection that it is for, as
// Juniper's, it is that.
//
// A pointer in the match is into c.Secrets or c.Connections.
func (c *Config) SecretFor(q SecretQuery) (SecretMatch, error) {
	return (&secretLookup{c: c, q: q}).secret()
}

// secretLookup is one search. Without an index it looks at all secrets.
type secretLookup struct {
	c *Config
	x *SecretIndex
	q SecretQuery
}

func (l *secretLookup) secret() (m SecretMatch, err error) {
	var ok, depends bool
	switch t := formatOf(l.c.Dialect).traits; {
	case t.ownKeys:
		m, ok = l.own()
	case t.pskFile:
		m, ok = l.pskFile()
		depends = l.pskDepends()
	case t.addressKeys:
		m, ok = l.cisco()
		depends = l.ciscoDepends()
	default:
		m, ok = l.run()
		depends = l.depends()
	}
	switch {
	case l.x != nil && l.x.left < 0:
		return SecretMatch{}, &ParseError{File: l.c.Name, Err: ErrTooMany}
	case ok:
		m.Depends = depends && m.Remote < OwnsWildcard
		return m, nil
	case depends:
		return m, &ParseError{File: l.c.Name, Err: ErrPeerUnknown}
	}
	return m, &ParseError{File: l.c.Name, Err: ErrNoSecret}
}

// depends reports whether the peer is not known and there are entries that
// name somebody else than the local end.
func (l *secretLookup) depends() bool {
	q := &l.q
	if q.XAuth || q.Conn == nil || !q.RemoteID.IsZero() && !q.RemoteID.Any {
		return false
	}
	// The address does not help where the identity is asked for: the daemon
	// has it before the key, in aggressive mode and in IKEv2.
	early := q.Conn.Aggressive.V || q.Conn.Version.V == IKEv2
	if l.c.Dialect == Libreswan && !early {
		return false // it looks for %any then, whoever comes
	}
	if id := q.Conn.Remote.ID.V; !id.Any && !id.IsZero() || q.Remote.IsValid() && !early {
		return false
	}
	for o := range l.named() {
		if !o.Equal(q.Conn.Local.ID.V) {
			return true
		}
	}
	return false
}

// named returns identities that pre-shared keys belong to: all, or so many
// that one is not the local end if any is not.
func (l *secretLookup) named() iter.Seq[ike.Identity] {
	if l.x != nil {
		return slices.Values(l.x.named)
	}
	return l.c.keyOwners()
}

// keyOwners returns the identities that pre-shared keys belong to.
func (c *Config) keyOwners() iter.Seq[ike.Identity] {
	return func(yield func(ike.Identity) bool) {
		for i := range c.Secrets {
			for _, o := range c.Secrets[i].Owners {
				if c.Secrets[i].Kind == SecretPSK && !o.Any && !yield(o) {
					return
				}
			}
		}
	}
}

func (l *secretLookup) run() (SecretMatch, bool) {
	q := &l.q
	if q.XAuth {
		return l.find(q.LocalID, q.RemoteID)
	}
	if q.Conn != nil {
		if !q.Local.IsValid() {
			q.Local, _ = q.Conn.Local.Host()
		}
		if !q.Remote.IsValid() {
			q.Remote, _ = q.Conn.Remote.Host()
		}
		if m, ok := l.byConn(q.Conn); ok {
			return m, true
		}
	} else {
		for _, conn := range l.candidates() {
			if m, ok := l.byConn(conn); ok {
				return m, true
			}
		}
	}
	if l.c.Dialect == Libreswan && q.Conn != nil {
		return SecretMatch{}, false
	}
	return l.byAddress()
}

// byConn looks by the identities of a connection.
func (l *secretLookup) byConn(conn *Connection) (SecretMatch, bool) {
	local, remote := l.q.LocalID, l.q.RemoteID
	if local.IsZero() {
		local = conn.Local.ID.V
	}
	if remote.IsZero() {
		remote = conn.Remote.ID.V
	}
	if local.Any || local.IsZero() {
		local = addressID(l.q.Local)
	}
	if remote.IsZero() {
		remote = ike.Identity{Any: true}
	}
	m, ok := l.find(local, remote)
	m.By, m.Conn = ByIdentities, conn
	return m, ok
}

func (l *secretLookup) byAddress() (SecretMatch, bool) {
	if !l.q.Local.IsValid() || !l.q.Remote.IsValid() {
		return SecretMatch{}, false
	}
	m, ok := l.find(addressID(l.q.Local), addressID(l.q.Remote))
	m.By = ByAddresses
	return m, ok
}

func addressID(a netip.Addr) ike.Identity {
	if !a.IsValid() {
		return ike.Identity{}
	}
	return ike.ParseIdentity(a.String(), ike.DialectAny)
}

// candidates returns the connections whose addresses fit those of the query,
// best first.
func (l *secretLookup) candidates() []*Connection {
	type scored struct {
		c     *Connection
		score int
	}
	var fit []scored
	for i := range l.c.Connections {
		c := &l.c.Connections[i]
		if !c.Loaded() || c.Version.V == IKEv2 {
			continue
		}
		me, ok1 := c.Local.fits(l.q.Local)
		other, ok2 := c.Remote.fits(l.q.Remote)
		if ok1 && ok2 {
			fit = append(fit, scored{c, other*16 + me})
		}
	}
	slices.SortStableFunc(fit, func(a, b scored) int { return b.score - a.score })
	out := make([]*Connection, len(fit))
	for i, f := range fit {
		out[i] = f.c
	}
	return out
}

// fits says how well an address of a packet fits an end: an address better
// than a subnet or range, those better than any.
func (e *End) fits(a netip.Addr) (int, bool) {
	if !a.IsValid() {
		return 1, true
	}
	best, ok := 0, false
	for _, x := range e.Addresses.V {
		in, known := x.Contains(a)
		if known && !in {
			continue
		}
		score := 1
		switch x.Kind {
		case AddressHost:
			if x.First == a.Unmap() {
				score = 4
			}
		case AddressPrefix, AddressRange:
			score = 2
		}
		best, ok = max(best, score), true
	}
	return best, ok || len(e.Addresses.V) == 0
}

// wanted reports whether an entry is of the kind that is looked for.
func (e *SecretEntry) wanted(q *SecretQuery, d Dialect) bool {
	if !q.XAuth {
		return e.Kind == SecretPSK
	}
	return e.Kind == SecretXAuth || e.Kind == SecretEAP && d != Libreswan
}

// owner says how an entry's owners match an identity.
func (e *SecretEntry) owner(id ike.Identity) Ownership {
	if len(e.Owners) == 0 {
		return OwnsAny
	}
	best := OwnsNot
	for _, o := range e.Owners {
		switch {
		case o.Any:
			best = max(best, OwnsAny)
		case id.IsZero() || id.Any || id.FromCert:
		case o.Equal(id):
			best = OwnsExactly
		case o.Accepts(id):
			best = max(best, OwnsWildcard)
		}
	}
	return best
}

// ranked is an entry with the degree of its match; a higher one is better.
type ranked struct {
	e             *SecretEntry
	local, remote Ownership
	rank          int
}

// find ranks the entries by how they match two identities.
func (l *secretLookup) find(local, remote ike.Identity) (SecretMatch, bool) {
	rank := strongSwanRank
	if l.c.Dialect == Libreswan {
		rank = libreswanRank
		if l.q.XAuth {
			local, remote = remote, local // the user's name is the own one
		}
	}
	best := func(of ...ike.Identity) (SecretMatch, bool) {
		var all []ranked
		for e := range l.entries(of...) {
			if !e.wanted(&l.q, l.c.Dialect) {
				continue
			}
			if r, ok := rank(e, local, remote); ok {
				all = append(all, r)
			}
		}
		return choose(all)
	}
	if l.x != nil {
		// A hub's own identity is in all of its secrets: it is looked by where
		// the peer's, which counts for more, gives none that cannot be beaten.
		m, ok := best(remote)
		if ok && m.Remote == OwnsExactly && (m.Local == OwnsExactly || l.c.Dialect != Libreswan) {
			return m, true
		}
	}
	return best(local, remote)
}

// entries returns the entries that may match the identities, in order.
func (l *secretLookup) entries(of ...ike.Identity) iter.Seq[*SecretEntry] {
	if l.x != nil {
		return l.x.entries(of...)
	}
	return func(yield func(*SecretEntry) bool) {
		for i := range l.c.Secrets {
			if !yield(&l.c.Secrets[i]) {
				return
			}
		}
	}
}

func strongSwanRank(e *SecretEntry, local, remote ike.Identity) (ranked, bool) {
	r := ranked{e: e, local: e.owner(local), remote: e.owner(remote)}
	r.rank = int(r.remote)*8 + int(r.local)
	return r, r.local != OwnsNot || r.remote != OwnsNot
}

// The bits of libreswan's comparison.
const (
	lsDefault = 1 << iota
	lsAny
	lsHim
	lsMe
)

func libreswanRank(e *SecretEntry, local, remote ike.Identity) (ranked, bool) {
	r := ranked{e: e, local: OwnsAny, remote: OwnsAny}
	for _, o := range e.Owners {
		switch {
		case o.Any:
			r.rank |= lsAny
		default:
			if !local.Any && !local.IsZero() && o.Equal(local) {
				r.rank |= lsMe
			}
			if !remote.Any && !remote.IsZero() && o.Equal(remote) {
				r.rank |= lsHim
			}
		}
	}
	if len(e.Owners) == 0 {
		r.rank = lsAny
	}
	if r.rank == lsMe && len(e.Owners) == 1 {
		r.rank |= lsDefault
	}
	switch r.rank {
	case lsAny, lsMe | lsDefault, lsMe | lsAny, lsHim | lsAny, lsMe | lsHim:
	default:
		return r, false
	}
	if r.rank&lsMe != 0 {
		r.local = OwnsExactly
	}
	if r.rank&lsHim != 0 {
		r.remote = OwnsExactly
	}
	return r, true
}

// choose takes the first of the best.
func choose(all []ranked) (m SecretMatch, ok bool) {
	best := -1
	for i, r := range all {
		if best < 0 || r.rank > all[best].rank {
			best = i
		}
	}
	if best < 0 {
		return m, false
	}
	b := all[best]
	m = SecretMatch{Entry: b.e, Secret: b.e.Secret, Local: b.local, Remote: b.remote}
	for i, r := range all {
		switch {
		case i == best:
		case r.rank == b.rank:
			m.Equal = append(m.Equal, r.e)
			m.Conflict = m.Conflict || !r.e.Secret.V.Equal(b.e.Secret.V)
		default:
			m.Weaker = append(m.Weaker, r.e)
		}
	}
	return m, true
}
