package config

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 2 of Junos: proposals and policies of security ipsec, and the children
// of a vpn.

// children makes the children of a vpn.
func (c *junos) children(v *wordNode, k *Connection) {
	base := c.child(v, k)
	bound := c.value(v, "bind-interface")
	if bound.Origin != Unset {
		k.Interfaces = as(bound, []string{bound.V})
	}
	proxy := v.at("ike", "proxy-identity")
	add := func(kid Child) bool {
		if !c.s.child(kid.At) {
			return false
		}
		k.Children = append(k.Children, kid)
		return true
	}
	switch sel := v.at("traffic-selector"); {
	case sel != nil:
		for t := range sel.each() {
			kid := base
			kid.Name, kid.At = t.word, c.pos(t)
			kid.Local, kid.Remote = c.selector(t, "local-ip"), c.selector(t, "remote-ip")
			kid.Proposals.V.List = ike.CloneProposals(base.Proposals.V.List)
			if !add(kid) {
				return
			}
		}
	case proxy != nil:
		base.Local = c.selector(proxy, "local")
		base.Remote = c.selector(proxy, "remote")
		if s := c.value(proxy, "service"); s.Origin != Unset && s.V != "any" {
			base.Local.V, base.Remote.V = c.service(base.Local.V, s), c.service(base.Remote.V, s)
		}
		add(base)
	case bound.Origin != Unset:
		all := Selector{Selector: everything(sixth(k.Remote.Addresses.V) && !c.inner4(bound.V))}
		all.Text = all.Selector.String()
		base.Local = as(defaulted("local", ""), []Selector{all})
		base.Remote = as(defaulted("remote", ""), []Selector{all})
		base.Local.At, base.Remote.At = c.pos(v), c.pos(v)
		base.Routed = true
		add(base)
	default:
		c.byPolicies(v, base, k, add)
	}
}

// inner4 reports whether an interface has IPv4.
func (c *junos) inner4(name string) bool {
	f := c.ifaces[unitName(name)]
	return f == nil || f.inet
}

// selector reads one end of a proxy identity or traffic selector.
func (c *junos) selector(n *wordNode, key string) Value[[]Selector] {
	v := c.value(n, key)
	if v.Origin == Unset {
		all := everything(false)
		out := defaulted(key, []Selector{{Selector: all, Text: all.String()}})
		out.At = c.pos(n)
		return out
	}
	s := Selector{Text: v.V}
	var err error
	if s.Selector, err = ike.ParseSelector(v.V); err != nil {
		s.Bad = true
		c.s.problem(v.At, key, wrong("a traffic selector"))
	}
	return as(v, []Selector{s})
}

// service narrows selectors to an application, of which only a few have a
// protocol that is known here.
func (c *junos) service(list []Selector, v Value[string]) []Selector {
	protocols := map[string]uint8{"junos-icmp-all": 1, "junos-ping": 1, "junos-gre": 47, "junos-ospf": 89}
	out := make([]Selector, len(list))
	for i, s := range list {
		if n, ok := protocols[v.V]; ok {
			s.Protocol = n
		} else {
			s.Bad = true
		}
		s.Text += "[" + v.V + "]"
		out[i] = s
	}
	return out
}

// child makes what the children of a vpn have in common.
func (c *junos) child(v *wordNode, k *Connection) Child {
	kid := Child{Name: v.word, At: c.pos(v), Start: k.Start}
	kid.Action = defaulted("", Protect)
	kid.Mode = defaulted("", ike.ModeTunnel) // it has no other
	kid.IPComp, kid.SHA256Bits96 = defaulted("", false), defaulted("authentication-algorithm", false)
	kid.DPDAction, kid.CloseAction = defaulted("dead-peer-detection", "clear"), defaulted("", "none")
	kid.Inactivity = c.number(c.value(v, "ike", "idle-time"))
	kid.ReplayWindow = defaulted("ike anti-replay-window-size", uint32(64))
	if n := v.at("ike", "no-anti-replay"); n != nil {
		n.take()
		kid.ReplayWindow = as(c.written(n, "ike no-anti-replay"), uint32(0))
	}
	pol := c.section("policy", "ipsec", "vpn "+v.word, c.value(v, "ike", "ipsec-policy"), k)
	x := c.suite2(pol)
	kid.PFS, kid.Proposals, kid.Lifetime = x.pfs, x.proposals, x.life
	kid.Proposals.V.List = ike.CloneProposals(x.proposals.V.List)
	k.Found = append(k.Found, x.found...)
	return kid
}

