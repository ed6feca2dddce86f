package observe

import (
	"bytes"

	"github.com/ikediag/ikediag/diag"
)

// The words of libraries and systems that stand within an event's fields.

// isGroup reports whether a kind of transform is the Diffie-Hellman group.
func isGroup(b []byte) bool {
	switch string(b) {
	case "DIFFIE_HELLMAN_GROUP", "KEY_EXCHANGE_METHOD":
		return true
	}
	return false
}

// backendSilent reports whether a line about an authentication server says
// that it does not answer.
func backendSilent(b []byte) bool {
	return bytes.Contains(b, []byte("not responding")) || bytes.Contains(b, []byte("timed out"))
}

// constraintKind tells what a constraint that is not met says of the peer's
// certificate, 0 where it says nothing of it.
func constraintKind(name []byte, expected bool) diag.CertificateKind {
	switch string(name) {
	case "certificate":
		if !expected {
			return diag.CertificateNotNamed
		}
	case "RULE_CRL_VALIDATION", "RULE_OCSP_VALIDATION", "CRL_VALIDATION", "OCSP_VALIDATION":
		return diag.CertificateStatusDemanded
	}
	return 0
}

// portTaken reports whether a socket could not be bound since another process
// has the port, or since the daemon may not have it.
func portTaken(b []byte) bool {
	switch string(b) {
	case "Address already in use", "Permission denied", "Cannot assign requested address":
		return true
	}
	return false
}

// errno is what an operating system says when it refuses to send.
type errno uint8

const (
	errnoRoute      errno = iota // no route, no such network or host
	errnoPermission              // a firewall of the host's own
	errnoSize                    // greater than the path takes, and not to be fragmented
	errnoRefused                 // nothing listens on the port
	errnoOther
)

// sendError knows the words of POSIX systems' strerror.
func sendError(b []byte) errno {
	switch string(b) {
	case "Network is unreachable", "No route to host", "Host is unreachable", "Network is down", "Host is down", "Network unreachable":
		return errnoRoute
	case "Operation not permitted", "Permission denied":
		return errnoPermission
	case "Message too long", "Message too large":
		return errnoSize
	case "Connection refused":
		return errnoRefused
	}
	return errnoOther
}

// noSuchState knows strerror's words for ESRCH, which Linux answers where it
// has no SA of an SPI.
func noSuchState(b []byte) bool { return string(b) == "No such process" }

// refusalKind knows NSS's names of its errors about certificates, and a few
// words for what has none; 0 where they do not tell.
func refusalKind(b []byte) diag.CertificateKind {
	switch string(b) {
	case "SEC_ERROR_EXPIRED_CERTIFICATE", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE":
		return diag.CertificateOutOfDate // also before its time
	case "SEC_ERROR_REVOKED_CERTIFICATE", "SEC_ERROR_REVOKED_KEY":
		return diag.CertificateRevoked
	case "SEC_ERROR_UNKNOWN_ISSUER":
		return diag.CertificateIssuerUnknown
	case "SEC_ERROR_UNTRUSTED_ISSUER", "SEC_ERROR_UNTRUSTED_CERT", "SEC_ERROR_CA_CERT_INVALID", "SEC_ERROR_BAD_SIGNATURE", "no authority":
		return diag.CertificateUntrusted
	case "SEC_ERROR_INADEQUATE_KEY_USAGE", "SEC_ERROR_INADEQUATE_CERT_TYPE":
		return diag.CertificateKeyUsage
	case "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID", "SEC_ERROR_CERT_NOT_IN_NAME_SPACE", "SEC_ERROR_EXTENSION_VALUE_INVALID", "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION":
		return diag.CertificateConstraint
	case "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED", "key size":
		return diag.CertificateWeak
	case "SEC_ERROR_CRL_EXPIRED", "SEC_ERROR_CRL_NOT_FOUND", "SEC_ERROR_KRL_EXPIRED", "crl":
		return diag.CertificateListStale
	}
	if bytes.HasPrefix(b, []byte("SEC_ERROR_OCSP_")) {
		return diag.CertificateOCSPFailed
	}
	return 0
}
