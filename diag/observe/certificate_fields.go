package observe

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// maxNames bounds the alternative names of a certificate.
const maxNames = 64

// credential returns what is asked of a certificate.
func credential(x *x509.Certificate) *diag.Credential {
	subject := ike.IdentityFromWire(isakmp.IDDERDN, x.RawSubject)
	c := &diag.Credential{
		Subject: diag.Clean(subject.String(), 160), Issuer: diag.Clean(ike.IdentityFromWire(isakmp.IDDERDN, x.RawIssuer).String(), 160),
		From: x.NotBefore, Until: x.NotAfter, Authority: x.BasicConstraintsValid && x.IsCA,
		Signs: x.KeyUsage == 0 || x.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0,
		IKE:   forIKE(x), Weak: weakKey(x),
		PublicKey: sha256.Sum256(x.RawSubjectPublicKeyInfo), SubjectName: sha256.Sum256(x.RawSubject), IssuerName: sha256.Sum256(x.RawIssuer),
	}
	if len(x.SubjectKeyId) > 0 {
		c.SubjectKey = sha256.Sum256(x.SubjectKeyId)
	}
	if len(x.AuthorityKeyId) > 0 {
		c.IssuerKey = sha256.Sum256(x.AuthorityKeyId)
	}
	if len(x.RawSubject) > 2 { // not the empty sequence
		c.Names = append(c.Names, subject)
	}
	add := func(t isakmp.IDType, b []byte) {
		if len(c.Names) < maxNames && len(b) <= 512 {
			c.Names = append(c.Names, ike.IdentityFromWire(t, b))
		}
	}
	for _, n := range x.DNSNames {
		add(isakmp.IDFQDN, []byte(n))
	}
	for _, n := range x.EmailAddresses {
		add(isakmp.IDUserFQDN, []byte(n))
	}
	for _, ip := range x.IPAddresses {
		if b := ip.To4(); b != nil {
			add(isakmp.IDIPv4, b)
		} else {
			add(isakmp.IDIPv6, ip)
		}
	}
	return c
}

// forIKE reports whether the extended usage allows IKE: there is none, it
// allows anything, or it names one of the uses that RFC 4945 section 5.1.3.12
// and the daemons take for it.
func forIKE(x *x509.Certificate) bool {
	if len(x.ExtKeyUsage)+len(x.UnknownExtKeyUsage) == 0 {
		return true
	}
	for _, u := range x.ExtKeyUsage {
		switch u {
		case x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageIPSECEndSystem, x509.ExtKeyUsageIPSECTunnel, x509.ExtKeyUsageIPSECUser:
			return true
		}
	}
	ike := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 17}
	intermediate := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 8, 2, 2}
	return slices.ContainsFunc(x.UnknownExtKeyUsage, func(o asn1.ObjectIdentifier) bool { return o.Equal(ike) || o.Equal(intermediate) })
}

// weakKey names what is weaker than RFC 8247 section 3.1.1 asks for.
func weakKey(x *x509.Certificate) string {
	switch k := x.PublicKey.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < 2048 {
			return fmt.Sprintf("RSA key of %d bits", n)
		}
	case *ecdsa.PublicKey:
		if n := k.Curve.Params().BitSize; n < 224 {
			return fmt.Sprintf("ECDSA key of %d bits", n)
		}
	}
	switch x.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA:
		return "signature with MD5"
	case x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return "signature with SHA-1"
	}
	return ""
}

// privateKey returns which public key a private key belongs to, nil where der
// is none. Nothing else of it is kept.
func privateKey(der []byte) *diag.Credential {
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		if r, rsaErr := x509.ParsePKCS1PrivateKey(der); rsaErr == nil {
			k = r
		} else if e, ecErr := x509.ParseECPrivateKey(der); ecErr == nil {
			k = e
		} else {
			return nil
		}
	}
	s, ok := k.(crypto.Signer)
	if !ok {
		return nil
	}
	spki, err := x509.MarshalPKIXPublicKey(s.Public())
	if err != nil {
		return nil
	}
	return &diag.Credential{Private: true, PublicKey: sha256.Sum256(spki)}
}
