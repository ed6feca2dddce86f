package config

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 2 of FortiOS, and the addresses that its selectors name.

// attach makes the Child of an entry of phase 2 and gives it to its connection.
func (c *forti) attach(r *record) {
	name := r.text("phase1name")
	p1 := c.phase1[scoped(r.scope, name.V)]
	c.refer("phase1name", r.name, name, name.V, p1)
	i, ok := c.conns[p1]
	if p1 == nil || !ok {
		if name.Origin != Unset && p1 == nil {
			c.s.c.Found = append(c.s.c.Found, Issue{Kind: IssueReference, Effect: NoEffect, Connection: -1, Child: -1, Subject: name.V, Setting: Setting{Key: name.Key, Text: name.V, At: name.At, Origin: Written}})
		}
		return
	}
	if c.s.child(r.at) {
		k := &c.s.c.Connections[i]
		k.Children = append(k.Children, c.child(r, k, p1))
	}
}

func (c *forti) child(r *record, k *Connection, p1 *record) Child {
	out := Child{Name: r.name, At: r.at, Action: defaulted("", Protect), Start: k.Start}
	out.Mode = recorded(c.s, r, "encapsulation", ike.ModeTunnel, choice(map[string]ike.Mode{"tunnel-mode": ike.ModeTunnel, "transport-mode": ike.ModeTransport}))
	out.PFS = recorded(c.s, r, "pfs", true, enabled)
	groups, open := c.groupsOf(r)
	if !out.PFS.V {
		groups, open = Value[[]ike.Group]{At: out.PFS.At, Origin: out.PFS.Origin, Key: out.PFS.Key, Text: "disable"}, false
	} else {
		out.PFS = Value[bool]{V: true, At: groups.At, Origin: groups.Origin, Key: groups.Key, Text: groups.Text}
	}
	out.Proposals = c.proposals(r, ike.ProtocolESP, groups, open, func(*ike.Proposal, Terms) {})
	policy := r.section == "vpn ipsec phase2"
	out.Local, out.Remote = c.selectors(r, "src", policy), c.selectors(r, "dst", policy)
	for i := range out.Local.V {
		out.Local.V[i].Protocol = c.protocol(r)
	}
	for i := range out.Remote.V {
		out.Remote.V[i].Protocol = c.protocol(r)
	}
	c.lifetimes(&out, r)
	out.SHA256Bits96, out.IPComp = defaulted("", false), defaulted("", false)
	out.ReplayWindow = recorded(c.s, r, "replay", uint32(64), choice(map[string]uint32{"enable": 64, "disable": 0}))
	out.DPDAction, out.CloseAction, out.Inactivity = defaulted("set dpd", "clear"), defaulted("", "none"), defaulted("set idle-timeout", uint32(0))
	if r.has("auto-negotiate", "enable") && k.Start.V == StartTrap {
		out.Start = as(r.text("auto-negotiate"), StartNow)
	}
	return out
}

// lifetimes: keylife-type says which of the two limits counts.
func (c *forti) lifetimes(out *Child, r *record) {
	kind := strings.ToLower(r.text("keylife-type").V)
	life := recorded(c.s, r, "keylifeseconds", uint32(43200), number)
	if life.Text == "" {
		life.Text = "43200"
	}
	kb := recorded(c.s, r, "keylifekbs", uint32(5120), number)
	if !life.Stated() && c.version != [2]int{} && !between(c.version, [2]int{5, 2}, [2]int{1 << 15, 0}) {
		life = Value[uint32]{Key: life.Key, At: life.At} // half an hour in releases before
	}
	out.Lifetime.Life = life
	out.Lifetime.Rekey = defaulted("set keylifeseconds", uint32(0))
	out.Lifetime.LifeBytes = defaulted("set keylifekbs", uint64(0))
	if kind == "kbs" || kind == "both" {
		out.Lifetime.LifeBytes = as(kb, uint64(kb.V)<<10)
	}
	if kind == "kbs" {
		out.Lifetime.Life = as(r.text("keylife-type"), uint32(0))
	}
}

