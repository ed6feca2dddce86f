package config

import "slices"

// Formats in which a pre-shared key stands with the one connection that it is
// for.

// own looks a connection's own key up; a peer of whom only the address is
// known gets that of the connection whose addresses fit best.
func (l *secretLookup) own() (SecretMatch, bool) {
	if l.q.XAuth {
		return SecretMatch{}, false
	}
	conns := []*Connection{l.q.Conn}
	by := ByIdentities
	if l.q.Conn == nil {
		conns, by = l.candidates(), ByAddresses
	}
	for _, c := range conns {
		for e := range l.ring(c.Keyrings.V) {
			if e.Kind == SecretPSK {
				return SecretMatch{Entry: e, Secret: e.Secret, By: by, Conn: c, Local: OwnsExactly, Remote: OwnsExactly}, true
			}
		}
	}
	return SecretMatch{}, false
}

// ring yields the entries of sets of keys, in order.
func (l *secretLookup) ring(names []string) func(yield func(*SecretEntry) bool) {
	return func(yield func(*SecretEntry) bool) {
		if l.x != nil {
			for _, name := range names {
				for _, i := range l.x.rings[name] {
					if !yield(&l.c.Secrets[i]) {
						return
					}
				}
			}
			return
		}
		for i := range l.c.Secrets {
			if e := &l.c.Secrets[i]; slices.Contains(names, e.Keyring) && !yield(e) {
				return
			}
		}
	}
}
