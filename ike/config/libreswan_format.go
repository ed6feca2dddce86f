package config

import "github.com/ikediag/ikediag/ike"

func libreswanFormat() format {
	return format{
		read: (*source).libreswan, identities: ike.DialectLibreswan,
		traits: traits{followsMode: true, anyGroup: true, exact: true},
		lint: lintDialect{
			spelling: ike.DialectLibreswan,
			ikev2:    [2]string{"ikev2", "yes"}, mainMode: [2]string{"aggressive", "no"}, tunnel: [2]string{"type", "tunnel"},
			esp: [2]string{"phase2", "esp"}, pfs: [2]string{"pfs", "yes"}, strict: [2]string{"crl-strict", "yes"}, secret: [2]string{"PSK", advisedKey},
			words: ipsecWords + " " + libreswanOwn + " " + libreswanWords, ignored: libreswanIgnored,
			unread: Refuses, broken: Fails, separate: Fails,
		},
	}
}