func (c *forti) protocol(r *record) uint8 {
	n, err := strconv.ParseUint(r.text("protocol").V, 10, 8)
	if err != nil {
		return 0
	}
	return uint8(n)
}

// selectors reads what stands on one side of phase 2. The default is
// everything; a policy-based tunnel has then what its policies say.
func (c *forti) selectors(r *record, side string, policy bool) Value[[]Selector] {
	kind := strings.ToLower(r.text(side + "-addr-type").V)
	subnet := r.text(side + "-subnet")
	out := Value[[]Selector]{At: r.at, Origin: Default, Key: "set " + side + "-subnet", V: []Selector{{Text: "0.0.0.0 0.0.0.0", Selector: everything(false)}}}
	one := func(v Value[string], s ike.Selector, ok bool) {
		out = as(v, []Selector{{Text: v.V, Selector: s, Bad: !ok}})
		if !ok {
			c.s.problem(v.At, v.Key, wrong("an address"))
		}
	}
	six := func(key string) Value[string] {
		if v := r.text(key); v.Origin == Unset {
			return r.text(key + "6")
		}
		return r.text(key)
	}
	switch kind {
	case "name", "name6":
		key := side + "-name"
		if kind == "name6" {
			key += "6"
		}
		v := r.text(key)
		out = as(v, c.named(r.scope, v, v.V, r.name, 0))
		if a := c.one(r.scope, v.V); a != nil && len(out.V) == 1 { // what is to change is the address
			at := a.text("subnet")
			out = Value[[]Selector]{V: []Selector{{Text: at.V, Selector: out.V[0].Selector, Bad: out.V[0].Bad}}, At: at.At, Origin: Inherited, Key: at.Key}
		}
	case "ip", "ip6", "range", "range6":
		from, to := six(side+"-start-ip"), six(side+"-end-ip")
		if strings.HasPrefix(kind, "ip") {
			to.V = from.V
		}
		a, err1 := netip.ParseAddr(from.V)
		b, err2 := netip.ParseAddr(to.V)
		if to.V != from.V {
			from.V += "-" + to.V
		}
		one(from, ike.Selector{From: a.Unmap(), To: b.Unmap()}, err1 == nil && err2 == nil && a.BitLen() == b.BitLen() && !b.Less(a))
	case "subnet6":
		v := r.text(side + "-subnet6")
		if v.V == "" {
			out.Key, out.V = v.Key, []Selector{{Text: "::/0", Selector: everything(true)}}
			break
		}
		p, ok := fortiNet(v.V)
		one(v, ike.SelectorPrefix(p), ok)
	default:
		r.item(side + "-subnet6")
		if subnet.V != "" {
			p, ok := fortiNet(subnet.V)
			one(subnet, ike.SelectorPrefix(p), ok)
		} else if policy {
			out = dynamic(subnet.Key)
			out.At = r.at
		}
	}
	if n, err := strconv.ParseUint(r.text(side+"-port").V, 10, 16); err == nil && n > 0 {
		for i := range out.V {
			out.V[i].PortFrom, out.V[i].PortTo = uint16(n), uint16(n)
		}
	}
	if len(out.V) > maxACEPairs {
		out.V = out.V[:maxACEPairs]
	}
	return out
}

