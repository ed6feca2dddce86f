package config

import "github.com/ikediag/ikediag/ike"

func asaFormat() format {
	return format{
		read: (*source).ciscoASA, identities: ike.DialectCisco, blank: true,
		traits: traits{addressKeys: true, answersBoth: true, within: true},
		lint: lintDialect{
			spelling: ike.DialectASA,
			ikev2:    [2]string{"set ikev2 ipsec-proposal", ""}, mainMode: [2]string{"set ikev1 phase1-mode", "main"}, tunnel: [2]string{"mode", "tunnel"},
			esp: [2]string{"crypto ipsec ikev1 transform-set", ""}, pfs: [2]string{"set pfs", "group14"}, strict: [2]string{"revocation-check", "crl"},
			secret: [2]string{"ikev1 pre-shared-key", ""}, broken: NoEffect, separate: Fails, apart: true, single: true,
		},
	}
}
