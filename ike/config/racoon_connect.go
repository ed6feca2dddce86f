package config

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Connections of racoon: a remote section for each peer that the policies know.

// connections makes the Connections, anew where policies have come.
func (r *racoon) connections() {
	c := r.s.c
	c.Connections = nil
	r.s.kids = 0
	out := r.outgoing()
	byPeer := map[netip.Addr][]*setkeyPolicy{}
	var peers []netip.Addr // in the order of the file
	for i := range out {
		_, peer := out[i].ends()
		if _, ok := byPeer[peer]; !ok {
			peers = append(peers, peer)
		}
		byPeer[peer] = append(byPeer[peer], &out[i])
	}
	named := map[netip.Addr]bool{}
	for _, x := range r.remotes {
		if a := parseAddress(x.peer.V); x.peer.Origin != Unset && a.Kind == AddressHost {
			named[a.First] = true
		}
	}
	lonely, stray := r.stray(peers, byPeer, named)
	for _, x := range r.remotes {
		if r.s.full {
			return
		}
		if !x.any {
			a, _ := netip.ParseAddr(x.peer.V)
			r.add(x, a.Unmap(), byPeer[a.Unmap()])
			if n := len(c.Connections); x == lonely && n > 0 {
				_, peer := stray.ends()
				c.Connections[n-1].Found = append(c.Connections[n-1].Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: "remote " + peer.String(),
					Setting: Setting{Key: "spdadd", Text: stray.text, At: stray.at, Origin: Written}})
			}
			continue
		}
		for _, p := range peers {
			if p.IsValid() && !named[p] {
				r.add(x, p, byPeer[p])
			}
		}
		if generates := x.set.get("generate_policy", "off"); len(c.Connections) == 0 || generates.V != "off" || !r.setkey {
			r.add(x, netip.Addr{}, nil)
		}
	}
}

// stray finds a policy whose peer has no remote section, which racoon does not
// negotiate, where one remote section alone has no policy: the two are meant for
// each other.
func (r *racoon) stray(peers []netip.Addr, byPeer map[netip.Addr][]*setkeyPolicy, named map[netip.Addr]bool) (lonely *racoonRemote, policy *setkeyPolicy) {
	for _, p := range peers {
		if p.IsValid() && !named[p] && policy == nil {
			policy = byPeer[p][0]
		}
	}
	if policy == nil {
		return nil, nil
	}
	for _, x := range r.remotes {
		a := parseAddress(x.peer.V)
		switch {
		case x.any || a.Kind != AddressHost || x.set.get("generate_policy", "off").V != "off":
			return nil, nil // it may be for that peer, or makes its own
		case len(byPeer[a.First]) > 0:
		case lonely != nil:
			return nil, nil
		default:
			lonely = x
		}
	}
	return lonely, policy
}

// outgoing returns the policies for what goes out; for what only comes in, as
// seen from there.
func (r *racoon) outgoing() (out []setkeyPolicy) {
	type pair struct{ src, dst string }
	seen := map[pair]bool{}
	key := func(p *setkeyPolicy) pair { return pair{p.src.String(), p.dst.String()} }
	for i := range r.policies {
		if p := &r.policies[i]; p.out && p.action == Protect && len(p.protos) > 0 && !seen[key(p)] {
			seen[key(p)] = true
			out = append(out, *p)
		}
	}
	for i := range r.policies {
		if p := r.policies[i].mirrored(); !p.out && p.action == Protect && len(p.protos) > 0 && !seen[key(&p)] {
			seen[key(&p)] = true
			out = append(out, p)
		}
	}
	return out
}

// add makes the connection of a remote section with a peer, the invalid address
// being anybody.
func (r *racoon) add(x *racoonRemote, peer netip.Addr, policies []*setkeyPolicy) {
	if !r.s.connection(len(r.s.c.Connections), x.at) {
		return
	}
	c := Connection{Name: racoonIndex(x.name, x.port), At: x.at, Dialect: Racoon, InitiateVersion: IKEv1, Unknown: x.rest}
	c.Version = defaulted("exchange_mode", IKEv1)
	c.Remote.Addresses = defaulted("remote", []Address{{Text: "anonymous"}})
	c.Remote.Port = Value[uint16]{V: x.port, At: x.at, Origin: Written, Key: "remote"}
	c.Local.Addresses = r.local
	if x.peer.Origin != Unset {
		c.Remote.Addresses = spelt(x.peer, []Address{parseAddress(x.peer.V)})
	}
	if len(policies) > 0 {
		local, _ := policies[0].ends()
		from := Value[string]{At: policies[0].at, Origin: Inherited, Key: "spdadd"}
		if x.any {
			c.Remote.Addresses = as(from, []Address{{Kind: AddressHost, Text: peer.String(), First: peer}})
		}
		if local.IsValid() && !listens(c.Local.Addresses.V, local) {
			c.Local.Addresses = as(from, []Address{{Kind: AddressHost, Text: local.String(), First: local}})
		}
	}
	if v, ok := x.set["local_address"]; ok {
		c.Local.Addresses = spelt(v, []Address{parseAddress(v.V)})
	}
	r.modes(&c, x)
	r.proposals(&c, x)
	r.identities(&c, x)
	r.settings(&c, x)
	c.Children = r.children(&c, x, policies)
	c.Found = append(c.Found, x.broken...)
	r.s.c.Connections = append(r.s.c.Connections, c)
}

