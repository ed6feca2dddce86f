package config

import "github.com/ikediag/ikediag/ike"

func screenOSFormat() format {
	return format{
		read: (*source).screenOS, identities: ike.DialectAny, blank: true,
		traits: traits{ownKeys: true},
		lint: lintDialect{
			spelling: ike.DialectScreenOS,
			ikev2:    [2]string{"ike gateway ikev2", ""}, mainMode: [2]string{"mode", "Main"}, tunnel: [2]string{"tunnel", ""},
			esp: [2]string{"p2-proposal", ""}, secret: [2]string{"preshare", ""}, broken: Fails, separate: NoEffect, single: true, revokes: true,
		},
	}
}
