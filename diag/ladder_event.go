package diag

// A happening is what a fact that is no message says on a ladder.
type happening struct {
	kind  RungKind
	text  string
	fault bool
	mark  uint64 // tells apart those of one kind and side
}

// happenings are the kinds of facts of which event has something to tell.
const happenings BodySet = 1<<BodyNAT | 1<<BodyKeyProof | 1<<BodyUnreachable | 1<<BodyLookup | 1<<BodyCheck | 1<<BodyCertificate | 1<<BodyObstacle |
	1<<BodyGaveUp | 1<<BodyRekey | 1<<BodyTeardown | 1<<BodyProgress

// event tells what happened by a fact that is no message; ok is false for one
// that a ladder does not show. A capture shows messages; that phase 1 is up it
// only concludes from them.
func event(b Body, observer bool) (h happening, ok bool) {
	switch b := b.(type) {
	case *NAT:
		return happening{RungNAT, "a NAT is in front of it", false, 0}, !b.None
	case *KeyProof:
		return happening{RungKey, "used another pre-shared key than the one given", true, b.slot()}, !b.Used
	case *Unreachable:
		return happening{RungUnreachable, b.text(), true, b.slot() >> 8}, true
	}
	if observer {
		return h, false
	}
	switch b := b.(type) {
	case *LookedUp:
		return happening{RungLookup, lookupText(b.What), true, uint64(b.What)}, !b.Found
	case *Check:
		return happening{RungCheck, checkText(b.What), true, uint64(b.What)<<16 | uint64(b.Exchange)<<8 | uint64(b.Number)}, !b.OK
	case *Certificate:
		return happening{RungCertificate, certificateText(b.What), true, uint64(b.What)}, b.What.Problem() && b.What != CertificateStatusUnknown
	case *Obstacle:
		return happening{RungObstacle, obstacleText(b.What), true, uint64(b.What)}, obstacleText(b.What) != ""
	case *GaveUp:
		return happening{RungGaveUp, "gives up", true, 0}, true
	case *Rekey:
		return happening{RungRekey, "cannot replace an SA", true, b.slot()}, b.Failed
	case *Teardown:
		return happening{RungEnd, teardownText(b), false, b.slot() >> 8}, teardownText(b) != ""
	case *Progress:
		return progress(b)
	}
	return h, false
}

func progress(p *Progress) (h happening, ok bool) {
	switch p.Step {
	case Phase1Up:
		return happening{RungPhase1Up, "phase 1 is up", false, 0}, true
	case Phase2Up:
		return happening{RungChildUp, "an SA pair is up", false, 0}, true
	case Phase1Failed:
		return happening{RungFailed, "phase 1 failed", true, uint64(p.Step)}, true
	case Phase2Failed:
		return happening{RungFailed, "phase 2 failed", true, uint64(p.Step)}, true
	case Phase1Deleted:
		return happening{RungEnd, "its ISAKMP SA is gone", false, uint64(p.Step) << 32}, true
	case Phase2Deleted:
		return happening{RungEnd, "an SA pair is gone", false, uint64(p.Step) << 32}, true
	case DeleteSent:
		return happening{RungEnd, "deletes the ISAKMP SA", false, uint64(p.Step) << 32}, true
	case ChildDeleteSent:
		return happening{RungEnd, "deletes an SA pair", false, uint64(p.Step) << 32}, true
	}
	return h, false
}

func (u *Unreachable) text() string {
	switch {
	case u.TooBig:
		return "a packet to it is too big for the path"
	case u.Prohibited:
		return "a firewall refuses a packet to it"
	case u.Port:
		return "nothing listens on its port"
	}
	return "it cannot be reached"
}

// texts returns the words of an enumeration's value.
func words(texts []string, v uint8) string {
	if int(v) < len(texts) {
		return texts[v]
	}
	return ""
}

func lookupText(k LookupKind) string {
	return words([]string{"", "no connection for these addresses", "no connection for this identity", "no connection with this method",
		"no pre-shared key for this peer", "no trusted key of the peer", "no private key", "no child for these selectors", "no password for this user"}, uint8(k))
}

func checkText(k CheckKind) string {
	return words([]string{"", "cannot make sense of the decrypted message", "the hash is wrong", "the signature is wrong", "the peer is somebody else",
		"accepts none of the proposals", "the peer is not authenticated", "a condition is not met", "the message is malformed", "user name or password is wrong"}, uint8(k))
}

func certificateText(k CertificateKind) string {
	switch k {
	case CertificateExpired, CertificateNotYetValid, CertificateOutOfDate:
		return "a certificate is out of date"
	case CertificateIssuerUnknown, CertificateUntrusted, CertificateAuthorityUnknown:
		return "a certificate's issuer is not trusted"
	case CertificateRevoked:
		return "a certificate is revoked"
	case CertificateFetchFailed, CertificateOCSPFailed, CertificateLDAPFailed, CertificateListStale, CertificateStatusDemanded:
		return "cannot tell whether a certificate is revoked"
	case CertificateNotNamed:
		return "a certificate does not hold the identity"
	}
	return "a certificate is of no use"
}

// obstacleText is empty for what is no failure of a negotiation.
func obstacleText(k ObstacleKind) string {
	switch k {
	case ObstacleVersion, ObstacleDisabled:
		return "does not speak this version of IKE"
	case ObstacleMode, ObstacleAggressivePSK:
		return "does not allow this exchange"
	case ObstacleUnique:
		return "the peer has an SA already"
	case ObstacleAuthorization:
		return "is not authorised"
	case ObstacleMethod:
		return "another authentication method is configured"
	case ObstacleHalfOpen:
		return "has too many unfinished negotiations"
	case ObstacleGroup:
		return "does not have the Diffie-Hellman group"
	case ObstacleUnfinished:
		return "phase 1 is not done"
	case ObstacleEncapsulation:
		return "tunnel mode meets transport mode"
	case ObstacleKernel:
		return "the kernel refuses"
	case ObstacleName:
		return "the peer's name has no address"
	case ObstacleRoute:
		return "has no route to the peer"
	case ObstaclePool, ObstacleNoPool, ObstacleAddress:
		return "has no address for the client"
	case ObstacleXAuthMethod, ObstacleXAuthAwaited:
		return "XAUTH cannot be done"
	case ObstacleBackend:
		return "the server that knows the users is silent"
	case ObstacleReassembly:
		return "fragments of a message are missing"
	case ObstacleIPComp:
		return "compression is wanted by one end only"
	case ObstacleNoSelectors:
		return "a child has no selectors to offer"
	case ObstacleSPI:
		return "packets come for an SA that is not there"
	case ObstacleNoPolicy:
		return "no policy is in force"
	case ObstacleNoSA:
		return "no SA comes up for its traffic"
	case ObstacleUnencrypted:
		return "a message is not encrypted"
	case ObstacleTraversal:
		return "wants a peer that offers NAT traversal"
	case ObstacleSAGone:
		return "the kernel lost an SA"
	case ObstacleIntegrity:
		return "a packet fails its integrity check"
	}
	return ""
}

func teardownText(t *Teardown) string {
	switch t.Reason {
	case EndedIdle:
		return "ends an idle SA"
	case EndedExpired:
		return "an SA expires"
	case EndedDPD:
		return "the peer no longer answers"
	case EndedUnique:
		return "another SA of the peer replaces it"
	case EndedInitial:
		return "the peer begins anew"
	case EndedLimit:
		return "an SA was up for as long as is allowed"
	}
	return ""
}
