package config

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// What the entries of Cisco's crypto maps protect.

// child makes what the children of an entry have in common.
func (c *cisco) child(e *ciscoEntry) (k Child, must bool) {
	k.At = e.at
	k.Action = defaulted("permit", Protect)
	k.Proposals, k.Mode, must, k.IPComp = c.suites(e)
	k.PFS = defaulted(e.key("set pfs"), false)
	if e.pfs.Origin != Unset {
		k.PFS = worded(as(e.pfs, true), ciscoGroupText(e.pfs))
	} else {
		k.PFS.At = e.at // where it would be written
	}
	k.Lifetime.Life, k.Lifetime.LifeBytes = own(e.life, c.life), own(e.bytes, c.kilobytes)
	// A new SA is negotiated half a minute before the old one ends, and 256
	// kilobytes.
	k.Lifetime.Rekey = Value[uint32]{V: k.Lifetime.Life.V - min(k.Lifetime.Life.V, 30), Origin: Default, Key: k.Lifetime.Life.Key}
	k.Lifetime.RekeyBytes = Value[uint64]{V: k.Lifetime.LifeBytes.V - min(k.Lifetime.LifeBytes.V, 256<<10), Origin: Default, Key: k.Lifetime.LifeBytes.Key}
	k.SHA256Bits96 = defaulted(c.setKey, false)
	k.ReplayWindow, k.Inactivity = own(e.window, c.window), own(e.idle, c.idle)
	k.DPDAction, k.CloseAction = defaulted(c.keepalive.Key, "clear"), defaulted("", "none")
	return k, must
}

// protects returns the children of a crypto map entry: one for each pair of
// selectors that its access list permits, in order. A denied pair goes past
// this entry.
func (c *cisco) protects(e *ciscoEntry, start Value[Start], local, remote *End) []Child {
	base, must := c.child(e)
	base.Start = start
	if e.acl.Origin == Unset {
		// Whatever the peer asks for.
		base.Name = e.path
		base.Local, base.Remote = dynamic(e.key("match address")), dynamic(e.key("match address"))
		return []Child{base}
	}
	acl := c.acls[e.acl.V]
	if acl == nil || len(acl.aces) == 0 {
		base.Name = e.acl.V
		bad := []Selector{{Text: e.acl.V, Bad: true}}
		base.Local, base.Remote = Value[[]Selector]{V: bad, At: e.acl.At, Key: e.acl.Key}, Value[[]Selector]{V: bad, At: e.acl.At, Key: e.acl.Key}
		return []Child{base}
	}
	var out []Child
	for i := range acl.aces {
		ace := &acl.aces[i]
		pairs := ace.pairs
		if ace.bad {
			pairs = [][2]ike.Selector{{}}
		}
		for _, p := range pairs {
			if len(out) >= maxACEPairs {
				c.s.problem(ace.at, "access-list", fmt.Errorf("%w of %d pairs", ErrTooMany, maxACEPairs))
				return out
			}
			if !c.s.child(ace.at) {
				return out
			}
			k := base
			k.Proposals.V.List = ike.CloneProposals(base.Proposals.V.List)
			k.Name = acl.name
			if len(acl.aces)+len(pairs) > 2 {
				k.Name += "#" + strconv.Itoa(len(out)+1)
			}
			k.At = ace.at
			from := Value[[]Selector]{At: ace.at, Origin: Inherited, Key: acl.key}
			k.Local, k.Remote = from, from
			k.Local.V = []Selector{{Selector: p[0], Text: p[0].String(), Bad: ace.bad}}
			k.Remote.V = []Selector{{Selector: p[1], Text: p[1].String(), Bad: ace.bad}}
			if !ace.permit {
				k.Action = Value[Action]{V: Pass, At: ace.at, Origin: Inherited, Key: "deny"}
			}
			k.Mode = transport(k.Mode, must, p, local, remote)
			out = append(out, k)
		}
	}
	return out
}

// transport: mode transport holds for traffic between the peers themselves;
// everything else goes through a tunnel. (Of ASA that is recalled.)
func transport(mode Value[ike.Mode], must bool, p [2]ike.Selector, local, remote *End) Value[ike.Mode] {
	if mode.V != ike.ModeTransport || must {
		return mode
	}
	for i, e := range []*End{local, remote} {
		addrs := e.Addresses.V
		known := slices.ContainsFunc(addrs, func(a Address) bool { return a.Kind == AddressHost })
		if p[i].From != p[i].To || known && !slices.ContainsFunc(addrs, func(a Address) bool { return a.First == p[i].From }) {
			mode.V = ike.ModeTunnel
		}
	}
	return mode
}
