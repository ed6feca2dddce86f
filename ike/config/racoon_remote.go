package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Remote sections of racoon.conf: phase 1.

// Settings of a remote section that have a field, and those of a proposal.
const (
	racoonRemoteWords = "exchange_mode my_identifier verify_identifier certificate_type ca_type peers_certfile send_cert lifetime ike_frag passive proposal_check generate_policy " +
		"nat_traversal dpd dpd_delay dpd_retry dpd_maxfail rekey remote_address local_address xauth_login mode_cfg ph1id"
	racoonProposalWords = "encryption_algorithm hash_algorithm authentication_method dh_group lifetime"
)

// remote reads a remote section.
func (r *racoon) remote(n *racoonNode) {
	r.s.recognize(n.at)
	x := &racoonRemote{at: n.at, name: n.arg(1), set: racoonSettings{}}
	i := 2
	if p, ok := racoonPort(n.arg(i)); ok {
		x.port = p
		i++
	}
	if len(n.words) < 2 {
		r.problem(n.at, "remote", ErrSyntax)
		return
	}
	if n.arg(i) == "inherit" {
		r.inherit(x, n, i+1)
	}
	switch {
	case x.name == "anonymous" && !n.words[1].quoted:
		x.any = true
	case !n.words[1].quoted:
		x.peer = Value[string]{V: x.name, At: n.at, Origin: Written, Key: "remote"}
	}
	for i := range n.subs {
		r.remoteStatement(x, &n.subs[i])
	}
	if a, ok := x.set["remote_address"]; ok && x.peer.Origin == Unset {
		host, port, _ := strings.Cut(a.V, " ")
		a.V = host
		x.peer = a
		if p, ok := racoonPort(port); ok {
			x.port = p
		}
	}
	r.refuses(x)
	r.remotes = append(r.remotes, x)
	r.byName[racoonIndex(x.name, x.port)] = x
}

// racoonPort reads a port between brackets.
func racoonPort(w string) (uint16, bool) {
	inner, ok1 := strings.CutPrefix(w, "[")
	inner, ok2 := strings.CutSuffix(inner, "]")
	p, err := strconv.ParseUint(inner, 10, 16)
	return uint16(p), ok1 && ok2 && err == nil
}

func racoonIndex(name string, port uint16) string {
	if port == 0 || port == 500 {
		return name
	}
	return name + "[" + strconv.Itoa(int(port)) + "]"
}

// inherit takes over what the section says whose name is the word at an index.
func (r *racoon) inherit(x *racoonRemote, n *racoonNode, i int) {
	p, _ := racoonPort(n.arg(i + 1))
	name := racoonIndex(n.arg(i), p)
	of := r.byName[name]
	r.s.c.SectionRefs = append(r.s.c.SectionRefs, SectionRef{Kind: "remote", Name: name, In: "remote " + racoonIndex(x.name, x.port), At: n.at, Defined: of != nil})
	if of == nil {
		x.broken = append(x.broken, Issue{Kind: IssueReference, Effect: Fails, Child: -1, Subject: name, Setting: Setting{Key: "inherit", Text: name, At: n.at, Origin: Written}})
		return
	}
	r.s.c.SectionRefs[len(r.s.c.SectionRefs)-1].Def = of.at
	if of.lineage >= r.s.lim.Depth {
		r.problem(n.at, "inherit", ErrTooDeep)
		return
	}
	x.lineage = of.lineage + 1
	x.set = of.set.inherited()
	delete(x.set, "remote_address")
	delete(x.set, RacoonShared)
	for _, v := range of.peers[:min(len(of.peers), maxMissing)] {
		v.Origin = Inherited
		x.peers = append(x.peers, v)
	}
	for _, p := range of.props[:min(len(of.props), ike.MaxProposals)] {
		x.props = append(x.props, racoonProposal{p.at, p.set.inherited(), true})
	}
}

