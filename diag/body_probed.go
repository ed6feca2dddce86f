package diag

import (
	"net/netip"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Probed: what a gateway answered to a question that a probe asked it
// (ike/probe). Keys.Local is the address that was asked, Keys.Remote is not
// set: who asks is no peer. View.Probed finds it by that address, in every
// tunnel that ends there.
//
// It is no word of the gateway's own view: an answer in the clear may be
// forged, so its Basis is Unauthenticated, and it is of another time than what
// failed. Asked from a third host it is evidence of the way from there only.
type Probed struct {
	// Question is what was asked, Outcome what came of it.
	Question ProbeQuestion
	Outcome  ProbeOutcome
	// From is who asked, SourcePort the UDP port that was asked from, Port that
	// which was asked.
	From             netip.Addr
	SourcePort, Port uint16
	// Notify is the error that it gave, where Outcome is ProbeRefused, and
	// Version the major version of its answer.
	Notify  isakmp.NotifyType
	Version uint8
	// By reported that it could not be delivered, where that is known; Closed:
	// as nothing listens on the port. Prohibited: as a firewall forbids it. Own:
	// it was who asked that did not send.
	By                      netip.Addr
	Closed, Prohibited, Own bool
	// Accepted and Refused are the proposals that it took, in its order, and
	// those that it did not, of ProbeAccepts.
	Accepted, Refused []ike.Proposal
	// AskerNAT and AskedNAT: it sees who asks at another address, and is
	// itself at another; NATKnown: it said so, or the contrary.
	AskerNAT, AskedNAT, NATKnown bool
	// MTU is the size of the largest IP datagram that arrived uncut, and Lost
	// that of the smallest that did not, 0 where none was found.
	MTU, Lost uint16
	// Product is what its vendor IDs say that it is, where they do.
	Product string
}

// ProbeQuestion is what a probe asked.
type ProbeQuestion uint8

// The questions.
const (
	ProbePort500   ProbeQuestion = iota + 1 // does UDP port 500 answer?
	ProbePort4500                           // does UDP port 4500?
	ProbeAccepts                            // which proposals are accepted?
	ProbeVersion2                           // is IKEv2 answered?
	ProbeNAT                                // is there a NAT?
	ProbeFragments                          // does a message arrive in fragments?
	ProbeMTU                                // how large a datagram arrives uncut?
)

var probeQuestionNames = [...]string{"", "UDP port 500", "UDP port 4500", "proposals", "IKEv2", "NAT", "fragments", "path MTU"}

// String returns what was asked about, as in UDP port 500, for people to read.
func (q ProbeQuestion) String() string { return name(probeQuestionNames[:], uint8(q)) }

// ProbeOutcome is what came of it.
type ProbeOutcome uint8

// The outcomes. What was not asked, after all, is not observed.
const (
	ProbeAnswered    ProbeOutcome = iota + 1 // it goes on with the exchange
	ProbeRefused                             // it answers with an error
	ProbeSilent                              // nothing came back
	ProbeDeceived                            // what came back is no answer
	ProbeUnreachable                         // it was not delivered, somebody reports
	ProbeTooBig                              // it would have had to be cut
)

var probeOutcomeNames = [...]string{"", "answered", "refused", "silent", "no answer, but nonsense", "unreachable", "too big"}

// String returns the outcome in words, for people to read.
func (o ProbeOutcome) String() string { return name(probeOutcomeNames[:], uint8(o)) }

// Spoke reports whether the gateway gave any answer.
func (p *Probed) Spoke() bool { return p.Outcome == ProbeAnswered || p.Outcome == ProbeRefused }

// Kind returns BodyProbed.
func (*Probed) Kind() BodyKind { return BodyProbed }
func (*Probed) party() Party   { return Self }
func (p *Probed) slot() uint64 {
	a := p.From.As16()
	return uint64(p.Question) | uint64(p.Outcome)<<8 | uint64(p.SourcePort)<<16 | hash64(string(a[:]))<<32
}
func (p *Probed) clone(dst Body) Body {
	d := reuse[Probed](dst)
	*d = *p
	d.Accepted, d.Refused = ike.CloneProposals(p.Accepted), ike.CloneProposals(p.Refused)
	return d
}
