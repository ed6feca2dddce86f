package diag

// Fault is something in a configuration that cannot work, has no effect or
// should not be, as the reader of its format knows it.
type Fault struct {
	// Kind is what it is, Effect what comes of it.
	Kind   FaultKind
	Effect FaultEffect
	// Child names the child that it is about, empty for the connection.
	Child string
	Place Place
	// Subject names what is wrong, such as an algorithm: clean and bounded.
	Subject string
	// Setting and Instead are what to write instead, in the format's own
	// spelling; empty where that cannot be said.
	Setting, Instead string
}

// FaultKind is what a fault is.
type FaultKind uint8

// The kinds of faults. Those from FaultIKEv1 on work, and should not be.
const (
	FaultUnset             FaultKind = iota
	FaultReference                   // refers to a section that does not exist
	FaultMisspelt                    // a word that the format does not have, near to one of its own
	FaultIgnored                     // the daemon takes no notice of it
	FaultAlgorithmUnknown            // the daemon has no such algorithm
	FaultAlgorithmMix                // a combined mode with what excludes it
	FaultProposalLacks               // a proposal without an algorithm that it needs
	FaultNoPrivateKey                // signs, and has no private key
	FaultNoCertificate               // signs, and has neither certificate nor public key
	FaultNoSecret                    // no pre-shared key
	FaultTwice                       // another connection has the same ends and selectors
	FaultSameEnds                    // both ends are one host
	FaultUnbound                     // a policy that no interface applies
	FaultV1Disabled                  // IKEv1, which a setting of the whole daemon forbids
	FaultNotLetIn                    // the gateway's own filter keeps IKE out of the interface
	FaultNotRouted                   // no route leads into the tunnel interface
	faultPractice                    // what follows works, and should not be
	FaultIKEv1                       // insists on IKEv1
	FaultAggressivePSK               // aggressive mode with a pre-shared key
	FaultIdentityExposed             // aggressive mode, which shows both identities
	FaultKeyShared                   // a pre-shared key for any peer
	FaultKeyShort                    // a pre-shared key that can be searched for
	FaultXAuthGroupKey               // XAUTH over a key that its users share
	FaultWeakCipher                  // a broken cipher, or one with blocks of 64 bits
	FaultWeakHash                    // MD5, SHA-1 or an older one
	FaultWeakGroup                   // a Diffie-Hellman group that is too small or not trusted
	FaultNoAuthentication            // ESP that encrypts only
	FaultNullCipher                  // ESP that does not encrypt
	FaultAHOnly                      // AH alone, which does not encrypt
	FaultNoPFS                       // phase 2 without a group
	FaultTransport                   // transport mode between networks
	FaultPermissive                  // more is accepted than is written
	FaultRevocationUnknown           // certificates of which nobody tells whether they were revoked are accepted
	faultKinds
)

var faultNames = [faultKinds]string{"", "reference", "misspelt", "ignored", "algorithm-unknown", "algorithm-mix", "proposal-lacks", "no-private-key", "no-certificate", "no-secret",
	"twice", "same-ends", "unbound", "v1-disabled", "not-let-in", "not-routed", "", "ikev1", "aggressive-psk", "identity-exposed", "key-shared", "key-short", "xauth-group-key", "weak-cipher", "weak-hash", "weak-group",
	"no-authentication", "null-cipher", "ah-only", "no-pfs", "transport", "permissive", "revocation-unchecked"}

// String returns the kind in lower case, such as "weak-cipher".
func (k FaultKind) String() string { return name(faultNames[:], uint8(k)) }

// FaultEffect is what the daemon makes of a fault.
type FaultEffect uint8

// The effects, least first.
const (
	FaultUnwise   FaultEffect = iota // it does as it is told
	FaultNoEffect                    // it goes on without what was written
	FaultFails                       // it refuses the connection, or cannot bring it up
	FaultRefuses                     // it refuses the whole file, and does not start with it
)

// Fault returns the connection's first fault of one of the kinds.
func (c *Connection) Fault(kinds ...FaultKind) *Fault {
	for i := range c.Faults {
		for _, k := range kinds {
			if c.Faults[i].Kind == k {
				return &c.Faults[i]
			}
		}
	}
	return nil
}
