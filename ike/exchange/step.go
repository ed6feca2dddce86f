package exchange

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Class tells what a Datagram is, as far as IPsec goes.
type Class uint8

// The classes.
const (
	// Other is anything that has nothing to do with IKE or IPsec.
	Other Class = iota
	// Message is an ISAKMP message of version 1 (RFC 2408).
	Message
	// MessageV2 is an IKEv2 message (RFC 7296). Only its header is looked at.
	MessageV2
	// ESP is an ESP packet right in IP (RFC 4303).
	ESP
	// ESPInUDP is an ESP packet in UDP (RFC 3948).
	ESPInUDP
	// AH is an AH packet (RFC 4302).
	AH
	// Keepalive is a NAT keepalive (RFC 3948, section 2.3).
	Keepalive
	// Unreachable is an ICMP error that quotes an IKE, ESP or AH datagram.
	Unreachable
	// Broken came from or to an IKE port, or claims to be ESP or AH, and is
	// too short or too damaged to be any of the above.
	Broken
)

var classNames = [...]string{"other", "message", "message-v2", "esp", "esp-in-udp", "ah", "keepalive", "unreachable", "broken"}

// String returns the constant's name in lower case, as in esp-in-udp.
func (c Class) String() string { return enumName(classNames[:], uint8(c), "Class") }

// Side is a party of a negotiation.
type Side uint8

// The sides. Where it is not known which host is the initiator, sides are
// unknown.
const (
	SideUnknown Side = iota
	Initiator
	Responder
)

var sideNames = [...]string{"unknown", "initiator", "responder"}

// String returns initiator, responder or unknown.
func (s Side) String() string { return enumName(sideNames[:], uint8(s), "Side") }

// Other returns the opposite side.
func (s Side) Other() Side {
	switch s {
	case Initiator:
		return Responder
	case Responder:
		return Initiator
	}
	return SideUnknown
}

// RoleBasis tells what the roles in a Step rest on.
type RoleBasis uint8

// The bases, weaker ones first.
const (
	// RoleUnknown: the roles are not known; Initiator is the host that was
	// heard first, and From is unknown.
	RoleUnknown RoleBasis = iota
	// RoleInferred: the recording began late, and the roles follow from the
	// order of messages. They may be wrong where the first message recorded
	// was a retransmission.
	RoleInferred
	// RoleSeen: a message that only one side can send was seen.
	RoleSeen
)

var roleBasisNames = [...]string{"unknown", "inferred", "seen"}

// String returns unknown, inferred or seen.
func (b RoleBasis) String() string { return enumName(roleBasisNames[:], uint8(b), "RoleBasis") }

// Notification is a notification payload that came in the clear, or that the
// Tracker's Opener made readable. In the clear anybody may have sent it.
type Notification struct {
	isakmp.Notify
	// Length is that of the whole payload in octets, its generic header
	// included.
	Length int
}

// Identification is an identification payload (RFC 2407, section 4.6.2);
// ike.IdentityFromWire reads its data.
type Identification struct {
	// Type says what the data is.
	Type isakmp.IDType
	// Protocol and Port are the octets that phase 1 leaves at zero or at 17
	// and 500 (RFC 2407, section 4.6.2), and that say in phase 2 what the
	// selector is for.
	Protocol uint8
	Port     uint16
	// Data aliases the message.
	Data []byte
}

// Fragment describes one piece of a message that its sender cut itself
// (payload 132, the vendors' IKE fragmentation), not IP.
type Fragment struct {
	// ID is common to the pieces of one message, Number counts from 1.
	ID     uint16
	Number uint8
	// Last is set on the last piece.
	Last bool
}