// junosSuite is an ipsec policy.
type junosSuite struct {
	pfs       Value[bool]
	proposals Value[Proposals]
	life      ChildLifetime
	found     []Issue
}

// suite2 returns an ipsec policy; that of nil is open.
func (c *junos) suite2(pol *wordNode) *junosSuite {
	name := pol.orNone().word
	x := c.suites[name]
	if x == nil {
		x = c.readSuite(pol)
		c.suites[name] = x
	}
	return x
}

func (c *junos) readSuite(pol *wordNode) *junosSuite {
	const keys = "perfect-forward-secrecy keys"
	x := &junosSuite{pfs: Value[bool]{Origin: Default, Key: keys, At: c.pos(pol)}, proposals: builtIn("proposals", "default", ike.ProtocolESP)}
	group := c.value(pol, "perfect-forward-secrecy", "keys")
	if group.Origin != Unset {
		x.pfs = spelt(inherited(group), true)
	}
	x.proposals.At = c.pos(pol)
	x.life.Life, x.life.LifeBytes = Value[uint32]{Key: "lifetime-seconds", At: c.pos(pol)}, Value[uint64]{Key: "lifetime-kilobytes"}
	if set := c.value(pol, "proposal-set"); set.Origin != Unset {
		x.proposals = c.proposalSet(set, junosESPSets)
		for i := range x.proposals.V.List {
			c.pfs(group, &x.proposals.V.List[i])
		}
		return x
	}
	all := c.security.at("ipsec", "proposal")
	var out Proposals
	var texts []string
	var at Value[string]
	for _, v := range c.values(pol, "proposals") {
		def := all.at(v.V)
		c.refer("ipsec proposal", "policy "+pol.word, v, def)
		if def == nil {
			if all != nil {
				x.found = append(x.found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: v.V, Setting: settingOf(v, v.V)})
			}
			continue
		}
		if len(out.List) >= ike.MaxProposals {
			break
		}
		for _, p := range c.ipsecProposal(def, group, &out) {
			out.List = append(out.List, p)
			texts = append(texts, p.Config(ike.DialectJunos))
		}
		if at.Origin == Unset {
			at = Value[string]{At: c.pos(def), Origin: Inherited, Key: "proposal " + def.word}
			c.lifetimes(def, &x.life)
		}
	}
	if len(out.List) == 0 {
		return x
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	x.proposals = as(at, out)
	return x
}

// lifetimes are those of the first proposal.
func (c *junos) lifetimes(n *wordNode, to *ChildLifetime) {
	to.Life.At = c.pos(n)
	if life := c.number(c.value(n, "lifetime-seconds")); life.Origin != Unset {
		to.Life = inherited(life)
	}
	if kb := c.number(c.value(n, "lifetime-kilobytes")); kb.Origin != Unset {
		to.LifeBytes = inherited(as(kb, uint64(kb.V)<<10))
	}
}

