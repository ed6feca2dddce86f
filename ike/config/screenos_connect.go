package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The connections of ScreenOS.

// connections makes the Connections.
func (c *screenOS) connections() {
	uses := map[string][]*screenPolicy{}
	for _, p := range c.policies {
		if !p.off {
			uses[p.vpn] = append(uses[p.vpn], p)
		}
	}
	vpns := c.vpns
	if c.s.full && len(vpns) > 0 { // the last lacks what it may have had
		vpns = vpns[:len(vpns)-1]
	}
	c.s.c.Connections = slices.Grow(c.s.c.Connections, min(len(vpns), c.s.lim.Connections))
	for _, v := range vpns {
		if v.gone || v.gateway.Origin == Unset { // keys by hand
			continue
		}
		if !c.s.connection(len(c.s.c.Connections), v.at) {
			return
		}
		c.s.c.Connections = append(c.s.c.Connections, c.connection(v, uses[v.name]))
	}
}

// connection makes the connection of a vpn.
func (c *screenOS) connection(v *screenVPN, uses []*screenPolicy) Connection {
	k := Connection{Name: v.name, At: v.at, Dialect: ScreenOS, InitiateVersion: IKEv1}
	g := c.gateways[v.gateway.V]
	c.s.c.SectionRefs = append(c.s.c.SectionRefs, SectionRef{Kind: "ike gateway", Name: v.gateway.V, In: "vpn " + v.name, At: v.gateway.At, Def: c.gateways[v.gateway.V].begin(), Defined: g != nil})
	if g == nil {
		if len(c.gateways) > 0 {
			k.Found = append(k.Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: v.gateway.V, Setting: settingOf(v.gateway, v.gateway.V)})
		}
		g = &screenGateway{}
	}
	c.phase1(g, v, &k)
	switch {
	case k.Remote.AnyAddress():
		k.Start = defaulted("monitor", StartNone)
	case v.monitor:
		k.Start = defaulted("monitor", StartNow)
	default:
		k.Start = defaulted("monitor", StartTrap)
	}
	c.children(g, v, uses, &k)
	return k
}

func (c *screenOS) phase1(g *screenGateway, v *screenVPN, k *Connection) {
	k.Version = Value[Version]{V: IKEv1, Origin: Default, Key: "gateway", At: g.at}
	if g.v2.Origin != Unset {
		k.Version, k.InitiateVersion = as(g.v2, IKEv2), IKEv2
	}
	k.Aggressive = g.aggressive
	if k.Aggressive.Origin == Unset {
		k.Aggressive = Value[bool]{Origin: Default, Key: "mode", At: g.at}
	}
	var first *screenProposal
	k.Proposals, first = c.suite(g.proposals, g.level, ike.ProtocolIKE, c.p1, "gateway "+v.gateway.V, k)
	k.Lifetime.Total, k.Lifetime.Reauth = first.life, first.life
	k.Lifetime.Rekey = Value[uint32]{Key: first.life.Key}
	auth := Value[Auth]{Key: "preshare", At: g.at}
	switch {
	case g.key:
		auth = Value[Auth]{V: AuthPSK, At: g.at, Origin: Inherited, Key: "preshare"}
		k.Keyrings = Value[[]string]{V: []string{"gateway " + v.gateway.V}, At: g.at, Origin: Inherited, Key: "preshare"}
	case g.cert.Origin != Unset:
		auth = as(g.cert, AuthPubkey)
	}
	k.Local.Auth, k.Remote.Auth = auth, auth
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	k.XAuth = defaulted("xauth", XAuthNone)
	switch {
	case g.client.Origin != Unset:
		k.XAuth, k.Local.XAuthID = as(g.client, XAuthClient), g.client
	case g.xa.V:
		k.XAuth = as(g.xa, XAuthServer)
	}
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, Origin: Default, Key: "address", At: g.at}
	if g.address.Origin != Unset {
		k.Remote.Addresses = as(g.address, []Address{parseAddress(g.address.V)})
	}
	k.Local.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, Origin: Default, Key: "outgoing-interface", At: g.at}
	if a := c.addrs[g.out.V]; a.Origin != Unset {
		k.Local.Addresses = as(a, []Address{{Kind: AddressHost, Text: a.V.String(), First: a.V.Unmap()}})
	}
	if g.local.Origin != Unset {
		k.Local.Addresses = as(g.local, []Address{parseAddress(g.local.V)})
	}
	if g.out.Origin != Unset {
		k.Interfaces = as(g.out, []string{g.out.V})
	}
	k.Local.ID, k.Remote.ID = hostIdentity("local-id", &k.Local), hostIdentity("id", &k.Remote)
	if auth.V == AuthPubkey {
		k.Local.ID, k.Remote.ID = certIdentity("local-id"), defaulted("id", ike.Identity{Any: true})
	}
	k.Local.ID.At, k.Remote.ID.At = g.at, g.at
	if g.localID.Origin != Unset {
		k.Local.ID = spelt(g.localID, ike.ParseIdentity(g.localID.V, ike.DialectAny))
	}
	if g.peerID.Origin != Unset {
		k.Remote.ID = as(g.peerID, ike.Identity{Any: true}) // a user or group of users
		if g.dynamic {
			k.Remote.ID = spelt(g.peerID, ike.ParseIdentity(g.peerID.V, ike.DialectAny))
		}
	}
	k.DPD = DPD{Delay: defaulted("dpd interval", uint32(0)), Timeout: Value[uint32]{Key: "dpd retry"}, Action: defaulted("dpd", "clear")}
	if g.dpd.Origin != Unset {
		k.DPD.Delay = g.dpd
	}
	k.Encap = g.natt
	if g.natt.Origin == Unset { // which it is without a word changed over releases
		k.Encap = Value[Encap]{Key: "nat-traversal"}
	}
	k.Fragmentation = Value[Fragmentation]{Key: "fragmentation"}
	k.Rekey, k.Push, k.Unique, k.Tries = defaulted("", true), defaulted("", false), defaulted("", "no"), defaulted("", uint32(0))
}

