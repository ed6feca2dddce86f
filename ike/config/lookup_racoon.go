package config

import "github.com/ikediag/ikediag/ike"

// pskFile looks a key up as racoon does: in main mode by the peer's address,
// in aggressive mode by the peer's identity and, where that has none and need
// not be verified, by the address. An entry for * is for anybody that no other
// is for. The first of the file wins.
func (l *secretLookup) pskFile() (SecretMatch, bool) {
	q := &l.q
	if q.XAuth { // a client's password stands under the name of its login
		return l.pskOf(q.RemoteID, ByIdentities)
	}
	peer, _ := ciscoPeer(q)
	if q.Conn != nil {
		if len(q.Conn.Keyrings.V) > 0 {
			return l.own()
		}
		if q.Conn.Aggressive.V {
			id := q.RemoteID
			if id.IsZero() {
				id = q.Conn.Remote.ID.V
			}
			if m, ok := l.pskOf(id, ByIdentities); ok && !id.Any {
				return m, true
			}
		}
	}
	return l.pskOf(addressID(peer), ByAddresses)
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
