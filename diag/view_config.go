package diag

import (
	"net/netip"
	"slices"
	"strings"
)

// Unconfigured finds a configuration of an end's gateway that was read whole
// and has no connection for this tunnel: none at all, or only such as name
// other peers. It is false where the end's connection is known, where no
// configuration of it was given, and where what was not read, or a peer that is
// not named by its address, may be this one.
func (v *View) Unconfigured(end int) (e Evidence, ok bool) {
	if v.tunnel == nil || end < 0 || v.Connection(end).OK {
		return Evidence{}, false
	}
	return v.lacks(end, func(c *Connection) bool { return v.mayBeFor(c, end) })
}

// NoneFor finds a configuration of an end's gateway that was read whole and has no
// connection for a peer that the gateway sees at an address.
func (v *View) NoneFor(end int, peer netip.Addr) (e Evidence, ok bool) {
	if v.tunnel == nil || end < 0 || !peer.IsValid() {
		return Evidence{}, false
	}
	return v.lacks(end, func(c *Connection) bool { return c.mayTake(peer) })
}

// mayTake reports whether a connection may be for a peer at one of the addresses:
// it names one of them, or not all that it is for.
func (c *Connection) mayTake(peers ...netip.Addr) bool {
	named := func(a netip.Addr) bool { return slices.Contains(peers, a) }
	if c.SidesGuessed && (c.LocalAny || len(c.LocalAddresses) == 0 || slices.ContainsFunc(c.LocalAddresses, named)) {
		return true
	}
	return c.RemoteAny || c.RemoteName != "" || c.Incomplete || len(c.RemoteAddresses) == 0 || slices.ContainsFunc(c.RemoteAddresses, named)
}

// lacks finds that the configurations of an end's gateway were read whole and have
// no connection of a sort.
func (v *View) lacks(end int, sort func(*Connection) bool) (e Evidence, ok bool) {
	for _, id := range v.configsOf(end) {
		s := &v.engine.sources[id].Source
		if s.Err != "" || !s.Coverage.Shows.Has(BodyConnection) || len(s.NotRead) > 0 || s.Units != s.Recognized || slices.ContainsFunc(v.engine.policiesOf(id), sort) {
			return Evidence{}, false
		}
		e, ok = Evidence{Source: id, Kind: EvidenceConfig, Basis: Logged, Where: Where{Line: 1}, Text: "no connection for this peer"}, true
		if l := v.leg(end); l != nil {
			e.Gateway = l.gateway.id
		}
	}
	return e, ok
}

// configsOf lists the configurations of an end's gateway: those of its folders,
// else, where all sources come in two groups, those of the other group.
func (v *View) configsOf(end int) (ids []SourceID) {
	all := v.engine.sources
	near, far := map[string]bool{}, map[string]bool{}
	if l := v.leg(1 - end); l != nil {
		for _, u := range l.gateway.units {
			near[u.source.Group] = true
		}
	}
	if l := v.leg(end); l != nil {
		for _, u := range l.gateway.units {
			far[u.source.Group] = true
		}
	} else if len(all) <= fewSources {
		for i := range all {
			if !near[all[i].Group] {
				far[all[i].Group] = true
			}
		}
	}
	if len(far) != 1 || len(all) > fewSources {
		return nil
	}
	for i := range all {
		if g := all[i].Group; all[i].Kind == KindConfig && far[g] && !near[g] {
			ids = append(ids, SourceID(i))
		}
	}
	slices.SortFunc(ids, v.engine.compareSource)
	return ids
}

// mayBeFor reports whether a connection of a configuration may be meant for the
// peer of an end.
func (v *View) mayBeFor(c *Connection, end int) bool {
	var peers []netip.Addr
	if a := v.tunnel.addr(1 - end); a.IsValid() {
		peers = append(peers, a)
	}
	if l := v.leg(1 - end); l != nil {
		peers = append(peers, l.gateway.addrs...)
	}
	// Behind a NAT the peer has another address than the one it is called by.
	return c.SidesGuessed || len(peers) == 0 || slices.ContainsFunc(peers, netip.Addr.IsPrivate) || c.mayTake(peers...)
}

