package config

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 1 of FortiOS.

// connection makes the Connection of an entry of phase 1.
func (c *forti) connection(r *record) Connection {
	k := Connection{Name: r.name, At: r.at, Dialect: FortiGate}
	k.Version = recorded(c.s, r, "ike-version", IKEv1, choice(map[string]Version{"1": IKEv1, "2": IKEv2}))
	k.InitiateVersion = k.Version.V
	k.Aggressive = recorded(c.s, r, "mode", false, choice(map[string]bool{"main": false, "aggressive": true}))
	k.MainOnly = Value[bool]{Key: "set mode"}
	c.ends(&k, r)
	c.auth(&k, r)
	c.suites(&k, r)
	c.identities(&k, r)
	life := recorded(c.s, r, "keylife", uint32(86400), number)
	if life.Text == "" {
		life.Text = "86400"
	}
	k.Lifetime = IKELifetime{Total: life, Reauth: life, Rekey: defaulted("set keylife", uint32(0))}
	k.DPD = DPD{Delay: recorded(c.s, r, "dpd-retryinterval", uint32(20), firstNumber), Timeout: Value[uint32]{Key: "set dpd-retryinterval"}, Action: recorded(c.s, r, "dpd", "on-demand", str)}
	if k.DPD.Action.V == "disable" {
		k.DPD.Delay = as(k.DPD.Action, uint32(0))
	}
	k.Fragmentation = recorded(c.s, r, "fragmentation", FragmentYes, choice(map[string]Fragmentation{"enable": FragmentYes, "disable": FragmentNo}))
	k.Encap = recorded(c.s, r, "nattraversal", EncapAuto, choice(map[string]Encap{"enable": EncapAuto, "disable": EncapNever, "forced": EncapForce}))
	k.Rekey = recorded(c.s, r, "rekey", true, enabled)
	k.Push, k.Unique, k.Tries = defaulted("", false), defaulted("set enforce-unique-id", "no"), defaulted("", uint32(0))
	c.xauth(&k, r)
	c.start(&k, r)
	return k
}

func firstNumber(s string) (uint32, bool) {
	s, _, _ = strings.Cut(s, " ")
	return number(s)
}

// ends are the addresses: the peer's, and that of the interface or local-gw.
func (c *forti) ends(k *Connection, r *record) {
	k.Remote.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: r.at, Origin: Default, Key: "set remote-gw"}
	gateway := r.text("remote-gw")
	for _, key := range [...]string{"remote-gw6", "remotegw-ddns"} {
		if v := r.text(key); v.Origin != Unset && v.V != "" && v.V != "::" {
			gateway = v
		}
	}
	switch kind := r.text("type"); {
	case strings.EqualFold(kind.V, "dynamic"):
		k.Remote.Addresses = spelt(kind, []Address{{Text: "any"}})
	case gateway.Origin != Unset && gateway.V != "":
		k.Remote.Addresses = as(gateway, []Address{parseAddress(gateway.V)})
	}
	iface := r.text("interface")
	k.Interfaces = Value[[]string]{Key: iface.Key}
	if iface.V != "" {
		k.Interfaces = as(iface, []string{iface.V})
	}
	k.Local.Addresses = Value[[]Address]{V: []Address{{Text: "any"}}, At: r.at, Origin: Default, Key: "set local-gw"}
	six := sixth(k.Remote.Addresses.V)
	for _, key := range [...]string{"local-gw", "local-gw6"} {
		if v := r.text(key); v.Origin != Unset {
			if a, err := netip.ParseAddr(v.V); err == nil && !a.IsUnspecified() && a.Is6() == six {
				k.Local.Addresses = as(v, []Address{parseAddress(v.V)})
				return
			}
		}
	}
	f := c.ifaces[iface.V]
	if f == nil {
		return
	}
	c.refer("system interface", r.name, iface, iface.V, f)
	if mode := f.text("mode"); mode.V == "dhcp" || mode.V == "pppoe" {
		k.Local.Addresses = Value[[]Address]{V: []Address{{Kind: AddressMagic, Text: mode.V}}, At: mode.At, Origin: Inherited, Key: "set mode"}
		return
	}
	if ip := f.list("ip"); len(ip) > 0 && !six {
		addr, _, _ := strings.Cut(ip[0], "/")
		if a, err := netip.ParseAddr(addr); err == nil && !a.IsUnspecified() {
			k.Local.Addresses = Value[[]Address]{V: []Address{{Kind: AddressHost, Text: addr, First: a}}, At: f.text("ip").At, Origin: Inherited, Key: "set ip"}
		}
	}
}

