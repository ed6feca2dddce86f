package config

import "strings"

// The sections of ASA, where what was pasted has lost its indentation.

var asaBelow = []ciscoBelow{
	{"crypto ikev1 policy", "authentication encryption hash group lifetime"},
	{"crypto isakmp policy", "authentication encryption hash group lifetime"},
	{"crypto ikev2 policy", "encryption integrity group prf lifetime"},
	{"crypto ipsec ikev2 ipsec-proposal", "protocol"},
	{"crypto ipsec profile", "set responder-only"},
	{"tunnel-group", "ikev1 ikev2 pre-shared-key peer-id-validate isakmp trust-point chain default-group-policy address-pool authentication-server-group accounting-server-group authorization-server-group"},
	{"group-policy", "vpn-idle-timeout vpn-session-timeout vpn-filter vpn-tunnel-protocol vpn-simultaneous-logins dns-server wins-server default-domain split-tunnel-policy split-tunnel-network-list " +
		"address-pools pfs re-xauth ip-comp group-lock user-authentication ipsec-udp"},
	{"object-group", "network-object service-object port-object protocol-object icmp-object group-object description"},
	{"object network", "host subnet range fqdn description"},
	{"object service", "service description"},
	{"interface", "nameif security-level tunnel shutdown description speed duplex vlan switchport"},
}

// ownsASA reports whether a line without indentation belongs to the section.
func (s *ciscoSection) ownsASA(l *ciscoLine) bool {
	switch {
	case s.is("interface"):
		if l.is("no", "shutdown") || l.is("no", "nameif") || l.is("no", "ip", "address") || l.is("no", "security-level") || l.is("ipv6", "address") ||
			l.is("ip", "address") && (strings.Count(l.arg(2), ".") == 3 || l.is("ip", "address", "dhcp") || l.is("ip", "address", "pppoe")) {
			return true
		}
	case s.is("object", "network") && l.is("nat"): // twice NAT is of the top level
		i := 2 // nat (inside,outside) static ...
		return len(l.words) > i && strings.HasPrefix(l.words[1], "(") && !strings.EqualFold(l.arg(i), "source") && !strings.EqualFold(l.arg(i), "after-auto") && !numeric(l.arg(i))
	case s.is("tunnel-group") && l.is("isakmp") && !l.is("isakmp", "keepalive") && !l.is("isakmp", "ikev1-user-authentication"):
		return false
	}
	return s.ownsBy(asaBelow, l)
}
