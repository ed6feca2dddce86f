package config

import "github.com/ikediag/ikediag/ike"

func fortiGateFormat() format {
	return format{
		read: (*source).fortiGate, identities: ike.DialectStrongSwan, blank: true,
		traits: traits{ownKeys: true},
		lint: lintDialect{
			spelling: ike.DialectFortinet,
			ikev2:    [2]string{"set ike-version", "2"}, mainMode: [2]string{"set mode", "main"}, tunnel: [2]string{"set encapsulation", "tunnel-mode"},
			esp: [2]string{"set proposal", ""}, pfs: [2]string{"set pfs", "enable"},
			secret: [2]string{"set psksecret", ""}, broken: Fails, separate: Fails, apart: true, single: true,
			parts: true, group: [2]string{"set dhgrp", "14"},
		},
	}
}
