package config

import "github.com/ikediag/ikediag/ike"

func paloAltoFormat() format {
	return format{
		read: (*source).paloAlto, identities: ike.DialectStrongSwan, blank: true,
		traits: traits{ownKeys: true, answersBoth: true, exact: true},
		lint: lintDialect{
			spelling: ike.DialectPaloAlto,
			ikev2:    [2]string{"protocol version", "ikev2"}, mainMode: [2]string{"protocol ikev1 exchange-mode", "main"}, tunnel: [2]string{"ipsec-mode", "tunnel"},
			esp: [2]string{"esp encryption", "aes-256-cbc"}, pfs: [2]string{"dh-group", "group14"},
			secret: [2]string{"pre-shared-key key", ""}, broken: Fails, separate: NoEffect, apart: true, single: true, parts: true,
		},
	}
}
