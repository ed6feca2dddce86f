package probe

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// Result is what a gateway answered.
type Result struct {
	// Gateway is the address that was asked.
	Gateway netip.Addr
	// Local is the address that was asked from, invalid where the system found
	// no way.
	Local netip.Addr
	// Begun and Ended are this host's time.
	Begun, Ended time.Time
	// Sent counts datagrams to the gateway, Received those that came from the
	// ports that were asked.
	Sent, Received int
	// Answers are in the order of asking: one for each question, and for
	// Accepts and MTU one for each message that was tried.
	Answers []Answer
}

// Answer is what came of one message, or for NAT of two.
type Answer struct {
	Question Question
	Outcome  Outcome
	// Source and Destination are where the message went from and to.
	Source, Destination netip.AddrPort
	// Exchange is that of the message.
	Exchange isakmp.ExchangeType
	// Offered are the transforms of the message, and Chosen, where it is not
	// nil, the one that the gateway took.
	Offered []Transform
	Chosen  *Transform
	// Notify is the error that the gateway gave, in numbers that IKEv1 and
	// IKEv2 share where both have them.
	Notify isakmp.NotifyType
	// Version is that of the answer.
	Version isakmp.Version
	// Vendors are the vendor IDs that came with it, no more than 32;
	// isakmp.VendorID.Lookup knows many.
	Vendors []isakmp.VendorID
	// Asker and Asked are what NAT-D showed of who asked and of the gateway.
	Asker, Asked exchange.NATKind
	// Size is that of the message as an IP datagram, where it was padded.
	Size int
	// Sent counts datagrams, Received those that came for this message, and
	// Strange those that came meanwhile and were no answer to it: without its
	// cookie, or such as no gateway sends.
	Sent, Received, Strange int
	// Failures are reports that it was not delivered, no more than 8.
	Failures []Failure
	// Datagrams are those that were sent and received, in that order of time,
	// no more than MaxKept of them received.
	Datagrams []exchange.Datagram
}

// Failure is a report that a message was not delivered.
type Failure struct {
	Time   time.Time
	Reason exchange.Reason
	// Own: this host refused to send it; nothing left.
	Own bool
	// Type and Code are those of ICMP, or of ICMPv6, where the system tells.
	Type, Code uint8
	// MTU is the next hop's, where Reason is TooBig and it was told.
	MTU int
	// Router reported it, invalid where the system does not tell.
	Router netip.Addr
}

// Outcome says what came of a message.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnset Outcome = iota
	// Answered: the gateway goes on with the exchange.
	Answered
	// Refused: it answered with an error: Answer.Notify.
	Refused
	// Silent: nothing came back.
	Silent
	// Deceived: something came back from the gateway's address, and none of it
	// is an answer.
	Deceived
	// Unreachable: a router, or the gateway's host, reported that it was not
	// delivered: Answer.Failures.
	Unreachable
	// TooBig: it was not delivered as it would have had to be cut.
	TooBig
	// Unsent: this host did not send it: Answer.Failures.
	Unsent
	// Skipped: it was not asked, as what it builds on was not answered.
	Skipped
	// Unsupported: this system cannot ask it.
	Unsupported
	// Stopped: the context ended before it was answered.
	Stopped
	outcomes
)

var outcomeNames = [...]string{"", "answered", "refused", "silent", "deceived", "unreachable", "too-big", "unsent", "skipped", "unsupported", "stopped"}

// String returns the outcome's name in JSON: the constant's, as in too-big; empty
// for OutcomeUnset.
func (o Outcome) String() string { return name(outcomeNames[:], uint8(o)) }

// Spoke reports whether the gateway gave any answer.
func (o Outcome) Spoke() bool { return o == Answered || o == Refused }

// Of returns the last answer to a question, false where it was not asked.
func (r *Result) Of(q Question) (*Answer, bool) {
	for i := range slices.Backward(r.Answers) {
		if r.Answers[i].Question == q {
			return &r.Answers[i], true
		}
	}
	return nil, false
}

// Accepted returns the transforms that the gateway took, in the order in which
// it prefers them, and those that it refused; what is in neither is not known.
func (r *Result) Accepted() (taken, refused []Transform) {
	for i := range r.Answers {
		switch a := &r.Answers[i]; {
		case a.Question != Accepts:
		case a.Chosen != nil:
			taken = append(taken, *a.Chosen)
		case a.Outcome == Refused && a.Notify == isakmp.NotifyNoProposalChosen:
			refused = append(refused, a.Offered...)
		}
	}
	return taken, refused
}

// MTU returns the size of the greatest IP datagram that arrived uncut, and of
// the smallest that was tried and did not; 0 where none was found.
func (r *Result) MTU() (arrives, lost int) {
	for i := range r.Answers {
		switch a := &r.Answers[i]; {
		case a.Question != MTU:
		case a.Outcome.Spoke():
			arrives = max(arrives, a.Size)
		case a.Outcome == TooBig || a.Outcome == Silent:
			if lost == 0 || a.Size < lost {
				lost = a.Size
			}
		}
	}
	return arrives, lost
}

// Vendors returns the vendor IDs of all answers, each once.
func (r *Result) Vendors() (all []isakmp.VendorID) {
	for i := range r.Answers {
		for _, v := range r.Answers[i].Vendors {
			if !slices.ContainsFunc(all, func(o isakmp.VendorID) bool { return string(o) == string(v) }) {
				all = append(all, v)
			}
		}
	}
	return all
}
