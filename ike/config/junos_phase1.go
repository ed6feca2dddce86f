package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Policies and proposals of security ike.

// junosPolicy is an ike policy.
type junosPolicy struct {
	name      string
	mode      Value[bool] // aggressive
	proposals Value[Proposals]
	auth      Value[Auth]
	life      Value[uint32]
	keyring   Value[[]string]
	certs     Value[[]string]
	found     []Issue
}

// policy returns the policy of a gateway, nil where there is none.
func (c *junos) policy(gw *wordNode, k *Connection) *junosPolicy {
	v := c.value(gw, "ike-policy")
	n := c.section("policy", "ike", "gateway "+gw.word, v, k)
	if n == nil {
		return nil
	}
	p := c.policies[n.word]
	if p == nil {
		p = c.readPolicy(n)
		c.policies[n.word] = p
	}
	return p
}

func (c *junos) readPolicy(n *wordNode) *junosPolicy {
	p := &junosPolicy{name: n.word, mode: Value[bool]{Origin: Default, Key: "mode", At: c.pos(n)}}
	switch v := c.value(n, "mode"); v.V {
	case "aggressive", "main":
		p.mode = spelt(v, v.V == "aggressive")
	}
	p.auth = Value[Auth]{Key: "authentication-method", At: c.pos(n)}
	if x := n.at("pre-shared-key"); x != nil {
		p.auth = Value[Auth]{V: AuthPSK, At: c.pos(x), Origin: Inherited, Key: x.word, Text: "pre-shared-keys"}
		p.keyring = Value[[]string]{V: []string{junosRing(n)}, At: c.pos(x), Origin: Inherited, Key: x.word}
	} else if x := n.at("certificate"); x != nil {
		p.auth = Value[Auth]{V: AuthPubkey, At: c.pos(x), Origin: Inherited, Key: x.word, Text: "rsa-signatures"}
		if v := c.value(n, "certificate", "local-certificate"); v.Origin != Unset {
			p.certs = as(v, []string{v.V})
		}
	}
	c.suite1(n, p)
	return p
}

// junosRing names the key of a policy.
func junosRing(policy *wordNode) string { return "ike policy " + policy.word }

// suite1 reads the proposals of an ike policy.
func (c *junos) suite1(n *wordNode, p *junosPolicy) {
	p.life = Value[uint32]{Key: "lifetime-seconds", At: c.pos(n)}
	p.proposals = builtIn("proposals", "default", ike.ProtocolIKE)
	p.proposals.At = c.pos(n)
	if set := c.value(n, "proposal-set"); set.Origin != Unset {
		p.proposals = c.proposalSet(set, junosIKESets)
		return
	}
	all := c.security.at("ike", "proposal")
	var out Proposals
	var texts []string
	var at Value[string]
	for _, v := range c.values(n, "proposals") {
		def := all.at(v.V)
		c.refer("ike proposal", "policy "+n.word, v, def)
		if def == nil {
			if all != nil {
				p.found = append(p.found, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: v.V, Setting: settingOf(v, v.V)})
			}
			continue
		}
		if len(out.List) >= ike.MaxProposals {
			break
		}
		x, terms := c.ikeProposal(def, p)
		if len(out.List) == 0 {
			at = Value[string]{At: c.pos(def), Origin: Inherited, Key: "proposal " + def.word}
			if life := c.number(c.value(def, "lifetime-seconds")); life.Origin != Unset {
				life.Origin = Inherited
				p.life = life
			} else {
				p.life.At = c.pos(def)
			}
		} else {
			c.value(def, "lifetime-seconds")
		}
		out.List, out.Terms, texts = append(out.List, x), append(out.Terms, terms), append(texts, x.Config(ike.DialectJunos))
	}
	if len(out.List) == 0 {
		return
	}
	out.Text, out.Strict = strings.Join(texts, "; "), true
	p.proposals = as(at, out)
	if a, ok := out.Terms[0][ike.AttrAuth]; ok && a.Origin != Unset && len(out.List[0].Auth) > 0 {
		if p.auth = spelt(a, AuthPubkey); out.List[0].Auth[0] == ike.AuthPSK {
			p.auth.V = AuthPSK
		}
	}
}

// ikeProposal reads a proposal of security ike. What it does not state is left
// open: it is what the release has for it.
func (c *junos) ikeProposal(n *wordNode, of *junosPolicy) (ike.Proposal, Terms) {
	p, terms := ike.Proposal{Protocol: ike.ProtocolIKE}, Terms{}
	for _, x := range []struct {
		attr ike.Attribute
		key  string
	}{{ike.AttrEncryption, "encryption-algorithm"}, {ike.AttrHash, "authentication-algorithm"}, {ike.AttrGroup, "dh-group"}} {
		c.term(n, x.attr, x.key, &p, terms)
	}
	v := c.value(n, "authentication-method")
	switch {
	case v.Origin == Unset:
		v.At = c.pos(n)
		switch of.auth.V {
		case AuthPSK:
			p.Auth = []ike.AuthMethod{ike.AuthPSK}
		default:
			p.Open = p.Open.With(ike.AttrAuth)
		}
	case v.V == "certificates", v.V == "digital-signature":
		p.Auth = []ike.AuthMethod{ike.AuthPubkey}
	case v.V == "dsa-signatures":
		p.Auth = []ike.AuthMethod{ike.AuthDSS}
	case strings.HasPrefix(v.V, "ecdsa-signatures-"):
		if !p.Add(ike.AttrAuth, "ecdsa-"+v.V[len("ecdsa-signatures-"):], ike.DialectJunos) {
			c.s.problem(v.At, v.Key, ErrValue)
		}
	case !p.Add(ike.AttrAuth, v.V, ike.DialectJunos):
		c.s.problem(v.At, v.Key, ErrValue)
	}
	terms[ike.AttrAuth] = inherited(v)
	return p, terms
}