// ipsecProposal reads a proposal of security ipsec; with the protocol bundle it
// is AH and ESP together.
func (c *junos) ipsecProposal(n *wordNode, group Value[string], out *Proposals) []ike.Proposal {
	p, terms := ike.Proposal{Protocol: ike.ProtocolESP}, Terms{ike.AttrGroup: group}
	proto := c.value(n, "protocol")
	if proto.Origin == Unset {
		proto = Value[string]{V: "esp", Origin: Default, Key: "protocol", At: c.pos(n)}
	}
	terms[ike.AttrProtocol] = inherited(proto)
	switch proto.V {
	case "ah":
		p.Protocol = ike.ProtocolAH
	case "esp", "bundle":
	default:
		c.s.problem(proto.At, proto.Key, ErrValue)
	}
	if p.Protocol == ike.ProtocolESP {
		c.term(n, ike.AttrEncryption, "encryption-algorithm", &p, terms)
	}
	hash := c.value(n, "authentication-algorithm")
	if hash.Origin != Unset || !p.AEAD() {
		c.term(n, ike.AttrHash, "authentication-algorithm", &p, terms)
	}
	if p.AEAD() { // a combined mode checks by itself
		p.Integrity = nil
	}
	c.pfs(group, &p)
	list := []ike.Proposal{p}
	if proto.V == "bundle" {
		ah := ike.Proposal{Protocol: ike.ProtocolAH, Integrity: p.Integrity, Groups: p.Groups, Open: p.Open, Bundled: true}
		list = append(list, ah.Clone())
		out.Terms = append(out.Terms, terms)
	}
	out.Terms = append(out.Terms, terms)
	return list
}

// pfs adds the group for perfect forward secrecy, which stands in the policy.
func (c *junos) pfs(group Value[string], p *ike.Proposal) {
	if group.Origin == Unset {
		return
	}
	p.Open = p.Open.Without(ike.AttrGroup)
	if !p.Add(ike.AttrGroup, group.V, ike.DialectJunos) {
		c.s.problem(group.At, group.Key, ErrValue)
	}
}

// byPolicies makes the children of a vpn that policies send traffic into: the
// proxy identity is what the policy matches. Two that mirror each other are
// one child.
func (c *junos) byPolicies(v *wordNode, base Child, k *Connection, add func(Child) bool) {
	outside := ""
	if z := c.zones[unitName(firstOf(k.Interfaces.V))]; z != nil {
		outside = z.word
	}
	seen := map[string]bool{}
	for _, u := range c.uses[v.word] {
		local, remote := c.addresses(u, "source-address", u.from), c.addresses(u, "destination-address", u.to)
		if outside != "" && u.from == outside && u.to != outside {
			local, remote = remote, local
		} else if outside == "" && seen[selectorText(remote.V)+"|"+selectorText(local.V)] {
			continue
		}
		key := selectorText(local.V) + "|" + selectorText(remote.V)
		if seen[key] {
			continue
		}
		seen[key] = true
		kid := base
		kid.Name, kid.At = u.policy.word, c.pos(u.policy)
		kid.Local, kid.Remote = local, remote
		kid.Proposals.V.List = ike.CloneProposals(base.Proposals.V.List)
		if len(local.V) == 1 && len(remote.V) == 1 && outside != "" {
			kid.Translated = c.translated(u, outside, local.V[0].Selector, remote.V[0].Selector)
		}
		if !add(kid) {
			return
		}
	}
	if len(k.Children) == 0 { // an extract, or nothing uses it
		base.Local, base.Remote = dynamic("source-address"), dynamic("destination-address")
		add(base)
	}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// maxJunosAddresses bounds what an address set stands for.
const maxJunosAddresses = 256

// addresses returns what a policy matches. Of several addresses in one policy
// the proxy identity is not documented, and nothing is said of it.
func (c *junos) addresses(u junosUse, key, zone string) Value[[]Selector] {
	list := c.values(u.policy, "match", key)
	if len(list) == 0 {
		return dynamic(key)
	}
	out := as(list[0], []Selector(nil))
	for _, v := range list {
		sels, at, ok := c.entry(v.V, zone, 0)
		switch {
		case !ok:
			sels = []Selector{{Text: v.V, Bad: true}}
		case at != nil && len(list) == 1: // that is where it would be changed
			out = as(inherited(c.written(at, "address "+v.V)), []Selector(nil))
		}
		if out.V = append(out.V, sels...); len(out.V) > maxJunosAddresses {
			c.s.problem(v.At, key, fmt.Errorf("%w of %d addresses", ErrTooMany, maxJunosAddresses))
			break
		}
	}
	if len(out.V) > 1 {
		texts := make([]string, 0, len(out.V))
		for _, s := range out.V {
			texts = append(texts, s.Text)
		}
		out.V = []Selector{{Text: strings.Join(texts, " "), Bad: true}}
	}
	return out
}
