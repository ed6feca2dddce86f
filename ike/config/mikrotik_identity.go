package config

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// How the ends of RouterOS prove who they are.

// auth: a key is the default. Keys belong to their identity; an export may leave
// them all out.
func (c *ros) auth(k *Connection, p, own *record) {
	type kind struct {
		local, remote Auth
		xauth         bool
	}
	m := recorded(c.s, own, "auth-method", kind{local: AuthPSK, remote: AuthPSK}, choice(map[string]kind{
		"pre-shared-key": {local: AuthPSK, remote: AuthPSK}, "pre-shared-key-xauth": {AuthPSK, AuthPSK, true}, "digital-signature": {local: AuthPubkey, remote: AuthPubkey},
		"rsa-signature": {local: AuthPubkey, remote: AuthPubkey}, "rsa-key": {local: AuthPubkey, remote: AuthPubkey}, "rsa-signature-hybrid": {AuthXAuth, AuthPubkey, true},
		"eap": {local: AuthEAP, remote: AuthPubkey}, "eap-radius": {local: AuthPubkey, remote: AuthEAP},
	}))
	k.Local.Auth, k.Remote.Auth = worded(as(m, m.V.local), m.Text), worded(as(m, m.V.remote), m.Text)
	k.Local.Auth2, k.Remote.Auth2 = defaulted("", AuthNone), defaulted("", AuthNone)
	k.XAuth = Value[XAuthRole]{V: XAuthNone, At: m.At, Origin: m.Origin, Key: m.Key}
	if m.V.xauth {
		k.XAuth.V = XAuthClient
		if p.has("passive", "yes") {
			k.XAuth.V = XAuthServer
			k.Local.Auth, k.Remote.Auth = k.Remote.Auth, k.Local.Auth
		}
		for _, key := range [...]string{"username", "xauth-login"} {
			if user := own.text(key); user.V != "" {
				k.Local.XAuthID = user
			}
		}
	}
	if cert := own.text("certificate"); cert.V != "" {
		k.Local.Certs = as(cert, strings.Split(cert.V, ","))
	}
	if cert := own.text("remote-certificate"); cert.V != "" {
		k.Remote.Certs = as(cert, []string{cert.V})
	}
	c.modeConfig(k, own)
	ring := fmt.Sprintf("%s:%d", own.at.File, own.at.Line)
	k.Keyrings = Value[[]string]{V: []string{ring}, At: own.at, Origin: Inherited, Key: "secret"}
	c.secret(own, "secret", SecretPSK, ring, k.UsesPSK())
	c.secret(own, "password", SecretXAuth, ring, false)
	own.item("xauth-password")
}

// modeConfig: the entry request-only asks for an address, one with a pool hands
// them out.
func (c *ros) modeConfig(k *Connection, own *record) {
	v := own.text("mode-config")
	if v.V == "" || v.V == "none" {
		return
	}
	m := c.modes[v.V]
	if v.V == "request-only" || m != nil && m.has("responder", "no") {
		k.Local.VirtualIPs = as(v, []string{"any"})
		return
	}
	k.Remote.VirtualIPs = as(v, []string{"pool"})
	if m != nil {
		for _, key := range [...]string{"address-pool", "address"} {
			if pool := m.text(key); pool.V != "" {
				k.Remote.VirtualIPs = Value[[]string]{V: []string{pool.V}, At: pool.At, Origin: Inherited, Key: key}
			}
		}
	}
}

func (c *ros) secret(own *record, key string, kind SecretKind, ring string, wanted bool) {
	c.s.c.SecretsRead = true
	x := own.item(key)
	e := SecretEntry{Kind: kind, Name: key, Keyring: ring, At: own.at}
	v := Value[ike.Secret]{At: own.at, Origin: Hidden, Key: key}
	switch {
	case x == nil && (!wanted || c.secrets):
		return
	case x == nil, x.open, len(x.words) == 0: // left out, or a variable
		e.Secret, e.Spelling = v, Masked
	default:
		v.At, v.Origin, v.V = x.at, Written, ike.NewSecret([]byte(x.words[0]))
		e.At = x.at
		e.set(v, Plain)
	}
	c.s.c.Secrets = append(c.s.c.Secrets, e)
}

// ids: my-id and remote-id say the type before the value.
func (c *ros) ids(k *Connection, p, own *record) {
	k.Local.ID = hostIdentity("my-id", &k.Local)
	k.Local.ID.At = own.at
	for _, key := range [...]string{"my-id", "my-id-user-fqdn"} {
		v := own.text(key)
		switch {
		case v.V == "" || v.V == "auto":
			if k.Local.Auth.V == AuthPubkey && key == "my-id" {
				k.Local.ID = certIdentity("my-id")
			}
		case key == "my-id-user-fqdn":
			k.Local.ID = spelt(v, ike.ParseIdentity("userfqdn:"+v.V, ike.DialectStrongSwan))
		default:
			k.Local.ID = spelt(v, rosIdentity(v.V))
		}
	}
	k.Remote.ID = Value[ike.Identity]{V: ike.Identity{Any: true}, At: own.at, Origin: Default, Key: "remote-id"}
	if v := own.text("remote-id"); v.V != "" && v.V != "auto" && v.V != "ignore" {
		k.Remote.ID = spelt(v, rosIdentity(v.V))
	}
}

func rosIdentity(s string) ike.Identity {
	kind, val, ok := strings.Cut(s, ":")
	if !ok {
		return ike.ParseIdentity(s, ike.DialectStrongSwan)
	}
	switch kind {
	case "fqdn":
		return ike.ParseIdentity("fqdn:"+val, ike.DialectStrongSwan)
	case "user-fqdn":
		return ike.ParseIdentity("userfqdn:"+val, ike.DialectStrongSwan)
	case "key-id":
		return ike.ParseIdentity("keyid:"+val, ike.DialectStrongSwan)
	case "address":
		return ike.ParseIdentity(val, ike.DialectStrongSwan)
	case "dn":
		return ike.ParseIdentity("%fromcert", ike.DialectAny)
	}
	return ike.ParseIdentity(s, ike.DialectStrongSwan) // an address of IPv6
}
