package config

import "github.com/ikediag/ikediag/ike"

// pfSenseFormat is for the config.xml of pfSense and OPNsense, both of which
// write a configuration of strongSwan from it.
func pfSenseFormat() format {
	return format{
		read: (*source).pfSense, identities: ike.DialectStrongSwan,
		lint: lintDialect{
			spelling: ike.DialectPfSense,
			ikev2:    [2]string{"iketype", "ikev2"}, mainMode: [2]string{"mode", "main"}, tunnel: [2]string{"mode", "tunnel"},
			esp: [2]string{"protocol", "esp"}, pfs: [2]string{"pfsgroup", "14"}, secret: [2]string{"pre-shared-key", ""},
			words: pfSenseWords1 + " " + pfSenseWords2, unread: NoEffect, broken: Fails, separate: NoEffect, apart: true, single: true,
		},
	}
}

// opnSenseModelFormat is for the connections of OPNsense's newer model, whose
// elements are swanctl.conf's settings. No file is of this format: it is
// Connection.Dialect of what an OPNsense config.xml has of them.
func opnSenseModelFormat() format {
	f := swanctlFormat()
	f.read = nil
	f.lint.ikev2, f.lint.mainMode, f.lint.tunnel = [2]string{"version", "2"}, [2]string{"aggressive", "0"}, [2]string{"mode", "tunnel"}
	f.lint.secret = [2]string{"Key", ""}
	return f
}
