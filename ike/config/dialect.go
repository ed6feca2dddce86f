package config

// Dialect names a file format, as reports show it.
type Dialect string

// The formats that Detect knows. Those that Parse reads come first. RacoonKeys
// has too little form to be known by it: see LooksLikeKeys.
const (
	Unknown       Dialect = ""
	Swanctl       Dialect = "swanctl.conf"
	StrongSwan    Dialect = "strongswan-ipsec.conf"
	Libreswan     Dialect = "libreswan-ipsec.conf" // Openswan's too
	IPsecSecrets  Dialect = "ipsec.secrets"
	CiscoIOS      Dialect = "cisco-ios" // and IOS-XE
	CiscoASA      Dialect = "cisco-asa" // and PIX and FTD
	Racoon        Dialect = "racoon.conf"
	RacoonKeys    Dialect = "psk.txt"
	Setkey        Dialect = "setkey.conf"
	PfSense       Dialect = "pfsense"
	OPNsense      Dialect = "opnsense"
	OPNsenseModel Dialect = "opnsense-connections" // of connections only, not of files
	AWS           Dialect = "aws-vpn"
	FortiGate     Dialect = "fortigate" // FortiOS
	MikroTik      Dialect = "mikrotik"  // RouterOS
	PaloAlto      Dialect = "paloalto"  // PAN-OS
	JuniperSRX    Dialect = "juniper-srx"
	ScreenOS      Dialect = "juniper-screenos"
	VyOS          Dialect = "vyos" // and EdgeOS
	StrongSwanOpt Dialect = "strongswan.conf"
)

// family names the implementation that reads the format: what is built into it
// is common to all that it reads.
func (d Dialect) family() Dialect {
	switch d {
	case Swanctl, PfSense, OPNsense, OPNsenseModel, VyOS:
		return StrongSwan
	}
	return d
}

// Read reports whether Parse reads the format.
func (d Dialect) Read() bool { return formatOf(d).read != nil }

// KeysApart reports whether a configuration in the format d has its pre-shared
// keys in a file of its own, of which it is told or which has a fixed name, and
// nowhere else.
func (d Dialect) KeysApart() bool { return d == StrongSwan || d == Libreswan || d == Racoon }

// Joins reports whether a file of secrets or policies in the format d is for a
// configuration in the format conf: what Config.AddSecrets takes of the files
// that lie beside one.
func (d Dialect) Joins(conf Dialect) bool {
	switch d {
	case RacoonKeys, Setkey:
		return conf == Racoon
	case IPsecSecrets:
		return conf != Racoon
	}
	return false
}
