package config

import (
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// users makes a connection of each tunnel group of remote users that has a key:
// they are answered by the dynamic map, tell the group's name in aggressive
// mode, and prove themselves by XAUTH unless told otherwise.
func (c *asa) users() {
	if c.called == 0 {
		return
	}
	keys := map[string]Pos{}
	for _, e := range c.s.c.Secrets {
		if e.Kind == SecretPSK && e.Name == CiscoTunnelGroup {
			keys[e.Keyring] = e.At
		}
	}
	for _, g := range c.inOrder {
		at, ok := keys[g.name]
		if !ok || !g.remote || g.name == asaDefaultRA || c.s.c.Connections[c.called-1].Version.V == IKEv2 {
			continue
		}
		if !c.s.room(g.at) {
			return
		}
		k := c.s.c.Connections[c.called-1]
		k.Name, k.At, k.Found = "tunnel-group "+g.name, g.at, nil
		k.Children = slices.Clone(k.Children)
		for i := range k.Children {
			if !c.s.child(g.at) {
				k.Children = k.Children[:i]
				break
			}
			k.Children[i].Proposals.V.List = ike.CloneProposals(k.Children[i].Proposals.V.List)
		}
		name := Value[string]{V: g.name, At: g.at, Origin: Written, Key: "tunnel-group"}
		k.Remote.ID = spelt(name, ike.ParseIdentity("keyid:"+g.name, ike.DialectStrongSwan))
		k.Keyrings = Value[[]string]{V: []string{g.name}, At: at, Origin: Inherited, Key: "tunnel-group"}
		k.Aggressive = defaulted("tunnel-group", true)
		auth := Value[Auth]{V: AuthPSK, At: at, Origin: Inherited, Key: "ikev1 pre-shared-key"}
		k.Local.Auth, k.Remote.Auth = auth, auth
		k.XAuth = defaulted("ikev1 user-authentication", XAuthServer)
		if g.users.Origin != Unset {
			k.XAuth = spelt(g.users, XAuthServer)
			if g.users.V == "none" {
				k.XAuth.V = XAuthNone
			}
		}
		k.Remote.VirtualIPs = g.pools
		if len(g.pools.V) == 0 {
			k.Remote.VirtualIPs = as(name, []string{"pool"})
		}
		if dpd := own(g.dpd, defaulted("isakmp keepalive threshold", uint32(300))); c.major == 0 || c.major > 6 {
			k.DPD.Delay = inherited(dpd)
		}
		c.s.c.Connections = append(c.s.c.Connections, k)
	}
}
