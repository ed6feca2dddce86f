package diag

import "net/netip"

// PartitionKey tells where an observation belongs in a fleet of two stages.
// The first stage works per gateway: it parses, assembles and tracks, and
// sends observations on. The second works per pair of gateways: it joins and
// runs the rules. The key of a pair is made of the IDs that the inventory
// gives its gateways, the smaller first, since addresses differ per view
// behind NAT. Where the inventory does not tell the other end, pair is false
// and the key is the gateway's own: such observations stay with their gateway
// and give one-sided findings. gateway is the ID of the gateway whose view
// the observation is.
func PartitionKey(gateway string, o *Observation, inventory []Gateway) (key string, pair bool) {
	if b, ok := o.Body.(*Probed); ok {
		return probeKey(gateway, b, o.Keys.Local.Addr(), inventory)
	}
	peer := ""
	if c, ok := o.Body.(*Connection); ok {
		for _, a := range c.RemoteAddresses {
			if peer = owner(a, gateway, inventory); peer != "" {
				break
			}
		}
		if peer == "" && !c.RemoteID.Any {
			peer = called(c.RemoteID.String(), gateway, inventory)
		}
	}
	if peer == "" {
		peer = owner(o.Keys.Remote.Addr(), gateway, inventory)
	}
	if peer == "" && o.Keys.Observer {
		peer = owner(o.Keys.Local.Addr(), gateway, inventory)
	}
	if peer == "" && len(o.Keys.RemoteID) > 0 {
		peer = called(string(o.Keys.RemoteID), gateway, inventory)
	}
	if peer == "" {
		return gateway, false
	}
	return min(gateway, peer) + "|" + max(gateway, peer), true
}

// probeKey is the key of what a probe found: that of the pair where one end asked
// the other, else the asked gateway's own.
func probeKey(gateway string, b *Probed, asked netip.Addr, inventory []Gateway) (key string, pair bool) {
	to := owner(asked, "", inventory)
	from := owner(b.From, to, inventory)
	switch {
	case to == "":
		return gateway, false
	case from == "":
		return to, false
	}
	return min(from, to) + "|" + max(from, to), true
}

// owner finds the only other gateway that has an address.
func owner(a netip.Addr, but string, inventory []Gateway) (id string) {
	if !a.IsValid() {
		return ""
	}
	for _, g := range inventory {
		if g.ID == but {
			continue
		}
		for _, b := range g.Addresses {
			if a == b {
				if id != "" && id != g.ID {
					return ""
				}
				id = g.ID
			}
		}
	}
	return id
}

// called finds the only other gateway that has an identity.
func called(identity, but string, inventory []Gateway) (id string) {
	for _, g := range inventory {
		if g.ID == but {
			continue
		}
		for _, i := range g.Identities {
			if i.String() == identity {
				if id != "" && id != g.ID {
					return ""
				}
				id = g.ID
			}
		}
	}
	return id
}
