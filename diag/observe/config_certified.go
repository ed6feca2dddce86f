package observe

import "github.com/ikediag/ikediag/ike/config"

// certificateNames collects the certificates that the connections of a
// configuration name, for either end.
func certificateNames(c *config.Config) map[string]bool {
	all := map[string]bool{}
	for i := range c.Connections {
		k := &c.Connections[i]
		for _, list := range [...][]string{k.Local.Certs.V, k.Remote.Certs.V} {
			for _, s := range list {
				all[s] = true
			}
		}
	}
	return all
}

// certified reports whether an end's public key can come from nothing but a
// certificate that the end sends: it is written to be that of its certificate,
// and no connection names one but those of the other end. One that another
// connection names would serve in this one too.
func (o *Config) certified(e, other *config.End) bool {
	if !e.KeyFromCert || o.incomplete {
		return false
	}
	own := map[string]bool{}
	for _, s := range other.Certs.V {
		own[s] = true
	}
	return len(own) == len(o.certs)
}
