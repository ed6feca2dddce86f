package diag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// OfferRole tells what a list is: proposals, selectors.
type OfferRole uint8

// The roles of a list.
const (
	Offered    OfferRole = iota + 1 // put to the peer
	Configured                      // what the own configuration accepts
	Chosen                          // agreed on
)

// Offer: proposals of a side, for phase 1 or 2.
type Offer struct {
	By        Party // who offers, is configured so, or has chosen
	Role      OfferRole
	Phase2    bool
	Proposals []ike.Proposal
}

// Kind returns BodyOffer.
func (*Offer) Kind() BodyKind { return BodyOffer }
func (b *Offer) party() Party { return b.By }
func (o *Offer) slot() uint64 {
	s := uint64(o.By) | uint64(o.Role)<<8
	if o.Phase2 {
		s |= 1 << 16
	}
	return s
}
func (o *Offer) clone(dst Body) Body {
	d := reuse[Offer](dst)
	same := *d
	*d = *o
	// The same list once more, as every repetition brings it, costs nothing.
	if slices.EqualFunc(same.Proposals, o.Proposals, func(a, b ike.Proposal) bool { return a.Equal(&b) }) {
		d.Proposals = same.Proposals
	} else {
		d.Proposals = ike.CloneProposals(o.Proposals)
	}
	return d
}

// Identity: what a side calls itself, or what the other expects it to.
type Identity struct {
	// Of is the side whose identity it is, Role whether it was declared or
	// expected.
	Of   Party
	Role IdentityRole
	ID   ike.Identity
	// Auth is the method by which it is to be proven, where told.
	Auth ike.AuthMethod
}

// IdentityRole tells which identity it is.
type IdentityRole uint8

// The roles of an identity.
const (
	Declared IdentityRole = iota + 1 // sent in the identification payload
	Expected                         // demanded of that side by the other
)

// Kind returns BodyIdentity.
func (*Identity) Kind() BodyKind        { return BodyIdentity }
func (b *Identity) party() Party        { return b.Of }
func (i *Identity) slot() uint64        { return uint64(i.Of) | uint64(i.Role)<<8 }
func (i *Identity) clone(dst Body) Body { d := reuse[Identity](dst); *d = *i; return d }

// Traffic: traffic selectors of a quick mode, as their speaker sees them.
type Traffic struct {
	// By is the speaker; Local is its own side.
	By            Party
	Role          OfferRole
	Local, Remote []ike.Selector
}

// Kind returns BodyTraffic.
func (*Traffic) Kind() BodyKind { return BodyTraffic }
func (b *Traffic) party() Party { return b.By }
func (t *Traffic) slot() uint64 { return uint64(t.By) | uint64(t.Role)<<8 }
func (t *Traffic) clone(dst Body) Body {
	d := reuse[Traffic](dst)
	l, r := d.Local[:0], d.Remote[:0]
	if n, m := len(t.Local), len(t.Remote); cap(l) < n && cap(r) < m { // as of what is new
		both := make([]ike.Selector, n+m)
		l, r = both[:0:n], both[n:n]
	}
	*d = *t
	d.Local, d.Remote = append(l, t.Local...), append(r, t.Remote...)
	return d
}

// LookedUp: a daemon searched its configuration or its key store.
type LookedUp struct {
	// By is the side whose daemon searched, What it searched for and whether it
	// found it.
	By    Party
	What  LookupKind
	Found bool
	// Mode is the exchange that it was for and Auth the method, where told.
	Mode isakmp.ExchangeType
	Auth ike.AuthMethod
	// ID is the identity that was looked up.
	ID ike.Identity
	// Local and Remote are the selectors of a child looked up.
	Local, Remote []ike.Selector
}

// LookupKind is what was looked up.
type LookupKind uint8

// What a daemon looks up.
const (
	LookupGateway    LookupKind = iota + 1 // a connection for this pair of addresses
	LookupPeer                             // a connection for this identity and method
	LookupMethod                           // one that allows this method and mode, identity or address being known
	LookupPSK                              // a pre-shared key
	LookupPublicKey                        // a trusted public key of the peer
	LookupPrivateKey                       // the own private key
	LookupChild                            // a child for these selectors
	LookupPassword                         // an XAUTH password
)

// Kind returns BodyLookup.
func (*LookedUp) Kind() BodyKind { return BodyLookup }
func (b *LookedUp) party() Party { return b.By }
func (l *LookedUp) slot() uint64 {
	s := uint64(l.By) | uint64(l.What)<<8
	if l.Found {
		s |= 1 << 16
	}
	return s
}
func (l *LookedUp) clone(dst Body) Body {
	d := reuse[LookedUp](dst)
	a, b := append(d.Local[:0], l.Local...), append(d.Remote[:0], l.Remote...)
	*d = *l
	d.Local, d.Remote = a, b
	return d
}

// Check: a side verified something its peer sent.
type Check struct {
	// By is the side that verified, What it verified in a message of Exchange,
	// and OK whether that held.
	By       Party
	What     CheckKind
	OK       bool
	Exchange isakmp.ExchangeType
	// Number is the number in the exchange of the message that was checked,
	// 0 where not told.
	Number uint8
	// Payload is the first payload that made no sense after decryption; of
	// proposals, KE says that the group alone was in the way; of XAUTH, Attribute
	// that a password was compared and Identification that the one who checked
	// has no such user.
	Payload isakmp.PayloadType
	// Subject is the identity or certificate that was checked.
	Subject string
	// Expected and Got are set by an identity check.
	Expected, Got ike.Identity
}

// CheckKind is what was verified.
type CheckKind uint8