// Elsewhere returns a connection of an end's gateway for this tunnel's peer that
// is bound to other addresses of the gateway than this tunnel's, and its name.
func (v *View) Elsewhere(end int) (c Known[*Connection], name string) {
	own := v.leg(end)
	local, peer := v.Address(end), v.Address(1-end)
	if own == nil || !local.IsValid() || !peer.IsValid() {
		return c, ""
	}
	for _, l := range own.gateway.legs {
		for _, s := range l.policies {
			p := s.policy()
			if l == own || p == nil || p.LocalAny || p.SidesGuessed || len(p.LocalAddresses) == 0 || slices.Contains(p.LocalAddresses, local) || !slices.Contains(p.RemoteAddresses, peer) {
				continue
			}
			return v.connection(s), s.name
		}
	}
	return c, ""
}

// Unloaded returns the names of the connections of a gateway's configurations
// that its daemon does not have, with the evidence: a list of all that it has
// lacks them. Left out are those that it is not told to load, those whose tunnel
// was up, and a configuration that has none of the daemon's beside one that has
// some. It is for rules whose scope is a gateway.
func (v *View) Unloaded() (names []string, ev []Evidence) {
	loaded, list := v.loaded(0)
	if len(list) == 0 {
		return nil, nil
	}
	inUse := slices.ContainsFunc(v.gateway.units, func(u *unit) bool { return u.has(loaded) })
	for _, u := range v.gateway.units {
		if inUse && !u.has(loaded) {
			continue
		}
		for _, s := range u.strands {
			c := s.policy()
			if c == nil || s.name == "" || c.Version == 2 || c.LoadedOnDemand || loaded[HostName(s.name)] || s.home != nil && slices.ContainsFunc(s.home.attempts, (*Attempt).up) {
				continue
			}
			names, ev = append(names, s.name), v.appendSlot(ev, s, s.factsOf(BodyConnection)[0])
		}
	}
	if ev = append(ev, list...); len(names) == 0 {
		return nil, nil
	}
	for i := range ev {
		ev[i].Weight = Strong
	}
	return names, ev
}

// has reports whether one of a configuration's connections is among names.
func (u *unit) has(names map[string]bool) bool {
	return slices.ContainsFunc(u.strands, func(s *strand) bool { return s.policy() != nil && names[HostName(s.name)] })
}

// Unlisted finds a list of all connections that the daemon of an end has, and that
// lacks one of this name.
func (v *View) Unlisted(end int, name string) (Evidence, bool) {
	names, list := v.loaded(end)
	if len(list) == 0 || name == "" || names[HostName(name)] {
		return Evidence{}, false
	}
	return list[0], true
}

// loaded returns the names of the connections that the daemon of an end's gateway
// has, and what lists them all; no evidence where nothing does.
func (v *View) loaded(end int) (names map[string]bool, list []Evidence) {
	names = map[string]bool{}
	for _, s := range v.hostStrands(end) {
		if s.open().dropped > 0 {
			return nil, nil
		}
		for _, sl := range s.factsOf(BodyHost) {
			switch h := sl.first.body.(*Host); h.Event {
			case ConnectionLoaded:
				// Of a connection with several subnets pluto makes one each.
				name, _, _ := strings.Cut(h.Name, "/")
				names[h.Name], names[name] = true, true
			case ConnectionsListed:
				list = append(list, v.evidence(s, &sl.first))
			}
		}
	}
	return names, list
}

// policiesOf lists the connections of a configuration.
func (e *Engine) policiesOf(id SourceID) (all []*Connection) {
	for _, g := range e.gateways {
		for _, u := range g.units {
			if u.id != id {
				continue
			}
			for _, s := range u.strands {
				if c := s.policy(); c != nil {
					all = append(all, c)
				}
			}
		}
	}
	return all
}