// term reads one part of a proposal.
func (c *junos) term(n *wordNode, attr ike.Attribute, key string, p *ike.Proposal, terms Terms) {
	v := c.value(n, key)
	switch {
	case v.Origin == Unset:
		v.At = c.pos(n)
		p.Open = p.Open.With(attr)
	case !p.Add(attr, v.V, ike.DialectJunos):
		c.s.problem(v.At, v.Key, ErrValue)
	}
	terms[attr] = inherited(v)
	if attr == ike.AttrEncryption {
		terms[ike.AttrKeyLength] = terms[attr]
	}
}

// proposalSet stands for a list that the device has built in.
func (c *junos) proposalSet(v Value[string], sets []junosSet) Value[Proposals] {
	v = inherited(v)
	v.Key = "proposal"
	for _, x := range sets {
		if x.name == v.V {
			return as(v, Proposals{Text: "proposal-set " + v.V, List: ike.CloneProposals(x.list()), Strict: true})
		}
	}
	proto := ike.ProtocolESP
	if &sets[0] == &junosIKESets[0] {
		proto = ike.ProtocolIKE
	}
	return as(v, Proposals{Text: "proposal-set " + v.V, Defaults: true, List: []ike.Proposal{{Protocol: proto, Default: true}}})
}

// junosSet is a proposal set with its members, in the words of proposals:
// cipher, hash and group each. No group in phase 2 is none, as no PFS; a ? is
// what the sources do not agree on.
type junosSet struct {
	name    string
	proto   ike.Protocol
	members []string
}

// The sets of phase 1 are those of ScreenOS, which has them by the names
// pre-g2-3des-sha and so on.
var junosIKESets = []junosSet{
	{"basic", ike.ProtocolIKE, []string{"des-cbc sha1 group1", "des-cbc md5 group1"}},
	{"compatible", ike.ProtocolIKE, []string{"3des-cbc sha1 group2", "3des-cbc md5 group2", "des-cbc sha1 group2", "des-cbc md5 group2"}},
	{"standard", ike.ProtocolIKE, []string{"3des-cbc sha1 group2", "aes-128-cbc sha1 group2"}},
	{"suiteb-gcm-128", ike.ProtocolIKE, []string{"? sha-256 group19"}},
	{"suiteb-gcm-256", ike.ProtocolIKE, []string{"? sha-384 group20"}},
}

var junosESPSets = []junosSet{
	{"basic", ike.ProtocolESP, []string{"des-cbc hmac-sha1-96", "des-cbc hmac-md5-96"}},
	{"compatible", ike.ProtocolESP, []string{"3des-cbc hmac-sha1-96", "3des-cbc hmac-md5-96", "des-cbc hmac-sha1-96", "des-cbc hmac-md5-96"}},
	{"standard", ike.ProtocolESP, []string{"3des-cbc hmac-sha1-96 ?", "aes-128-cbc hmac-sha1-96 ?"}},
	{"suiteb-gcm-128", ike.ProtocolESP, []string{"aes-128-gcm - ?"}},
	{"suiteb-gcm-256", ike.ProtocolESP, []string{"aes-256-gcm - ?"}},
}

func (x *junosSet) list() (out []ike.Proposal) {
	for _, m := range x.members {
		p := ike.Proposal{Protocol: x.proto}
		for i, w := range strings.Fields(m) {
			attr := [...]ike.Attribute{ike.AttrEncryption, ike.AttrHash, ike.AttrGroup}[i]
			switch w {
			case "?":
				p.Open = p.Open.With(attr)
			case "-":
			default:
				p.Add(attr, w, ike.DialectJunos)
			}
		}
		switch {
		case x.proto != ike.ProtocolIKE:
		case strings.HasPrefix(x.name, "suiteb"):
			p.Auth = []ike.AuthMethod{ike.AuthPubkey}
		default:
			p.Auth = []ike.AuthMethod{ike.AuthPSK}
		}
		out = append(out, p)
	}
	return out
}

// into gives a connection what its policy says; without one it is open.
func (p *junosPolicy) into(k *Connection) {
	if p == nil {
		k.Proposals = builtIn("proposals", "default", ike.ProtocolIKE)
		k.Aggressive = defaulted("mode", false)
		k.Local.Auth, k.Remote.Auth = Value[Auth]{Key: "authentication-method"}, Value[Auth]{Key: "authentication-method"}
		k.Keyrings = Value[[]string]{Key: "pre-shared-key"}
		return
	}
	k.Proposals, k.Aggressive = p.proposals, p.mode
	k.Proposals.V.List = ike.CloneProposals(p.proposals.V.List)
	k.Local.Auth, k.Remote.Auth, k.Keyrings, k.Local.Certs = p.auth, p.auth, p.keyring, p.certs
	k.Lifetime.Total = p.life
	k.Lifetime.Rekey, k.Lifetime.Reauth = Value[uint32]{Key: p.life.Key}, p.life
	k.Found = append(k.Found, p.found...)
	k.Keyrings.V = slices.Clone(k.Keyrings.V)
}
