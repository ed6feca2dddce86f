package config

import (
	"net/netip"
	"slices"
	"strings"
)

// cisco looks a key up as IOS does: in main mode by the peer's address,
// of several entries that contain it the one with the longest prefix, of equal
// ones the first; in aggressive mode by a host name, too. A connection with a
// keyring has the keys of that keyring only.
func (l *secretLookup) cisco() (SecretMatch, bool) {
	q := &l.q
	if q.XAuth {
		return SecretMatch{}, false
	}
	peer, local := ciscoPeer(q)
	var rings []string
	name := q.RemoteID
	if q.Conn != nil {
		rings = q.Conn.Keyrings.V
		if name.IsZero() && q.Conn.Aggressive.V {
			name = q.Conn.Remote.ID.V
		}
	}
	var all []ranked
	for e := range l.entries(addressID(peer)) {
		if e.Kind != SecretPSK || len(rings) > 0 && !slices.Contains(rings, ringName(e)) || !e.servesFrom(local) {
			continue
		}
		r := ranked{e: e, local: OwnsAny, remote: OwnsNot}
		switch {
		case e.Peers.IsValid() && peer.IsValid() && e.Peers.Contains(peer), e.Peers.IsValid() && e.Peers.Bits() == 0:
			r.rank = e.Peers.Bits() + 1
			r.remote = OwnsWildcard
			switch e.Peers.Bits() {
			case 0:
				r.remote = OwnsAny
			case e.Peers.Addr().BitLen():
				r.remote = OwnsExactly
			}
		case len(e.Owners) == 1 && !e.Peers.IsValid() && !name.IsZero() && e.Owners[0].Equal(name):
			r.rank, r.remote = 256, OwnsExactly
		case len(e.Owners) == 1 && !e.Peers.IsValid() && q.Conn != nil && peerNamed(q.Conn, e.OwnerText[0]):
			r.rank, r.remote = 200, OwnsExactly // the device resolves the name of both
		default:
			continue
		}
		all = append(all, r)
	}
	m, ok := choose(all)
	m.By, m.Conn = ByAddresses, q.Conn
	return m, ok
}

func ringName(e *SecretEntry) string {
	if e.Keyring == "" {
		return "default"
	}
	return e.Keyring
}

// ciscoPeer returns the addresses of the IKE packets as far as they are known.
func ciscoPeer(q *SecretQuery) (peer, local netip.Addr) {
	peer, local = q.Remote, q.Local
	if q.Conn == nil {
		return peer, local
	}
	if !local.IsValid() {
		local, _ = q.Conn.Local.Host()
	}
	if !peer.IsValid() {
		for _, a := range q.Conn.Remote.Addresses.V {
			if a.Kind == AddressHost {
				return a.First, local
			}
		}
	}
	return peer, local
}

// servesFrom reports whether an entry may be used from an address; one that is
// confined to an interface's name may.
func (e *SecretEntry) servesFrom(local netip.Addr) bool {
	if e.LocalAddress.Origin == Unset || !local.IsValid() {
		return true
	}
	a, err := netip.ParseAddr(e.LocalAddress.V)
	return err != nil || a == local
}

func peerNamed(c *Connection, name string) bool {
	return slices.ContainsFunc(c.Remote.Addresses.V, func(a Address) bool { return a.Kind == AddressName && strings.EqualFold(a.Text, name) })
}

// ciscoDepends reports whether the peer is not known and there are keys for
// single peers.
func (l *secretLookup) ciscoDepends() bool {
	q := &l.q
	if peer, _ := ciscoPeer(q); peer.IsValid() || q.XAuth || q.Conn == nil {
		return false
	}
	if l.x != nil {
		return l.x.single
	}
	return l.c.singlePeers()
}

// singlePeers reports whether there are keys that are not for any peer.
func (c *Config) singlePeers() bool {
	return slices.ContainsFunc(c.Secrets, func(e SecretEntry) bool { return e.Kind == SecretPSK && !(e.Peers.IsValid() && e.Peers.Bits() == 0) })
}