// maxListen bounds the addresses that are kept of those that racoon listens on.
const maxListen = 64

// own returns the addresses that racoon listens on, any where it is not told.
func (r *racoon) own() Value[[]Address] {
	out := defaulted("isakmp", []Address{{Text: "any"}})
	for _, v := range r.listen {
		a := parseAddress(v.V)
		if a.Kind != AddressHost || len(out.V) > maxListen || slices.ContainsFunc(out.V, func(b Address) bool { return b.First == a.First }) {
			continue
		}
		if out.Origin == Default {
			out = as(v, []Address(nil))
			out.Origin = Inherited
		}
		out.V = append(out.V, a)
	}
	return out
}

// listens reports whether a is the one address of a list.
func listens(list []Address, a netip.Addr) bool {
	return len(list) == 1 && list[0].Kind == AddressHost && list[0].First == a
}

// settings reads what a remote section says besides.
func (r *racoon) settings(c *Connection, x *racoonRemote) {
	c.Lifetime.Total = r.seconds(x.set, 28800)
	for _, p := range x.props[:min(1, len(x.props))] {
		if _, ok := p.set["lifetime time"]; ok {
			c.Lifetime.Total = r.seconds(p.set, 28800)
		}
	}
	c.Lifetime.Rekey = Value[uint32]{V: c.Lifetime.Total.V, Origin: Default, Key: c.Lifetime.Total.Key}
	check := x.set.get("proposal_check", "strict")
	c.ProposalCheck = spelt(check, ProposalCheck(max(0, slices.Index(checkNames[:], check.V))))
	if c.ProposalCheck.V == CheckNone {
		r.problem(check.At, check.Key, ErrValue)
		c.ProposalCheck = defaulted(check.Key, CheckStrict)
	}
	c.DPD.Delay = r.number(x.set, "dpd_delay", 0)
	if on := r.flag(x.set, "dpd", true); !on.V {
		c.DPD.Delay = as(on, uint32(0))
	}
	tries := r.number(x.set, "dpd_maxfail", 5)
	c.DPD.Timeout = as(tries, uint32(min(uint64(tries.V)*uint64(r.number(x.set, "dpd_retry", 5).V), 1<<32-1)))
	c.DPD.Action = defaulted("dpd_delay", "clear")
	// Apple's racoon does both of these without being told.
	c.Encap = Value[Encap]{Key: "nat_traversal"}
	if v, ok := x.set["nat_traversal"]; ok {
		if v.V == "force" {
			c.Encap = spelt(v, EncapForce)
		} else if on, ok := boolean(v.V); ok && on {
			c.Encap = spelt(v, EncapAuto)
		} else {
			c.Encap = spelt(v, EncapNever)
		}
	}
	// Without ike_frag it still sends fragments to a peer that says that it
	// takes them.
	c.Fragmentation = Value[Fragmentation]{V: FragmentAccept, Key: "ike_frag"}
	if v, ok := x.set["ike_frag"]; ok {
		f, ok := fragmentation(v.V)
		if !ok {
			r.problem(v.At, v.Key, ErrValue)
		}
		c.Fragmentation = spelt(v, f)
	}
	c.Rekey = defaulted("rekey", true)
	if v, ok := x.set["rekey"]; ok {
		c.Rekey = spelt(v, v.V != "off")
	}
	c.Push, c.Unique, c.Tries = defaulted("mode_cfg", false), defaulted("initial_contact", "no"), defaulted("counter", uint32(5))
	passive := r.flag(x.set, "passive", false)
	c.Start = as(passive, StartTrap)
	if passive.V {
		c.Start.V = StartNone
	}
	if v, ok := x.set["xauth_login"]; ok {
		c.Local.XAuthID = v
	}
	if f := x.set.get("certificate_type", ""); strings.HasPrefix(f.V, "x509 ") {
		cert, _, _ := strings.Cut(strings.TrimPrefix(f.V, "x509 "), " ")
		c.Local.Certs = spelt(f, []string{cert})
	}
	if f, ok := x.set["send_cert"]; ok {
		c.Local.SendCert = spelt(f, SendCertAlways)
		if f.V == "off" {
			c.Local.SendCert.V = SendCertNever
		}
	}
	if f, ok := x.set["ca_type"]; ok {
		c.Remote.CAs = spelt(f, []string{strings.TrimPrefix(f.V, "x509 ")})
	}
	if on := r.flag(x.set, "mode_cfg", false); on.V && c.XAuth.V != XAuthServer {
		c.Local.VirtualIPs = as(on, []string{"mode_cfg"})
	}
	if c.XAuth.V == XAuthServer && r.network.Origin != Unset {
		c.Remote.VirtualIPs = r.network
	}
	if _, ok := x.set[RacoonShared]; ok {
		c.Keyrings = Value[[]string]{V: []string{r.ringOf(x)}, At: x.at, Origin: Written, Key: RacoonShared}
	}
	if c.Local.Auth.V == AuthPubkey && c.Local.ID.V.FromCert {
		c.Local.ID.Origin = max(c.Local.ID.Origin, Written)
	}
}

