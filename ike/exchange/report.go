package exchange

import "net/netip"

// Reason is why a datagram could not be delivered, the same for ICMP and
// ICMPv6.
type Reason uint8

// The reasons.
const (
	ReasonOther Reason = iota
	// NetUnreachable, HostUnreachable: no route, or no answer on the last
	// link.
	NetUnreachable
	HostUnreachable
	// ProtocolUnreachable: the host does not know ESP or AH.
	ProtocolUnreachable
	// PortUnreachable: the host is there, nothing listens on the port.
	PortUnreachable
	// Prohibited: a firewall says that it forbids the datagram.
	Prohibited
	// TooBig: it needs fragmenting and may not be.
	TooBig
	// TimeExceeded: the hop count ran out.
	TimeExceeded
	// ReassemblyTimeout: fragments did not arrive.
	ReassemblyTimeout
)

var reasonNames = [...]string{"other", "net-unreachable", "host-unreachable", "protocol-unreachable", "port-unreachable", "prohibited", "too-big", "time-exceeded", "reassembly-timeout"}

// String returns the constant's name in lower case, as in port-unreachable.
func (r Reason) String() string { return enumName(reasonNames[:], uint8(r), "Reason") }

// Report is an ICMP or ICMPv6 error about a datagram of interest.
type Report struct {
	Reason Reason
	// Type and Code are the octets as sent: RFC 792 for ICMP, RFC 4443 for
	// ICMPv6.
	Type, Code uint8
	// MTU is the next hop's, where Reason is TooBig and the router knew it
	// (RFC 1191, section 4).
	MTU int
	// Router sent the report.
	Router netip.Addr
	// Source, Destination and Protocol are those of the datagram that could
	// not be delivered. Ports are 0 where the quotation does not hold them.
	Source, Destination netip.AddrPort
	Protocol            uint8
	// SPI is that of a quoted ESP or AH packet.
	SPI uint32
	// Quoted says that the report quotes enough of an ISAKMP message to know
	// its attempt: Step.Attempt and Step.Cookies are set.
	Quoted bool
}
