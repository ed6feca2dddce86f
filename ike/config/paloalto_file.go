package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The configuration of PAN-OS, as set commands, XML or in braces: an IKE gateway
// is a Connection, each proxy ID of the tunnels that use it a Child.
//
// A gateway or profile of the web interface is written in full; the defaults
// here are those of its forms, of PAN-OS 8 to 11. What a file leaves out and the
// documentation does not tell is open.

// palo is one configuration being read.
type palo struct {
	s       *source
	net     *paloNode // the network being read: of the device or of a template
	gateway map[string]int
}

func (s *source) paloAlto(name string, b []byte) {
	r := &paloReader{s: s, name: name}
	r.read(b)
	if s.c.Version == "" {
		s.c.Version = r.version
	}
	c := &palo{s: s}
	c.scopes(&r.root, 0)
	for _, n := range r.root.kids {
		if !n.taken {
			st := Statement{At: n.at, Word: hasWord(paloTrees, n.name)}
			if st.Word {
				st.Key = n.name
			}
			s.c.Unknown = append(s.c.Unknown, st)
		}
	}
}

// scopes finds the networks: that of the device, those of templates.
func (c *palo) scopes(n *paloNode, depth int) {
	if n.index["ike"] != nil && (n.index["ike"].index["gateway"] != nil || n.index["ike"].index["crypto-profiles"] != nil) {
		n.taken = true
		c.network(n)
		return
	}
	if depth > c.s.lim.Depth {
		return
	}
	for _, k := range n.kids {
		if c.scopes(k, depth+1); k.taken {
			n.taken = true
		}
	}
}

func (c *palo) network(n *paloNode) {
	c.net, c.gateway = n, map[string]int{}
	if g := n.get("ike", "gateway"); g != nil {
		list := g.kids
		if c.s.full && len(list) > 1 { // the last was cut apart
			list = list[:len(list)-1]
		}
		for _, e := range list {
			if !c.s.room(e.at) {
				break
			}
			c.gateway[e.name] = len(c.s.c.Connections)
			c.s.c.Connections = append(c.s.c.Connections, c.connection(e))
		}
	}
	if t := n.get("tunnel", "ipsec"); t != nil {
		for _, e := range t.kids {
			c.tunnel(e)
		}
	}
	for _, e := range kidsOf(n.get("ike", "gateway")) {
		i, ok := c.gateway[e.name]
		if !ok {
			break
		}
		c.s.c.Connections[i].Unknown = c.leftovers(e, "ike gateway", 0, nil)
	}
	for _, e := range kidsOf(n.get("tunnel", "ipsec")) {
		c.s.c.Unknown = c.leftovers(e, "tunnel ipsec", 0, c.s.c.Unknown)
	}
}

func kidsOf(n *paloNode) []*paloNode {
	if n == nil {
		return nil
	}
	return n.kids
}

// leftovers lists what nobody took below a node. Only the format's own words
// show.
func (c *palo) leftovers(n *paloNode, section string, depth int, out []Statement) []Statement {
	for _, k := range n.kids {
		switch {
		case k.taken && depth < 16:
			out = c.leftovers(k, section, depth+1, out)
		case !k.taken:
			st := Statement{Section: section, At: k.at, Word: hasWord(paloWordList, k.name)}
			if st.Word {
				st.Key = k.name
			} else if c.s.c.Recognized > 0 {
				c.s.c.Recognized-- // its command was counted
			}
			out = append(out, st)
		}
	}
	return out
}

func (c *palo) refer(kind, in string, v Value[string], to *paloNode) {
	ref := SectionRef{Kind: kind, Name: v.V, In: in, At: v.At, Defined: to != nil}
	if to != nil {
		ref.Def = to.at
	}
	c.s.c.SectionRefs = append(c.s.c.SectionRefs, ref)
}

// picked converts a setting; where there is none, or it is not understood, the
// default stands.
func picked[T any](c *palo, n *paloNode, def T, conv func(string) (T, bool), path ...string) Value[T] {
	v := n.value(path...)
	out := Value[T]{V: def, At: v.At, Origin: Default, Key: v.Key}
	if v.Origin == Unset || v.V == "" {
		return out
	}
	x, ok := conv(v.V)
	if !ok {
		c.s.problem(v.At, v.Key, ErrValue)
		return out
	}
	return spelt(v, x)
}

