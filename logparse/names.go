package logparse

import "github.com/ikediag/ikediag/isakmp"

// exchangeByName reads an exchange's name in a daemon's spelling.
func exchangeByName(b []byte) (isakmp.ExchangeType, bool) {
	switch string(b) {
	case "ID_PROT", "MAIN_MODE", "Main", "main", "Identity Protection":
		return isakmp.ExchangeMain, true
	case "AGGRESSIVE", "AGGRESSIVE_MODE", "Aggressive", "aggressive":
		return isakmp.ExchangeAggressive, true
	case "QUICK_MODE", "Quick", "quick":
		return isakmp.ExchangeQuick, true
	case "INFORMATIONAL_V1":
		return isakmp.ExchangeInformational, true
	case "TRANSACTION":
		return isakmp.ExchangeTransaction, true
	case "NEW_GROUP_MODE":
		return isakmp.ExchangeNewGroup, true
	case "BASE":
		return isakmp.ExchangeBase, true
	case "AUTH_ONLY":
		return isakmp.ExchangeAuthOnly, true
	case "IKE_SA_INIT":
		return isakmp.ExchangeSAInit, true
	case "IKE_AUTH":
		return isakmp.ExchangeAuth, true
	case "CREATE_CHILD_SA":
		return isakmp.ExchangeCreateChild, true
	case "INFORMATIONAL":
		return isakmp.ExchangeInformational2, true
	case "IKE_INTERMEDIATE":
		return isakmp.ExchangeIntermediate, true
	case "IKE_SESSION_RESUME":
		return isakmp.ExchangeSessionResume, true
	case "IKE_FOLLOWUP_KE":
		return isakmp.ExchangeFollowupKE, true
	}
	return isakmp.ExchangeNone, false
}

// ParseNotify reads the name of a notify message type, long or short, with
// underscores or hyphens, or its number alone.
func ParseNotify(b []byte) (isakmp.NotifyType, bool) {
	if n := len(b); n > 2 && b[0] == '(' && b[n-1] == ')' {
		b = b[1 : n-1]
	}
	if n, ok := parseUint(b); ok && n < 1<<16 {
		return isakmp.NotifyType(n), true
	}
	var buf [48]byte
	if len(b) > len(buf) {
		return 0, false
	}
	u := buf[:copy(buf[:], b)]
	for i, c := range u {
		switch {
		case c == '-':
			u[i] = '_'
		case c-'a' <= 25:
			u[i] = c - 'a' + 'A'
		}
	}
	return notifyByName(u)
}

