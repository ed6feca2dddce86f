package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The groups of VyOS: what a connection and a child want, by a name that many
// may use.

// vyosIKE is an ike-group.
type vyosIKE struct {
	version    Value[Version]
	aggressive Value[bool]
	proposals  Value[Proposals]
	life       Value[uint32]
	dpd        DPD
	closing    Value[string]
	dpdAction  Value[string]
	// group is that of the first proposal that has one, for PFS.
	group Value[string]
}

// ike returns the ike-group that a section names; that of none is open.
func (c *vyos) ike(n *wordNode, in string, k *Connection) *vyosIKE {
	def := c.section("ike-group", in, c.value(n, "ike-group"), k)
	name := def.orNone().word
	g := c.ikes[name]
	if g == nil {
		g = c.readIKE(def)
		c.ikes[name] = g
	}
	return g
}

// section finds a group by its name, and notes what it means to a connection
// that there is none. A file that has none of that kind is an extract.
func (c *vyos) section(kind, in string, v Value[string], k *Connection) *wordNode {
	if v.Origin == Unset {
		return nil
	}
	all := c.ipsec.at(kind)
	def := all.at(v.V)
	c.refer(kind, in, v, def)
	if def == nil && all != nil {
		k.Found = append(k.Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: v.V, Setting: settingOf(v, v.V)})
	}
	return def
}

func (c *vyos) readIKE(n *wordNode) *vyosIKE {
	at := c.pos(n)
	g := &vyosIKE{
		// What it is without a word changed: IKEv1 alone, later either.
		version: Value[Version]{Key: "key-exchange", At: at}, aggressive: Value[bool]{Origin: Default, Key: "mode", At: at},
		life: Value[uint32]{V: 28800, Origin: Default, Key: "lifetime", At: at, Text: "28800"}, closing: defaulted("close-action", "none"),
		group: Value[string]{V: "2", Origin: Default, Key: "dh-group", At: at},
	}
	switch v := c.value(n, "key-exchange"); v.V {
	case "ikev1":
		g.version = spelt(v, IKEv1)
	case "ikev2":
		g.version = spelt(v, IKEv2)
	}
	if v := c.value(n, "mode"); v.Origin != Unset {
		g.aggressive = spelt(v, v.V == "aggressive")
	}
	if v := c.number(c.value(n, "lifetime")); v.Origin != Unset {
		g.life = inherited(v)
	}
	if v := c.value(n, "close-action"); v.Origin != Unset {
		g.closing = inherited(v)
	}
	const key = "dead-peer-detection"
	g.dpd = DPD{Delay: defaulted(key, uint32(0)), Timeout: Value[uint32]{Key: key}, Action: Value[string]{Key: key}}
	g.dpdAction = defaulted(key+" action", "clear")
	if d := n.at(key); d != nil {
		d.take()
		g.dpd.Delay, g.dpd.Timeout = Value[uint32]{V: 30, Origin: Default, Key: "interval", At: c.pos(d)}, Value[uint32]{V: 120, Origin: Default, Key: "timeout", At: c.pos(d)}
		if v := c.number(c.value(d, "interval")); v.Origin != Unset {
			g.dpd.Delay = inherited(v)
		}
		if v := c.number(c.value(d, "timeout")); v.Origin != Unset {
			g.dpd.Timeout = inherited(v)
		}
		if v := c.value(d, "action"); v.Origin != Unset { // without one it moved from hold to clear
			g.dpd.Action, g.dpdAction = inherited(v), inherited(v)
		}
	}
	g.proposals = c.suite(n, ike.ProtocolIKE, func(p *wordNode, x *ike.Proposal, terms Terms) {
		dh := c.term(p, ike.AttrGroup, "dh-group", "2", x, terms)
		if dh.Origin != Default && g.group.Origin == Default {
			g.group = inherited(dh)
		}
		if v := c.value(p, "prf"); v.Origin != Unset && !x.Add(ike.AttrPRF, v.V, ike.DialectStrongSwan) {
			c.s.problem(v.At, v.Key, ErrValue)
		}
	})
	return g
}

// into gives a connection what its ike-group says.
func (g *vyosIKE) into(k *Connection) {
	k.Version, k.InitiateVersion = inherited(g.version), IKEv1
	if g.version.V == IKEv2 {
		k.InitiateVersion = IKEv2
	}
	k.Aggressive, k.DPD = inherited(g.aggressive), g.dpd
	k.Proposals = g.proposals
	k.Proposals.V.List = ike.CloneProposals(g.proposals.V.List)
	k.Lifetime.Total, k.Lifetime.Rekey, k.Lifetime.Reauth = g.life, g.life, defaulted("ikev2-reauth", uint32(0))
	k.Fragmentation = defaulted("", FragmentYes)
	k.Rekey, k.Push, k.Unique = defaulted("disable-rekey", true), defaulted("", false), defaulted("disable-uniqreqids", "no")
}

