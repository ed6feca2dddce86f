package observe

import (
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
		o.user(cfg, c, b, xauthName(c))
	case config.XAuthServer:
		b.XAuthRole = diag.XAuthServer
		for i := range cfg.Secrets {
			e := &cfg.Secrets[i]
			if e.Kind != config.SecretXAuth && e.Kind != config.SecretEAP {
				continue
			}
			for _, name := range e.Owners {
				o.user(cfg, c, b, name)
			}
		}
	}
}

// xauthName is the name that a client gives: where none is written, its
// identity.
func xauthName(c *config.Connection) ike.Identity {
	if c.Local.XAuthID.V == "" {
		return c.Local.ID.V
	}
	d := ike.DialectStrongSwan
	if c.Dialect == config.Libreswan {
		d = ike.DialectLibreswan
	}
	return ike.ParseIdentity(c.Local.XAuthID.V, d)
}

func (o *Config) user(cfg *config.Config, c *config.Connection, b *diag.Connection, name ike.Identity) {
	if name.IsZero() || name.Any || name.FromCert || len(b.Users) >= maxUsers {
		return
	}
	m, err := cfg.SecretFor(config.SecretQuery{XAuth: true, RemoteID: name})
	if err != nil {
		return
	}
	u := diag.XAuthUser{Name: name}
	o.describe(&u.Password, &m)
	b.Users = append(b.Users, u)
}