// suites are the proposals of the gateway's IKE crypto profile.
func (c *palo) suites(k *Connection, g *paloNode, version string) {
	name := g.value("protocol", version, "ike-crypto-profile")
	if name.V == "" {
		name.V = "default"
	}
	p := c.net.get("ike", "crypto-profiles", "ike-crypto-profiles", name.V)
	if name.Origin != Unset && (p != nil || name.V != "default") {
		c.refer("ike-crypto-profile", g.name, name, p)
	}
	life := c.lifetime(p, "8", 28800, g.at)
	k.Lifetime = IKELifetime{Total: life, Reauth: life, Rekey: defaulted("lifetime", uint32(0))}
	if p == nil {
		k.Proposals = builtIn("ike-crypto-profile", name.V, ike.ProtocolIKE)
		k.Proposals.At = name.At
		return
	}
	enc, hash, group := p.value("encryption"), p.value("hash"), p.value("dh-group")
	q := ike.Proposal{Protocol: ike.ProtocolIKE}
	c.fill(&q, ike.AttrEncryption, enc, p.words("encryption"))
	c.fill(&q, ike.AttrHash, hash, p.words("hash"))
	c.fill(&q, ike.AttrGroup, group, p.words("dh-group"))
	for _, i := range q.Integrity {
		if f := i.PRF(); f != ike.PRFNone {
			q.PRF = append(q.PRF, f)
		}
	}
	if k.Local.Auth.V == AuthPSK {
		q.Auth = []ike.AuthMethod{ike.AuthPSK}
	}
	terms := Terms{ike.AttrEncryption: enc, ike.AttrKeyLength: enc, ike.AttrHash: hash, ike.AttrGroup: group, ike.AttrAuth: as(k.Local.Auth, k.Local.Auth.Text)}
	k.Proposals = c.listed(enc, []Value[string]{enc, hash, group}, q, terms)
}

// fill adds the words of a setting to a proposal; where there is none it is
// open.
func (c *palo) fill(p *ike.Proposal, attr ike.Attribute, v Value[string], words []string) {
	if v.V == "" {
		p.Open = p.Open.With(attr)
	}
	for _, w := range words[:min(len(words), maxListed)] {
		switch {
		case attr == ike.AttrHash && w == "non-auth": // beside a combined mode
		case attr == ike.AttrGroup && w == "no-pfs":
		case !p.Add(attr, w, ike.DialectPaloAlto):
			c.s.problem(v.At, v.Key, ErrValue)
		}
	}
}

// listed makes the list of a profile.
func (c *palo) listed(from Value[string], parts []Value[string], p ike.Proposal, t Terms) Value[Proposals] {
	var text []string
	for _, v := range parts {
		if v.V != "" {
			text = append(text, v.Key+" "+clip(v.V))
		}
		if from.Origin == Unset {
			from = v
		}
	}
	out := Proposals{Text: strings.Join(text, ", "), Strict: true}
	for _, q := range splitCombined(p) {
		out.List, out.Terms = append(out.List, q), append(out.Terms, t)
	}
	v := Value[Proposals]{V: out, At: from.At, Origin: Inherited, Key: from.Key}
	if from.Origin == Unset {
		v.Origin = Default
	}
	return v
}

// lifetime reads a time in its unit.
func (c *palo) lifetime(p *paloNode, text string, def uint32, at Pos) Value[uint32] {
	for unit, n := range map[string]uint32{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400} {
		if v := p.value("lifetime", unit); v.V != "" {
			x, err := strconv.ParseUint(v.V, 10, 16)
			if err != nil {
				c.s.problem(v.At, v.Key, ErrValue)
				break
			}
			out := as(v, uint32(x)*n)
			out.Key, out.Text = "lifetime", unit+" "+v.V
			return out
		}
	}
	if p != nil {
		at = p.at
	}
	return Value[uint32]{V: def, At: at, Origin: Default, Key: "lifetime", Text: "hours " + text}
}

// paloTrees are the words of the top level.
const paloTrees = "address address-group application application-filter application-group config deviceconfig device-group display-name email-scheduler external-list global-protect import log-collector log-collector-group log-settings " +
	"mgt-config mlav-exception network panorama pdf-summary-report policy predefined profile-group profiles readonly region report-group reports response rulebase schedule service service-group shared tag template template-stack " +
	"threats user-id-agent userid vsys wildfire-appliance zone"

// paloWordList are words of gateways and tunnels that have no field.
const paloWordList = "comment ipv6 ikev2 ikev1 require-cookie authentication-multiple keep-alive-interval udp-checksum-enable allow-id-payload-mismatch strict-validation-revocation use-management-as-source dpd enable retry " +
	"interval tunnel-monitor tunnel-interface anti-replay anti-replay-window copy-tos copy-flow-label manual-key global-protect-satellite destination-ip proxy-id tunnel-monitor-profile disabled enable-gre-encapsulation " +
	"nat-traversal fragmentation matching dynamic ipsec-mode exchange-mode ike-crypto-profile hash-and-url base-url pq-ppk pq-kem proxy-id-v6 protocol local remote"