// Step describes one Datagram. See the package's documentation for what it
// owns.
type Step struct {
	Class Class

	// Attempt identifies the negotiation among those of one vantage point: a
	// hash of the initiator's cookie and of the two hosts, whichever sends.
	// Zero where there is no negotiation: ESP, AH, keepalives, errors that
	// quote too little, and clear Deletes of what is not known.
	Attempt uint64
	// Cookies are those of the initiator and the responder as far as known to
	// the attempt: a message 1 that is repeated after an answer has both.
	Cookies [2]isakmp.Cookie
	// Initiator and Responder are the addresses and ports that each side sent
	// from last, as the vantage point sees them; for a side that was not heard
	// yet, those that were sent to.
	Initiator, Responder netip.AddrPort
	// From is the sender's side.
	From Side
	// Roles tells what From, Initiator and Responder rest on.
	Roles RoleBasis
	// New is set on the first Step of an attempt.
	New bool
	// Late says that the attempt's beginning was not recorded.
	Late bool

	// Message is the decoded message. For a fragment it is what the fragment
	// itself says; for the fragment that completes a message, the whole. Its
	// error is in Err.
	Message *isakmp.Message
	// Err is nil or what the decoder said of the message, an
	// *isakmp.ParseError; what was decoded before the fault is in Message all
	// the same.
	Err error
	// Cut says that the recording does not hold the whole message: the snap
	// length cut it, or IP fragments are missing. It is no fault of the
	// sender.
	Cut bool
	// Exchange is the message's exchange type and MessageID its message ID.
	Exchange  isakmp.ExchangeType
	MessageID uint32
	// Number is the message's place in its exchange, from 1; 0 where it
	// cannot be told.
	Number int
	// Digest is a hash of the message's octets, without the non-ESP marker and
	// put together from its fragments: the same at every vantage point, in
	// every run. Recordings of both ends tell by it what arrived.
	Digest uint64
	// Starter is the side that began the exchange: the initiator of phase 1,
	// but either side in quick, transaction and informational exchanges.
	Starter Side
	// Retransmission counts how often the same bytes came from the same
	// sender before: 0 for the first time.
	Retransmission int
	// Again counts how often a message of this number came before in its
	// exchange, whatever its bytes. It differs from Retransmission where a
	// side answers a retransmission with a fresh message.
	Again int
	// Copy says that this is the same datagram once more, recorded or
	// delivered twice, and no retransmission: it followed the first faster
	// than any timer. Retransmission and Again do not count it.
	Copy bool
	// Encrypted says that the body is encrypted.
	Encrypted bool
	// Plain is the payload chain of an encrypted message that the Opener
	// decrypted, nil otherwise; Notifies, Offers and so on then hold what came
	// inside.
	Plain *isakmp.Message
	// Length is the message's length in octets by its own header; for ESP and
	// AH the packet's.
	Length int
	// Port4500 says that it was sent on the port of RFC 3947, section 4, with
	// the non-ESP marker; Float, that it is the side's first to do so after
	// messages on another port.
	Port4500, Float bool
	// Fragment is set for IKE fragments, and Fragments on the one that
	// completed a message: from how many pieces it was put together.
	Fragment  Fragment
	Fragments int

	// What could be read of the message, no more than 64 of each kind of
	// payload. In MessageV2 a notification's type is an isakmp.NotifyTypeV2 and
	// the other lists are empty.
	//
	// Notifies, Deletes, Vendors (the vendor IDs' bodies) and NATD (the
	// bodies of NAT-D payloads, the destination's first; RFC 3947, section
	// 3.2) are those that could be read.
	Notifies []Notification
	Deletes  []isakmp.Delete
	Vendors  [][]byte
	NATD     [][]byte
	// IDs are the identification payloads that could be read: one of the
	// sender in phase 1, the two of a selector pair in phase 2.
	IDs []Identification
	// Offers are the proposals of an SA payload that could be read: those
	// offered, or the one chosen. One ISAKMP transform makes one ike.Proposal
	// with one member of each kind. Chosen tells which.
	Offers []ike.Proposal
	Chosen bool
	// Lifetimes, one for each of Offers: seconds and kilobytes, 0 where not
	// stated.
	Lifetimes []ike.Lifetime
	// NAT is what the attempt's NAT-D payloads have shown so far of the
	// initiator and of the responder.
	NAT [2]NATKind

	// SPI and Sequence are those of an ESP or AH packet.
	SPI, Sequence uint32

	// Report is what an ICMP error says.
	Report Report
}

// Side returns the address of a side, the zero AddrPort for SideUnknown.
func (s *Step) Side(side Side) netip.AddrPort {
	switch side {
	case Initiator:
		return s.Initiator
	case Responder:
		return s.Responder
	}
	return netip.AddrPort{}
}

// First reports whether the Step is a whole message that its sender had not
// sent before: one that moves an exchange on. Fragments count where they
// complete a message.
func (s *Step) First() bool {
	return (s.Class == Message || s.Class == MessageV2) && !s.Copy && s.Retransmission == 0 && (s.Fragment.Number == 0 || s.Fragments > 0)
}

// Clone returns a copy that shares no memory with the Datagram, the Tracker or
// s. Err is then the text of the error only.
func (s *Step) Clone() *Step {
	c := *s
	if s.Message != nil {
		c.Message = s.Message.Clone()
	}
	if s.Plain != nil {
		c.Plain = s.Plain.Clone()
	}
	if s.Err != nil {
		c.Err = errors.New(s.Err.Error())
	}
	c.Notifies = slices.Clone(s.Notifies)
	for i := range c.Notifies {
		n := &c.Notifies[i]
		n.SPI, n.Data = bytes.Clone(n.SPI), bytes.Clone(n.Data)
	}
	c.Deletes = slices.Clone(s.Deletes)
	for i := range c.Deletes {
		c.Deletes[i].SPIs = bytes.Clone(c.Deletes[i].SPIs)
	}
	c.IDs = slices.Clone(s.IDs)
	for i := range c.IDs {
		c.IDs[i].Data = bytes.Clone(c.IDs[i].Data)
	}
	c.Vendors, c.NATD = cloneBodies(s.Vendors), cloneBodies(s.NATD)
	c.Offers, c.Lifetimes = ike.CloneProposals(s.Offers), slices.Clone(s.Lifetimes)
	return &c
}

func cloneBodies(list [][]byte) [][]byte {
	c := slices.Clone(list)
	for i := range c {
		c[i] = bytes.Clone(c[i])
	}
	return c
}
