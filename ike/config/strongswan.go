package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// ipsec.conf(5) of strongSwan, as its starter and stroke plugin read it since
// 5.2. Defaults are those that 5.9.8 documents.

// Words of the format that have no field.
const (
	strongSwanWords = "mobike send_cert leftfirewall rightfirewall leftupdown rightupdown lefthostaccess righthostaccess " +
		"leftnexthop rightnexthop leftgroups rightgroups leftgroups2 rightgroups2 leftcertpolicy rightcertpolicy leftrsasigkey rightrsasigkey leftsigkey rightsigkey " +
		"leftca2 rightca2 leftcert2 rightcert2 leftid2 rightid2 leftdns rightdns leftsubnetwithin rightsubnetwithin installpolicy reqid mark mark_in mark_out tfc " +
		"eap eap_identity aaa_identity me_peerid mediation mediated_by ikedscp auth pfs pfsgroup rekeyfuzz marginbytes marginpackets reauth " +
		"interface hidetos overridemtu keep_alive modecfgdns"
	// What libreswan and strongSwan call the same.
	ipsecSetupWords = "uniqueids charondebug strictcrlpolicy cachecrls plutodebug plutostart charonstart nat_traversal virtual_private virtual-private " +
		"interfaces klipsdebug protostack oe nhelpers syslog dumpdir logfile logtime logappend logip ikev1-policy listen crlcheckinterval crl-strict " +
		"ocsp-enable ocsp-strict ocsp-uri ocsp-timeout ocsp-trustname myid keep-alive keepalive force_keepalive plutostderrlog nssdir secretsfile ipsecdir " +
		"ddos-mode seccomp shuntlifetime ikeport nat-ikeport audit-log dnssec-enable global-redirect global-redirect-to plutorestartoncrash overridemtu " +
		"fragicmp hidetos uniqueids expire-lifetime curl-timeout curl-iface statsbin postpluto prepluto nocrsend crl-timeout pkcs11module ike-socket-bufsize ike-socket-errqueue"
)

func (s *source) strongSwan(name string, b []byte) {
	f := s.ipsecFile(name, b, false)
	r := newAlsoResolver(s, f.conns, false)
	used := templates(f.conns)
	s.c.Connections = slices.Grow(s.c.Connections, len(f.conns.subs))
	for _, sec := range f.conns.subs {
		if sec.name == "%default" {
			continue
		}
		c := s.strongSwanConn(r.flatten(sec))
		if used[sec.name] && c.Start.Origin == Default {
			continue // what others refer to and nothing loads is a template
		}
		s.c.Connections = append(s.c.Connections, c)
	}
}

// ipsecFile reads the layout and what does not depend on the dialect.
func (s *source) ipsecFile(name string, b []byte, libreswan bool) *ipsecFile {
	f := &ipsecFile{conns: &section{}, setup: &section{}, cas: &section{}, libreswan: libreswan}
	p := &ipsecParser{s: s, f: f}
	p.parse(name, b)
	for _, x := range f.setup.set {
		st := Statement{Section: "config setup", Key: x.key, Value: x.val, At: x.at, Word: hasWord(ipsecSetupWords, x.key)}
		if st.Word {
			s.recognize(x.at)
		} else {
			st.Value = ""
			s.c.Unknown = append(s.c.Unknown, st)
		}
		s.c.Setup = append(s.c.Setup, st)
	}
	for _, ca := range f.cas.subs {
		for _, x := range ca.set {
			s.recognize(x.at)
			s.c.Unknown = append(s.c.Unknown, Statement{Section: "ca " + ca.name, Key: x.key, Value: x.val, At: x.at, Word: true})
		}
	}
	return f
}

func (s *source) strongSwanConn(f *flat) Connection {
	t := taker{s, f}
	c := Connection{Name: f.name, At: f.at, Dialect: StrongSwan, InitiateVersion: IKEv2}
	c.Version = take(t, "keyexchange", VersionAny, func(v string) (Version, bool) {
		switch strings.ToLower(v) {
		case "ike":
			return VersionAny, true
		case "ikev1":
			return IKEv1, true
		case "ikev2":
			return IKEv2, true
		}
		return 0, false
	})
	if c.Version.V != VersionAny {
		c.InitiateVersion = c.Version.V
	}
	c.Aggressive = take(t, "aggressive", false, boolean)
	c.Start = take(t, "auto", StartIgnore, autoWord)
	c.Proposals = s.strongSwanSuites(t, "ike", ike.ProtocolIKE)
	c.Fragmentation = take(t, "fragmentation", FragmentYes, fragmentation)
	c.Encap = take(t, "forceencaps", EncapAuto, func(v string) (Encap, bool) {
		b, ok := boolean(v)
		if b {
			return EncapForce, ok
		}
		return EncapAuto, ok
	})
	c.Push = take(t, "modeconfig", false, func(v string) (bool, bool) { return v == "push", v == "push" || v == "pull" })
	c.Rekey = take(t, "rekey", true, boolean)
	c.Unique = s.setup("uniqueids", "yes")
	c.Tries = take(t, "keyingtries", 3, tries)
	s.strongSwanDPD(t, &c)

	s.strongSwanEnd(t, "left", &c.Local)
	s.strongSwanEnd(t, "right", &c.Remote)
	s.strongSwanAuth(t, &c)
	strongSwanIdentity("left", &c.Local)
	strongSwanIdentity("right", &c.Remote)
	k := s.strongSwanChild(t, &c)
	c.Children = []Child{k}
	s.orient(&c, false)
	c.Unknown = t.rest("conn "+f.name, strongSwanWords)
	c.Found = append(c.Found, f.found(NoEffect, 0)...)
	return c
}

