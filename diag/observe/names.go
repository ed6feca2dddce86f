package observe

import (
	"bytes"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// The names that logs give to the protocol's numbers. They are spellings, not
// meanings: each maps to the one number that it stands for.

func exchangeNamed(b []byte) (isakmp.ExchangeType, bool) {
	switch string(b) {
	case "ID_PROT", "Main", "main", "Identity Protection":
		return isakmp.ExchangeMain, true
	case "AGGRESSIVE", "Aggressive", "aggressive":
		return isakmp.ExchangeAggressive, true
	case "QUICK_MODE", "Quick", "quick":
		return isakmp.ExchangeQuick, true
	case "INFORMATIONAL_V1", "INFORMATIONAL", "Informational":
		return isakmp.ExchangeInformational, true
	case "TRANSACTION", "Transaction":
		return isakmp.ExchangeTransaction, true
	case "IKE_SA_INIT":
		return isakmp.ExchangeSAInit, true
	}
	return 0, false
}

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

func modeNamed(b []byte) (isakmp.ExchangeType, bool) {
	b = bytes.TrimSuffix(b, []byte(" Mode"))
	return exchangeNamed(b)
}

// messageNumber tells a message's place in its exchange from its payloads,
// as RFC 2409 (sections 5.1 to 5.5) lays them down.
func messageNumber(x isakmp.ExchangeType, payloads, direction []byte) uint8 {
	has := func(p string) bool { return has(payloads, p) }
	response := uint8(0)
	if string(direction) == "response" {
		response = 1
	}
	switch x {
	case isakmp.ExchangeMain:
		switch {
		case has("SA"):
			return 1 + response
		case has("KE"):
			return 3 + response
		case has("ID"):
			return 5 + response
		}
	case isakmp.ExchangeAggressive:
		switch {
		case has("SA") && response == 0:
			return 1
		case has("SA"):
			return 2
		case has("HASH") || has("SIG"):
			return 3
		}
	case isakmp.ExchangeQuick:
		switch {
		case has("SA") && response == 0:
			return 1
		case has("SA"):
			return 2
		case has("HASH"):
			return 3
		}
	}
	return 0
}

// has reports whether a list of payloads names one.
func has(payloads []byte, name string) bool {
	for f := range bytes.FieldsSeq(payloads) {
		if string(f) == name {
			return true
		}
	}
	return false
}

func payloadNamed(b []byte) isakmp.PayloadType {
	switch string(b) {
	case "ID_V1", "ID":
		return isakmp.PayloadID
	case "HASH_V1", "HASH":
		return isakmp.PayloadHash
	case "SIGNATURE_V1", "SIG":
		return isakmp.PayloadSignature
	case "CERTIFICATE_V1", "CERT":
		return isakmp.PayloadCert
	case "SECURITY_ASSOCIATION_V1", "SA":
		return isakmp.PayloadSA
	case "NOTIFY_V1", "N":
		return isakmp.PayloadNotify
	case "DELETE_V1", "D":
		return isakmp.PayloadDelete
	}
	return isakmp.PayloadNone
}

// notifyNamed knows the names of RFC 2408, section 3.14.1, and RFC 2407,
// section 4.6.3, with underscores or hyphens.
func notifyNamed(b []byte) (isakmp.NotifyType, bool) {
	switch string(bytes.ReplaceAll(b, []byte("-"), []byte("_"))) {
	case "INVALID_PAYLOAD_TYPE":
		return 1, true
	case "DOI_NOT_SUPPORTED":
		return 2, true
	case "SITUATION_NOT_SUPPORTED":
		return 3, true
	case "INVALID_COOKIE":
		return 4, true
	case "INVALID_MAJOR_VERSION":
		return 5, true
	case "INVALID_MINOR_VERSION":
		return 6, true
	case "INVALID_EXCHANGE_TYPE":
		return 7, true
	case "INVALID_FLAGS":
		return 8, true
	case "INVALID_MESSAGE_ID":
		return 9, true
	case "INVALID_PROTOCOL_ID":
		return 10, true
	case "INVALID_SPI":
		return 11, true
	case "INVALID_TRANSFORM_ID":
		return 12, true
	case "ATTRIBUTES_NOT_SUPPORTED":
		return 13, true
	case "NO_PROPOSAL_CHOSEN", "NO_PROP":
		return 14, true
	case "BAD_PROPOSAL_SYNTAX":
		return 15, true
	case "PAYLOAD_MALFORMED", "PLD_MAL":
		return 16, true
	case "INVALID_KEY_INFORMATION", "INVALID_KE_PAYLOAD", "INVAL_KE":
		return 17, true
	case "INVALID_ID_INFORMATION", "INVAL_ID":
		return 18, true
	case "INVALID_CERT_ENCODING":
		return 19, true
	case "INVALID_CERTIFICATE":
		return 20, true
	case "CERT_TYPE_UNSUPPORTED":
		return 21, true
	case "INVALID_CERT_AUTHORITY":
		return 22, true
	case "INVALID_HASH_INFORMATION", "INVAL_HASH":
		return 23, true
	case "AUTHENTICATION_FAILED", "AUTH_FAILED":
		return 24, true
	case "INVALID_SIGNATURE":
		return 25, true
	case "ADDRESS_NOTIFICATION":
		return 26, true
	case "NOTIFY_SA_LIFETIME":
		return 27, true
	case "CERTIFICATE_UNAVAILABLE":
		return 28, true
	case "UNSUPPORTED_EXCHANGE_TYPE":
		return 29, true
	case "UNEQUAL_PAYLOAD_LENGTHS":
		return 30, true
	case "INITIAL_CONTACT":
		return 24578, true
	case "REPLAY_STATUS":
		return 24577, true
	case "RESPONDER_LIFETIME":
		return 24576, true
	case "R_U_THERE", "DPD":
		return isakmp.NotifyDPDRUThere, true
	case "R_U_THERE_ACK", "DPD_ACK":
		return isakmp.NotifyDPDRUThereAck, true
	}
	return 0, false
}
