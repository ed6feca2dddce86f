package diag

import (
	"net/netip"
)

// Observation is one typed fact. Vendors end here: what a rule sees of a log
// line, a packet, a configuration or a state dump is this and nothing else.
//
// Observe copies what it keeps, so a reader may reuse one Observation, its
// Body and the buffers behind Text and Keys.
type Observation struct {
	// Source and Where tell the place, Time is the source's own.
	Source SourceID
	Where  Where
	Time   Time
	// Text is the line or a rendering of the packet, without secrets and
	// bounded, for people to read. No rule looks at it. Where it is a piece of
	// the Content of its source, Offset tells where that begins there.
	Text   []byte
	Offset int
	Basis  Basis
	Keys   Keys
	Body   Body
}

// Keys tie an observation to a negotiation and to a tunnel. Whatever a source
// does not say stays zero. The more is given, the more sources can be joined.
type Keys struct {
	// Handle names the negotiation within its source (and Host): all
	// observations of one ISAKMP SA, or of one attempt at one, share it. It
	// comes from content, so that reading a source again gives it again.
	// Zero: the observation is about a connection or a host, not about a
	// negotiation.
	Handle uint64
	// Child names a quick mode, or an SA pair, within the negotiation.
	Child uint64
	// Role is the role that the vantage point has in the negotiation. It is
	// SideUnknown where it is not known, and for a capture, where Observer is
	// set.
	Role Side
	// Observer says that the vantage point saw both parties from outside:
	// Local is then the initiator's address and Remote the responder's.
	Observer bool
	// Near is the side at which an Observer was recorded, where the link
	// layer or a hop count tells.
	Near Side
	// Local and Remote are the ends' addresses as this source sees them.
	Local, Remote netip.AddrPort
	// Cookies are those of the initiator and of the responder.
	Cookies [2]uint64
	// MessageID is that of an exchange of phase 2 or of an informational
	// one: 32 bits by chance, the same at both ends.
	MessageID uint32
	// SPI is an SA's as it stands in packets.
	SPI uint32
	// Connection is the name of the connection at its own gateway.
	Connection []byte
	// LocalID and RemoteID are identities in the spelling of
	// ike.Identity's String.
	LocalID, RemoteID []byte
	// Host is the name of the host within a stream of several.
	Host []byte
}

// Party tells whom a fact is about.
type Party uint8

// The parties. A log speaks of itself and its peer, a capture of initiator
// and responder; the View translates.
const (
	PartyUnknown Party = iota
	Self
	Peer
	OfInitiator
	OfResponder
)

// side translates a party for a vantage point of the given role.
func (p Party) side(role Side) Side {
	switch p {
	case Self:
		return role
	case Peer:
		return role.Other()
	case OfInitiator:
		return Initiator
	case OfResponder:
		return Responder
	}
	return SideUnknown
}
