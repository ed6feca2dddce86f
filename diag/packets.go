package diag

import "slices"

// PacketSet is a set of kinds of packets, as filters of captures tell them
// apart. A capture made with a filter looks like one of a network on which
// nothing else passes, and mostly does not say so: what it has none of, and
// nothing that shows it to be unfiltered, it may have been told to leave out.
type PacketSet uint8

// The kinds of packets.
const (
	PacketsIKE  PacketSet = 1 << iota // UDP port 500, and the unusual ports of IKE
	PacketsNATT                       // UDP port 4500: IKE, and ESP in UDP (RFC 3947, RFC 3948)
	PacketsESP                        // IP protocol 50
	PacketsAH                         // IP protocol 51
	PacketsICMP                       // reports of what is not delivered

	// AllPackets are all of them.
	AllPackets = PacketsIKE | PacketsNATT | PacketsESP | PacketsAH | PacketsICMP
)

// PacketsOf returns what carries an SA's packets.
func PacketsOf(inUDP, ah bool) PacketSet {
	switch {
	case ah:
		return PacketsAH
	case inUDP:
		return PacketsNATT
	}
	return PacketsESP
}

// Shows reports whether a capture that shows the attempt would show packets of
// a kind as well.
func (a *Attempt) Shows(kind PacketSet) bool {
	return slices.ContainsFunc(a.strands, func(s *strand) bool {
		src := &a.tunnel.view.engine.sources[s.key.source]
		return s.observer && src.Kind == KindCapture && src.Coverage.Hides&kind == 0
	})
}

// packetsOf returns what carries the messages that match accepts: as some
// source shows them, else as they would go after what is known of a NAT.
func (a *Attempt) packetsOf(match func(Body) bool) (set PacketSet) {
	moved := false
	for _, s := range a.strands {
		for _, sl := range s.factsOf(BodyMessage, BodyNAT) {
			switch b := sl.first.body.(type) {
			case *Message:
				if match(b) {
					set |= b.packets()
				}
			case *NAT:
				moved = moved || !b.None
			}
		}
	}
	switch {
	case set != 0:
	case moved:
		set = PacketsNATT
	default:
		set = PacketsIKE
	}
	return set
}

// packets returns what carries a message.
func (m *Message) packets() PacketSet {
	if m.NATPort {
		return PacketsNATT
	}
	return PacketsIKE
}
