package config

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Proposals and policies of RouterOS.

// listed is a setting that is a list of algorithms, with the release's default.
func (c *ros) listed(r *record, key, def string) (v Value[string], open bool) {
	v = r.text(key)
	if v.V == "" && v.Origin == Unset {
		if !c.split {
			return Value[string]{Key: key, At: r.at}, true
		}
		v.V, v.Origin = def, Default
	}
	return v, false
}

// suites are the proposals of phase 1: what a profile lists in each of its
// settings.
func (c *ros) suites(k *Connection, prof *record) {
	enc, open1 := c.listed(prof, "enc-algorithm", "aes-128,3des")
	hash, open2 := c.listed(prof, "hash-algorithm", "sha1")
	group, open3 := c.listed(prof, "dh-group", "modp2048,modp1024")
	p := ike.Proposal{Protocol: ike.ProtocolIKE}
	c.fill(&p, ike.AttrEncryption, enc, open1)
	c.fill(&p, ike.AttrHash, hash, open2)
	c.fill(&p, ike.AttrGroup, group, open3)
	for _, i := range p.Integrity {
		if f := i.PRF(); f != ike.PRFNone {
			p.PRF = append(p.PRF, f)
		}
	}
	if k.Local.Auth.V == AuthPSK && k.XAuth.V == XAuthNone {
		p.Auth = []ike.AuthMethod{ike.AuthPSK}
	}
	from := enc
	for _, v := range []Value[string]{hash, group} {
		if from.Origin != Written && v.Origin == Written {
			from = v
		}
	}
	k.Proposals = Value[Proposals]{At: from.At, Origin: from.Origin, Key: from.Key, V: Proposals{List: []ike.Proposal{p}, Strict: true,
		Text:  rosText([]Value[string]{enc, hash, group}),
		Terms: []Terms{{ike.AttrEncryption: enc, ike.AttrKeyLength: enc, ike.AttrHash: hash, ike.AttrGroup: group, ike.AttrAuth: as(k.Local.Auth, k.Local.Auth.Text)}}}}
	if from.Origin == Written {
		k.Proposals.Origin = Inherited
	}
	if from.Origin == Unset {
		k.Proposals.Origin = Default
	}
}

func rosText(list []Value[string]) string {
	var out []string
	for _, v := range list {
		if v.V != "" {
			out = append(out, v.Key+"="+clip(v.V))
		}
	}
	return strings.Join(out, " ")
}

func (c *ros) fill(p *ike.Proposal, attr ike.Attribute, v Value[string], open bool) {
	if open {
		p.Open = p.Open.With(attr)
		return
	}
	n := 0
	for w := range strings.SplitSeq(v.V, ",") {
		if n++; n > maxListed {
			break
		}
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		if !p.Add(attr, w, ike.DialectRouterOS) {
			c.s.problem(v.At, v.Key, ErrValue)
		}
	}
}

// child makes the Child of a policy.
func (c *ros) child(pol *record, k *Connection) Child {
	name := pol.text("comment").V
	if name == "" || len(name) > 40 {
		name = "policy " + strconv.Itoa(pol.at.Line)
	}
	out := Child{Name: name, At: pol.at, Start: k.Start}
	out.Action = recorded(c.s, pol, "action", Protect, choice(map[string]Action{"encrypt": Protect, "none": Pass, "discard": Drop}))
	out.Mode = recorded(c.s, pol, "tunnel", ike.ModeTransport, choice(map[string]ike.Mode{"yes": ike.ModeTunnel, "no": ike.ModeTransport}))
	out.Local, out.Remote = c.selector(pol, "src"), c.selector(pol, "dst")
	c.proposal(&out, pol)
	out.SHA256Bits96, out.IPComp = defaulted("", false), defaulted("", false)
	out.ReplayWindow = Value[uint32]{Key: ""}
	out.DPDAction, out.CloseAction, out.Inactivity = defaulted("dpd-interval", "clear"), defaulted("", "none"), defaulted("", uint32(0))
	return out
}

