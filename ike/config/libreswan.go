package config

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// ipsec.conf(5) of libreswan, and of Openswan, from which it descends.
// Defaults are those that libreswan 4.10 documents and shows in ipsec status.

// Words of the format that have no field.
const libreswanWords = "leftnexthop rightnexthop leftrsasigkey rightrsasigkey leftrsasigkey2 rightrsasigkey2 sendca leftca2 rightca2 " +
	"leftckaid rightckaid leftecdsakey rightecdsakey leftpubkey rightpubkey leftupdown rightupdown leftfirewall rightfirewall leftvti rightvti " +
	"leftikeport rightikeport leftcat rightcat leftautheap rightautheap leftinterface-ip rightinterface-ip leftgroundhog rightgroundhog leftmodecfgserver rightmodecfgserver " +
	"leftmodecfgclient rightmodecfgclient modecfgpull modecfgdns modecfgdns1 modecfgdns2 modecfgdomains modecfgbanner modecfgwins1 modecfgwins2 cisco-unity remote-peer-type remote_peer_type " +
	"nm-configured nm_configured xauthby xauthfail mobike esn decap-dscp encap-dscp nopmtudisc narrowing reauth retransmit-timeout retransmit-interval ikepad " +
	"initial-contact initial_contact fake-strongswan send-vendorid send-no-esp-tfc send-redirect redirect-to accept-redirect accept-redirect-to priority mark mark-in mark-out " +
	"vti-interface vti-routing vti-shared ipsec-interface nic-offload nflog-group tfc overlapip reqid metric mtu connalias connaddrfamily hostaddrfamily clientaddrfamily " +
	"failureshunt negotiationshunt labeled_ipsec labeled-ipsec policy-label sec-label sareftrack loopback ppk enable-tcp tcp-remoteport hold intermediate ms-dh-downgrade " +
	"dns-match-id require-id-on-certificate ignore-peer-dns session-resumption cisco-split iptfs nat-ikev1-method nat_ikev1_method nat-keepalive nat_keepalive auth rekeyfuzz ipsec-max-packets " +
	"leftsourceip rightsourceip vifgroup debug whackdebug ddos-mode userpassword interface phase2 aggrmode salifebytes forceencaps dpdaction"

func (s *source) libreswan(name string, b []byte) {
	f := s.ipsecFile(name, b, true)
	r := newAlsoResolver(s, f.conns, true)
	used := templates(f.conns)
	s.c.Connections = slices.Grow(s.c.Connections, len(f.conns.subs))
	for _, sec := range f.conns.subs {
		if sec.name == "%default" {
			continue
		}
		c := s.libreswanConn(r.flatten(sec))
		if used[sec.name] && c.Start.Origin == Default {
			continue // what others refer to and nothing loads is a template
		}
		s.c.Connections = append(s.c.Connections, c)
	}
}

func (s *source) libreswanConn(f *flat) Connection {
	t := taker{s, f}
	c := Connection{Name: f.name, At: f.at, Dialect: Libreswan}
	s.libreswanVersion(t, &c)
	c.Aggressive = first(t, false, boolean, "aggressive", "aggrmode")
	c.Start = take(t, "auto", StartIgnore, autoWord)
	if v, ok := t.text("ike"); ok {
		c.Proposals = readProposals(v, ike.ProtocolIKE, ike.DialectLibreswan)
	} else {
		c.Proposals = builtIn("ike", "default", ike.ProtocolIKE)
	}
	c.Fragmentation = first(t, FragmentYes, fragmentation, "fragmentation", "ike-frag", "ike_frag")
	c.Encap = first(t, EncapAuto, func(v string) (Encap, bool) {
		if strings.EqualFold(v, "auto") {
			return EncapAuto, true
		}
		b, ok := boolean(v)
		switch {
		case b:
			return EncapForce, ok
		case t.has("encapsulation"):
			return EncapNever, ok
		}
		return EncapAuto, ok
	}, "encapsulation", "forceencaps")
	c.Push = take(t, "modecfgpull", true, func(v string) (bool, bool) { b, ok := boolean(v); return !b, ok })
	c.Rekey = take(t, "rekey", true, boolean)
	c.Unique = s.setup("uniqueids", "yes")
	c.Tries = take(t, "keyingtries", 0, tries)
	c.DPD.Delay = take(t, "dpddelay", 0, seconds)
	c.DPD.Timeout = take(t, "dpdtimeout", 0, seconds)
	c.DPD.Action = take(t, "dpdaction", "hold", str)

	s.libreswanEnd(t, "left", &c.Local)
	s.libreswanEnd(t, "right", &c.Remote)
	s.libreswanAuth(t, &c)
	s.libreswanChildren(t, &c)
	s.orient(&c, true)
	c.Unknown = t.rest("conn "+f.name, libreswanWords)
	c.Found = append(c.Found, f.found(Fails, 0)...)
	return c
}

// has reports whether a key is given.
func (t taker) has(key string) bool { _, ok := t.f.keys[key]; return ok }

