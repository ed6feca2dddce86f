package diag

import "net/netip"

// Obstacle: something other than a wrong message kept a side from going on: a
// limit, a policy of its own, its kernel, a name without an address.
type Obstacle struct {
	By   Party // who met it, or refused
	What ObstacleKind
	// Remote is the peer that it concerns, where told, for an obstacle that
	// is observed outside of any negotiation.
	Remote netip.Addr
	// SPI is of the SA that it concerns, 0 where not told.
	SPI uint32
	// Detail is its own word for it, clean and bounded: an algorithm, a name,
	// an error. No rule looks at it.
	Detail string
}

// ObstacleKind is what stood in the way.
type ObstacleKind uint8

// What stands in a side's way.
const (
	// ObstacleVersion: a message of a version of IKE that is not spoken here.
	ObstacleVersion ObstacleKind = iota + 1
	// ObstacleMode: the kind of exchange is not allowed, whatever is in it.
	ObstacleMode
	// ObstacleAggressivePSK: aggressive mode with a pre-shared key is
	// disabled, for the key's sake.
	ObstacleAggressivePSK
	// ObstacleUnique: the peer has an SA already, and only one is allowed.
	ObstacleUnique
	// ObstacleAuthorization: a hook, an AAA server or a group policy says no.
	ObstacleAuthorization
	// ObstacleMethod: the peer's authentication method is not the configured
	// one.
	ObstacleMethod
	// ObstacleHalfOpen: there are too many unfinished negotiations or too
	// much work.
	ObstacleHalfOpen
	// ObstacleGroup: the Diffie-Hellman group is not implemented, or its
	// public value is no good.
	ObstacleGroup
	// ObstacleUnfinished: a quick mode came before phase 1 was done.
	ObstacleUnfinished
	// ObstacleEncapsulation: one end wants tunnel mode, the other transport.
	ObstacleEncapsulation
	// ObstacleKernel: the kernel refuses an SA, a policy or an SPI.
	ObstacleKernel
	// ObstacleName: the peer's name has no address.
	ObstacleName
	// ObstacleRoute: there is no route to the peer.
	ObstacleRoute
	// ObstaclePool: no address is left for a client.
	ObstaclePool
	// ObstacleNoPool: there is no pool to take a client's address from.
	ObstacleNoPool
	// ObstacleAddress: a client cannot use the address it was given.
	ObstacleAddress
	// ObstacleXAuthMethod: nothing here can do XAUTH.
	ObstacleXAuthMethod
	// ObstacleBackend: the server that knows the users does not answer.
	ObstacleBackend
	// ObstacleReassembly: an IP datagram never came whole.
	ObstacleReassembly
	// ObstacleIPComp: compression was wanted by one end only.
	ObstacleIPComp
	// ObstacleNoSelectors: a child was considered that has no selectors to
	// offer for what is asked.
	ObstacleNoSelectors
	// ObstacleDisabled: the version of IKE is switched off on the whole host,
	// whatever its connections say.
	ObstacleDisabled
	// ObstacleXAuthAwaited: a quick mode came from a peer that is to
	// authenticate its user first.
	ObstacleXAuthAwaited
	// ObstacleSPI: protected traffic comes for an SA that is not there.
	ObstacleSPI
	// ObstacleNoPolicy: no policy for IPsec is in force where the negotiation
	// came in.
	ObstacleNoPolicy
	// ObstacleNoSA: traffic asked the kernel for an SA, and none came.
	ObstacleNoSA
	// ObstacleNoDPD: the peer cannot do dead peer detection, so it is off.
	ObstacleNoDPD
	// ObstacleDPDSequence: a message of dead peer detection has a wrong
	// sequence number.
	ObstacleDPDSequence
	// ObstacleRedundant: an SA pair came up that one is there for already.
	ObstacleRedundant
	// ObstacleUnencrypted: a message came in the clear that is encrypted in
	// every implementation that follows RFC 2409.
	ObstacleUnencrypted
	// ObstacleSAGone: the kernel does not have an SA that its daemon made and
	// did not delete.
	ObstacleSAGone
	// ObstacleMessageID: a message ID was used before, or is zero where it
	// must not be.
	ObstacleMessageID
	// ObstacleCommit: the peer sets the Commit Bit, of which this side takes
	// no notice or which it forbids.
	ObstacleCommit
	// ObstacleKeyLength: a cipher of variable key length was offered without a
	// length.
	ObstacleKeyLength
	// ObstacleEncapsulationNumber: the number of the encapsulation mode does
	// not go with what NAT detection found, or is of another version of NAT
	// traversal.
	ObstacleEncapsulationNumber
	// ObstacleGroupName: the peer names a group of clients that is not
	// configured.
	ObstacleGroupName
	// ObstacleCapacity: something is used up: memory, the SAs or tunnels that
	// are allowed.
	ObstacleCapacity
	// ObstacleDeviation: the peer deviates in a way that is known; this side
	// makes up for it and goes on.
	ObstacleDeviation
	// ObstacleSplit: a list of the networks behind the tunnel came by mode
	// config, of which this side takes no notice.
	ObstacleSplit
	// ObstacleLease: the peer asks for selectors that are not the address it
	// was to have.
	ObstacleLease
	// ObstacleCookie: a message came for a negotiation that is not there.
	ObstacleCookie
	// ObstacleClear: a notification or a DELETE came in the clear when there
	// were keys, and was passed over.
	ObstacleClear
	// ObstacleIntegrity: a packet of an SA came that fails the check of its
	// integrity.
	ObstacleIntegrity
	// ObstacleTraversal: the peer does not offer NAT traversal, without which
	// this side takes no negotiation.
	ObstacleTraversal
)

// Kind returns BodyObstacle.
func (*Obstacle) Kind() BodyKind { return BodyObstacle }
func (b *Obstacle) party() Party { return b.By }
func (o *Obstacle) slot() uint64 {
	s := uint64(o.By) | uint64(o.What)<<8
	if o.Remote.IsValid() {
		a := o.Remote.As16()
		s |= hash64(string(a[:])) << 16
	}
	if o.What == ObstacleSAGone {
		s ^= uint64(o.SPI) << 32
	}
	return s
}
func (o *Obstacle) clone(dst Body) Body { d := reuse[Obstacle](dst); *d = *o; return d }