// setup returns a daemon-wide setting.
func (s *source) setup(key, def string) Value[string] {
	for _, st := range s.c.Setup {
		if st.Key == key && st.Value != "" {
			return Value[string]{V: st.Value, At: st.At, Origin: Inherited, Key: key}
		}
	}
	return defaulted(key, def)
}

func autoWord(v string) (Start, bool) {
	switch strings.ToLower(v) {
	case "ignore":
		return StartIgnore, true
	case "add":
		return StartNone, true
	case "route", "ondemand":
		return StartTrap, true
	case "start", "up":
		return StartNow, true
	case "keep":
		return StartKeep, true
	}
	return StartNone, false
}

func tries(v string) (uint32, bool) {
	if v == "%forever" {
		return 0, true
	}
	return number(v)
}

// strongSwanSuites reads ike=, esp= or ah=: without an exclamation mark the
// built-in proposals are taken as well.
func (s *source) strongSwanSuites(t taker, key string, p ike.Protocol) Value[Proposals] {
	v, ok := t.text(key)
	if !ok {
		return builtIn(key, "default", p)
	}
	out := readProposals(v, p, ike.DialectStrongSwan)
	if !out.V.Strict && p != ike.ProtocolAH {
		out.V.Defaults = true
		out.V.List = append(out.V.List, ike.Proposal{Protocol: p, Default: true})
	}
	return out
}

// strongSwanDPD: without dpdaction nothing is probed in IKEv1, whatever
// dpddelay says.
func (s *source) strongSwanDPD(t taker, c *Connection) {
	c.DPD.Action = take(t, "dpdaction", "none", str)
	c.DPD.Delay = take(t, "dpddelay", 30, seconds)
	c.DPD.Timeout = take(t, "dpdtimeout", 150, seconds)
	if c.DPD.Action.V == "none" {
		c.DPD.Delay = as(c.DPD.Action, uint32(0))
	}
}

func (s *source) strongSwanEnd(t taker, side string, e *End) {
	e.Addresses = take(t, side, parseAddresses("%any"), func(v string) ([]Address, bool) { return parseAddresses(v), true })
	if any, ok := t.text(side + "allowany"); ok {
		if b, _ := boolean(any.V); b {
			for i := range e.Addresses.V {
				e.Addresses.V[i].AllowAny = true
			}
		}
	}
	e.Port = take(t, side+"ikeport", 0, port)
	e.Certs = maybe(t, side+"cert", list)
	e.SendCert = maybe(t, side+"sendcert", sendCert)
	e.CAs = maybe(t, side+"ca", func(v string) ([]string, bool) { return []string{v}, true })
	e.VirtualIPs = maybe(t, side+"sourceip", list)
	if v, ok := t.text(side + "id"); ok {
		// A percent sign asks the peer for the identity without demanding it.
		text := v.V
		if len(text) > 1 && text[0] == '%' && text != "%any" {
			text = text[1:]
		}
		e.ID = as(v, ike.ParseIdentity(text, ike.DialectStrongSwan))
	}
}

// strongSwanIdentity: without a written one it is the certificate's subject or
// the address.
func strongSwanIdentity(side string, e *End) {
	switch {
	case e.ID.Stated():
	case len(e.Certs.V) > 0:
		e.ID = certIdentity(side + "id")
	default:
		e.ID = hostIdentity(side+"id", e)
	}
}

// strongSwanAuth: leftauth and rightauth, and where they are missing authby
// for both ends.
func (s *source) strongSwanAuth(t taker, c *Connection) {
	by, given := t.text("authby")
	if !given {
		by = defaulted("authby", "pubkey")
	}
	role := take(t, "xauth", XAuthClient, func(v string) (XAuthRole, bool) {
		if v == "server" {
			return XAuthServer, true
		}
		return XAuthClient, v == "client"
	})
	base, xauth := by.V, false
	if strings.HasPrefix(base, "xauth") {
		base, xauth = base[len("xauth"):], true
	}
	common, ok := authWord(base)
	if !ok {
		t.bad(by)
		common = AuthPubkey
	}
	user := take(t, "xauth_identity", "", str)
	for _, x := range []struct {
		side string
		e    *End
		role XAuthRole
	}{{"left", &c.Local, XAuthClient}, {"right", &c.Remote, XAuthServer}} {
		x.e.Auth = maybe(t, x.side+"auth", authWord)
		if x.e.Auth.Origin == Unset {
			x.e.Auth = as(by, common)
		}
		x.e.Auth2 = take(t, x.side+"auth2", AuthNone, authWord)
		if xauth && role.V == x.role && x.e.Auth2.Origin == Default {
			x.e.Auth2 = as(by, AuthXAuth)
		}
		if x.e.Auth.V == AuthXAuth || x.e.Auth2.V == AuthXAuth {
			from := x.e.Auth2
			if from.V != AuthXAuth {
				from = x.e.Auth
			}
			c.XAuth = as(from, x.role)
			if user.Stated() {
				x.e.XAuthID = user
			}
		}
	}
	if c.XAuth.Origin == Unset {
		c.XAuth = defaulted("xauth", XAuthNone)
	}
}
