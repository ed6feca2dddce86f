package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// The configuration of FortiOS 5 to 7: an entry of phase1-interface, or of
// phase1, is a Connection, an entry of phase2-interface, or of phase2, a Child
// of the one that it names.
//
// A backup has what differs from the defaults, and with them what is always
// there, such as the proposals; the defaults here are those of the releases
// that the comments name, as show full-configuration prints them. What moved is
// left open where the file does not tell its release.

// forti is one configuration being read.
type forti struct {
	s       *source
	version [2]int // of the release, zero where unknown
	tables  map[string][]*record
	phase1  map[string]*record // by virtual device and name
	nets    map[string]*record // firewall addresses, likewise
	groups  map[string]*record
	ifaces  map[string]*record // by name, which is the device's
	conns   map[*record]int    // indices of Connections
	steps   int                // of looking through groups of addresses
}

// scoped is a name within a virtual device.
func scoped(scope, name string) string { return scope + "\x00" + name }

func (s *source) fortiGate(name string, b []byte) {
	r := &fortiReader{s: s, name: name}
	r.read(b)
	if s.c.Version == "" {
		s.c.Version = r.version
	}
	c := &forti{s: s, version: releaseOf(s.c.Version), tables: map[string][]*record{}, phase1: map[string]*record{}, nets: map[string]*record{}, groups: map[string]*record{}, ifaces: map[string]*record{}, conns: map[*record]int{}}
	for _, rec := range r.records {
		c.tables[rec.section] = append(c.tables[rec.section], rec)
		switch rec.section {
		case "vpn ipsec phase1-interface", "vpn ipsec phase1":
			c.phase1[scoped(rec.scope, rec.name)] = rec
		case "firewall address":
			c.nets[scoped(rec.scope, rec.name)] = rec
		case "firewall addrgrp":
			c.groups[scoped(rec.scope, rec.name)] = rec
		case "system interface":
			c.ifaces[rec.name] = rec
		}
	}
	for _, rec := range r.records {
		if strings.HasPrefix(rec.section, "vpn ipsec phase1") && c.s.room(rec.at) {
			c.conns[rec] = len(s.c.Connections)
			s.c.Connections = append(s.c.Connections, c.connection(rec))
		}
	}
	for _, rec := range r.records {
		if strings.HasPrefix(rec.section, "vpn ipsec phase2") {
			c.attach(rec)
		}
	}
	c.bindings(r.version != "")
	s.c.Unknown = append(s.c.Unknown, r.foreign...)
	for _, rec := range r.records {
		i, ok := c.conns[rec]
		switch {
		case ok:
			s.c.Connections[i].Unknown = append(s.c.Connections[i].Unknown, rec.leftovers(fortiWords, s.recognize)...)
		case strings.HasPrefix(rec.section, "vpn ipsec "):
			s.c.Unknown = append(s.c.Unknown, rec.leftovers(fortiWords, s.recognize)...)
		default: // of interfaces, addresses and policies all words are the format's
			for _, x := range rec.items {
				s.recognize(x.at)
			}
		}
	}
}

// releaseOf returns the first two numbers of a release.
func releaseOf(v string) (out [2]int) {
	for i, f := range strings.SplitN(v, ".", 3) {
		n, err := strconv.Atoi(f)
		if err != nil || i > 1 {
			break
		}
		out[i] = n
	}
	return out
}

// between reports whether the release is known and one of a range.
func between(v, from, to [2]int) bool {
	n := func(x [2]int) int { return x[0]*1000 + x[1] }
	return v != [2]int{} && n(v) >= n(from) && n(v) <= n(to)
}

// refer notes a reference.
func (c *forti) refer(kind, in string, v Value[string], name string, to *record) {
	ref := SectionRef{Kind: kind, Name: name, In: in, At: v.At, Defined: to != nil}
	if to != nil {
		ref.Def = to.at
	}
	c.s.c.SectionRefs = append(c.s.c.SectionRefs, ref)
}

// enabled reads FortiOS's switches.
func enabled(s string) (bool, bool) {
	switch strings.ToLower(s) {
	case "enable":
		return true, true
	case "disable":
		return false, true
	}
	return false, false
}

