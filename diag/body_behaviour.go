package diag

// Behaviour is what the implementation that a configuration is written for is
// known to do where implementations differ. Rules ask for a trait, never for a
// name: which implementation has it is for the readers to say. The zero value
// says that nothing is known beyond what the RFCs demand.
type Behaviour struct {
	// OwnModeOnly: as responder it takes phase 1 in the configured exchange
	// mode alone. Without it, and without Connection.AnswersBoth, it is known
	// only that main mode does not take aggressive mode.
	OwnModeOnly bool
	// KeyByAddress: the peer's address is what a pre-shared key is looked up
	// by.
	KeyByAddress bool
	// KeyBeforeAnswer: as responder it looks for a pre-shared key before it
	// answers the first message of main mode, and refuses that without one. Others
	// do when they need it, with the third.
	KeyBeforeAnswer bool
	// ChecksUsage: a peer's certificate is refused where its extended usage
	// names nothing that IKE takes for its own (RFC 4945, section 5.1.3.12).
	ChecksUsage bool
	// KeepsNamedID: it calls itself by the configured identity only where the
	// certificate that it has read names it, and by that one's subject
	// otherwise.
	KeepsNamedID bool
	// FollowsEncapsulation: as responder it takes tunnel or transport mode as
	// the initiator has it, whichever is configured.
	FollowsEncapsulation bool
	// Selectors, Narrowed and PFS are its policies.
	Selectors SelectorPolicy
	Narrowed  NarrowedPolicy
	PFS       PFSPolicy
	// Lifetimes and KeyLengths are what as responder it takes of them that is
	// not as its own.
	Lifetimes  LifetimePolicy
	KeyLengths KeyLengthPolicy
}

// LifetimePolicy is what a responder does with an offer, of either phase, whose
// lifetime is not its own.
type LifetimePolicy uint8

// The policies about lifetimes.
const (
	// LifetimesTaken: it is no reason to refuse an offer (RFC 2407, section
	// 4.5.4).
	LifetimesTaken LifetimePolicy = iota
	// LifetimesNotLonger: an offer with a longer one than its own is refused.
	LifetimesNotLonger
	// LifetimesEqual: an offer with another one than its own is refused.
	LifetimesEqual
)

// KeyLengthPolicy is what a responder does with an offer whose key is not as
// long as its own.
type KeyLengthPolicy uint8

// The policies about key lengths. Of the last two it depends on the release
// whether they hold.
const (
	// KeyLengthsCompared: an offer with another length is refused.
	KeyLengthsCompared KeyLengthPolicy = iota
	// KeyLengthsLonger: an offer with a longer key is taken.
	KeyLengthsLonger
	// KeyLengthsAny: an offer is taken whatever the length of its key.
	KeyLengthsAny
)

// SelectorPolicy is what a responder does with selectors that are not its own.
type SelectorPolicy uint8

// The policies of responders. IKEv2 has responders narrow (RFC 7296, section
// 2.9); SelectorsExact and SelectorsWithin are about IKEv1.
const (
	SelectorsUnknown  SelectorPolicy = iota
	SelectorsExact                   // none but its own are taken
	SelectorsWithin                  // those that its own contain are taken
	SelectorsNarrowed                // it answers with what both have in common
)

// NarrowedPolicy is what an initiator does with an answer that has less than it
// asked for.
type NarrowedPolicy uint8

// The policies of initiators. NarrowedRefused is about IKEv1: in IKEv2 such an
// answer is in order (RFC 7296, section 2.9).
const (
	NarrowedUnknown NarrowedPolicy = iota
	NarrowedTaken
	NarrowedRefused
)

// PFSPolicy is what a responder does with an offer of phase 2 whose group is
// not its own.
type PFSPolicy uint8

// The policies about groups.
const (
	// PFSCompared: the group is compared like all else of the offer (RFC 2409,
	// section 5.5).
	PFSCompared PFSPolicy = iota
	// PFSFree: without a group of its own it takes an offer with any;
	// otherwise it compares.
	PFSFree
	// PFSAnyGroup: with a group of its own it takes an offer with any, and
	// refuses one without. What it does without one of its own is not known.
	PFSAnyGroup
	// PFSTaken: it takes an offer with any group and one without.
	PFSTaken
	// PFSUnstated: with a group of its own it compares. What it does without
	// one is not known.
	PFSUnstated
)

// SharesDefaults reports whether the two are written for one implementation:
// what is built into one is then built into the other.
func (c *Connection) SharesDefaults(o *Connection) bool {
	return c.Product != "" && c.Product == o.Product
}
