package exchange

import (
	"net/netip"
	"time"
)

// IP protocol numbers of a Datagram. A Tracker looks at all of them but TCP,
// which carries no IKE here: it is for those who look at other services.
const (
	ProtocolICMP   = 1
	ProtocolTCP    = 6
	ProtocolUDP    = 17
	ProtocolESP    = 50
	ProtocolAH     = 51
	ProtocolICMPv6 = 58
)

// Direction tells whether the host that recorded a Datagram sent or received
// it. Most link types do not say.
type Direction uint8

// The directions a recording may know.
const (
	DirectionUnknown Direction = iota
	Outgoing
	Incoming
)

// Datagram is one IP datagram, whole after reassembly: the common currency of
// captures, probes and hex dumps in logs. Payload aliases the reader's buffer
// and is valid until its next read; Clone keeps it.
type Datagram struct {
	// Time is zero where the source has no clock.
	Time time.Time
	// Source and Destination have port 0 where the protocol has no ports.
	Source, Destination netip.AddrPort
	// Protocol is the IP protocol number of Payload.
	Protocol uint8
	// TTL is the time to live or hop limit as recorded, 0 where unknown. A
	// datagram that its own host recorded still has the initial value.
	TTL uint8
	// DontFragment is the DF bit of IPv4; always true for IPv6.
	DontFragment bool
	// Direction is what the link layer says of it.
	Direction Direction
	// Payload is what follows the IP header and, for UDP, the UDP header.
	Payload []byte
	// WireLen is the length that Payload had on the wire. It is greater than
	// len(Payload) where the capture cut it.
	WireLen int
	// Frame is the number in its source, from 1; of the last fragment where
	// there were several.
	Frame int
	// Fragments is the number of IP fragments that it came in, 0 or 1 where
	// it came whole.
	Fragments int
	// Incomplete says that fragments are missing: Payload is what there is
	// without a gap from the first on, and for UDP WireLen is what its header
	// says.
	Incomplete bool
	// Inner says that it was found inside another IP packet (GRE, IP in IP).
	Inner bool
}

// Clone returns a copy that owns its Payload.
func (d *Datagram) Clone() *Datagram {
	c := *d
	c.Payload = append([]byte(nil), d.Payload...)
	return &c
}