// suite reads the proposals of a group, in the order of their numbers. more
// reads what only some have.
func (c *vyos) suite(n *wordNode, proto ike.Protocol, more func(p *wordNode, x *ike.Proposal, terms Terms)) Value[Proposals] {
	v := builtIn("proposal", "default", proto)
	v.At = c.pos(n)
	var out Proposals
	var texts []string
	for _, p := range byNumber(n.at("proposal")) {
		p.take()
		if len(out.List) >= ike.MaxProposals {
			break
		}
		x, terms := ike.Proposal{Protocol: proto}, Terms{}
		c.term(p, ike.AttrEncryption, "encryption", "aes128", &x, terms)
		c.term(p, ike.AttrHash, "hash", "sha1", &x, terms)
		terms[ike.AttrKeyLength] = terms[ike.AttrEncryption]
		if x.AEAD() { // a combined mode checks by itself; its hash is for the keys
			if proto == ike.ProtocolIKE && len(x.Integrity) > 0 {
				x.PRF = append(x.PRF, x.Integrity[0].PRF())
			}
			x.Integrity = nil
		}
		more(p, &x, terms)
		if len(out.List) == 0 {
			v.At, v.Origin, v.Key = c.pos(p), Inherited, "proposal "+p.word
		}
		out.List, out.Terms, texts = append(out.List, x), append(out.Terms, terms), append(texts, x.Config(ike.DialectVyOS))
	}
	if len(out.List) == 0 {
		return v
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	v.V = out
	return v
}

// term reads one part of a proposal.
func (c *vyos) term(p *wordNode, attr ike.Attribute, key, def string, x *ike.Proposal, terms Terms) Value[string] {
	v := c.value(p, key)
	if v.Origin == Unset {
		v = Value[string]{V: def, Origin: Default, Key: key, At: c.pos(p)}
	}
	if !x.Add(attr, v.V, ike.DialectStrongSwan) {
		c.s.problem(v.At, v.Key, ErrValue)
	}
	terms[attr] = inherited(v)
	return v
}

// vyosPair is an esp-group with the ike-group whose group it takes for PFS.
type vyosPair struct{ esp, group string }

// vyosESP is an esp-group.
type vyosESP struct {
	pfs       Value[bool]
	proposals Value[Proposals]
	mode      Value[ike.Mode]
	ipcomp    Value[bool]
	life      ChildLifetime
}

// esp returns the esp-group of a name; that of none is open.
func (c *vyos) esp(def *wordNode, g *vyosIKE) *vyosESP {
	key := vyosPair{def.orNone().word, g.group.V}
	e := c.esps[key]
	if e == nil {
		e = c.readESP(def, g)
		c.esps[key] = e
	}
	return e
}

func (c *vyos) readESP(n *wordNode, g *vyosIKE) *vyosESP {
	at := c.pos(n)
	e := &vyosESP{
		mode: Value[ike.Mode]{V: ike.ModeTunnel, Origin: Default, Key: "mode", At: at}, ipcomp: defaulted("compression", false),
		life: ChildLifetime{Life: Value[uint32]{V: 3600, Origin: Default, Key: "lifetime", At: at, Text: "3600"}},
	}
	if v := c.value(n, "mode"); v.Origin != Unset {
		e.mode = inherited(spelt(v, ike.ModeTunnel))
		if v.V == "transport" {
			e.mode.V = ike.ModeTransport
		}
	}
	switch v := c.value(n, "compression"); {
	case v.V == "enable":
		e.ipcomp = inherited(spelt(v, true))
	case v.Origin == Unset && n.at("compression") != nil: // since 1.4 it has no value
		n.at("compression").take()
		e.ipcomp = Value[bool]{V: true, At: c.pos(n.at("compression")), Origin: Inherited, Key: "compression"}
	}
	if v := c.number(c.value(n, "lifetime")); v.Origin != Unset {
		e.life.Life = inherited(v)
	}
	if v := c.value(n, "life-bytes"); v.Origin != Unset {
		if b, err := strconv.ParseUint(v.V, 10, 64); err == nil {
			e.life.LifeBytes = inherited(spelt(v, b))
		}
	}
	if v := c.value(n, "life-packets"); v.Origin != Unset {
		if b, err := strconv.ParseUint(v.V, 10, 64); err == nil {
			e.life.LifePackets = inherited(spelt(v, b))
		}
	}
	v := c.value(n, "pfs")
	if v.Origin == Unset {
		v = Value[string]{V: "enable", Origin: Default, Key: "pfs", At: at}
	}
	e.pfs = inherited(spelt(v, v.V != "disable"))
	group := v
	if v.V == "enable" { // that of the ike-group
		group.V = g.group.V
	}
	e.proposals = c.suite(n, ike.ProtocolESP, func(_ *wordNode, x *ike.Proposal, terms Terms) {
		terms[ike.AttrGroup] = inherited(v)
		if e.pfs.V && !x.Add(ike.AttrGroup, strings.TrimPrefix(group.V, "dh-group"), ike.DialectStrongSwan) {
			c.s.problem(v.At, v.Key, ErrValue)
		}
	})
	return e
}
