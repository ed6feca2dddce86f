package diag

import "time"

// Certificate: what a side found out about a certificate.
type Certificate struct {
	// Of is whose certificate it is, or whose path it belongs to: Peer's for
	// one that was received, Self's for the own.
	Of   Party
	What CertificateKind
	// Issuer: it is about an issuer's certificate in the path, not about the
	// end's own.
	Issuer bool
	// Subject names it, as far as told: clean and bounded.
	Subject string
	// File is what it was read from, without its folder, where told.
	File string `json:",omitzero"`
	// From and Until are its validity's ends, where told.
	From, Until time.Time
}

// CertificateKind is what a side found out.
type CertificateKind uint8

// What a side finds out about a certificate.
const (
	CertificateReceived         CertificateKind = iota + 1 // it came
	CertificateSent                                        // it was sent
	CertificateLoaded                                      // it was read from a file, a token or a client
	CertificateUsed                                        // it was taken to check the peer with
	CertificateTrusted                                     // its path ends in an authority that is trusted
	CertificateGood                                        // it was not revoked
	CertificateKeyLoaded                                   // a private key was read
	certificateProblems                                    // what follows is wrong with it
	CertificateExpired                                     // its time is over
	CertificateNotYetValid                                 // its time has not come
	CertificateOutOfDate                                   // one of these two; the log does not say when it was written
	CertificateIssuerUnknown                               // no certificate of its issuer is there
	CertificateUntrusted                                   // its path ends in an authority that is not trusted
	CertificateRevoked                                     // it was revoked
	CertificateStatusUnknown                               // nobody can tell whether it was revoked
	CertificateFetchFailed                                 // the list of those that were revoked cannot be fetched
	CertificateOCSPFailed                                  // the server that knows of revocation does not answer usefully
	CertificateLDAPFailed                                  // the directory does not answer
	CertificateListStale                                   // the list of those that were revoked is too old
	CertificateKeyUsage                                    // its key may not be used for this
	CertificateConstraint                                  // it breaks a rule of its path: length, names, policies
	CertificateNotNamed                                    // its names do not hold the identity
	CertificateUnreadable                                  // its bytes, or its file's, are no certificate, or no key
	CertificateUnusable                                    // it was read and cannot serve, such as an authority's that is none
	CertificateEncoding                                    // its encoding is not supported
	CertificateAuthorityUnknown                            // the peer asked for one of an authority that is not known here
	CertificateWeak                                        // its key or algorithm is weaker than demanded
	CertificateStatusDemanded                              // it is refused since nobody can tell whether it was revoked
)

// Problem reports whether the kind says that something is wrong.
func (k CertificateKind) Problem() bool { return k > certificateProblems }

// certificatesKept bounds the certificates of one kind that are kept apart.
const certificatesKept = 24

// Kind returns BodyCertificate.
func (*Certificate) Kind() BodyKind { return BodyCertificate }
func (b *Certificate) party() Party { return b.Of }
func (c *Certificate) slot() uint64 {
	s := uint64(c.Of) | uint64(c.What)<<8
	if c.Issuer {
		s |= 1 << 16
	}
	switch {
	case c.What.Problem():
		s |= hash64(c.Subject) << 24
	case !c.Issuer:
		// A host may have hundreds of certificates: those in order share a
		// few slots.
		s |= hash64(c.Subject) % certificatesKept << 24
	}
	return s
}
func (c *Certificate) clone(dst Body) Body { d := reuse[Certificate](dst); *d = *c; return d }