// fortiNet reads an address with its netmask, or a prefix.
func fortiNet(s string) (netip.Prefix, bool) {
	if a, mask, ok := strings.Cut(s, " "); ok {
		p, ok := netmask(a, strings.TrimSpace(mask))
		return p.Masked(), ok
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// Bounds of looking through groups of addresses.
const (
	maxFortiDepth = 8
	maxFortiSteps = 1 << 18
)

// one returns the address with a subnet that a name stands for, by itself or as
// a group of one; nil where it is anything else.
func (c *forti) one(scope, name string) *record {
	for range maxFortiDepth {
		if g := c.groups[scoped(scope, name)]; g != nil {
			if len(g.list("member")) != 1 {
				return nil
			}
			name = g.list("member")[0]
			continue
		}
		if a := c.nets[scoped(scope, name)]; a != nil && a.text("subnet").V != "" && !a.has("type", "iprange", "fqdn", "wildcard", "geography", "dynamic", "interface-subnet", "mac", "wildcard-fqdn") {
			return a
		}
		return nil
	}
	return nil
}

// named returns the selectors of a firewall address or a group of them. One
// that is a host name, or is not in the file, is not known.
func (c *forti) named(scope string, v Value[string], name, in string, depth int) []Selector {
	unknown := []Selector{{Text: name, Selector: ike.Selector{Dynamic: true}}}
	if c.steps++; depth > maxFortiDepth || c.steps > maxFortiSteps {
		return unknown
	}
	if g := c.groups[scoped(scope, name)]; g != nil {
		if depth == 0 {
			c.refer("firewall addrgrp", in, v, name, g)
		}
		var out []Selector
		for _, m := range g.list("member") {
			if out = append(out, c.named(scope, v, m, in, depth+1)...); len(out) > maxACEPairs {
				return out[:maxACEPairs]
			}
		}
		if len(out) == 0 {
			return unknown
		}
		return out
	}
	a := c.nets[scoped(scope, name)]
	if depth == 0 && len(c.nets) > 0 && name != "all" {
		c.refer("firewall address", in, v, name, a)
	}
	if a == nil {
		if name == "all" {
			return []Selector{{Text: name, Selector: everything(false)}}
		}
		return unknown
	}
	switch kind := strings.ToLower(a.text("type").V); kind {
	case "", "ipmask", "subnet":
		p, ok := fortiNet(a.text("subnet").V)
		if a.text("subnet").V == "" {
			p, ok = netip.PrefixFrom(netip.IPv4Unspecified(), 0), true
		}
		return []Selector{{Text: name, Selector: ike.SelectorPrefix(p), Bad: !ok}}
	case "iprange":
		from, err1 := netip.ParseAddr(a.text("start-ip").V)
		to, err2 := netip.ParseAddr(a.text("end-ip").V)
		return []Selector{{Text: name, Selector: ike.Selector{From: from, To: to}, Bad: err1 != nil || err2 != nil || to.Less(from)}}
	}
	return unknown
}

// bindings looks for tunnels that no firewall policy names. The device then
// negotiates nothing, which is recalled, so that it is not said to be sure.
// Zones, SD-WAN and aggregates stand for their members. Only a backup, which
// tells its release, has all policies.
func (c *forti) bindings(backup bool) {
	if !backup {
		return
	}
	type names map[string]bool
	used, shown := map[string]names{}, map[string]bool{}
	note := func(scope, name string) {
		if used[scope] == nil {
			used[scope] = names{}
		}
		used[scope][name] = true
	}
	for _, table := range [...]string{"firewall policy", "firewall policy6", "firewall security-policy", "firewall consolidated policy"} {
		for _, p := range c.tables[table] {
			shown[p.scope] = true
			if p.has("status", "disable") {
				continue
			}
			for _, key := range [...]string{"srcintf", "dstintf", "vpntunnel"} {
				for _, w := range p.list(key) {
					note(p.scope, w)
				}
			}
		}
	}
	for _, z := range c.tables["system zone"] {
		if used[z.scope][z.name] {
			for _, w := range z.list("interface") {
				note(z.scope, w)
			}
		}
	}
	for _, table := range [...]string{"system sdwan/members", "system virtual-wan-link/members", "vpn ipsec aggregate", "vpn ipsec concentrator"} {
		for _, m := range c.tables[table] {
			for _, w := range slices.Concat(m.list("interface"), m.list("member")) {
				note(m.scope, w)
			}
		}
	}
	for r, i := range c.conns {
		k := &c.s.c.Connections[i]
		if n := used[r.scope]; !shown[r.scope] || n[r.name] || n["any"] {
			continue
		}
		k.Found = append(k.Found, Issue{Kind: IssueUnbound, Effect: NoEffect, Child: -1, Subject: "firewall policy", Key: "config firewall policy", Write: `set dstintf "` + k.Name + `"`,
			Setting: Setting{Key: k.Name, At: r.at, Origin: Written}})
	}
}