func (c *ros) selector(pol *record, side string) Value[[]Selector] {
	v := pol.text(side + "-address")
	s, ok := everything(false), true
	text := v.V
	if v.V != "" {
		var p netip.Prefix
		p, ok = rosNet(v.V)
		s = ike.SelectorPrefix(p)
	} else {
		v.Origin, text = Default, "0.0.0.0/0"
	}
	if !ok {
		c.s.problem(v.At, v.Key, wrong("an address"))
	}
	if proto := pol.text("protocol").V; proto != "" && proto != "all" {
		if n, ok := ciscoProtocol(proto); ok {
			s.Protocol = n
		}
	}
	if n, err := strconv.ParseUint(pol.text(side+"-port").V, 10, 16); err == nil && n > 0 {
		s.PortFrom, s.PortTo = uint16(n), uint16(n)
	}
	return Value[[]Selector]{V: []Selector{{Text: text, Selector: s, Bad: !ok}}, At: v.At, Origin: v.Origin, Key: v.Key}
}

// proposal reads the phase-2 proposal that a policy names. Combined modes have
// no need of a hash, so that they are proposals of their own.
func (c *ros) proposal(out *Child, pol *record) {
	v := pol.text("proposal")
	name := v.V
	if name == "" {
		name = "default"
	}
	r := c.proposals[name]
	if v.Origin != Unset {
		ref := SectionRef{Kind: "proposal", Name: name, In: "policy", At: v.At, Defined: r != nil || name == "default"}
		if r != nil {
			ref.Def = r.at
		}
		c.s.c.SectionRefs = append(c.s.c.SectionRefs, ref)
	}
	if r == nil {
		r = &record{section: "ip ipsec proposal", name: name, at: pol.at}
	}
	enc, open1 := c.listed(r, "enc-algorithms", "aes-256-cbc,aes-192-cbc,aes-128-cbc")
	hash, open2 := c.listed(r, "auth-algorithms", "sha1")
	group, open3 := c.listed(r, "pfs-group", "modp1024")
	ah := pol.has("ipsec-protocols", "ah")
	all := ike.Proposal{Protocol: ike.ProtocolESP}
	if ah {
		all.Protocol = ike.ProtocolAH
	} else {
		c.fill(&all, ike.AttrEncryption, enc, open1)
	}
	c.fill(&all, ike.AttrHash, hash, open2)
	out.PFS = Value[bool]{V: group.V != "none", At: group.At, Origin: group.Origin, Key: group.Key, Text: group.V}
	if out.PFS.V {
		c.fill(&all, ike.AttrGroup, group, open3)
	}
	terms := Terms{ike.AttrEncryption: enc, ike.AttrKeyLength: enc, ike.AttrHash: hash, ike.AttrGroup: group}
	list := Proposals{Strict: true, Text: rosText([]Value[string]{enc, hash, group})}
	for _, p := range splitCombined(all) {
		list.List, list.Terms = append(list.List, p), append(list.Terms, terms)
	}
	from := enc
	for _, x := range []Value[string]{hash, group} {
		if from.Origin != Written && x.Origin == Written {
			from = x
		}
	}
	out.Proposals = Value[Proposals]{V: list, At: from.At, Origin: from.Origin, Key: from.Key}
	switch from.Origin {
	case Written:
		out.Proposals.Origin = Inherited
	case Unset:
		out.Proposals.Origin = Default
	}
	life := recorded(c.s, r, "lifetime", uint32(1800), rosTime)
	if life.Text == "" {
		life.Text = "30m"
	}
	out.Lifetime = ChildLifetime{Life: life, Rekey: defaulted("lifetime", uint32(0)), LifeBytes: defaulted("lifebytes", uint64(0))}
	if off(r) {
		out.Proposals.V.List, out.Proposals.V.Terms = nil, nil
	}
}
