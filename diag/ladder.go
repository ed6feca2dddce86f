package diag

import (
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// Ladder is one attempt as a diagram between two lines shows it: what one end
// sent and the other got, and what either found out, in the order in which it
// happened. It is put together of all that tells of the attempt; each rung says
// which places of which sources show it.
//
// Clocks of two ends differ. Messages that both show set them against each
// other; times are those that the sources give.
type Ladder struct {
	// Attempt is its place among the tunnel's attempts, from 1.
	Attempt int
	// Initiator is the end, 0 or 1, that began it, -1 where nothing tells.
	Initiator int
	Rungs     []Rung
	// Left is the number of rungs that there was no room for: they are missing
	// before the one at the index Gap.
	Left, Gap int
	// Flows is what passed on the attempt's SAs, as captures and kernels tell.
	Flows []FlowReport
}

// Rung is a message, or something that an end found out.
type Rung struct {
	// Kind tells a message from what an end found out.
	Kind RungKind
	// Side is the sender of a message, else the end that it happened at or is
	// about.
	Side Side
	// Text says in a few words what it is. Nothing in it is from outside.
	Text string
	// Fault: it is a failure, or a message that tells of one.
	Fault bool

	// Exchange and Number are a message's place: see Message.
	Exchange isakmp.ExchangeType
	Number   uint8
	// MessageID is that of a quick mode, 0 where it is not known.
	MessageID uint32
	Encrypted bool
	// Repeated: these are the repetitions of a message, which has a rung of its
	// own.
	Repeated bool
	// Notifies is what the message says, as far as somebody could read it.
	Notifies []isakmp.NotifyType
	// Octets is the length of the ISAKMP message, Packets the number of IP
	// fragments that it came in; 0 where not told.
	Octets  uint32
	Packets uint8
	// Sent and Arrived count how often the sender's and the receiver's own
	// sources show the message whole.
	Sent, Arrived int
	Fate          Fate

	// Seen is where it is shown, at most 8 places.
	Seen []Glimpse
}

// RungKind is what a rung is.
type RungKind uint8

// The kinds of rungs.
const (
	RungMessage     RungKind = iota + 1
	RungNAT                  // a translator is in front of the side
	RungLookup               // the side searched its configuration and found nothing that fits
	RungCheck                // the side did not accept what its peer sent
	RungCertificate          // something is wrong with a certificate
	RungKey                  // a given key is not the one that the side used
	RungObstacle             // something else kept the side from going on
	RungUnreachable          // a message to the side could not be delivered
	RungGaveUp               // the side stopped waiting
	RungPhase1Up             // the side has an ISAKMP SA
	RungChildUp              // the side has an SA pair
	RungFailed               // the side says that the attempt, or the quick mode, is over
	RungEnd                  // the side took an SA down
	RungRekey                // the side could not replace an SA
)

// Fate is what became of a message.
type Fate uint8

// The fates.
const (
	FateUnknown Fate = iota // nothing tells
	FateArrived             // the receiver shows it, or went on after it
	FatePartly              // it came less often than it left, or in parts only
	FateLost                // it left, and the receiver's capture, which would show it, does not
	FateUnseen              // the receiver's sources tell of the attempt and not of this; they may not tell all
)

var (
	rungNames = [...]string{"unknown", "message", "nat", "lookup", "check", "certificate", "key", "obstacle", "unreachable", "gave-up", "phase1-up", "child-up", "failed", "end", "rekey"}
	fateNames = [...]string{"unknown", "arrived", "partly", "lost", "unseen"}
)

// String returns the kind's word in JSON.
func (k RungKind) String() string { return name(rungNames[:], uint8(k)) }

// String returns the fate's word in JSON.
func (f Fate) String() string { return name(fateNames[:], uint8(f)) }

// Glimpse is a place in a source that shows a rung.
type Glimpse struct {
	// At is the side whose view the source is, SideUnknown for one on the path.
	At     Side
	Source SourceID
	// Where and Time are the first time that it is shown, Last and Until the
	// last one, zero where Count is 1.
	Where, Last Where
	Time, Until Time
	Count       int
	// Incomplete: fragments of the message are missing here.
	Incomplete bool
	Text       string // redacted and bounded
}

// FlowReport is what passed on one SA, or in the clear, as one source tells.
type FlowReport struct {
	From Side // the sender
	At   Side // whose host tells, SideUnknown for a capture on the path
	// SPI is 0 where the source does not tell it, and for traffic in the clear,
	// which has Source and Destination instead.
	SPI                 uint32
	AH, InUDP, Clear    bool
	Source, Destination netip.Addr
	// Counted: a kernel or daemon counts the packets. It knows no times.
	Counted                 bool
	Packets, Lost, Repeated uint64
	// Start and End are the first and the last packet.
	Start, End Glimpse
}

// Bounds of what a report shows of ladders. A fleet has tens of thousands of
// tunnels, and nobody looks at the ladders of all.
const (
	ladderTunnels  = 256 // tunnels that get ladders, those with findings first
	laddersKept    = 3   // of one tunnel
	rungsKept      = 48  // of one ladder
	glimpsesKept   = 8   // of one rung
	flowsKept      = 16  // of one ladder
	settingsKept   = 24  // of one tunnel
	ladderStrands  = 16  // views of one attempt that are put together
	rungsCollected = 160 // before those in the middle are left out
)