func (c *screenOS) children(g *screenGateway, v *screenVPN, uses []*screenPolicy, k *Connection) {
	kid := Child{Name: v.name, At: v.at, Start: k.Start, Action: defaulted("", Protect), Mode: v.mode, Inactivity: v.idle}
	var first *screenProposal
	kid.Proposals, first = c.suite(v.proposals, v.level, ike.ProtocolESP, c.p2, "vpn "+v.name, k)
	kid.Lifetime.Life, kid.Lifetime.LifeBytes = first.life, first.kb
	kid.IPComp, kid.SHA256Bits96 = defaulted("", false), defaulted("", false)
	kid.ReplayWindow = v.window
	kid.DPDAction, kid.CloseAction = defaulted("dpd", "clear"), defaulted("", "none")
	add := func(x Child) bool {
		if !c.s.child(x.At) {
			return false
		}
		x.Proposals.V.List = ike.CloneProposals(kid.Proposals.V.List)
		k.Children = append(k.Children, x)
		return true
	}
	switch {
	case v.localNet.Origin != Unset:
		kid.Local, kid.Remote = c.net(v.localNet, v.service), c.net(v.remoteNet, v.service)
		add(kid)
	case strings.HasPrefix(v.bind.V, "tunnel"):
		all := everything(false)
		kid.Local = Value[[]Selector]{V: []Selector{{Selector: all, Text: all.String()}}, At: v.at, Origin: Default, Key: "proxy-id"}
		kid.Remote, kid.Routed = kid.Local, true
		add(kid)
	default:
		outside := c.zones[g.out.V]
		seen := map[string]bool{}
		for _, p := range uses {
			local, remote := c.named(p, p.from, p.src), c.named(p, p.to, p.dst)
			if outside != "" && p.from == outside && p.to != outside || outside == "" && seen[selectorText(remote.V)+"|"+selectorText(local.V)] {
				local, remote = remote, local
			}
			key := selectorText(local.V) + "|" + selectorText(remote.V)
			if seen[key] {
				continue
			}
			seen[key] = true
			x := kid
			x.Name, x.At, x.Local, x.Remote = "policy "+p.id, p.at, local, remote
			if !add(x) {
				return
			}
		}
		if len(k.Children) == 0 {
			kid.Local, kid.Remote = dynamic("proxy-id"), dynamic("proxy-id")
			add(kid)
			if len(c.policies) > 0 && v.bind.Origin == Unset && !v.monitor {
				key := "vpn " + v.name
				k.Unbound = Value[bool]{V: true, At: v.at, Origin: Default, Key: key}
				k.Found = append(k.Found, Issue{Kind: IssueUnbound, Effect: Fails, Child: -1, Subject: key, Key: "bind interface", Setting: Setting{Key: key, At: v.at, Origin: Written}})
			}
		}
	}
}

// net reads one end of a proxy identity; a service that is not any is not
// understood.
func (c *screenOS) net(v, service Value[string]) Value[[]Selector] {
	if v.Origin == Unset {
		return dynamic("proxy-id")
	}
	s, err := ike.ParseSelector(v.V)
	if err != nil {
		c.s.problem(v.At, v.Key, wrong("a traffic selector"))
	}
	other := service.Origin != Unset && !strings.EqualFold(service.V, "any")
	return as(v, []Selector{{Selector: s, Text: v.V, Bad: err != nil || other}})
}

// named returns what a policy calls an address of a zone.
func (c *screenOS) named(p *screenPolicy, zone, name string) Value[[]Selector] {
	at := Value[string]{V: name, At: p.at, Origin: Inherited, Key: "policy"}
	if strings.EqualFold(name, "any") {
		all := everything(false)
		return as(at, []Selector{{Selector: all, Text: name}})
	}
	v, ok := c.book[[2]string{zone, name}]
	if !ok {
		return as(at, []Selector{{Text: name, Bad: true}}) // a group, or not shown
	}
	s, err := ike.ParseSelector(v.V)
	bad := err != nil || !strings.EqualFold(p.service, "any")
	return as(inherited(v), []Selector{{Selector: s, Text: v.V, Bad: bad}})
}
