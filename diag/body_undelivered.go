package diag

import "net/netip"

// Undelivered: a router or a host says in a capture that it could not deliver
// packets of what a tunnel carries (RFC 792, RFC 4443).
type Undelivered struct {
	// Why is the reason that was given.
	Why UndeliveredReason
	// Router says so, To is where the packets were headed, From whose they
	// were.
	Router, To, From netip.Addr
	Count            uint32
}

// UndeliveredReason is why packets were not delivered.
type UndeliveredReason uint8

// The reasons.
const (
	// HostSilent: on its link, the host does not answer.
	HostSilent UndeliveredReason = iota + 1
	// RouteMissing: the router has no route.
	RouteMissing
	// FirewallSays: a firewall forbids it, and says so.
	FirewallSays
)

var undeliveredNames = [...]string{"", "host unreachable", "net unreachable", "prohibited"}

// String returns host unreachable, net unreachable or prohibited.
func (r UndeliveredReason) String() string { return name(undeliveredNames[:], uint8(r)) }

// Kind returns BodyUndelivered.
func (*Undelivered) Kind() BodyKind { return BodyUndelivered }
func (*Undelivered) party() Party   { return PartyUnknown }
func (u *Undelivered) slot() uint64 {
	r, to := u.Router.As16(), u.To.As16()
	return uint64(u.Why) ^ hash64(string(r[:])+string(to[:]))
}
func (u *Undelivered) clone(dst Body) Body { d := reuse[Undelivered](dst); *d = *u; return d }
