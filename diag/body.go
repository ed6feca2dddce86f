package diag

import (
	"iter"
	"math/bits"
)

// Body is what an observation says: one of the closed set of facts in this
// package's body_*.go files, or Custom. Bodies are passed by pointer; the
// engine copies what it keeps.
type Body interface {
	// Kind tells which body it is.
	Kind() BodyKind
	// party is whom the fact is about.
	party() Party
	// slot tells apart the facts of one kind that a View keeps separately;
	// two facts with one slot fold into first, last and count.
	slot() uint64
	// clone returns a deep copy, in dst where that has the same type.
	clone(dst Body) Body
}

// BodyKind numbers the kinds of facts.
type BodyKind uint8

// The kinds of facts.
const (
	BodyUnset BodyKind = iota
	BodyMessage
	BodyNotify
	BodyOffer
	BodyIdentity
	BodyTraffic
	BodyLookup
	BodyCheck
	BodyProgress
	BodyGaveUp
	BodyNAT
	BodySoftware
	BodyConnection
	BodySA
	BodyHost
	BodyCounter
	BodyFlow
	BodyUnreachable
	BodyCustom
	BodyObstacle
	BodyTeardown
	BodyLifetime
	BodyRekey
	BodyCertificate
	BodyCredential
	BodyKeyProof
	BodyUnanswered
	BodyFlood
	BodyPolicies
	BodyOutage
	BodyRoutes
	BodyDenied
	BodyUndelivered
	BodyProbed
	bodyKinds
)

var bodyNames = [...]string{"", "message", "notify", "offer", "identity", "traffic", "lookup", "check", "progress", "gave-up", "nat", "software", "connection", "sa", "host", "counter", "flow", "unreachable", "custom", "obstacle", "teardown", "lifetime", "rekey", "certificate", "credential", "key-proof", "unanswered", "flood", "policies", "outage", "routes", "denied", "undelivered", "probed"}

// String returns the kind's name.
func (k BodyKind) String() string { return name(bodyNames[:], uint8(k)) }

// BodySet is a set of kinds.
type BodySet uint64

// Bodies returns the set of the given kinds.
func Bodies(kinds ...BodyKind) (s BodySet) {
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

// Has reports whether k is in the set.
func (s BodySet) Has(k BodyKind) bool { return s&(1<<k) != 0 }

// first and last are the least kind of the set, and the greatest.
func (s BodySet) first() BodyKind { return BodyKind(bits.TrailingZeros64(uint64(s))) }
func (s BodySet) last() BodyKind  { return BodyKind(bits.Len64(uint64(s)) - 1) }

// below returns how many kinds of the set are less than k.
func (s BodySet) below(k BodyKind) int { return bits.OnesCount64(uint64(s & (1<<k - 1))) }

// All iterates over the set.
func (s BodySet) All() iter.Seq[BodyKind] {
	return func(yield func(BodyKind) bool) {
		for k := BodyUnset; k < bodyKinds; k++ {
			if s.Has(k) && !yield(k) {
				return
			}
		}
	}
}

// reuse returns dst where it is a *T, else a new T.
func reuse[T any](dst Body) *T {
	if d, ok := any(dst).(*T); ok {
		return d
	}
	return new(T)
}

// newBody returns an empty body of a kind, nil for a kind that does not exist.
func newBody(k BodyKind) Body {
	switch k {
	case BodyMessage:
		return new(Message)
	case BodyNotify:
		return new(Notify)
	case BodyOffer:
		return new(Offer)
	case BodyIdentity:
		return new(Identity)
	case BodyTraffic:
		return new(Traffic)
	case BodyLookup:
		return new(LookedUp)
	case BodyCheck:
		return new(Check)
	case BodyProgress:
		return new(Progress)
	case BodyGaveUp:
		return new(GaveUp)
	case BodyNAT:
		return new(NAT)
	case BodySoftware:
		return new(Software)
	case BodyConnection:
		return new(Connection)
	case BodySA:
		return new(SA)
	case BodyHost:
		return new(Host)
	case BodyCounter:
		return new(Counter)
	case BodyFlow:
		return new(Flow)
	case BodyUnreachable:
		return new(Unreachable)
	case BodyCustom:
		return new(Custom)
	case BodyObstacle:
		return new(Obstacle)
	case BodyTeardown:
		return new(Teardown)
	case BodyLifetime:
		return new(Lifetime)
	case BodyRekey:
		return new(Rekey)
	case BodyCertificate:
		return new(Certificate)
	case BodyCredential:
		return new(Credential)
	case BodyKeyProof:
		return new(KeyProof)
	case BodyUnanswered:
		return new(Unanswered)
	case BodyFlood:
		return new(Flood)
	case BodyPolicies:
		return new(Policies)
	case BodyOutage:
		return new(Outage)
	case BodyRoutes:
		return new(Routes)
	case BodyDenied:
		return new(Denied)
	case BodyUndelivered:
		return new(Undelivered)
	case BodyProbed:
		return new(Probed)
	}
	return nil
}
