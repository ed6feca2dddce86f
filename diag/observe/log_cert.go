package observe

import (
	"bytes"
	"path"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// certificate observes what a side found out about a certificate. Within a
// negotiation it is the peer's path that is checked; outside of one it is the
// own credentials that are read.
func (l *Log) certificate(e *logparse.Event) diag.Body {
	c := &l.body.certificate
	*c = diag.Certificate{Of: diag.Peer}
	if e.Session.Handle == 0 || e.Kind.HostWide() {
		c.Of = diag.Self
	}
	if b := e.Bytes(logparse.FieldSubject); len(b) > 0 {
		c.Subject = diag.Clean(string(b[:min(len(b), 300)]), 160)
	}
	kind := e.Bytes(logparse.FieldKind)
	why := string(e.Bytes(logparse.FieldError))
	switch e.Kind {
	case logparse.CertificateReceived, logparse.CertificateSent:
		c.What = diag.CertificateReceived
		if e.Kind == logparse.CertificateSent {
			c.Of, c.What = diag.Self, diag.CertificateSent
		}
		switch string(kind) {
		case "CRL":
			return nil
		case "issuer":
			c.Issuer = true
		}
	case logparse.CertificateLoaded:
		c.What = diag.CertificateLoaded
		c.Issuer = string(kind) == "ca" || string(kind) == "aa"
		if b := e.Bytes(logparse.FieldFile); len(b) > 0 && !c.Issuer {
			c.File = diag.Clean(path.Base(string(b[:min(len(b), 300)])), 160)
		}
	case logparse.KeyLoaded:
		c.What = diag.CertificateKeyLoaded
	case logparse.CertificateUsed:
		if string(kind) == "fetched" {
			return nil
		}
		c.What = diag.CertificateUsed
		c.Issuer = string(kind) != "subject" && string(kind) != "trusted"
	case logparse.CertificateTrusted:
		c.What = diag.CertificateTrusted
	case logparse.RevocationGood:
		c.What = diag.CertificateGood
	case logparse.CertificateUntrusted:
		c.What = diag.CertificateUntrusted
	case logparse.IssuerNotFound:
		c.What = diag.CertificateIssuerUnknown
	case logparse.CertificateExpired:
		l.validity(e, c)
	case logparse.CertificateRevoked:
		c.What = diag.CertificateRevoked
	case logparse.RevocationUnknown:
		if why != "not available" && why != "stale" {
			return nil // another way is tried
		}
		c.What = diag.CertificateStatusUnknown
	case logparse.RevocationFetching:
		t := l.trails.of(e)
		t.directory, t.begun = bytes.HasPrefix(e.Bytes(logparse.FieldURL), []byte("ldap")), true
		return nil
	case logparse.RevocationFetchFailed:
		switch {
		case l.trails.of(e).directory || bytes.HasPrefix(e.Bytes(logparse.FieldURL), []byte("ldap")):
			c.What = diag.CertificateLDAPFailed
		case string(kind) == "ocsp":
			c.What = diag.CertificateOCSPFailed
		case string(kind) == "crl":
			c.What = diag.CertificateFetchFailed
		default:
			return nil // a fetcher's own word; the line that follows says of what
		}
	case logparse.RevocationStale:
		c.What = diag.CertificateListStale
	case logparse.CertificateInvalid:
		switch why {
		case "key usage":
			c.What = diag.CertificateKeyUsage
		case "path length", "policy", "name constraint", "address block":
			c.What = diag.CertificateConstraint
		default:
			return nil
		}
	case logparse.CertificateNameMismatch:
		// Of the own one a daemon says as what it takes it instead.
		c.What = diag.CertificateNotNamed
		if e.Has(logparse.FieldSubject) {
			c.Of = diag.Self
		}
	case logparse.CertificateRefused:
		return l.refused(e, c)
	case logparse.CertificateLoadFailed, logparse.KeyFailed:
		c.Of, c.What = diag.Self, diag.CertificateUnreadable
		if c.Subject == "" {
			c.Subject = diag.Clean(string(e.Bytes(logparse.FieldFile)), 160)
		}
	case logparse.CertificateUnusable:
		c.Of, c.What = diag.Self, diag.CertificateUnusable
	case logparse.CertificateUnsupported:
		c.What = diag.CertificateEncoding
		c.Subject = diag.Clean(string(kind), 60)
	case logparse.CertificateRequestUnknown:
		c.What = diag.CertificateAuthorityUnknown
	case logparse.CertificateWeak:
		c.What = diag.CertificateWeak
	default:
		return nil
	}
	return c
}

// refused observes that the peer was not accepted for its certificate, and
// why where the line says so.
func (l *Log) refused(e *logparse.Event, c *diag.Certificate) diag.Body {
	if c.What = refusalKind(e.Bytes(logparse.FieldError)); c.What != 0 {
		l.send(e, c)
	}
	switch c.What {
	case diag.CertificateOCSPFailed, diag.CertificateListStale:
		c.What = diag.CertificateStatusDemanded
		l.send(e, c)
	}
	l.body.check = diag.Check{By: diag.Self, What: diag.CheckPeer, Exchange: l.trails.of(e).exchange}
	return &l.body.check
}

// validity tells whether a certificate that is out of date has expired or is
// not valid yet, where the log says which or when it was.
func (l *Log) validity(e *logparse.Event, c *diag.Certificate) {
	c.What = diag.CertificateOutOfDate
	c.Issuer = string(e.Bytes(logparse.FieldSubject)) == "issuer"
	c.Subject = ""
	c.From, c.Until = certificateTime(e.Bytes(logparse.FieldNotBefore)), certificateTime(e.Bytes(logparse.FieldNotAfter))
	switch string(e.Bytes(logparse.FieldError)) {
	case "expired":
		c.What = diag.CertificateExpired
	case "not yet valid":
		c.What = diag.CertificateNotYetValid
	}
	now, precision := e.Time(l.Reference, l.Zone)
	if precision == 0 || l.Reference.IsZero() && !e.Prefix.YearWritten() {
		return
	}
	switch {
	case !c.Until.IsZero() && now.After(c.Until):
		c.What = diag.CertificateExpired
	case !c.From.IsZero() && now.Before(c.From):
		c.What = diag.CertificateNotYetValid
	}
}

// certificateTime reads a time as daemons print those of certificates.
func certificateTime(b []byte) time.Time {
	if len(b) > 40 {
		return time.Time{}
	}
	for _, layout := range [...]string{"Jan 02 15:04:05 2006", "Jan 02 15:04:05 UTC 2006", "Jan _2 15:04:05 2006"} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t
		}
	}
	return time.Time{}
}
