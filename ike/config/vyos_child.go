package config

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The children of a peer of VyOS, and the source NAT before them.

func (c *vyos) children(p *wordNode, g *vyosIKE, k *Connection) {
	common := c.value(p, "default-esp-group")
	add := func(kid Child) bool {
		if !c.s.child(kid.At) {
			return false
		}
		k.Children = append(k.Children, kid)
		return true
	}
	bind := c.value(p, "vti", "bind")
	if bind.Origin != Unset {
		k.Interfaces = as(bind, []string{bind.V})
	}
	tunnels := p.at("tunnel")
	if tunnels == nil {
		if bind.Origin == Unset {
			return
		}
		group := c.value(p, "vti", "esp-group")
		if group.Origin == Unset {
			group = common
		}
		kid := c.child(p.at("vti"), group, g, k)
		all := everything(false)
		kid.Name, kid.Routed = "vti", true
		kid.Local = Value[[]Selector]{V: []Selector{{Selector: all, Text: all.String()}}, At: bind.At, Origin: Default, Key: bind.Key}
		kid.Remote = kid.Local
		add(kid)
		return
	}
	for t := range tunnels.each() {
		group := c.value(t, "esp-group")
		if group.Origin == Unset {
			group = common
		}
		if t.has("disable") {
			continue
		}
		kid := c.child(t, group, g, k)
		kid.Name = "tunnel " + t.word
		kid.Local, kid.Remote = c.selectors(t, "local"), c.selectors(t, "remote")
		if kid.Mode.V == ike.ModeTransport { // it is for the ends themselves, whatever prefixes there are
			kid.Local, kid.Remote = c.own(t, "local"), c.own(t, "remote")
		}
		if len(kid.Local.V) > 0 && len(kid.Remote.V) > 0 && kid.Mode.V == ike.ModeTunnel && bind.Origin == Unset {
			kid.Translated = c.translated(kid.Local.V[0], kid.Remote.V[0])
		}
		if !add(kid) {
			return
		}
		for _, v := range c.values(t, "passthrough") {
			s, ok := vyosSelector(v.V, "", "")
			pass := Child{Name: kid.Name + " passthrough", At: v.At, Action: as(v, Pass), Mode: kid.Mode}
			pass.Local = as(v, []Selector{{Selector: s, Text: v.V, Bad: !ok}})
			pass.Remote = pass.Local
			if !add(pass) {
				return
			}
		}
	}
}

// child makes what a child has of its esp-group.
func (c *vyos) child(n *wordNode, group Value[string], g *vyosIKE, k *Connection) Child {
	e := c.esp(c.section("esp-group", "peer "+k.Name, group, k), g)
	kid := Child{At: c.pos(n), FirstOnly: true, Start: k.Start, Action: defaulted("", Protect)}
	kid.Proposals, kid.PFS, kid.Mode, kid.IPComp, kid.Lifetime = e.proposals, e.pfs, e.mode, e.ipcomp, e.life
	kid.Proposals.V.List = ike.CloneProposals(e.proposals.V.List)
	kid.SHA256Bits96 = defaulted("hash", false)
	kid.ReplayWindow = defaulted("replay-window", uint32(32))
	if v := c.number(c.value(n, "replay-window")); v.Origin != Unset {
		kid.ReplayWindow = v
	}
	kid.DPDAction, kid.CloseAction = g.dpdAction, g.closing
	return kid
}

// selectors reads one end of a tunnel: prefixes, with protocol and port.
func (c *vyos) selectors(t *wordNode, end string) Value[[]Selector] {
	list := c.values(t, end, "prefix")
	for _, words := range [][]string{{end, "subnet"}, {end + "-subnet"}} {
		list = append(list, c.values(t, words...)...)
	}
	if len(list) == 0 {
		return c.own(t, end)
	}
	proto, port := c.value(t, "protocol"), c.value(t, end, "port")
	out := as(list[0], []Selector(nil))
	for _, v := range list {
		s, ok := vyosSelector(v.V, proto.V, port.V)
		if !ok {
			c.s.problem(v.At, v.Key, wrong("a traffic selector"))
		}
		text := v.V
		if ok && (proto.V != "" || port.V != "") {
			text = s.String()
		}
		out.V = append(out.V, Selector{Selector: s, Text: text, Bad: !ok})
	}
	return out
}

