package config

import "github.com/ikediag/ikediag/ike"

func iosFormat() format {
	return format{
		read: (*source).ciscoIOS, identities: ike.DialectCisco, blank: true,
		traits: traits{addressKeys: true, answersBoth: true, within: true},
		lint: lintDialect{
			spelling: ike.DialectCisco,
			ikev2:    [2]string{"set ikev2-profile", ""}, mainMode: [2]string{"initiate mode", "main"}, tunnel: [2]string{"mode", "tunnel"},
			esp: [2]string{"crypto ipsec transform-set", ""}, pfs: [2]string{"set pfs", "group14"}, strict: [2]string{"revocation-check", "crl"},
			secret: [2]string{"crypto isakmp key", ""}, broken: NoEffect, separate: Fails, apart: true, single: true,
		},
	}
}