func (r *racoon) remoteStatement(x *racoonRemote, n *racoonNode) {
	switch {
	case n.is("peers_identifier"):
		r.s.recognize(n.at)
		if len(x.peers) > 0 && x.peers[0].Origin == Inherited {
			x.peers = nil
		}
		x.peers = append(x.peers, n.value(1))
	case n.is("proposal") && n.block:
		r.s.recognize(n.at)
		p := racoonProposal{at: n.at, set: racoonSettings{}}
		for i := range n.subs {
			if sub := &n.subs[i]; p.set.put(sub, racoonProposalWords) {
				r.s.recognize(sub.at)
			} else {
				x.rest = append(x.rest, r.leftover(path("remote "+x.name, "proposal"), sub))
			}
		}
		if len(x.props) > 0 && x.props[0].inherited {
			x.props = nil
		}
		x.props = append(x.props, p)
	case n.is("shared_secret"):
		r.sharedSecret(x, n)
	case x.set.put(n, racoonRemoteWords):
		r.s.recognize(n.at)
	default:
		st := r.leftover("remote "+x.name, n)
		if st.Word && !n.block && hasWord("initial_contact doi situation nonce_size send_cr verify_cert match_empty_cr support_proxy weak_phase1_check esp_frag natt_multiple_user", st.Key) {
			st.Value = n.from(1)
		}
		x.rest = append(x.rest, st)
	}
}

// RacoonShared is the name of the entries of keys that Apple's racoon has in
// its remote sections.
const RacoonShared = "shared_secret"

// sharedSecret reads a key of Apple's racoon: use "KEY", or where else it is.
func (r *racoon) sharedSecret(x *racoonRemote, n *racoonNode) {
	r.s.recognize(n.at)
	if !n.is("shared_secret", "use") || len(n.words) < 3 {
		return
	}
	r.s.c.SecretsRead = true
	e := SecretEntry{Kind: SecretPSK, Name: RacoonShared, Keyring: r.ringOf(x), OwnerText: []string{x.name}, At: n.at}
	e.Owners = []ike.Identity{{Any: true}}
	e.set(written(n.at, RacoonShared, []byte(n.arg(2))), Quoted)
	r.s.c.Secrets = append(r.s.c.Secrets, e)
	x.set[RacoonShared] = Value[string]{At: n.at, Origin: Written, Key: RacoonShared}
}

// ringOf names the key of a section.
func (r *racoon) ringOf(x *racoonRemote) string { return "remote " + racoonIndex(x.name, x.port) }

// refuses notes what racoon does not start with: a section without an exchange
// mode or a proposal, a proposal that lacks a part, and different groups where
// aggressive mode is one of the modes.
func (r *racoon) refuses(x *racoonRemote) {
	lacks := func(at Pos, key, what string) {
		x.broken = append(x.broken, Issue{Kind: IssueProposalLacks, Effect: Fails, Child: -1, Subject: what, Key: key, Setting: Setting{Key: key, At: at, Origin: Written}})
	}
	mode, ok := x.set["exchange_mode"]
	if !ok {
		lacks(x.at, "exchange_mode", "exchange_mode")
	}
	if len(x.props) == 0 {
		lacks(x.at, "proposal", "proposal")
	}
	group := ""
	for i := range x.props {
		p := &x.props[i]
		for _, key := range []string{"encryption_algorithm", "hash_algorithm", "authentication_method", "dh_group"} {
			if _, ok := p.set[key]; !ok {
				lacks(p.at, key, key)
			}
		}
		g, ok := p.set["dh_group"]
		if ok && group != "" && g.V != group && slices.Contains(racoonModes(mode.V), "aggressive") {
			x.broken = append(x.broken, Issue{Kind: IssueAlgorithmMix, Effect: Fails, Child: -1, Subject: "dh_group", Key: "dh_group", Write: group,
				Setting: Setting{Key: "dh_group", Text: g.V, At: g.At, Origin: g.Origin}})
		}
		if group == "" {
			group = g.V
		}
	}
}

// racoonModes splits a list of exchange modes.
func racoonModes(v string) []string {
	return strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ' ' })
}

// modes reads which modes are taken; the first is the own one.
func (r *racoon) modes(c *Connection, x *racoonRemote) {
	v := x.set.get("exchange_mode", "main")
	list := racoonModes(v.V)
	main, aggressive := slices.Contains(list, "main"), slices.Contains(list, "aggressive")
	first := slices.Index(list, "aggressive")
	c.Aggressive = spelt(v, aggressive && (!main || first < slices.Index(list, "main")))
	c.EitherMode = spelt(v, main && aggressive)
	for _, m := range list {
		if m != "main" && m != "aggressive" && m != "base" {
			r.problem(v.At, v.Key, wrong("an exchange mode"))
		}
	}
}

