package config

import "github.com/ikediag/ikediag/ike"

func junosFormat() format {
	return format{
		read: (*source).juniperSRX, identities: ike.DialectAny, blank: true,
		traits: traits{ownKeys: true},
		lint: lintDialect{
			spelling: ike.DialectJunos,
			ikev2:    [2]string{"version", "v2-only"}, mainMode: [2]string{"mode", "main"},
			esp: [2]string{"encryption-algorithm", ""}, pfs: [2]string{"perfect-forward-secrecy keys", "group14"},
			secret: [2]string{"pre-shared-key ascii-text", ""}, broken: Fails, separate: NoEffect, apart: true, single: true, revokes: true,
		},
	}
}

// What of Junos is read, and the words of the top level besides.
const (
	junosKept   = "security interfaces groups apply-groups version routing-options protocols routing-instances"
	junosOthers = "access accounting-options applications bridge-domains chassis class-of-service ethernet-switching-options event-options firewall forwarding-options " +
		"jsrc-partition logical-systems multi-chassis multicast-snooping-options poe policy-options protocols routing-instances routing-options rcsid " +
		"schedulers security-group services session-limit-group smtp snmp switch-options system tenants unified-edge virtual-chassis vlans wlan vmhost"
)

// junosWords are the format's own words below what is kept, as far as they
// tell what a statement without a place is about. Names are none of them.
const junosWords = "security ike ipsec interfaces groups zones policies policy nat address-book flow screen alg pki idp utm log forwarding-options ssh-known-hosts certificates traceoptions " +
	"proposal gateway vpn respond-bad-spi description certificate policy-oids trusted-ca peer-certificate-type reauth-frequency lifetime-kilobytes " +
	"connections-limit ike-user-type container wildcard nat-keepalive advpn aaa xauth fragmentation tcp-encap-profile radius distribution-profile ppk-profile " +
	"vpn-monitor vpn-monitor-options df-bit copy-outer-dscp multi-sa passive-mode-tunneling tunnel-mtu udp-encapsulate install-interval no-anti-replay distribution-profile match-direction " +
	"manual security-association internal anti-replay-window-size term protocol source-port destination-port metric " +
	"security-zone host-inbound-traffic system-services protocols screen tcp-rst application-tracking interfaces unit family inet inet6 " +
	"from-zone to-zone then permit deny reject match count default-policy policy-rematch global application " +
	"source destination static proxy-arp rule-set pool persistent-nat " +
	"address address-set mtu gigether-options ether-options fabric-options redundant-ether-options mpls ethernet-switching iso filter vlan-id vlan-tagging speed link-mode disable enable " +
	"point-to-point multipoint next-hop-tunnel sampling dhcp dhcp-client family-options apply-groups apply-groups-except primary preferred"
