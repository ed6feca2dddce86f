package config

// Dialect names a file format, as reports show it.
type Dialect string

// The formats that Detect knows. Parse reads those up to IPsecSecrets.
const (
	Unknown       Dialect = ""
	Swanctl       Dialect = "swanctl.conf"
	StrongSwan    Dialect = "strongswan-ipsec.conf"
	Libreswan     Dialect = "libreswan-ipsec.conf" // Openswan's too
	IPsecSecrets  Dialect = "ipsec.secrets"
	StrongSwanOpt Dialect = "strongswan.conf"
	CiscoIOS      Dialect = "cisco-ios"
	CiscoASA      Dialect = "cisco-asa"
	JuniperSRX    Dialect = "juniper-srx"
	ScreenOS      Dialect = "juniper-screenos"
	FortiGate     Dialect = "fortigate"
	Racoon        Dialect = "racoon.conf"
	Setkey        Dialect = "setkey.conf"
	VyOS          Dialect = "vyos"
	PfSense       Dialect = "pfsense"
	OPNsense      Dialect = "opnsense"
	MikroTik      Dialect = "mikrotik"
	PaloAlto      Dialect = "paloalto"
	AWS           Dialect = "aws-vpn"
)

// Read reports whether Parse reads the format.
func (d Dialect) Read() bool {
	switch d {
	case Swanctl, StrongSwan, Libreswan, IPsecSecrets:
		return true
	}
	return false
}