// notifyByName knows the names of RFC 2408, section 3.14.1, RFC 2407, section
// 4.6.3 and RFC 3706, those of IKEv2 that daemons of both versions write for the
// same numbers, and the short ones of strongSwan's payload lists.
func notifyByName(b []byte) (isakmp.NotifyType, bool) {
	switch string(b) {
	case "NO_PROPOSAL_CHOSEN", "NO_PROP", "PROPOSAL_NOT_CHOSEN":
		return isakmp.NotifyNoProposalChosen, true
	case "AUTHENTICATION_FAILED", "AUTH_FAILED":
		return isakmp.NotifyAuthenticationFailed, true
	case "PAYLOAD_MALFORMED", "PLD_MAL":
		return isakmp.NotifyPayloadMalformed, true
	case "INVALID_ID_INFORMATION", "INVAL_ID":
		return isakmp.NotifyInvalidIDInformation, true
	case "INITIAL_CONTACT":
		return isakmp.NotifyInitialContact, true
	case "INVALID_KEY_INFORMATION", "INVALID_KE_PAYLOAD", "INVAL_KE":
		return isakmp.NotifyInvalidKeyInformation, true
	case "INVALID_HASH_INFORMATION", "INVAL_HASH":
		return isakmp.NotifyInvalidHashInformation, true
	case "INVALID_SIGNATURE", "INVAL_SIG":
		return isakmp.NotifyInvalidSignature, true
	case "DPD", "DPD_R_U_THERE", "R_U_THERE":
		return isakmp.NotifyDPDRUThere, true
	case "DPD_ACK", "DPD_R_U_THERE_ACK", "R_U_THERE_ACK":
		return isakmp.NotifyDPDRUThereAck, true
	case "INVALID_PAYLOAD_TYPE", "CRIT", "UNSUPPORTED_CRITICAL_PAYLOAD":
		return isakmp.NotifyInvalidPayloadType, true
	case "DOI_NOT_SUPPORTED":
		return isakmp.NotifyDOINotSupported, true
	case "SITUATION_NOT_SUPPORTED":
		return isakmp.NotifySituationNotSupported, true
	case "INVALID_COOKIE", "INVALID_IKE_SPI", "INVAL_IKE_SPI":
		return isakmp.NotifyInvalidCookie, true
	case "INVALID_MAJOR_VERSION", "INVAL_MAJOR":
		return isakmp.NotifyInvalidMajorVersion, true
	case "INVALID_MINOR_VERSION":
		return isakmp.NotifyInvalidMinorVersion, true
	case "INVALID_EXCHANGE_TYPE", "INVALID_SYNTAX", "INVAL_SYN":
		return isakmp.NotifyInvalidExchangeType, true
	case "INVALID_FLAGS":
		return isakmp.NotifyInvalidFlags, true
	case "INVALID_MESSAGE_ID", "INVAL_MID":
		return isakmp.NotifyInvalidMessageID, true
	case "INVALID_PROTOCOL_ID":
		return isakmp.NotifyInvalidProtocolID, true
	case "INVALID_SPI", "INVAL_SPI":
		return isakmp.NotifyInvalidSPI, true
	case "INVALID_TRANSFORM_ID":
		return isakmp.NotifyInvalidTransformID, true
	case "ATTRIBUTES_NOT_SUPPORTED", "ATTR_UNSUP":
		return isakmp.NotifyAttributesNotSupported, true
	case "BAD_PROPOSAL_SYNTAX":
		return isakmp.NotifyBadProposalSyntax, true
	case "INVALID_CERT_ENCODING", "INVAL_CERTEN":
		return isakmp.NotifyInvalidCertEncoding, true
	case "INVALID_CERTIFICATE", "INVAL_CERT":
		return isakmp.NotifyInvalidCertificate, true
	case "CERT_TYPE_UNSUPPORTED", "CERT_UNSUP":
		return isakmp.NotifyCertTypeUnsupported, true
	case "INVALID_CERT_AUTHORITY", "INVAL_CA":
		return isakmp.NotifyInvalidCertAuthority, true
	case "ADDRESS_NOTIFICATION":
		return isakmp.NotifyAddressNotification, true
	case "NOTIFY_SA_LIFETIME", "SA_LIFETIME":
		return isakmp.NotifySALifetime, true
	case "CERTIFICATE_UNAVAILABLE":
		return isakmp.NotifyCertificateUnavailable, true
	case "UNSUPPORTED_EXCHANGE_TYPE":
		return isakmp.NotifyUnsupportedExchangeType, true
	case "UNEQUAL_PAYLOAD_LENGTHS":
		return isakmp.NotifyUnequalPayloadLengths, true
	case "CONNECTED":
		return isakmp.NotifyConnected, true
	case "RESPONDER_LIFETIME":
		return isakmp.NotifyResponderLifetime, true
	case "REPLAY_STATUS":
		return isakmp.NotifyReplayStatus, true
	}
	return 0, false
}

// payloadByName reads a payload's name, long or short.
func payloadByName(b []byte) (isakmp.PayloadType, bool) {
	switch string(b) {
	case "SA", "SA_V1", "SECURITY_ASSOCIATION", "SECURITY_ASSOCIATION_V1":
		return isakmp.PayloadSA, true
	case "KE", "KE_V1", "KEY_EXCHANGE", "KEY_EXCHANGE_V1":
		return isakmp.PayloadKE, true
	case "ID", "ID_V1", "IDi", "IDr", "IDii", "IDir":
		return isakmp.PayloadID, true
	case "CERT", "CERT_V1", "CERTIFICATE", "CERTIFICATE_V1":
		return isakmp.PayloadCert, true
	case "CERTREQ", "CERTREQ_V1", "CERTIFICATE_REQUEST", "CERTIFICATE_REQUEST_V1":
		return isakmp.PayloadCertRequest, true
	case "HASH", "HASH_V1":
		return isakmp.PayloadHash, true
	case "SIG", "SIG_V1", "SIGNATURE", "SIGNATURE_V1":
		return isakmp.PayloadSignature, true
	case "No", "NONCE", "NONCE_V1":
		return isakmp.PayloadNonce, true
	case "N", "NOTIFY", "NOTIFY_V1":
		return isakmp.PayloadNotify, true
	case "D", "DELETE", "DELETE_V1":
		return isakmp.PayloadDelete, true
	case "V", "VENDOR_ID", "VENDOR_ID_V1":
		return isakmp.PayloadVendorID, true
	case "CP", "CPRQ", "CPRP", "CPS", "CPA", "CONFIGURATION", "CONFIGURATION_V1":
		return isakmp.PayloadAttribute, true
	case "NAT-D", "NAT_D_V1":
		return isakmp.PayloadNATD, true
	case "NAT-OA", "NAT_OA_V1":
		return isakmp.PayloadNATOA, true
	case "NAT_D_DRAFT_00_03_V1":
		return isakmp.PayloadNATDDraft, true
	case "NAT_OA_DRAFT_00_03_V1":
		return isakmp.PayloadNATOADraft, true
	case "FRAG", "FRAGMENT":
		return isakmp.PayloadFragment, true
	}
	return isakmp.PayloadNone, false
}
