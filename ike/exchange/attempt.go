package exchange

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// Last describes the last message that a side sent.
type Last struct {
	// Exchange, MessageID and Number are those of the message, as in Step.
	Exchange  isakmp.ExchangeType
	MessageID uint32
	Number    int
	Encrypted bool
	Length    int
	// Time and Frame are those of its last transmission, First and
	// FirstFrame those of its first.
	First, Time       time.Time
	FirstFrame, Frame int
	// Repeats counts its retransmissions.
	Repeats int
}

// Attempt summarises one negotiation.
type Attempt struct {
	// ID, Cookies, Initiator, Responder, Roles and Late are as in Step.
	ID                   uint64
	Cookies              [2]isakmp.Cookie
	Initiator, Responder netip.AddrPort
	Roles                RoleBasis
	Late                 bool
	// Version is that of the first message, Mode its phase-1 exchange type;
	// ExchangeNone where no message of phase 1 was recorded.
	Version isakmp.Version
	Mode    isakmp.ExchangeType
	// Reached is the highest number of a phase-1 message that each side, the
	// initiator's first, was seen to send.
	Reached [2]int
	// Complete says that all messages of phase 1 were seen. Whether both
	// sides were content with them is another matter: see QuickModes.
	Complete bool
	// QuickModes counts the quick modes begun, QuickDone those of which the
	// third message was seen.
	QuickModes, QuickDone int
	// Floated says that each side moved to port 4500.
	Floated [2]bool
	// NAT is as in Step.
	NAT [2]NATKind
	// Messages counts messages by side, retransmissions included and copies
	// not.
	Messages [2]int
	// Last is what each side sent last, the initiator first; Exchange is
	// ExchangeNone for a side that was not heard.
	Last [2]Last
	// First and End are the times of the first and last message, FirstFrame
	// and EndFrame their frames.
	First, End           time.Time
	FirstFrame, EndFrame int
	// Silent is the side that owes a message: the other spoke last, in an
	// exchange that is not over. SideUnknown where nobody does. That the side
	// sent nothing is not said: its message may have been lost on the way.
	Silent Side
}
