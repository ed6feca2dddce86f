package isakmp

// The UDP ports of IKE.
const (
	Port     = 500  // RFC 2408, section 2.5.1
	PortNATT = 4500 // RFC 3947, section 4; RFC 3948
	PortGDOI = 848  // RFC 6407
)

// Class tells what a UDP payload on one of IKE's ports is.
type Class uint8

// The classes.
const (
	// ClassUnknown is none of the others.
	ClassUnknown Class = iota
	// ClassISAKMP is an ISAKMP message, with or without a non-ESP marker.
	ClassISAKMP
	// ClassESPInUDP is an ESP packet, RFC 3948, section 2.1.
	ClassESPInUDP
	// ClassKeepalive is a NAT keepalive, RFC 3948, section 2.3.
	ClassKeepalive
)

// String returns ISAKMP, ESP in UDP, keepalive or unknown.
func (c Class) String() string {
	switch c {
	case ClassUnknown:
		return "unknown"
	case ClassISAKMP:
		return "ISAKMP"
	case ClassESPInUDP:
		return "ESP in UDP"
	case ClassKeepalive:
		return "keepalive"
	}
	return unnamed("Class", uint32(c))
}

// markerLen is the length of the non-ESP marker, four zero octets where an ESP
// packet has its SPI: RFC 3948, section 2.2.
const markerLen = 4

// Classify tells what a UDP payload is. On port 4500 only the marker parts
// ISAKMP from ESP. Where neither port is one of IKE's, as behind some NATs and
// in configurations with ports of their own, it must look like a message,
// after a marker or not; ESP cannot be told there.
//
// udp may be cut short by the capture: what its beginning shows is enough.
func Classify(udp []byte, srcPort, dstPort uint16) Class {
	marked := hasMarker(udp)
	switch {
	case srcPort == PortNATT || dstPort == PortNATT:
		switch {
		case marked:
			return ClassISAKMP
		case len(udp) == 1 && udp[0] == 0xff:
			return ClassKeepalive
		case len(udp) > 8: // SPI, sequence number, and something to protect
			return ClassESPInUDP
		}
	case srcPort == Port || dstPort == Port || srcPort == PortGDOI || dstPort == PortGDOI:
		switch {
		case len(udp) >= HeaderLen:
			return ClassISAKMP
		case len(udp) == 1 && udp[0] == 0xff:
			return ClassKeepalive
		}
	case plausible(udp) || marked && plausible(udp[markerLen:]):
		return ClassISAKMP
	}
	return ClassUnknown
}

func hasMarker(udp []byte) bool {
	return len(udp) >= markerLen && udp[0]|udp[1]|udp[2]|udp[3] == 0
}

// StripMarker returns the ISAKMP message in a UDP payload that Classify called
// ClassISAKMP: without the marker if there is one. A message never begins with
// four zero octets, as an initiator's cookie is random.
func StripMarker(udp []byte) (msg []byte, marked bool) {
	if hasMarker(udp) {
		return udp[markerLen:], true
	}
	return udp, false
}

// plausible reports whether b looks like a message of version 1 or 2 though
// its port says nothing.
func plausible(b []byte) bool {
	var h Header
	if h.Decode(b) != nil || h.InitiatorCookie.IsZero() || int64(h.Length) < int64(len(b)) {
		return false
	}
	switch h.Version {
	case Version1:
		return h.Exchange >= ExchangeBase && h.Exchange <= ExchangeTransaction || h.Exchange == ExchangeQuick || h.Exchange == ExchangeNewGroup
	case Version2:
		return h.Exchange >= ExchangeSAInit && h.Exchange <= ExchangeFollowupKE
	}
	return false
}
