package capture

import (
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// Said is what tcpdump's text says of a packet that the [exchange.Datagram]
// cannot hold because the bytes are not there. It is the recorder's reading,
// not ours.
//
// The payload of a datagram from a text is nil but for bytes that are certain:
//
//   - all of them where the text has a hex dump (tcpdump -x, -X, -xx, -XX);
//   - SPI and sequence number of ESP, also in UDP, and the header of AH but for
//     the protocol that is in it, where that is not IP;
//   - type and code of an ICMP error;
//   - the one byte of a NAT keepalive;
//   - the 28 bytes of an ISAKMP header, with the non-ESP marker where there is
//     one, if the text was verbose enough to tell all of it (tcpdump -v).
type Said struct {
	// Line is the line of the text where the packet begins, from 1.
	Line int
	// Text is the packet as the recorder printed it, its lines joined by
	// blanks, without a hex dump. It is text from outside and valid until the
	// next call of Next.
	Text []byte
	// LengthKnown says that Datagram.WireLen comes from the text; else it is
	// 0 and means nothing.
	LengthKnown bool
	// Rebuilt says that Datagram.Payload was put together from the text's
	// words and is not a hex dump.
	Rebuilt bool
	// ISAKMP says that the recorder took the packet for IKE; the fields below
	// hold what it read.
	ISAKMP bool
	// Phase is 1 or 2, 0 where it is not said. Phase 2 includes every message
	// with a message ID: informational and transaction exchanges too.
	Phase uint8
	// Sender is the role that the recorder believes the sender to have.
	Sender Role
	// Exchange is the exchange type, ExchangeNone where it is not said.
	Exchange isakmp.ExchangeType
	// Encrypted says that the message was encrypted.
	Encrypted bool
	// FirstPayload is the type of the first payload, PayloadNone where it is
	// not said.
	FirstPayload isakmp.PayloadType
	// Notify is the type of the first notification in the clear where
	// NotifyKnown is true (tcpdump -v).
	NotifyKnown bool
	Notify      isakmp.NotifyType
	// SPI and Sequence are those of ESP or AH where SPIKnown is true.
	SPIKnown      bool
	SPI, Sequence uint32
	// ICMPType and ICMPCode are those of an ICMP or ICMPv6 error where
	// ICMPKnown is true.
	ICMPKnown          bool
	ICMPType, ICMPCode uint8
	// MTU is the next hop's, where an error says so.
	MTU int
	// Quoted is the destination that an ICMP error complains about, with port
	// 0 where it names only a host; the zero value where it is not said.
	Quoted netip.AddrPort
}

// Role is the part that the sender of a message plays.
type Role uint8

// The roles that tcpdump marks as "I", "R" and "?".
const (
	RoleUnknown Role = iota
	RoleInitiator
	RoleResponder
)

// Said returns what the text says of the datagram that Next delivered last. It
// is the zero value for binary formats.
func (r *Reader) Said() Said { return r.said }
