package config

import "github.com/ikediag/ikediag/ike"

func swanctlFormat() format {
	return format{
		read: (*source).swanctl, identities: ike.DialectStrongSwan,
		lint: lintDialect{
			spelling: ike.DialectStrongSwan,
			ikev2:    [2]string{"version", "2"}, mainMode: [2]string{"aggressive", "no"}, tunnel: [2]string{"mode", "tunnel"},
			esp: [2]string{"esp_proposals", ""}, strict: [2]string{"revocation", "strict"}, secret: [2]string{"secret", advisedKey},
			words:  swanctlWords + " " + swanctlConnWords + " " + swanctlAuthWords + " " + swanctlKidWords,
			unread: Fails, broken: Fails, separate: NoEffect,
		},
	}
}
