package config

import (
	"iter"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// SecretIndex looks up many secrets of one configuration. It finds what names
// a peer exactly without looking at all the others. Not for use by several at
// once, and made anew when the secrets have changed.
type SecretIndex struct {
	c  *Config
	by map[string][]int // entries by their owners, where these are no patterns
	// rest are the other entries, which may match anybody.
	rest  []int
	rings map[string][]int // entries by the set of keys that they are part of
	named []ike.Identity   // two that are not equal, or those that there are
	// single: there are keys that are not for any peer.
	single bool
	// nameKeys: there are keys for peers by other than their address.
	nameKeys bool
	// left is the number of owners that may still be compared.
	left int
}

// maxCompared bounds the owners that are compared with the help of one index.
const maxCompared = 1 << 24

// IndexSecrets returns an index of the secrets that c has now.
func (c *Config) IndexSecrets() *SecretIndex {
	x := &SecretIndex{c: c, by: make(map[string][]int), single: c.singlePeers(), nameKeys: c.namedPeers(), left: maxCompared}
	for i := range c.Secrets {
		x.add(i, &c.Secrets[i])
	}
	for o := range c.keyOwners() {
		if len(x.named) == 0 || !x.named[0].Equal(o) {
			x.named = append(x.named, o)
		}
		if len(x.named) == 2 {
			break
		}
	}
	return x
}

// SecretFor answers as Config.SecretFor does. A match lists as Weaker only
// what was come upon. The error is ErrTooMany where one was not found within
// the work that all searches together may cost.
func (x *SecretIndex) SecretFor(q SecretQuery) (SecretMatch, error) {
	return (&secretLookup{c: x.c, x: x, q: q}).secret()
}

// Naming returns the pre-shared keys that name the peer of a connection, by its
// identity or its address, whether the daemon takes one of them or not.
func (x *SecretIndex) Naming(k *Connection) iter.Seq[*SecretEntry] {
	ids := make([]ike.Identity, 0, 2)
	if id := k.Remote.ID.V; !id.Any && !id.IsZero() {
		ids = append(ids, id)
	}
	if host, ok := k.Remote.Host(); ok {
		ids = append(ids, addressID(host))
	}
	return func(yield func(*SecretEntry) bool) {
		for e := range x.entries(ids...) {
			if e.Kind == SecretPSK && slices.ContainsFunc(e.Owners, func(o ike.Identity) bool {
				return !o.Any && slices.ContainsFunc(ids, o.Equal)
			}) && !yield(e) {
				return
			}
		}
	}
}

func (x *SecretIndex) add(i int, e *SecretEntry) {
	if e.Keyring != "" {
		if x.rings == nil {
			x.rings = make(map[string][]int)
		}
		x.rings[e.Keyring] = append(x.rings[e.Keyring], i)
	}
	keys := make([]string, 0, len(e.Owners)+1)
	for _, o := range e.Owners {
		keys = append(keys, o.Key())
	}
	if e.Peers.IsValid() && e.Peers.IsSingleIP() {
		keys = append(keys, addressID(e.Peers.Addr()).Key())
	}
	if len(keys) == 0 || slices.Contains(keys, "") || x.c.Dialect.KeyByAddress() && len(e.Owners) > 0 {
		x.rest = append(x.rest, i)
		return
	}
	for _, k := range keys {
		if l := x.by[k]; len(l) == 0 || l[len(l)-1] != i {
			x.by[k] = append(l, i)
		}
	}
}

// entries returns those that may match the identities, in order.
func (x *SecretIndex) entries(of ...ike.Identity) iter.Seq[*SecretEntry] {
	if x.left < 0 {
		return func(func(*SecretEntry) bool) {}
	}
	list := x.rest
	for _, id := range of {
		if more := x.by[id.Key()]; len(more) > 0 {
			list = slices.Concat(list, more)
			slices.Sort(list)
			list = slices.Compact(list)
		}
	}
	return func(yield func(*SecretEntry) bool) {
		for _, i := range list {
			e := &x.c.Secrets[i]
			if x.left -= 1 + len(e.Owners); x.left < 0 || !yield(e) {
				return
			}
		}
	}
}
