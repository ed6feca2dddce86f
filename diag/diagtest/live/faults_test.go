//go:build live && linux

package live

import "github.com/ikediag/ikediag/diag"

// A fault is one way to make the tunnel fail, and the codes that name it.
type fault struct {
	name  string
	codes []diag.Code
	// change alters what the sides want, before anything runs; network the
	// network once it stands.
	change, network func(l *lab)
	// down leaves B without a daemon. traffic is how many packets are sent
	// once the tunnel has had time to come up.
	down    bool
	traffic int
	brief   bool // part of the short run
	configs bool // takes the configurations to tell
}

var faults = []fault{
	{name: "proposal", brief: true, codes: []diag.Code{diag.IKEP1ProposalMismatch},
		change: func(l *lab) { l.a.ike = "aes256-sha256-modp2048" }},
	{name: "psk", brief: true, codes: []diag.Code{diag.IKEP1PSKMismatch},
		change: func(l *lab) { l.b.psk = "anotherOfTheirs42" }},
	{name: "initiator-id", codes: []diag.Code{diag.IKEP1IDInitiatorMismatch},
		change: func(l *lab) { l.a.id = "depot.example.com" }},
	{name: "responder-id", codes: []diag.Code{diag.IKEP1IDResponderMismatch},
		change: func(l *lab) { l.b.id = "backup.example.com" }},
	{name: "unknown-peer", codes: []diag.Code{diag.IKEP1PeerUnknown},
		change: func(l *lab) { l.b.remoteIP = "198.51.100.200" }},
	{name: "certificate-untrusted", codes: []diag.Code{diag.CertUntrustedCA},
		change: func(l *lab) {
			ours, theirs := l.authority("ours"), l.authority("theirs")
			l.a.certify(theirs, ours, "")
			l.b.certify(ours, ours, "")
		}},
	{name: "certificate-expired", codes: []diag.Code{diag.CertExpired},
		change: func(l *lab) {
			ca := l.authority("ours")
			l.a.certify(ca, ca, "--not-before 2024-01-01 --not-after 2025-01-01 --dateform %Y-%m-%d")
			l.b.certify(ca, ca, "")
		}},
	{name: "selectors", codes: []diag.Code{diag.IKEP2TSMismatch},
		change: func(l *lab) { l.a.remoteTS = "10.77.0.0/24" }},
	{name: "pfs", codes: []diag.Code{diag.IKEP2PFSMismatch},
		change: func(l *lab) { l.a.esp = "aes128-sha256" }},
	{name: "phase-2-proposal", codes: []diag.Code{diag.IKEP2ProposalMismatch},
		change: func(l *lab) { l.a.esp = "aes256-sha256-modp2048" }},
	{name: "port-500-blocked", brief: true, codes: []diag.Code{diag.NetUDP500Blocked},
		network: func(l *lab) { l.drop("-p udp --dport 500") }},
	{name: "replies-blocked", codes: []diag.Code{diag.NetUDP500Oneway},
		network: func(l *lab) { l.drop("-i rb -p udp --sport 500") }},
	{name: "port-4500-blocked", codes: []diag.Code{diag.NetUDP4500Blocked},
		change: func(l *lab) { l.behindNAT() },
		network: func(l *lab) {
			l.nat()
			l.drop("-p udp --dport 4500")
		}},
	{name: "fragments-dropped", codes: []diag.Code{diag.NetIKEFragDropped},
		change: func(l *lab) {
			ca := l.authority("ours")
			l.a.certify(ca, ca, "")
			l.b.certify(ca, ca, "")
			l.a.conn, l.b.conn = "fragmentation = no", "fragmentation = no"
		},
		network: func(l *lab) {
			l.shell("ip -n A link set eth0 mtu 1000; ip -n B link set eth0 mtu 1000; ip netns exec R iptables-legacy -t raw -A PREROUTING -f -j DROP")
		}},
	{name: "version", configs: true, codes: []diag.Code{diag.IKEVersionMismatch},
		change: func(l *lab) { l.a.version = 2 }},
	{name: "mode", codes: []diag.Code{diag.IKEExchangeModeMismatch},
		change: func(l *lab) { l.a.aggressive = true }},
	{name: "daemon-down", codes: []diag.Code{diag.NetPeerNotListening}, down: true},
	{name: "esp-blocked", codes: []diag.Code{diag.NetESPBlocked}, traffic: 12,
		network: func(l *lab) { l.drop("-p esp") }},
	{name: "esp-one-way", codes: []diag.Code{diag.NetESPOneway}, traffic: 12,
		network: func(l *lab) { l.drop("-i rb -p esp") }},
}
