package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Tunnels of PAN-OS.

// tunnel gives the children of a tunnel to the gateways that it names.
func (c *palo) tunnel(t *paloNode) {
	auto := t.get("auto-key")
	if auto == nil {
		return // manual keys, or GlobalProtect
	}
	if t.value("disabled").V == "yes" {
		t.take(8)
		return
	}
	t.value("tunnel-interface")
	var base Child
	c.proposals(&base, t, auto)
	for _, name := range auto.words("ike-gateway") {
		at := auto.value("ike-gateway")
		at.V = name
		i, ok := c.gateway[name]
		var def *paloNode
		if ok {
			def = c.net.get("ike", "gateway", name)
		}
		c.refer("ike-gateway", t.name, at, def)
		if !ok {
			c.s.c.Found = append(c.s.c.Found, Issue{Kind: IssueReference, Effect: NoEffect, Connection: -1, Child: -1, Subject: name, Setting: Setting{Key: at.Key, Text: name, At: at.At, Origin: Written}})
			continue
		}
		k := &c.s.c.Connections[i]
		ids := slices.Concat(kidsOf(auto.get("proxy-id")), kidsOf(auto.get("proxy-id-v6")))
		for _, p := range ids {
			if !c.s.child(p.at) {
				return
			}
			k.Children = append(k.Children, c.child(&base, t, p, k))
		}
		if len(ids) == 0 && c.s.child(t.at) {
			k.Children = append(k.Children, c.child(&base, t, nil, k))
		}
	}
}

// child makes the Child of a proxy ID, or of a tunnel that has none; base has
// what all of a tunnel share.
func (c *palo) child(base *Child, t, id *paloNode, k *Connection) Child {
	out := *base
	out.Name, out.At, out.Action, out.Start = t.name, t.at, defaulted("", Protect), k.Start
	out.Proposals.V.List = ike.CloneProposals(base.Proposals.V.List)
	if id != nil {
		out.Name, out.At = t.name+":"+id.name, id.at
		id.taken = true
	}
	out.Mode = defaulted("ipsec-mode", ike.ModeTunnel)
	if v := t.value("ipsec-mode"); v.V == "transport" { // of PAN-OS 11.1 and later
		out.Mode = spelt(v, ike.ModeTransport)
	} else if v.V != "" {
		out.Mode = spelt(v, ike.ModeTunnel)
	}
	out.Mode.At = cmpPos(out.Mode.At, t.at)
	out.Local, out.Remote = c.selector(t, id, "local"), c.selector(t, id, "remote")
	out.SHA256Bits96, out.IPComp = defaulted("", false), defaulted("", false)
	out.ReplayWindow = Value[uint32]{Key: "anti-replay"}
	out.DPDAction, out.CloseAction, out.Inactivity = defaulted("dpd enable", "clear"), defaulted("", "none"), defaulted("", uint32(0))
	return out
}

// cmpPos returns the first that is a place.
func cmpPos(a, b Pos) Pos {
	if a.IsZero() {
		return b
	}
	return a
}

// selector reads a side of a proxy ID. Without one it is everything.
func (c *palo) selector(t, id *paloNode, side string) Value[[]Selector] {
	out := Value[[]Selector]{At: t.at, Origin: Default, Key: "proxy-id " + side, V: []Selector{{Text: "0.0.0.0/0", Selector: everything(false)}}}
	if id == nil {
		return out
	}
	out.At = id.at
	if v := id.value(side); v.V != "" {
		p, ok := rosNet(v.V)
		if !ok {
			c.s.problem(v.At, v.Key, wrong("an address"))
		}
		out = as(v, []Selector{{Text: v.V, Selector: ike.SelectorPrefix(p), Bad: !ok}})
	}
	out.Key = side
	s := &out.V[0].Selector
	if n, err := strconv.ParseUint(id.value("protocol", "number").V, 10, 8); err == nil {
		s.Protocol = uint8(n)
	}
	for name, n := range map[string]uint8{"tcp": 6, "udp": 17} {
		if p := id.get("protocol", name); p != nil {
			s.Protocol = n
			local, remote := p.value("local-port").V, p.value("remote-port").V
			text := local
			if side == "remote" {
				text = remote
			}
			if x, err := strconv.ParseUint(text, 10, 16); err == nil && x > 0 {
				s.PortFrom, s.PortTo = uint16(x), uint16(x)
			}
		}
	}
	id.value("protocol")
	return out
}

// proposals are those of the tunnel's IPsec crypto profile.
func (c *palo) proposals(out *Child, t, auto *paloNode) {
	name := auto.value("ipsec-crypto-profile")
	if name.V == "" {
		name.V = "default"
	}
	p := c.net.get("ike", "crypto-profiles", "ipsec-crypto-profiles", name.V)
	if name.Origin != Unset && (p != nil || name.V != "default") {
		c.refer("ipsec-crypto-profile", t.name, name, p)
	}
	out.Lifetime = ChildLifetime{Life: c.lifetime(p, "1", 3600, t.at), Rekey: defaulted("lifetime", uint32(0)), LifeBytes: defaulted("lifesize", uint64(0))}
	out.PFS = Value[bool]{At: t.at, Key: "dh-group"}
	if p == nil {
		out.Proposals = builtIn("ipsec-crypto-profile", name.V, ike.ProtocolESP)
		out.Proposals.At = name.At
		return
	}
	for unit, n := range map[string]uint64{"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40} {
		if v := p.value("lifesize", unit); v.V != "" {
			if x, ok := number(v.V); ok {
				out.Lifetime.LifeBytes = as(v, min(uint64(x), 1<<16)*n)
			}
		}
	}
	q := ike.Proposal{Protocol: ike.ProtocolESP}
	kind := "esp"
	if p.get("ah") != nil && p.get("esp") == nil {
		kind, q.Protocol = "ah", ike.ProtocolAH
	}
	enc, hash, group := p.value(kind, "encryption"), p.value(kind, "authentication"), p.value("dh-group")
	if kind == "esp" {
		c.fill(&q, ike.AttrEncryption, enc, p.words(kind, "encryption"))
	}
	c.fill(&q, ike.AttrHash, hash, p.words(kind, "authentication"))
	// Without a group it is group 2 (PAN-OS 8 to 11).
	if group.V == "" {
		group = Value[string]{V: "group2", At: p.at, Origin: Default, Key: "dh-group"}
	}
	c.fill(&q, ike.AttrGroup, group, strings.Fields(group.V))
	out.PFS = Value[bool]{V: group.V != "no-pfs", At: group.At, Origin: group.Origin, Key: group.Key, Text: group.V}
	terms := Terms{ike.AttrEncryption: enc, ike.AttrKeyLength: enc, ike.AttrHash: hash, ike.AttrGroup: group}
	from := enc
	if kind == "ah" {
		from = hash
	}
	out.Proposals = c.listed(from, []Value[string]{enc, hash, group}, q, terms)
}
