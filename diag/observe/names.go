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