// proposals reads the offers.
func (r *racoon) proposals(c *Connection, x *racoonRemote) {
	var out Proposals
	var texts []string
	for i := range x.props[:min(len(x.props), ike.MaxProposals)] {
		p := &x.props[i]
		q := ike.Proposal{Protocol: ike.ProtocolIKE}
		terms := Terms{}
		for _, t := range []struct {
			attr ike.Attribute
			key  string
		}{{ike.AttrEncryption, "encryption_algorithm"}, {ike.AttrHash, "hash_algorithm"}, {ike.AttrAuth, "authentication_method"}, {ike.AttrGroup, "dh_group"}} {
			v, ok := p.set[t.key]
			if !ok {
				q.Open = q.Open.With(t.attr)
				v = Value[string]{At: p.at, Key: t.key}
			} else if v.V == "gssapi_krb" {
				q.Open = q.Open.With(t.attr) // a number that others use for XAUTH
			} else if !q.Add(t.attr, v.V, ike.DialectRacoon) {
				r.problem(v.At, v.Key, ErrValue)
			}
			terms[t.attr] = v
		}
		out.List, out.Terms = append(out.List, q), append(out.Terms, terms)
		texts = append(texts, strings.TrimSuffix(q.Config(ike.DialectRacoon), ";"))
	}
	v := Value[string]{At: x.at, Key: "proposal"}
	if len(x.props) > 0 {
		v = Value[string]{At: x.props[0].at, Origin: Written, Key: "proposal"}
		if x.props[0].inherited {
			v.Origin = Inherited
		}
	}
	out.Text, out.Strict = strings.Join(texts, " or "), true
	c.Proposals = as(v, out)
	if len(out.Terms) > 0 {
		racoonAuth(c, out.Terms[0][ike.AttrAuth])
	}
}

// racoonAuth reads the method of the first proposal. racoon names those of
// XAUTH by the end that it is: server or client.
func racoonAuth(c *Connection, v Value[string]) {
	c.XAuth = defaulted("authentication_method", XAuthNone)
	local, remote := AuthNone, AuthNone
	name, server := strings.CutSuffix(v.V, "_server")
	name, client := strings.CutSuffix(name, "_client")
	switch name {
	case "pre_shared_key", "xauth_psk":
		local, remote = AuthPSK, AuthPSK
	case "rsasig", "dsssig", "rsaenc", "rsarev", "xauth_rsa", "xauth_dss":
		local, remote = AuthPubkey, AuthPubkey
	case "hybrid_rsa", "hybrid_dss":
		local, remote = AuthPubkey, AuthXAuth
		if client {
			local, remote = remote, local
		}
	}
	c.Local.Auth, c.Remote.Auth = spelt(v, local), spelt(v, remote)
	none := defaulted("authentication_method", AuthNone)
	c.Local.Auth2, c.Remote.Auth2 = none, none
	hybrid := strings.HasPrefix(name, "hybrid")
	switch {
	case server:
		c.XAuth = spelt(v, XAuthServer)
		if !hybrid {
			c.Remote.Auth2 = spelt(v, AuthXAuth)
		}
	case client:
		c.XAuth = spelt(v, XAuthClient)
		if !hybrid {
			c.Local.Auth2 = spelt(v, AuthXAuth)
		}
	}
}

// identity reads an identity setting. Of a key ID in a file nothing is known.
func racoonIdentity(v Value[string]) Value[ike.Identity] {
	kind, rest, _ := strings.Cut(v.V, " ")
	switch {
	case kind == "keyid" && !strings.HasPrefix(rest, "tag "):
		return spelt(v, ike.Identity{Any: true})
	case kind == "certname":
		return spelt(v, ike.ParseIdentity("asn1dn "+rest, ike.DialectRacoon))
	}
	return spelt(v, ike.ParseIdentity(v.V, ike.DialectRacoon))
}

// identities reads both ends' identities. What peers_identifier says is
// demanded only where verify_identifier is on; of several any will do.
func (r *racoon) identities(c *Connection, x *racoonRemote) {
	c.Local.ID = hostIdentity("my_identifier", &c.Local)
	if v, ok := x.set["my_identifier"]; ok && v.V != "address" {
		c.Local.ID = racoonIdentity(v)
	} else if ok {
		c.Local.ID = worded(as(v, c.Local.ID.V), v.V)
	}
	c.Remote.ID = defaulted("peers_identifier", ike.Identity{Any: true})
	verify := r.flag(x.set, "verify_identifier", false)
	if len(x.peers) == 0 {
		return
	}
	v := x.peers[0]
	id := ike.Identity{Any: true}
	if verify.V && len(x.peers) == 1 {
		if id = racoonIdentity(v).V; v.V == "address" {
			id = hostIdentity("", &c.Remote).V
		}
	}
	c.Remote.ID = spelt(v, id)
}
