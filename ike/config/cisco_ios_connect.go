package config

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Connections of IOS: crypto map entries and protected tunnel interfaces.

func (c *ios) profileReferences() {
	names := make([]string, 0, len(c.profiles))
	for n := range c.profiles {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		for _, k := range c.profiles[n].keyrings {
			def, ok := c.keyrings[k.V]
			c.refer("crypto keyring", "crypto isakmp profile "+n, k, def, ok || k.V == "default")
		}
	}
}

// phase1 finds the profile, the identities and the way to authenticate.
func (c *ios) phase1(k *Connection, e *ciscoEntry, in string) {
	o := c.mapOpts[in]
	if o == nil {
		o = &iosMapOptions{}
	}
	if o.local.Origin != Unset {
		if a := c.address(c.iface(o.local.V), "crypto map local-address", sixth(k.Remote.Addresses.V)); a.Origin != Default {
			k.Local.Addresses = a
		}
	}
	peer := netip.Addr{}
	for _, a := range k.Remote.Addresses.V {
		if a.Kind == AddressHost {
			peer = a.First
			break
		}
	}
	p := c.profileOf(e, o, peer)
	k.Local.ID, k.Remote.ID = c.localID(k, p), defaulted("match identity", ike.Identity{Any: true})
	if p != nil {
		if len(p.match) == 1 {
			k.Remote.ID = p.match[0].identity()
		}
		k.Keyrings = Value[[]string]{Key: "keyring"}
		for _, r := range p.keyrings {
			k.Keyrings.V, k.Keyrings.At, k.Keyrings.Origin = append(k.Keyrings.V, r.V), r.At, Inherited
		}
		if p.idle.Origin != Unset {
			k.DPD.Delay = p.idle
		}
		if p.client.Origin != Unset {
			k.XAuth = as(p.client, XAuthServer)
		}
		if p.mode.Origin != Unset {
			k.Aggressive = spelt(p.mode, strings.HasPrefix(p.mode.V, "aggr"))
		}
	}
	hands := o.hands
	if p != nil && p.hands.Origin != Unset {
		hands = p.hands
	}
	if hands.Origin != Unset {
		k.Remote.VirtualIPs = c.pools
		k.Push = as(hands, strings.EqualFold(hands.V, "initiate"))
		if len(c.pools.V) == 0 {
			k.Remote.VirtualIPs = as(hands, []string{"pool"})
		}
	}
	if o.client.Origin != Unset {
		k.XAuth = as(o.client, XAuthServer)
	}
	auth := c.auth(k)
	k.Local.Auth, k.Remote.Auth = auth, auth
}

// maxIOSProfiles bounds the profiles that are tried for a peer.
const maxIOSProfiles = 1000

// profileOf returns the isakmp profile that an entry names, or the one that is
// for its peer.
func (c *ios) profileOf(e *ciscoEntry, o *iosMapOptions, peer netip.Addr) *iosProfile {
	name := e.profile
	if name.Origin == Unset {
		name = o.profile
	}
	if name.Origin != Unset {
		p := c.profiles[name.V]
		var def Pos
		if p != nil {
			def = p.at
		}
		c.refer("crypto isakmp profile", e.path, name, def, p != nil)
		return p
	}
	if !peer.IsValid() {
		return nil
	}
	var found *iosProfile
	for _, p := range c.inOrder[:min(len(c.inOrder), maxIOSProfiles)] {
		if c.profiles[p.name] == p && p.fits(peer) {
			if found != nil {
				return nil // which one is taken depends on more than the address
			}
			found = p
		}
	}
	return found
}

// localID is what the device calls itself: its address unless told otherwise.
func (c *ios) localID(k *Connection, p *iosProfile) Value[ike.Identity] {
	from := c.identity
	if p != nil && p.self.Origin != Unset {
		from = p.self
	}
	kind, arg, _ := strings.Cut(from.V, " ")
	switch {
	case kind == "hostname" || kind == "fqdn" && arg == "":
		name := c.hostname.V
		if c.domain.V != "" {
			name += "." + c.domain.V
		}
		if name == "" {
			return as(from, ike.Identity{Any: true})
		}
		return as(from, ike.ParseIdentity(name, ike.DialectCisco))
	case kind == "fqdn", kind == "user-fqdn":
		return as(from, ike.ParseIdentity(arg, ike.DialectCisco))
	case kind == "dn":
		return as(from, ike.ParseIdentity("%fromcert", ike.DialectAny))
	}
	id := hostIdentity(from.Key, &k.Local)
	if a, err := netip.ParseAddr(kind); err == nil {
		id.V = ike.ParseIdentity(a.String(), ike.DialectAny)
	}
	if from.Origin != Default {
		id = as(from, id.V)
	}
	return id
}
