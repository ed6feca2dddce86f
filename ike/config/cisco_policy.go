package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 1 of Cisco's products: policies, and how the ends authenticate.

// ciscoPolicy is an isakmp policy: one proposal, whose parts stand in lines of
// their own.
type ciscoPolicy struct {
	n     int
	key   string // the command
	at    Pos
	prop  ike.Proposal
	terms Terms
	auth  Value[Auth]
	life  Value[uint32]
}

// policyParts are what a policy is made of. moves: the default is another in
// later releases.
var policyParts = [...]struct {
	attr  ike.Attribute
	key   string
	moves bool
}{{ike.AttrEncryption, "encryption", true}, {ike.AttrHash, "hash", true}, {ike.AttrAuth, "authentication", false}, {ike.AttrGroup, "group", true}}

// policy reads a policy, whose number is the word at an index. The lifetime that
// it does not state is a day.
func (c *cisco) policy(sec *ciscoSection, i int) {
	n, err := strconv.Atoi(sec.arg(i))
	if err != nil {
		c.s.problem(sec.at, c.policyKey, wrong("a number"))
		return
	}
	set := map[ike.Attribute]Value[string]{}
	p := ciscoPolicy{n: n, key: sec.head(i + 1), at: sec.at, life: worded(defaulted("lifetime", uint32(86400)), "86400")}
	for j := range sec.subs {
		l := &sec.subs[j]
		w := strings.ToLower(l.words[0])
		abbreviates := func(full string) bool { return len(w) >= 3 && strings.HasPrefix(full, w) }
		v := l.value(w, strings.ToLower(strings.Join(l.rest(1), " ")))
		switch {
		case abbreviates("encryption"):
			v.Key = "encryption"
			set[ike.AttrEncryption] = v
		case abbreviates("authentication"):
			v.Key = "authentication"
			set[ike.AttrAuth] = v
		case abbreviates("hash"):
			set[ike.AttrHash] = v
		case abbreviates("group"):
			set[ike.AttrGroup] = v
		case abbreviates("lifetime"):
			if v.V == "none" { // ASA
				p.life = spelt(v, uint32(0))
				break
			}
			p.life = c.number(l, 1, p.life)
		default:
			continue
		}
		l.taken = true
	}
	c.finishPolicy(&p, set)
	// The number is a name: what is given again replaces what was.
	if i, ok := c.policyAt[n]; ok {
		c.policies[i] = p
		return
	}
	c.policyAt[n] = len(c.policies)
	c.policies = append(c.policies, p)
}

func (c *cisco) finishPolicy(p *ciscoPolicy, set map[ike.Attribute]Value[string]) {
	p.prop = ike.Proposal{Protocol: ike.ProtocolIKE}
	p.terms = Terms{}
	for i, x := range policyParts {
		v, ok := set[x.attr]
		if !ok {
			v = defaulted(x.key, c.policyDefaults[i])
			v.At = p.at
			if x.moves && c.moved() {
				v = Value[string]{Key: x.key, At: p.at}
			}
		}
		p.terms[x.attr] = v
		switch {
		case v.Origin == Unset:
			p.prop.Open = p.prop.Open.With(x.attr)
		case !p.add(x.attr, v.V):
			c.s.problem(v.At, v.Key, ErrValue)
		}
	}
	auth := p.terms[ike.AttrAuth]
	p.auth = spelt(auth, AuthPubkey)
	if strings.HasPrefix(auth.V, "pre") {
		p.auth.V = AuthPSK
	}
}

func (p *ciscoPolicy) add(attr ike.Attribute, v string) bool {
	switch attr {
	case ike.AttrAuth:
		switch {
		case strings.HasPrefix(v, "pre"):
			p.prop.Auth = append(p.prop.Auth, ike.AuthPSK)
		case v == "rsa-sig":
			p.prop.Auth = append(p.prop.Auth, ike.AuthRSA)
		case v == "rsa-encr":
			p.prop.Auth = append(p.prop.Auth, ike.AuthRSAEnc)
		default:
			return p.prop.Add(attr, v, ike.DialectCisco)
		}
		return true
	case ike.AttrGroup:
		g, ok := ciscoGroupWord(v)
		if ok {
			p.prop.Groups = append(p.prop.Groups, g)
		}
		return ok
	}
	return p.prop.Add(attr, v, ike.DialectCisco)
}

// sortPolicies puts the policies in the order in which they are offered.
func (c *cisco) sortPolicies() {
	slices.SortStableFunc(c.policies, func(a, b ciscoPolicy) int { return a.n - b.n })
}

// proposals are the policies as a list, which all connections share.
func (c *cisco) proposals() Value[Proposals] {
	if len(c.policies) == 0 {
		return builtIn(c.policyKey, "default", ike.ProtocolIKE)
	}
	if c.suite.Origin != Unset {
		return c.suite
	}
	var out Proposals
	var texts []string
	for i := range c.policies[:min(len(c.policies), ike.MaxProposals)] {
		p := &c.policies[i]
		out.List = append(out.List, p.prop.Clone())
		out.Terms = append(out.Terms, p.terms)
		texts = append(texts, p.prop.Config(c.spelling))
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	first := &c.policies[0]
	c.suite = Value[Proposals]{V: out, At: first.at, Origin: Inherited, Key: first.key}
	return c.suite
}

// auth is the method of the policies. Where they have several, a key for the
// peer tells that it is meant to use it.
func (c *cisco) auth(k *Connection) Value[Auth] {
	if k.Version.V == IKEv2 {
		return Value[Auth]{Key: "authentication"}
	}
	if len(c.policies) == 0 {
		return Value[Auth]{V: AuthNone, Key: "authentication"}
	}
	out := c.policies[0].auth
	mixed := false
	for i := range c.policies {
		mixed = mixed || c.policies[i].auth.V != out.V
	}
	if mixed {
		if c.keys == nil {
			c.keys = c.s.c.IndexSecrets()
		}
		m, ok := (&secretLookup{c: c.s.c, x: c.keys, q: SecretQuery{Conn: k}}).cisco()
		if !ok || m.Wildcard() {
			return Value[Auth]{V: AuthNone, Key: "authentication"}
		}
		for i := range c.policies {
			if c.policies[i].auth.V == AuthPSK {
				out = c.policies[i].auth
				break
			}
		}
	}
	if out.Origin == Written {
		out.Origin = Inherited
	}
	return out
}
