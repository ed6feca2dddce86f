package observe

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
)

// maxUsers bounds the XAUTH users of a server that are looked at.
const maxUsers = 64

// xauth tells which part the connection plays in XAUTH and whose passwords it
// has.
func (o *Config) xauth(cfg *config.Config, c *config.Connection, b *diag.Connection) {
	switch c.XAuth.V {
	case config.XAuthClient:
		b.XAuthRole = diag.XAuthClient
		if u, ok := o.user(xauthName(c)); ok {
			b.Users = []diag.XAuthUser{u}
		}
	case config.XAuthServer:
		b.XAuthRole = diag.XAuthServer
		if o.users == nil {
			o.users = append([]diag.XAuthUser{}, o.served(cfg)...)
		}
		b.Users = slices.Clone(o.users)
	}
}

// served returns the users that a server has passwords of.
func (o *Config) served(cfg *config.Config) (users []diag.XAuthUser) {
	for i := range cfg.Secrets {
		e := &cfg.Secrets[i]
		if e.Kind != config.SecretXAuth && e.Kind != config.SecretEAP {
			continue
		}
		for _, name := range e.Owners {
			if len(users) == maxUsers {
				return users
			}
			if u, ok := o.user(name); ok {
				users = append(users, u)
			}
		}
	}
	return users
}

// xauthName is the name that a client gives: where none is written, its
// identity.
func xauthName(c *config.Connection) ike.Identity {
	if c.Local.XAuthID.V == "" {
		return c.Local.ID.V
	}
	d := ike.DialectStrongSwan
	switch c.Dialect {
	case config.Libreswan:
		d = ike.DialectLibreswan
	case config.Racoon:
		d = ike.DialectRacoon
	}
	return ike.ParseIdentity(c.Local.XAuthID.V, d)
}

func (o *Config) user(name ike.Identity) (u diag.XAuthUser, ok bool) {
	if name.IsZero() || name.Any || name.FromCert {
		return u, false
	}
	m, err := o.keys.SecretFor(config.SecretQuery{XAuth: true, RemoteID: name})
	if err != nil {
		return u, false
	}
	u.Name = name
	o.describe(&u.Password, &m)
	return u, true
}
