package ike

import "strconv"

const (
	protoICMP   = 1
	protoTCP    = 6
	protoUDP    = 17
	protoICMPv6 = 58
)

// protocolNames are the IP protocols that daemons print by name, as in
// /etc/protocols.
var protocolNames = []struct {
	name string
	n    uint8
}{
	{"icmp", protoICMP}, {"igmp", 2}, {"ipencap", 4}, {"ipip", 4}, {"tcp", protoTCP}, {"udp", protoUDP}, {"ipv6", 41}, {"gre", 47},
	{"esp", 50}, {"ah", 51}, {"ipv6-icmp", protoICMPv6}, {"icmp6", protoICMPv6}, {"icmpv6", protoICMPv6}, {"ospf", 89}, {"ospfigp", 89},
	{"pim", 103}, {"ipcomp", 108}, {"vrrp", 112}, {"l2tp", 115}, {"sctp", 132}, {"udplite", 136}, {"ip", 0}, {"any", 0}, {"%any", 0}, {"all", 0},
}

func protocolName(n uint8) (string, bool) {
	for _, p := range protocolNames {
		if p.n == n {
			return p.name, true
		}
	}
	return "", false
}

func protocolNumber(s string) (uint8, bool) {
	for _, p := range protocolNames {
		if foldEqual(s, p.name) {
			return p.n, true
		}
	}
	n, err := strconv.ParseUint(s, 10, 8)
	return uint8(n), err == nil
}

// serviceNames are the ports that strongSwan prints by name in the selectors
// one meets, as in /etc/services of the common systems.
var serviceNames = []struct {
	name string
	n    uint16
}{
	{"ftp-data", 20}, {"ftp", 21}, {"ssh", 22}, {"telnet", 23}, {"smtp", 25}, {"domain", 53}, {"bootps", 67}, {"bootpc", 68}, {"tftp", 69},
	{"http", 80}, {"www", 80}, {"kerberos", 88}, {"pop3", 110}, {"sunrpc", 111}, {"ntp", 123}, {"epmap", 135}, {"netbios-ns", 137},
	{"netbios-dgm", 138}, {"netbios-ssn", 139}, {"imap2", 143}, {"imap", 143}, {"snmp", 161}, {"snmp-trap", 162}, {"bgp", 179}, {"ldap", 389},
	{"https", 443}, {"microsoft-ds", 445}, {"isakmp", 500}, {"syslog", 514}, {"ldaps", 636}, {"domain-s", 853}, {"imaps", 993}, {"pop3s", 995},
	{"openvpn", 1194}, {"ms-sql-s", 1433}, {"l2f", 1701}, {"l2tp", 1701}, {"radius", 1812}, {"radius-acct", 1813}, {"nfs", 2049},
	{"mysql", 3306}, {"ms-wbt-server", 3389}, {"ipsec-nat-t", 4500}, {"sip", 5060}, {"sip-tls", 5061}, {"postgresql", 5432}, {"http-alt", 8080},
}

func portNumber(s string) (uint16, bool) {
	for _, p := range serviceNames {
		if foldEqual(s, p.name) {
			return p.n, true
		}
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil
}
