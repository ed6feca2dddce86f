package diag

import (
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// Policies: the security policies of a host's kernel (RFC 4301, section
// 4.4.1), without those that belong to single sockets.
type Policies struct {
	// List holds the policies in the order of the dump.
	List []Policy
	// Partial: there are more, or may be; one that is not in the list proves
	// nothing.
	Partial bool
	// Forwards: the kernel has policies of their own for what it forwards, as
	// Linux has, so that a gateway needs three for a tunnel.
	Forwards bool
	// Own are the host's addresses that its tunnels end at, Peers those of the
	// other ends, as the policies give them away.
	Own, Peers []netip.Addr
}

// Policy is a security policy.
type Policy struct {
	// Line is where the dump has it; Dir, Source and Destination are what it
	// matches.
	Line                int
	Dir                 PolicyDir
	Source, Destination ike.Selector
	// Block: what it matches is dropped. Protect: it must be, or must have
	// been, protected by IPsec; neither: it passes in the clear.
	Block, Protect bool
	// Priority orders policies: the least number is asked first.
	Priority uint64
	// Marked: it is for marked packets or those of one interface only.
	Marked bool
	// Peer is the other end of the tunnel that it leads into, or comes out of;
	// IfID ties it to SAs and an interface of that number.
	Peer netip.Addr
	IfID uint32
}

// PolicyDir is the direction of a policy.
type PolicyDir uint8

// The directions of a policy.
const (
	PolicyIn PolicyDir = iota + 1
	PolicyOut
	PolicyForward
)

var policyDirNames = [...]string{"", "in", "out", "fwd"}

// String returns in, out or fwd; empty where it is not known.
func (d PolicyDir) String() string { return name(policyDirNames[:], uint8(d)) }

// Kind returns BodyPolicies.
func (*Policies) Kind() BodyKind { return BodyPolicies }
func (*Policies) party() Party   { return Self }
func (*Policies) slot() uint64   { return 0 }
func (p *Policies) clone(Body) Body {
	d := *p
	d.List = slices.Clone(p.List)
	d.Own, d.Peers = slices.Clone(p.Own), slices.Clone(p.Peers)
	return &d
}
