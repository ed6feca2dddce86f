package config

import (
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// What only ASA's crypto maps and profiles say.

// asaEntry is what an entry says besides what it has in common with IOS.
type asaEntry struct {
	mode    Value[string] // the exchange that it begins with
	natt    Value[Encap]
	kind    Value[string] // connection-type
	cert    Value[string] // trustpoint
	suites2 Value[string] // of IKEv2
}

// detail reads such a statement of an entry.
func (c *asa) detail(e *ciscoEntry, l *ciscoLine) {
	d := c.details[e]
	if d == nil {
		d = &asaEntry{}
		c.details[e] = d
	}
	switch {
	case l.taken:
		return
	case l.is("set", "ikev2", "ipsec-proposal"):
		d.suites2 = l.value(e.key("set ikev2 ipsec-proposal"), strings.Join(l.rest(3), " "))
	case l.is("set", "ikev1", "phase1-mode"):
		d.mode = l.value(e.key("set ikev1 phase1-mode"), strings.ToLower(l.arg(3)))
	case l.is("set", "phase1-mode"):
		d.mode = l.value(e.key("set phase1-mode"), strings.ToLower(l.arg(2)))
	case l.is("set", "nat-t-disable"):
		d.natt = as(l.value(e.key("set nat-t-disable"), ""), EncapNever)
	case l.is("set", "connection-type"):
		d.kind = l.value(e.key("set connection-type"), strings.ToLower(l.arg(2)))
	case l.is("responder-only"):
		d.kind = l.value("responder-only", "answer-only")
	case l.is("set", "trustpoint"):
		d.cert = l.value(e.key("set trustpoint"), l.arg(2))
	case l.is("no", "set"), l.is("set", "reverse-route"), l.is("set", "df-bit"), l.is("set", "validate-icmp-errors"), l.is("set", "tfc-packets"), l.is("set", "inheritance"), l.is("set", "ikev2"):
		// No field is for them, or they say that something is not set.
	default:
		return
	}
	l.taken = true
}

// phase1 completes a connection with what its entry, its tunnel group and the
// group's policy say.
func (c *asa) phase1(k *Connection, e *ciscoEntry, in string) {
	d := c.details[e]
	if d == nil {
		d = &asaEntry{}
	}
	c.version(k, e, d)
	if c.called == 0 && in != "" && k.Remote.AnyAddress() {
		c.called = len(c.s.c.Connections) + 1
	}
	k.Aggressive = defaulted(e.key("set ikev1 phase1-mode"), false)
	if d.mode.Origin != Unset {
		k.Aggressive = spelt(d.mode, d.mode.V == "aggressive")
	}
	if c.whole && in != "" && k.Start.V == StartTrap && (len(e.peers) == 0 || e.acl.Origin == Unset) {
		// Incomplete, which the device passes over; an extract does not tell.
		k.Start = Value[Start]{V: StartIgnore, At: e.at, Origin: Written, Key: e.path}
	}
	if d.natt.Origin != Unset {
		k.Encap = d.natt
	}
	if d.kind.V == "answer-only" && k.Start.V != StartIgnore {
		k.Start = spelt(d.kind, StartNone)
	}
	k.Remote.ID = defaulted("peer-id-validate", ike.Identity{Any: true})
	c.groupOf(k, e)
	auth := c.auth(k)
	if k.Version.V != IKEv2 && auth.V == AuthNone && d.cert.Origin != Unset {
		auth = spelt(d.cert, AuthPubkey)
	}
	k.Local.Auth, k.Remote.Auth = auth, auth
	if d.cert.Origin != Unset {
		k.Local.Certs = as(d.cert, []string{d.cert.V})
	}
	k.Local.ID = c.localID(k)
}

// version tells IKEv1 from IKEv2 by what the entry has transforms for. With
// both, version 2 is tried first.
func (c *asa) version(k *Connection, e *ciscoEntry, d *asaEntry) {
	k.Version.Key = e.key("set ikev2 ipsec-proposal")
	if d.suites2.Origin == Unset {
		return
	}
	if len(e.sets) > 0 {
		k.Version, k.InitiateVersion = as(d.suites2, VersionAny), IKEv2
		return
	}
	k.Version, k.InitiateVersion = as(d.suites2, IKEv2), IKEv2
	k.Proposals = builtIn("crypto ikev2 policy", "crypto ikev2 policy", ike.ProtocolIKE) // not read
}

// localID is what the device calls itself: auto is the address with a key, and
// the certificate's subject with a signature.
func (c *asa) localID(k *Connection) Value[ike.Identity] {
	kind, arg, _ := strings.Cut(c.identity.V, " ")
	switch strings.ToLower(kind) {
	case "":
		return Value[ike.Identity]{V: ike.Identity{Any: true}, Key: c.identity.Key}
	case "hostname":
		return c.localName(c.identity)
	case "key-id":
		return as(c.identity, ike.ParseIdentity("keyid:"+arg, ike.DialectStrongSwan))
	case "auto":
		if k.Local.Auth.V == AuthPubkey {
			return as(c.identity, ike.ParseIdentity("%fromcert", ike.DialectAny))
		}
	}
	id := hostIdentity(c.identity.Key, &k.Local)
	if c.identity.Origin != Default {
		id = as(c.identity, id.V)
	}
	return id
}