// auth: psk is the default. A key belongs to its entry.
func (c *forti) auth(k *Connection, r *record) {
	auth := recorded(c.s, r, "authmethod", AuthPSK, choice(map[string]Auth{"psk": AuthPSK, "signature": AuthPubkey, "rsa-signature": AuthPubkey}))
	k.Local.Auth, k.Remote.Auth = auth, auth
	if v := r.text("authmethod-remote"); v.Origin != Unset && k.Version.V == IKEv2 {
		k.Remote.Auth = recorded(c.s, r, "authmethod-remote", auth.V, choice(map[string]Auth{"psk": AuthPSK, "signature": AuthPubkey}))
	}
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	if cert := r.text("certificate"); cert.V != "" {
		k.Local.Certs = as(cert, r.list("certificate"))
	}
	if x := r.item("rsa-certificate"); x != nil {
		k.Local.Certs = as(r.text("rsa-certificate"), x.words)
	}
	if peer := r.text("peer"); peer.V != "" {
		k.Remote.CAs = as(peer, []string{peer.V})
	}
	ring := "phase1 " + r.name
	if r.scope != "" {
		ring = "vdom " + r.scope + " " + ring
	}
	k.Keyrings = Value[[]string]{V: []string{ring}, At: r.at, Origin: Inherited, Key: "set psksecret"}
	c.secret(r, "psksecret", SecretPSK, ring)
	c.secret(r, "authpasswd", SecretXAuth, ring)
	for _, key := range [...]string{"psksecret-remote", "group-authentication-secret", "ppk-secret"} {
		r.item(key)
	}
}

// secret keeps a key or password. The device prints them encrypted, what people
// write is plain.
func (c *forti) secret(r *record, key string, kind SecretKind, ring string) {
	c.s.c.SecretsRead = true
	x := r.item(key)
	if x == nil || len(x.words) == 0 {
		return
	}
	e := SecretEntry{Kind: kind, Name: "set " + key, Keyring: ring, At: x.at}
	v := Value[ike.Secret]{At: x.at, Origin: Written, Key: "set " + key}
	if x.words[0] == "ENC" && !x.quoted || strings.Trim(x.words[0], "*") == "" {
		v.Origin = Hidden
		e.Secret, e.Spelling = v, Masked
		c.s.c.Secrets = append(c.s.c.Secrets, e)
		return
	}
	how := Plain
	if x.quoted {
		how = Quoted
	}
	v.V = ike.NewSecret([]byte(strings.Join(x.words, " ")))
	e.set(v, how)
	c.s.c.Secrets = append(c.s.c.Secrets, e)
}

// suites are the proposals of phase 1: ciphers with their hashes in one line,
// the groups in another.
func (c *forti) suites(k *Connection, r *record) {
	groups, open := c.groupsOf(r)
	auth := ike.AuthPSK
	if k.Local.Auth.V != AuthPSK {
		auth = ike.AuthNone
	}
	k.Proposals = c.proposals(r, ike.ProtocolIKE, groups, open, func(p *ike.Proposal, t Terms) {
		if auth == ike.AuthPSK {
			p.Auth = []ike.AuthMethod{auth}
		}
		t[ike.AttrAuth] = as(k.Local.Auth, k.Local.Auth.V.String())
		for _, i := range p.Integrity {
			if f := i.PRF(); f != ike.PRFNone && len(p.PRF) == 0 {
				p.PRF = append(p.PRF, f)
			}
		}
	})
}

// groupsOf reads set dhgrp. From 5.2 to 7.4 the default is 14 and 5; 5.0 had 5,
// and later releases have others.
func (c *forti) groupsOf(r *record) (v Value[[]ike.Group], open bool) {
	text := r.text("dhgrp")
	v = Value[[]ike.Group]{At: text.At, Origin: text.Origin, Key: text.Key, Text: text.V}
	if text.Origin == Unset {
		if between(c.version, [2]int{5, 2}, [2]int{7, 4}) {
			v.V, v.Origin, v.Text = []ike.Group{ike.GroupMODP2048, ike.GroupMODP1536}, Default, "14 5"
			return v, false
		}
		v.Origin = Default
		return v, true
	}
	for _, w := range r.list("dhgrp")[:min(len(r.list("dhgrp")), maxListed)] {
		n, ok := number(w)
		if !ok || n > 1<<15 {
			c.s.problem(text.At, text.Key, ErrValue)
			continue
		}
		v.V = append(v.V, ike.Group(n))
	}
	return v, len(v.V) == 0
}

