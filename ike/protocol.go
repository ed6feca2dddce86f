package ike

// Protocol is what a proposal is for, with the numbers of RFC 2407 section
// 4.4.1.
type Protocol uint8

// The protocols of RFC 2407 section 4.4.1.
const (
	ProtocolNone   Protocol = 0 // not stated
	ProtocolIKE    Protocol = 1 // phase 1
	ProtocolAH     Protocol = 2
	ProtocolESP    Protocol = 3
	ProtocolIPComp Protocol = 4
)

// String returns IKE, AH, ESP or IPCOMP, and Protocol(9) for others.
func (p Protocol) String() string {
	switch p {
	case ProtocolNone:
		return "none"
	case ProtocolIKE:
		return "IKE"
	case ProtocolAH:
		return "AH"
	case ProtocolESP:
		return "ESP"
	case ProtocolIPComp:
		return "IPCOMP"
	}
	return numbered("Protocol", uint32(p))
}

// ParseProtocol reads a protocol's name in any case: IKE and ISAKMP, AH, ESP,
// IPCOMP and IPCA, with or without libreswan's PROTO_ prefix.
func ParseProtocol[S ~string | ~[]byte](s S) (Protocol, bool) {
	var k key
	setKey(&k, s)
	n := k.text()
	if len(n) > 5 && string(n[:5]) == "proto" {
		n = n[5:]
	}
	switch string(n) {
	case "ike", "isakmp":
		return ProtocolIKE, true
	case "ah", "ipsecah":
		return ProtocolAH, true
	case "esp", "ipsecesp":
		return ProtocolESP, true
	case "ipcomp", "ipcompcpi":
		return ProtocolIPComp, true
	}
	return ProtocolNone, false
}

// Mode is the encapsulation mode of a phase-2 SA, with the numbers of RFC
// 2407 section 4.5 and RFC 3947 section 5.1.
type Mode uint16

// The encapsulation modes. The drafts of NAT traversal before RFC 3947 used
// 61443 and 61444 for the two with UDP; ModeNumber maps them.
const (
	ModeNone         Mode = 0 // not stated
	ModeTunnel       Mode = 1
	ModeTransport    Mode = 2
	ModeUDPTunnel    Mode = 3
	ModeUDPTransport Mode = 4
)

// ModeNumber returns the mode with a number of the wire.
func ModeNumber(n uint16) Mode {
	switch n {
	case 61443:
		return ModeUDPTunnel
	case 61444:
		return ModeUDPTransport
	}
	return Mode(n)
}

// Inner returns the mode without UDP encapsulation, about which the NAT on
// the path decides and not the policy.
func (m Mode) Inner() Mode {
	switch m {
	case ModeUDPTunnel:
		return ModeTunnel
	case ModeUDPTransport:
		return ModeTransport
	}
	return m
}

// String returns TUNNEL, TRANSPORT, TUNNEL-in-UDP or TRANSPORT-in-UDP, none
// for ModeNone, and Mode(9) for others.
func (m Mode) String() string {
	switch m {
	case ModeNone:
		return "none"
	case ModeTunnel:
		return "TUNNEL"
	case ModeTransport:
		return "TRANSPORT"
	case ModeUDPTunnel:
		return "TUNNEL-in-UDP"
	case ModeUDPTransport:
		return "TRANSPORT-in-UDP"
	}
	return numbered("Mode", uint32(m))
}

// ParseMode reads a mode's name in any case.
func ParseMode[S ~string | ~[]byte](s S) (Mode, bool) {
	var k key
	setKey(&k, s)
	switch string(k.text()) {
	case "tunnel", "encapsulationmodetunnel":
		return ModeTunnel, true
	case "transport", "encapsulationmodetransport":
		return ModeTransport, true
	case "tunnelinudp", "udptunnel", "udpencapsulatedtunnel", "udpencapstunnel", "encapsulationmodeudptunnel":
		return ModeUDPTunnel, true
	case "transportinudp", "udptransport", "udpencapsulatedtransport", "udpencapstransport", "encapsulationmodeudptransport":
		return ModeUDPTransport, true
	}
	return ModeNone, false
}
