package diag

import (
	"encoding/binary"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// Credential: a certificate, or a private key, whose file was given. Of a
// private key nothing is kept but which public key it belongs to.
type Credential struct {
	// Private: it is a private key, and no certificate.
	Private bool
	// File is the last part of the file's name, by which configurations name
	// it.
	File string
	// Subject and Issuer are distinguished names, clean and bounded.
	Subject, Issuer string
	// Names are the identities that the certificate gives its holder: its
	// subject and its alternative names (RFC 4945, section 5.1.3.6).
	Names       []ike.Identity
	From, Until time.Time // of a certificate
	// Authority: it may issue certificates (RFC 5280, section 4.2.1.9).
	Authority bool
	// Signs: its usage allows to sign (RFC 4945, section 5.1.3.2). IKE: its
	// extended usage, if there is one, names a use that IKE takes for its own.
	Signs, IKE bool
	// Weak names what of its key or signature is weaker than is accepted
	// today, empty where nothing is.
	Weak string
	// PublicKey is a digest of the public key, SubjectName and IssuerName of
	// the encoded names, and SubjectKey and IssuerKey of the key identifiers,
	// zero where there is none.
	PublicKey, SubjectName, IssuerName, SubjectKey, IssuerKey [32]byte
}

// Issued reports whether the certificate may have issued x: by its name and,
// where both tell, by its key.
func (c *Credential) Issued(x *Credential) bool {
	if c.Private || x.Private || c.SubjectName != x.IssuerName {
		return false
	}
	var none [32]byte
	return c.SubjectKey == none || x.IssuerKey == none || c.SubjectKey == x.IssuerKey
}

// Kind returns BodyCredential.
func (*Credential) Kind() BodyKind { return BodyCredential }
func (*Credential) party() Party   { return Self }
func (c *Credential) slot() uint64 {
	s := binary.BigEndian.Uint64(c.PublicKey[:]) ^ hash64(c.Issuer)<<1 ^ uint64(c.From.Unix())<<7
	if c.Private {
		s ^= 1
	}
	return s
}
func (c *Credential) clone(dst Body) Body {
	d := reuse[Credential](dst)
	names := append(d.Names[:0], c.Names...)
	*d = *c
	d.Names = names
	return d
}