// word returns what a key that has no field is set to, and leaves it among
// those.
func (t taker) word(key string) string {
	if i, ok := t.f.keys[key]; ok {
		return t.f.set[i].val
	}
	return ""
}

// libreswanVersion: keyexchange=ikev1 or ikev2 since 4.11, ikev2= before. With
// neither it is IKEv2 alone, since 4.0.
func (s *source) libreswanVersion(t taker, c *Connection) {
	if v, ok := t.text("keyexchange"); ok {
		switch strings.ToLower(v.V) {
		case "ikev1":
			c.Version = as(v, IKEv1)
		case "ikev2":
			c.Version = as(v, IKEv2)
		case "ike":
		default:
			t.bad(v)
		}
	}
	old, ok := t.text("ikev2")
	switch {
	case c.Version.Stated():
	case !ok:
		c.Version = defaulted("ikev2", IKEv2)
	default:
		switch strings.ToLower(old.V) {
		case "no", "never", "0", "false":
			c.Version = as(old, IKEv1)
		case "permit":
			c.Version, c.InitiateVersion = as(old, VersionAny), IKEv1
		case "propose":
			c.Version, c.InitiateVersion = as(old, VersionAny), IKEv2
		case "yes", "insist", "1", "true":
			c.Version = as(old, IKEv2)
		default:
			t.bad(old)
			c.Version = defaulted("ikev2", IKEv2)
		}
	}
	if c.Version.V != VersionAny {
		c.InitiateVersion = c.Version.V
	}
}

func (s *source) libreswanEnd(t taker, side string, e *End) {
	e.Addresses = take(t, side, parseAddresses("%any"), func(v string) ([]Address, bool) { return parseAddresses(v), true })
	e.Port = take(t, side+"ikeport", 0, port)
	e.Certs = maybe(t, side+"cert", list)
	e.SendCert = maybe(t, side+"sendcert", sendCert)
	e.KeyFromCert = strings.EqualFold(t.word(side+"rsasigkey"), "%cert") &&
		!slices.ContainsFunc([]string{"rsasigkey2", "ckaid", "pubkey", "ecdsakey"}, func(w string) bool { return t.has(side + w) })
	e.CAs = maybe(t, side+"ca", func(v string) ([]string, bool) { return []string{v}, true })
	e.VirtualIPs = maybe(t, side+"addresspool", list)
	if user, ok := t.text(side + "username"); ok {
		e.XAuthID = user
	} else if user, ok := t.text(side + "xauthusername"); ok {
		e.XAuthID = user
	}
	if v, ok := t.text(side + "id"); ok {
		e.ID = as(v, ike.ParseIdentity(v.V, ike.DialectLibreswan))
		return
	}
	if len(e.Certs.V) > 0 {
		e.ID = certIdentity(side + "id")
		return
	}
	e.ID = hostIdentity(side+"id", e)
}

// libreswanAuth: leftauth and rightauth where given, else authby, which lists
// the methods of both ends. XAUTH follows from the ends' roles.
func (s *source) libreswanAuth(t taker, c *Connection) {
	by, ok := t.text("authby")
	common := as(by, AuthPubkey)
	if !ok {
		common = defaulted("authby", AuthPubkey)
	} else {
		a, known := libreswanAuthby(by.V)
		if !known {
			t.bad(by)
		} else {
			common.V = a
		}
	}
	var server, client [2]bool
	for i, x := range []struct {
		side string
		e    *End
	}{{"left", &c.Local}, {"right", &c.Remote}} {
		if x.e.Auth = maybe(t, x.side+"auth", authWord); x.e.Auth.Origin == Unset {
			x.e.Auth = common
		}
		x.e.Auth2 = defaulted(x.side+"xauthclient", AuthNone)
		for _, r := range []struct {
			key string
			to  *bool
		}{{x.side + "xauthserver", &server[i]}, {x.side + "xauthclient", &client[i]}} {
			v := take(t, r.key, false, boolean)
			if *r.to = v.V; v.V && v.Stated() {
				c.XAuth = as(v, XAuthNone)
			}
		}
	}
	switch {
	case client[0] || server[1]:
		c.XAuth.V, c.Local.Auth2 = XAuthClient, as(c.XAuth, AuthXAuth)
	case server[0] || client[1]:
		c.XAuth.V, c.Remote.Auth2 = XAuthServer, as(c.XAuth, AuthXAuth)
	default:
		c.XAuth = defaulted("leftxauthserver", XAuthNone)
	}
}

// libreswanAuthby reads a list of methods; a pre-shared key wins, as it does
// in an IKEv1 offer.
func libreswanAuthby(s string) (Auth, bool) {
	best, known := AuthNone, false
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == '|' || r == '+' || r == ' ' }) {
		a, ok := authWord(w)
		if !ok {
			return AuthNone, false
		}
		if !known || a == AuthPSK {
			best, known = a, true
		}
	}
	return best, known
}
