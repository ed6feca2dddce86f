package config

import "github.com/ikediag/ikediag/ike"

func mikroTikFormat() format {
	return format{
		read: (*source).mikroTik, identities: ike.DialectStrongSwan,
		traits: traits{ownKeys: true},
		lint: lintDialect{
			spelling: ike.DialectRouterOS,
			ikev2:    [2]string{"exchange-mode", "ike2"}, mainMode: [2]string{"exchange-mode", "main"}, tunnel: [2]string{"tunnel", "yes"},
			esp: [2]string{"ipsec-protocols", "esp"}, pfs: [2]string{"pfs-group", "modp2048"},
			secret: [2]string{"secret", ""}, broken: Fails, separate: NoEffect, apart: true, single: true, parts: true,
		},
	}
}
