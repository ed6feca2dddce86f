package logparse

import "strings"

// What a template's words mean to ios, in template.sign: they are compared once,
// and not with those of each line.
const (
	iosOther uint8 = iota
	// Heads of blocks, and parts of them
	iosAsked       // a request of the peer's follows
	iosAsking      // one of ours
	iosMade        // an SA that was made
	iosLocal       // selectors of this side
	iosRemote      // of the other one
	iosSource      // of who sends
	iosDestination // of who receives
	iosPlaced      // whose an SA is
	iosSPI         // its SPI
	iosInstalled   // the SPI of one that was installed
	// What heads nothing, is part of no block and is about the negotiation that its
	// number, or the line before, tells
	iosMute // and says nothing of it
	iosSays
	// iosAttribute and above are the attributes of a transform, which say no more
	// than that; what is above it tells which.
	iosAttribute
)

// iosHeads are those of blocks and what can stand in them.
var iosHeads = [...]struct {
	words string
	sign  uint8
}{
	{"(key eng. msg.) dest=", iosAsked},
	{"(key eng. msg.) INBOUND ", iosAsked},
	{"(key eng. msg) INBOUND ", iosAsked},
	{"(key eng. msg", iosAsking},
	{"(identity) local=", iosMade},
	{"local_proxy=", iosLocal},
	{"remote_proxy=", iosRemote},
	{"src_proxy=", iosSource},
	{"dest_proxy=", iosDestination},
	{"(sa) sa_dest=", iosPlaced},
	{"sa_spi=", iosSPI},
	{"Successfully installed", iosInstalled},
}

// iosSign tells what the words of a template mean.
func iosSign(t *template) uint8 {
	for _, h := range iosHeads {
		if strings.HasPrefix(t.Pattern, h.words) {
			return h.sign
		}
	}
	if t.may&iosNames != 0 {
		return iosOther
	}
	switch t.Kind {
	case Plain, DumpStart, VendorIDReceived:
		return iosMute
	case ProposalAttribute:
		if a := offerAttribute(t.fixed(FieldTransform)); a != offerNothing {
			return iosAttribute + a
		}
		return iosMute
	case Initiating, KernelSA, PeerConfigLookup, AuthenticatedSelf, UnknownPeerSA, UnprotectedDropped, ReplayDropped, IntegrityDropped, AggressiveModeRefused, SPIUnknown:
		return iosOther
	}
	if t.Kind.HostWide() {
		return iosOther
	}
	return iosSays
}
