package config

import "github.com/ikediag/ikediag/ike"

func strongSwanFormat() format {
	return format{
		read: (*source).strongSwan, identities: ike.DialectStrongSwan,
		lint: lintDialect{
			spelling: ike.DialectStrongSwan,
			ikev2:    [2]string{"keyexchange", "ikev2"}, mainMode: [2]string{"aggressive", "no"}, tunnel: [2]string{"type", "tunnel"},
			esp: [2]string{"esp", ""}, strict: [2]string{"strictcrlpolicy", "yes"}, secret: [2]string{"PSK", advisedKey},
			words: ipsecWords + " " + strongSwanOwn + " " + strongSwanWords, ignored: strongSwanIgnored,
			unread: NoEffect, broken: NoEffect, separate: NoEffect, keysNamed: true,
		},
	}
}