// fortiWords are settings of phases 1 and 2 and of the tables around them that
// have no field.
const fortiWords = "acct-verify add-gw-route add-route aggregate-member aggregate-weight allowaccess assign-ip assign-ip-from auto-discovery-crossover auto-discovery-dialup-placeholder " +
	"auto-discovery-forwarder auto-discovery-offer-interval auto-discovery-psk auto-discovery-receiver auto-discovery-sender auto-discovery-shortcuts auto-negotiate authusrgrp azure-ad-autoconnect backup-gateway banner " +
	"cert-id-validation cert-peer-username-strip cert-peer-username-validation cert-trust-store childless-ike client-auto-negotiate client-keep-alive client-resume client-resume-interval color comment comments default-gw " +
	"default-gw-priority description dev-id dev-id-notification dhcp-ipsec dhcp-ra-giaddr dhcp6-ra-linkaddr diffserv diffservcode digital-signature-auth distance dns-mode domain dpd-retrycount eap " +
	"eap-cert-auth eap-exclude-peergrp eap-identity ems-sn-check encap-local-gw4 encap-local-gw6 encap-remote-gw4 encap-remote-gw6 encapsulation encapsulation-address enforce-ipsec-interface enforce-unique-id esn exchange-fgt-device-id " +
	"exchange-interface-ip exchange-ip-addr4 exchange-ip-addr6 fallback-tcp-threshold fec-base fec-codec fec-egress fec-health-check fec-ingress fec-mapping-profile fec-receive-timeout " +
	"fec-redundant fec-send-timeout fgsp-sync forticlient-enforcement fortinet-esp fragmentation-mtu group-authentication ha-sync-esp-seqno idle-timeout idle-timeoutinterval ike-tcp-port " +
	"inbound-dscp-copy include-local-lan initiator-ts-narrow internal-domain-list ip-delay-interval ip-fragmentation ip-version ipv4-df ipv4-dns-server1 ipv4-dns-server2 ipv4-dns-server3 " +
	"ipv4-name ipv4-netmask ipv4-split-exclude ipv4-split-include ipv4-wins-server1 ipv4-wins-server2 ipv6-auto-linklocal ipv6-dns-server1 ipv6-dns-server2 ipv6-dns-server3 ipv6-name " +
	"ipv6-prefix ipv6-split-exclude ipv6-split-include keepalive kms l2tp link-cost localid-type loopback-asymroute mesh-selector-type mode-cfg mode-cfg-allow-client-selector monitor monitor-hold-down-delay " +
	"monitor-hold-down-time monitor-hold-down-type monitor-hold-down-weekday monitor-min name negotiate-timeout net-device network-id network-overlay npu-offload packet-redistribution passive-mode peer " +
	"peergrp peertype ppk ppk-identity priority proposal-mode qkd qkd-hybrid qkd-profile reauth rekey remote-gw-country remote-gw-end-ip remote-gw-match remote-gw-start-ip remote-gw-subnet rsa-signature-format " +
	"rsa-signature-hash-override route-overlap save-password send-cert-chain shared-idle-timeout signature-hash-alg single-source split-include-service suite-b transport transit-gateway " +
	"tunnel-search type unity-support uuid usrgrp use-natip wizard-type xauthtype addke1 addke2 addke3 addke4 addke5 addke6 addke7 selector-match phase1name proposal"

// fortiIdentity is an identity of which the type is said apart.
func fortiIdentity(text, kind string) ike.Identity {
	switch id := ike.ParseIdentity(text, ike.DialectLibreswan); strings.ToLower(kind) {
	case "fqdn":
		return ike.ParseIdentity("fqdn:"+text, ike.DialectStrongSwan)
	case "user-fqdn":
		return ike.ParseIdentity("userfqdn:"+text, ike.DialectStrongSwan)
	case "keyid":
		return ike.ParseIdentity("keyid:"+text, ike.DialectStrongSwan)
	case "address", "asn1dn":
		return ike.ParseIdentity(text, ike.DialectStrongSwan)
	default:
		// The device chooses: a name is a host name. Which type it gives to
		// what looks like an address or a mailbox is not documented.
		if id.Type != 0 || strings.Contains(text, "@") {
			return ike.Identity{Value: text}
		}
		return ike.ParseIdentity("fqdn:"+text, ike.DialectStrongSwan)
	}
}