// own is the selector for the end's own address.
func (c *vyos) own(t *wordNode, end string) Value[[]Selector] {
	out := dynamic(end + " prefix")
	out.At = c.pos(t)
	proto, port := c.value(t, "protocol"), c.value(t, end, "port")
	if s, ok := vyosSelector("", proto.V, port.V); ok {
		out.V = []Selector{{Selector: s, Text: s.String()}}
	}
	return out
}

// vyosSelector makes a selector of its parts; without an address it stands for
// any that is still to come.
func vyosSelector(prefix, proto, port string) (ike.Selector, bool) {
	switch prefix {
	case "any":
		prefix = "0.0.0.0/0"
	case "":
		prefix = "%dynamic"
	}
	if proto == "all" {
		proto = ""
	}
	text := prefix
	if proto != "" || port != "" {
		text += "[" + proto + "/" + port + "]"
	}
	if port == "" {
		text = strings.Replace(text, "/]", "]", 1)
	}
	s, err := ike.ParseSelector(text)
	return s, err == nil
}

// vyosNAT is a rule of source NAT.
type vyosNAT struct {
	rule         *wordNode
	source, dest vyosMatch
	exclude      bool
}

// vyosMatch is what a rule asks of an address.
type vyosMatch struct {
	prefix  netip.Prefix
	but     bool // all others
	any     bool
	unknown bool // by a group or a range
}

// readNAT reads the rules of source NAT, which VyOS has in a place of its own
// and EdgeOS among the services.
func (c *vyos) readNAT() {
	if v := c.value(c.ipsec, "auto-firewall-nat-exclude"); v.V == "enable" {
		return // the device leaves tunnels alone by itself
	}
	for _, at := range []*wordNode{c.root.at("nat", "source", "rule"), c.root.at("service", "nat", "rule")} {
		for _, r := range byNumber(at) {
			if r.at("disable") != nil || r.at("type").orNone().has("destination") {
				continue
			}
			n := vyosNAT{rule: r, exclude: r.has("exclude"), source: c.match(r, "source"), dest: c.match(r, "destination")}
			proto := c.value(r, "protocol")
			if proto.Origin != Unset && proto.V != "all" {
				n.source.unknown = true // a part of the traffic
			}
			for _, words := range [][]string{{"outbound-interface"}, {"outbound-interface", "name"}, {"translation", "address"}, {"type"}} {
				c.value(r, words...)
			}
			c.nats = append(c.nats, n)
		}
	}
}

func (c *vyos) match(r *wordNode, end string) vyosMatch {
	n := r.at(end)
	v := c.value(r, end, "address")
	if n != nil && n.at("port") != nil || n.at("group") != nil {
		return vyosMatch{unknown: true}
	}
	if v.Origin == Unset {
		return vyosMatch{any: true}
	}
	text, but := strings.CutPrefix(v.V, "!")
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return vyosMatch{unknown: true}
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	return vyosMatch{prefix: p.Masked(), but: but}
}

// takes reports whether the match takes all addresses of a selector, and
// whether it takes none.
func (m vyosMatch) takes(s ike.Selector) (all, none bool) {
	switch {
	case m.unknown || !s.IsValid() || s.Dynamic:
		return false, false
	case m.any:
		return true, false
	}
	p := ike.SelectorPrefix(m.prefix)
	inside := ike.Selector{From: s.From, To: s.To}
	all, none = p.Contains(inside), !p.Overlaps(inside)
	if m.but {
		all, none = none, all
	}
	return all, none
}

// translated returns the rule of source NAT that takes all of a child's
// traffic; Unset where none does, or it is not certain.
func (c *vyos) translated(local, remote Selector) (v Value[string]) {
	for i := range c.nats {
		n := &c.nats[i]
		if c.steps++; c.steps > maxNATSteps {
			return v
		}
		all1, none1 := n.source.takes(local.Selector)
		all2, none2 := n.dest.takes(remote.Selector)
		switch {
		case none1 || none2:
			continue
		case !all1 || !all2:
			if n.exclude {
				return v // part of it is left alone
			}
			continue
		case n.exclude:
			return v
		}
		return Value[string]{V: "rule " + n.rule.word, At: c.pos(n.rule), Origin: Inherited, Key: "nat source"}
	}
	return v
}
