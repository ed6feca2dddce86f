package ike

// Dialect says whose spelling rules a text follows.
type Dialect uint8

// The dialects. DialectAny applies the rules that all others share and
// decides what they do not by the commonest reading.
const (
	DialectAny Dialect = iota
	DialectStrongSwan
	DialectLibreswan // and Openswan, FreeS/WAN
	DialectCisco     // IOS, IOS-XE, and what ASA has in common with them
	DialectRacoon
	DialectPfSense  // and OPNsense: the elements of their config.xml
	DialectAWS      // the tunnel options of its API
	DialectASA      // ASA, PIX and FTD, where they spell otherwise than IOS
	DialectFortinet // FortiOS
	DialectRouterOS // MikroTik
	DialectPaloAlto // PAN-OS
	DialectJunos    // of Juniper's SRX
	DialectVyOS     // and EdgeOS
	DialectScreenOS
	dialectCount
)

var dialectNames = [dialectCount]string{
	DialectAny:        "any",
	DialectStrongSwan: "strongswan",
	DialectLibreswan:  "libreswan",
	DialectCisco:      "cisco",
	DialectRacoon:     "racoon",
	DialectPfSense:    "pfsense",
	DialectAWS:        "aws",
	DialectASA:        "asa",
	DialectFortinet:   "fortinet",
	DialectRouterOS:   "routeros",
	DialectPaloAlto:   "paloalto",
	DialectJunos:      "junos",
	DialectVyOS:       "vyos",
	DialectScreenOS:   "screenos",
}

// String returns the dialect's name in lower case.
func (d Dialect) String() string {
	if d < dialectCount {
		return dialectNames[d]
	}
	return numbered("Dialect", uint32(d))
}