// children returns a connection's children: one for each policy, or without
// policies for each sainfo that may be for it.
func (r *racoon) children(c *Connection, x *racoonRemote, policies []*setkeyPolicy) (out []Child) {
	for _, p := range policies {
		if !r.s.child(p.at) {
			return out
		}
		out = append(out, r.policyChild(c, x, p))
	}
	if len(out) > 0 {
		return out
	}
	for sa := range r.sainfosOf(x) {
		if !r.s.child(sa.at) {
			return out
		}
		k := r.child(sa)
		k.Start = c.Start
		from := Value[string]{At: sa.at, Key: "sainfo"}
		unknown := as(from, []Selector{{Text: sa.text, Bad: true}})
		k.Local, k.Remote = unknown, unknown
		if !sa.open && !sa.any {
			from.Origin = Written
			k.Local = spelt(from, []Selector{{Selector: sa.src, Text: sa.src.String()}})
			k.Remote = spelt(from, []Selector{{Selector: sa.dst, Text: sa.dst.String()}})
			k.Local.Text, k.Remote.Text = k.Local.V[0].Text, k.Remote.V[0].Text
		}
		k.Mode = Value[ike.Mode]{V: ike.ModeNone, Key: "spdadd"}
		out = append(out, k)
	}
	return out
}

// sainfosOf returns the sainfo sections that may be for the peers of a remote
// section.
func (r *racoon) sainfosOf(x *racoonRemote) iter.Seq[*racoonSainfo] {
	return func(yield func(*racoonSainfo) bool) {
		for _, sa := range r.byRemote[""] {
			if !yield(sa) {
				return
			}
		}
		if id, ok := x.set["ph1id"]; ok {
			for _, sa := range r.byRemote[id.V] {
				if !yield(sa) {
					return
				}
			}
		}
	}
}

// sainfoFor returns the sainfo that racoon takes for a policy: one for the
// remote section alone before one for any, and one for its very subnets before
// an anonymous one; nil where there is none.
func (r *racoon) sainfoFor(x *racoonRemote, p *setkeyPolicy) *racoonSainfo {
	src, dst := p.src.String(), p.dst.String()
	pairs := []racoonPair{{"", src, dst}, {}}
	if id, ok := x.set["ph1id"]; ok {
		pairs = []racoonPair{{id.V, src, dst}, {remote: id.V}, {"", src, dst}, {}}
	}
	for _, at := range pairs {
		list := r.sainfos[at]
		if i := slices.IndexFunc(list[:min(len(list), maxMissing)], func(sa *racoonSainfo) bool { return sa.from.Origin != Unset }); i >= 0 {
			return list[i]
		}
		if len(list) > 0 {
			return list[0]
		}
	}
	return nil
}

// policyChild makes the child of a policy.
func (r *racoon) policyChild(c *Connection, x *racoonRemote, p *setkeyPolicy) Child {
	best := r.sainfoFor(x, p)
	var k Child
	if best == nil {
		k = r.child(&racoonSainfo{at: p.at, proposals: builtIn("sainfo", "none", ike.ProtocolESP)})
		if !r.open {
			c.Found = append(c.Found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: "sainfo", Setting: Setting{Key: "spdadd", Text: p.text, At: p.at, Origin: Written}})
		}
	} else {
		k = r.child(best)
	}
	k.At, k.Name, k.Start = p.at, p.text, c.Start
	from := Value[string]{At: p.at, Origin: Written, Key: "spdadd"}
	k.Local = as(from, []Selector{{Selector: p.src, Text: p.src.String()}})
	k.Remote = as(from, []Selector{{Selector: p.dst, Text: p.dst.String()}})
	k.Mode = as(from, ike.ModeNone)
	base := k.Proposals.V
	k.Proposals.V.List, k.Proposals.V.Terms = nil, nil
	for _, proto := range p.protos {
		if proto.name == "ipcomp" {
			k.IPComp = as(from, true)
			continue
		}
		k.Mode.V = max(k.Mode.V, proto.mode)
		if proto.mode == ike.ModeTunnel {
			k.Mode.V = ike.ModeTunnel
		}
		q := base.List[0].Clone()
		if proto.name == "ah" {
			q.Protocol, q.Ciphers = ike.ProtocolAH, nil
			q.Open = 0
		}
		q.Bundled = len(k.Proposals.V.List) > 0
		k.Proposals.V.List = append(k.Proposals.V.List, q)
		if len(base.Terms) > 0 {
			k.Proposals.V.Terms = append(k.Proposals.V.Terms, base.Terms[0])
		}
	}
	if len(k.Proposals.V.List) == 0 {
		k.Proposals.V = base
	}
	return k
}