// proposals reads set proposal, with the groups that all of them share.
func (c *forti) proposals(r *record, p ike.Protocol, groups Value[[]ike.Group], open bool, finish func(*ike.Proposal, Terms)) Value[Proposals] {
	text := r.text("proposal")
	if text.V == "" {
		v := builtIn(text.Key, "default", p)
		v.At = r.at
		return v
	}
	out := Proposals{Text: text.V, Strict: true}
	if p == ike.ProtocolIKE && len(groups.V) > 0 {
		out.Text += ", dhgrp " + groups.Text
	}
	for _, w := range r.list("proposal")[:min(len(r.list("proposal")), maxListed)] {
		list, _ := ike.AppendConfigProposals(nil, w, p, ike.DialectAny)
		if len(list) != 1 {
			c.s.problem(text.At, text.Key, ErrValue)
			continue
		}
		q := list[0]
		q.Unknown = slices.DeleteFunc(q.Unknown, func(u ike.Unknown) bool {
			if strings.HasPrefix(strings.ToLower(u.Name), "aria") { // it has no number in the registries of IKEv1
				q.Open = q.Open.With(ike.AttrEncryption)
				return true
			}
			return false
		})
		q.Groups = slices.Clone(groups.V)
		if open {
			q.Open = q.Open.With(ike.AttrGroup)
		}
		line := Value[string]{V: w, At: text.At, Origin: text.Origin, Key: text.Key}
		t := Terms{ike.AttrEncryption: line, ike.AttrKeyLength: line, ike.AttrHash: line, ike.AttrGroup: {V: groups.Text, At: groups.At, Origin: groups.Origin, Key: groups.Key}}
		finish(&q, t)
		out.List, out.Terms = append(out.List, q), append(out.Terms, t)
	}
	return as(text, out)
}

// identities: the address unless a localid is set. Whom the peer is to be is
// looked at in aggressive mode, with certificates and in IKEv2; in main mode
// with a key the device cannot know it in time.
func (c *forti) identities(k *Connection, r *record) {
	k.Local.ID = hostIdentity("set localid", &k.Local)
	k.Local.ID.At = r.at
	kind := r.text("localid-type")
	if id := r.text("localid"); id.V != "" {
		k.Local.ID = spelt(id, fortiIdentity(id.V, kind.V))
	} else if k.Local.Auth.V == AuthPubkey && (kind.V == "" || kind.V == "auto" || kind.V == "asn1dn") {
		k.Local.ID = certIdentity("set localid")
	}
	k.Remote.ID = Value[ike.Identity]{V: ike.Identity{Any: true}, At: r.at, Origin: Default, Key: "set peerid"}
	peer := r.text("peerid")
	if r.has("peertype", "one") && peer.V != "" && (k.Aggressive.V || k.Version.V == IKEv2 || k.Remote.Auth.V == AuthPubkey) {
		k.Remote.ID = spelt(peer, ike.ParseIdentity(peer.V, ike.DialectStrongSwan))
	}
}

// xauth: pap, chap and auto ask for a password, client gives one.
func (c *forti) xauth(k *Connection, r *record) {
	k.XAuth = recorded(c.s, r, "xauthtype", XAuthNone, choice(map[string]XAuthRole{"disable": XAuthNone, "client": XAuthClient, "pap": XAuthServer, "chap": XAuthServer, "auto": XAuthServer}))
	if user := r.text("authusr"); user.V != "" && k.XAuth.V == XAuthClient {
		k.Local.XAuthID = user
	}
	from, to := r.text("ipv4-start-ip"), r.text("ipv4-end-ip")
	if !r.has("mode-cfg", "enable") {
		return
	}
	switch {
	case !k.Remote.AnyAddress():
		k.Local.VirtualIPs = as(r.text("mode-cfg"), []string{"any"})
	case from.V != "":
		k.Remote.VirtualIPs = as(from, []string{from.V + "-" + to.V})
	default:
		k.Remote.VirtualIPs = as(r.text("mode-cfg"), []string{"pool"})
	}
}

// start: a tunnel is negotiated when traffic comes, one for peers that call is
// not begun, and one whose interface is down is not there.
func (c *forti) start(k *Connection, r *record) {
	k.Start = Value[Start]{V: StartTrap, At: r.at, Origin: Default, Key: "set auto-negotiate"}
	if r.has("type", "dynamic") {
		k.Start = as(r.text("type"), StartNone)
	}
	if r.has("passive-mode", "enable") {
		k.Start = as(r.text("passive-mode"), StartNone)
	}
	if f := c.ifaces[r.name]; f != nil && r.section == "vpn ipsec phase1-interface" && f.has("status", "down") {
		k.Start = as(f.text("status"), StartIgnore)
	}
}
