package config

import "github.com/ikediag/ikediag/ike"

func vyosFormat() format {
	return format{
		read: (*source).vyos, identities: ike.DialectStrongSwan, blank: true,
		lint: lintDialect{
			spelling: ike.DialectVyOS,
			ikev2:    [2]string{"key-exchange", "ikev2"}, mainMode: [2]string{"mode", "main"}, tunnel: [2]string{"mode", "tunnel"},
			esp: [2]string{"encryption", ""}, pfs: [2]string{"pfs", "dh-group14"},
			secret: [2]string{"secret", advisedKey}, broken: Fails, separate: NoEffect, apart: true, single: true,
		},
	}
}

// What of VyOS is read, and the words of the top level besides.
const (
	vyosKept   = "vpn interfaces nat service"
	vyosOthers = "system firewall protocols policy zone-policy qos qos-policy traffic-policy container high-availability load-balancing pki cluster vrf dhcp port-forward custom-attribute traffic-control netns"
)

// vyosWords are the format's own words below what is kept, as far as they tell
// what a statement without a place is about.
const vyosWords = "vpn ipsec interfaces nat service esp-group ike-group site-to-site peer tunnel vti profile logging log log-modes log-level level subsystem auto-update " +
	"disable-uniqreqids include-ipsec-conf include-ipsec-secrets nat-networks allowed-network nat-traversal options disable-route-autoinstall interface virtual-ip flexvpn " +
	"auto-firewall-nat-exclude allow-access-to-local-interface global-config remote-access l2tp pptp openconnect sstp rsa-keys local-key anyconnect " +
	"description ikev2-reauth mobike disable-mobike disable-rekey proposal prf authentication x509 rsa use-x509-id ca-certificate ca-certificates certificate ca-cert-file crl-file cert-file key file passphrase " +
	"rsa-key-name rsa-key local-users allow-nat-networks allow-public-networks priority passthrough replay-window childless virtual-address ppk psk " +
	"ethernet bonding bridge dummy loopback pppoe tunnel wireguard openvpn switch vif vif-s vif-c address mtu hw-id duplex speed source rule destination outbound-interface " +
	"inbound-interface translation exclude type outside-address inside-address protocol port group gui ssh dhcp-server dns ntp snmp unms ubnt-discover lldp https mdns " +
	"local remote prefix subnet bind firewall in out parameters encapsulation source-address local-ip remote-ip multicast offload mac ipv6 ip dup-addr-detect-transmits policy static"