// What a side verifies.
const (
	CheckDecrypt    CheckKind = iota + 1 // the decrypted message makes sense
	CheckHash                            // HASH_I, HASH_R or HASH(1..3) is what it should be (RFC 2409, section 5)
	CheckSignature                       // SIG_I or SIG_R verifies with a key
	CheckIdentity                        // the peer is who it should be
	CheckProposal                        // the offered transforms contain an acceptable one
	CheckPeer                            // the peer is authenticated, all told
	CheckConstraint                      // a condition of the configuration holds
	CheckFormat                          // the message is well formed, whatever it was encrypted with
	CheckXAuth                           // user name and password are right
)

// Kind returns BodyCheck.
func (*Check) Kind() BodyKind { return BodyCheck }
func (b *Check) party() Party { return b.By }
func (c *Check) slot() uint64 {
	s := uint64(c.By) | uint64(c.What)<<8 | uint64(c.Exchange)<<16 | uint64(c.Payload)<<24 | uint64(c.Number)<<32
	if c.OK {
		s |= 1 << 40
	}
	return s
}
func (c *Check) clone(dst Body) Body { d := reuse[Check](dst); *d = *c; return d }

// Progress: a negotiation passed a milestone.
type Progress struct {
	By   Party // who says so, or did so
	Step Step
	// SPIIn and SPIOut are those of a child that came up or was deleted, 0 where
	// they are not said. Of one that is said without its direction, SPIOut is it.
	SPIIn, SPIOut uint32
	// Mode is the exchange that a started phase 1 uses.
	Mode isakmp.ExchangeType
	// Seconds is the lifetime or age that came with it, 0 where none did.
	Seconds uint32
}

// Step is a milestone.
type Step uint8

// The milestones.
const (
	Phase1Started   Step = iota + 1 // the first message was sent or came
	Phase1Up                        // the ISAKMP SA is there, as this side sees it
	Phase1Deleted                   // the SA is gone, whoever deleted it
	Phase1Failed                    // the daemon says that this attempt is over
	Phase2Started                   // a quick mode began
	Phase2Up                        // the SA pair is there
	Phase2Deleted                   // the SA pair is gone, whoever deleted it
	Phase2Failed                    // the daemon says that this quick mode is over
	DeleteSent                      // By says who sent the ISAKMP SA's DELETE
	ChildDeleteSent                 // By says who sent the SA pair's DELETE
)

// Kind returns BodyProgress.
func (*Progress) Kind() BodyKind        { return BodyProgress }
func (b *Progress) party() Party        { return b.By }
func (p *Progress) slot() uint64        { return uint64(p.By) | uint64(p.Step)<<8 }
func (p *Progress) clone(dst Body) Body { d := reuse[Progress](dst); *d = *p; return d }

// NAT: a side is behind an address translator, as the NAT-D payloads tell
// (RFC 3947, section 3.2), or pretends to be (forced encapsulation).
type NAT struct {
	// Behind is the side that the translator is in front of.
	Behind Party
	// None: the hashes match, there is no NAT in front of Behind.
	None bool
}

// Kind returns BodyNAT.
func (*NAT) Kind() BodyKind { return BodyNAT }
func (b *NAT) party() Party { return b.Behind }
func (n *NAT) slot() uint64 {
	if n.None {
		return uint64(n.Behind) | 1<<8
	}
	return uint64(n.Behind)
}
func (n *NAT) clone(dst Body) Body { d := reuse[NAT](dst); *d = *n; return d }

// Software: what a side runs, by its own log or by its vendor IDs.
type Software struct {
	// Of is the side that runs it; Version may be empty.
	Of               Party
	Product, Version string
	// TellsMethodApart: a responder of this release says in words of their own
	// that a connection fits the peer but for its exchange mode or its method.
	TellsMethodApart bool
	// HidesUnreadable: an initiator that cannot read a refusal does not say
	// what it is that it cannot read; that it repeats itself is all that shows.
	HidesUnreadable bool
}

// Before reports whether the version is older than the given one, compared
// part by part. One that does not say enough to tell is not.
func (s *Software) Before(parts ...int) bool {
	c, ok := s.compare(parts)
	return ok && c < 0
}

// AtLeast reports whether the version is the given one or newer. One that
// does not say enough to tell is not.
func (s *Software) AtLeast(parts ...int) bool {
	c, ok := s.compare(parts)
	return ok && c >= 0
}

func (s *Software) compare(parts []int) (c int, ok bool) {
	rest := s.Version
	for _, want := range parts {
		n, digits := 0, 0
		for digits < len(rest) && digits < 9 && rest[digits]-'0' <= 9 {
			n = n*10 + int(rest[digits]-'0')
			digits++
		}
		if digits == 0 {
			return 0, false
		}
		if n != want {
			return cmp.Compare(n, want), true
		}
		rest = strings.TrimPrefix(rest[digits:], ".")
	}
	return 0, true
}

// Kind returns BodySoftware.
func (*Software) Kind() BodyKind        { return BodySoftware }
func (b *Software) party() Party        { return b.Of }
func (s *Software) slot() uint64        { return uint64(s.Of) }
func (s *Software) clone(dst Body) Body { d := reuse[Software](dst); *d = *s; return d }

// Custom: a fact of the caller's own, for the caller's own rules.
type Custom struct {
	Name string // facts of one name fold
	Data string // whatever form the rule reads
}

// Kind returns BodyCustom.
func (*Custom) Kind() BodyKind { return BodyCustom }
func (*Custom) party() Party   { return PartyUnknown }
func (c *Custom) slot() uint64 { return hash64(c.Name) }
func (c *Custom) clone(dst Body) Body {
	d := reuse[Custom](dst)
	*d = *c
	return d
}
