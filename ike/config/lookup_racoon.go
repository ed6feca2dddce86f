package config

import (
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// pskFile looks a key up as racoon does: in main mode by the peer's address,
// in aggressive mode by the identity that the peer sends and, where that has
// none, by the address. An entry for * is for anybody that no other is for. The
// first of the file wins.
func (l *secretLookup) pskFile() (SecretMatch, bool) {
	q := &l.q
	if q.XAuth { // a client's password stands under the name of its login
		return l.pskOf(q.RemoteID, ByIdentities)
	}
	if q.Conn != nil && len(q.Conn.Keyrings.V) > 0 {
		return l.own()
	}
	if q.Conn != nil && q.Conn.Aggressive.V {
		if m, ok := l.pskOf(l.racoonPeer(), ByIdentities); ok && m.Remote == OwnsExactly {
			return m, true
		}
		if l.pskDepends() {
			return SecretMatch{}, false
		}
	}
	peer, _ := ciscoPeer(q)
	return l.pskOf(addressID(peer), ByAddresses)
}

// racoonPeer is the identity that the peer sends, as far as that is known: what
// it is expected to be, were it not demanded.
func (l *secretLookup) racoonPeer() ike.Identity {
	id := l.q.RemoteID
	if id.IsZero() {
		id = l.q.Conn.Remote.ID.V
	}
	if id.Any && l.q.Conn.Remote.ID.Text != "" {
		id = ike.ParseIdentity(l.q.Conn.Remote.ID.Text, ike.DialectRacoon)
	}
	return id
}

// pskDepends reports whether who the peer is decides and is not known: its
// address, or in aggressive mode its identity where keys are for such.
func (l *secretLookup) pskDepends() bool {
	q := &l.q
	if q.XAuth || q.Conn == nil || len(q.Conn.Keyrings.V) > 0 {
		return false
	}
	if !q.Conn.Aggressive.V {
		return l.ciscoDepends()
	}
	if id := l.racoonPeer(); !id.Any && !id.IsZero() {
		return l.ciscoDepends()
	}
	if l.x != nil {
		return l.x.nameKeys
	}
	return l.c.namedPeers()
}

// namedPeers reports whether there are keys for peers by other than an address.
func (c *Config) namedPeers() bool {
	return slices.ContainsFunc(c.Secrets, func(e SecretEntry) bool {
		return e.Kind == SecretPSK && !e.Peers.IsValid() && len(e.Owners) == 1 && !e.Owners[0].Any
	})
}

// pskOf finds the entry of an identity, else the one for anybody.
func (l *secretLookup) pskOf(id ike.Identity, by By) (SecretMatch, bool) {
	var all []ranked
	for e := range l.entries(id) {
		if e.Kind != SecretPSK || e.Keyring != "" || len(e.Owners) != 1 {
			continue
		}
		switch o := e.Owners[0]; {
		case o.Any && !l.q.XAuth:
			all = append(all, ranked{e: e, local: OwnsAny, remote: OwnsAny})
		case !o.Any && !id.IsZero() && !id.Any && o.SameValue(id): // it compares the names only
			all = append(all, ranked{e: e, local: OwnsAny, remote: OwnsExactly, rank: 1})
		}
	}
	m, ok := choose(all)
	m.By, m.Conn = by, l.q.Conn
	return m, ok
}
