package rules

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// writing is how the files of one format write what a remedy advises. What is
// empty or nil it has no words for, and the remedy then says only which line
// has to change.
type writing struct {
	// algorithms is how proposals are spelt.
	algorithms ike.Dialect
	// single: a setting names one algorithm of each kind.
	single bool
	// strict is what ends a list that is meant to be the whole.
	strict string
	// pfs writes the group for PFS, or GroupNone, where it has a setting of its
	// own, the one that is there.
	pfs func(g ike.Group, setting string) (string, string)
	// versions are the words for IKEv1 and IKEv2.
	versions [2]string
	// modes are the words for main and aggressive mode, auths for a key and a
	// signature, encaps for tunnel and transport mode.
	modes, auths, encaps [2]string
	// seconds writes a lifetime.
	seconds func(uint32) string
	// subnet writes a selector; lists: one setting takes several.
	subnet func(ike.Selector) string
	lists  bool
	// entry writes both selectors, where one statement has them: the setting
	// that is there.
	entry func(from, to []ike.Selector, setting string) string
	// exempt writes what keeps traffic out of the gateway's own NAT, beside a
	// setting that takes it.
	exempt func(from, to []ike.Selector, setting string) string
	// identity writes an identity, empty where the setting has no word for its
	// type.
	identity func(id ike.Identity, setting string) string
	// key is what a connection gets that has no key for its peer.
	key func(c *diag.Connection) (setting, value string)
}

// writingOf returns how a connection's file writes, never nil.
func writingOf(c *diag.Connection) *writing {
	switch c.Format {
	case "swanctl.conf":
		return &writeSwanctl
	case "strongswan-ipsec.conf":
		return &writeStrongSwan
	case "libreswan-ipsec.conf":
		return &writeLibreswan
	case "cisco-ios":
		return &writeIOS
	case "racoon.conf":
		return &writeRacoon
	case "pfsense", "opnsense":
		return &writePfSense
	case "aws-vpn":
		return &writeAWS
	case "opnsense-connections":
		return &writeOPNsense
	case "cisco-asa":
		return &writeASA
	case "fortigate":
		return &writeFortiGate
	case "mikrotik":
		return &writeMikroTik
	case "paloalto":
		return &writePaloAlto
	case "vyos":
		return &writeVyOS
	case "juniper-screenos":
		return &writeScreenOS
	case "juniper-srx":
		return &writeJunos
	}
	return &writeNothing
}

var writeNothing = writing{}
