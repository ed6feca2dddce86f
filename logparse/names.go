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
	for i := range notifyNames {
		if notifyNames[i].name == string(u) {
			return notifyNames[i].t, true
		}
	}
	return 0, false
}

// notifyNames are the names of RFC 2408, section 3.14.1, RFC 2407, section
// 4.6.3 and RFC 3706, those of IKEv2 that daemons of both versions write for
// the same numbers, and the short ones of strongSwan's payload lists.
var notifyNames = [...]struct {
	name string
	t    isakmp.NotifyType
}{
	{"NO_PROPOSAL_CHOSEN", isakmp.NotifyNoProposalChosen},
	{"NO_PROP", isakmp.NotifyNoProposalChosen},
	{"PROPOSAL_NOT_CHOSEN", isakmp.NotifyNoProposalChosen},
	{"AUTHENTICATION_FAILED", isakmp.NotifyAuthenticationFailed},
	{"AUTH_FAILED", isakmp.NotifyAuthenticationFailed},
	{"PAYLOAD_MALFORMED", isakmp.NotifyPayloadMalformed},
	{"PLD_MAL", isakmp.NotifyPayloadMalformed},
	{"INVALID_ID_INFORMATION", isakmp.NotifyInvalidIDInformation},
	{"INVAL_ID", isakmp.NotifyInvalidIDInformation},
	{"INITIAL_CONTACT", isakmp.NotifyInitialContact},
	{"INVALID_KEY_INFORMATION", isakmp.NotifyInvalidKeyInformation},
	{"INVALID_KE_PAYLOAD", isakmp.NotifyInvalidKeyInformation},
	{"INVAL_KE", isakmp.NotifyInvalidKeyInformation},
	{"INVALID_HASH_INFORMATION", isakmp.NotifyInvalidHashInformation},
	{"INVAL_HASH", isakmp.NotifyInvalidHashInformation},
	{"INVALID_SIGNATURE", isakmp.NotifyInvalidSignature},
	{"INVAL_SIG", isakmp.NotifyInvalidSignature},
	{"DPD", isakmp.NotifyDPDRUThere},
	{"DPD_R_U_THERE", isakmp.NotifyDPDRUThere},
	{"R_U_THERE", isakmp.NotifyDPDRUThere},
	{"DPD_ACK", isakmp.NotifyDPDRUThereAck},
	{"DPD_R_U_THERE_ACK", isakmp.NotifyDPDRUThereAck},
	{"R_U_THERE_ACK", isakmp.NotifyDPDRUThereAck},
	{"INVALID_PAYLOAD_TYPE", isakmp.NotifyInvalidPayloadType},
	{"CRIT", isakmp.NotifyInvalidPayloadType},
	{"UNSUPPORTED_CRITICAL_PAYLOAD", isakmp.NotifyInvalidPayloadType},
	{"DOI_NOT_SUPPORTED", isakmp.NotifyDOINotSupported},
	{"SITUATION_NOT_SUPPORTED", isakmp.NotifySituationNotSupported},
	{"INVALID_COOKIE", isakmp.NotifyInvalidCookie},
	{"INVALID_IKE_SPI", isakmp.NotifyInvalidCookie},
	{"INVAL_IKE_SPI", isakmp.NotifyInvalidCookie},
	{"INVALID_MAJOR_VERSION", isakmp.NotifyInvalidMajorVersion},
	{"INVAL_MAJOR", isakmp.NotifyInvalidMajorVersion},
	{"INVALID_MINOR_VERSION", isakmp.NotifyInvalidMinorVersion},
	{"INVALID_EXCHANGE_TYPE", isakmp.NotifyInvalidExchangeType},
	{"INVALID_SYNTAX", isakmp.NotifyInvalidExchangeType},
	{"INVAL_SYN", isakmp.NotifyInvalidExchangeType},
	{"INVALID_FLAGS", isakmp.NotifyInvalidFlags},
	{"INVALID_MESSAGE_ID", isakmp.NotifyInvalidMessageID},
	{"INVAL_MID", isakmp.NotifyInvalidMessageID},
	{"INVALID_PROTOCOL_ID", isakmp.NotifyInvalidProtocolID},
	{"INVALID_SPI", isakmp.NotifyInvalidSPI},
	{"INVAL_SPI", isakmp.NotifyInvalidSPI},
	{"INVALID_TRANSFORM_ID", isakmp.NotifyInvalidTransformID},
	{"ATTRIBUTES_NOT_SUPPORTED", isakmp.NotifyAttributesNotSupported},
	{"ATTR_UNSUP", isakmp.NotifyAttributesNotSupported},
	{"BAD_PROPOSAL_SYNTAX", isakmp.NotifyBadProposalSyntax},
	{"INVALID_CERT_ENCODING", isakmp.NotifyInvalidCertEncoding},
	{"INVAL_CERTEN", isakmp.NotifyInvalidCertEncoding},
	{"INVALID_CERTIFICATE", isakmp.NotifyInvalidCertificate},
	{"INVAL_CERT", isakmp.NotifyInvalidCertificate},
	{"CERT_TYPE_UNSUPPORTED", isakmp.NotifyCertTypeUnsupported},
	{"CERT_UNSUP", isakmp.NotifyCertTypeUnsupported},
	{"INVALID_CERT_AUTHORITY", isakmp.NotifyInvalidCertAuthority},
	{"INVAL_CA", isakmp.NotifyInvalidCertAuthority},
	{"ADDRESS_NOTIFICATION", isakmp.NotifyAddressNotification},
	{"NOTIFY_SA_LIFETIME", isakmp.NotifySALifetime},
	{"SA_LIFETIME", isakmp.NotifySALifetime},
	{"CERTIFICATE_UNAVAILABLE", isakmp.NotifyCertificateUnavailable},
	{"UNSUPPORTED_EXCHANGE_TYPE", isakmp.NotifyUnsupportedExchangeType},
	{"UNEQUAL_PAYLOAD_LENGTHS", isakmp.NotifyUnequalPayloadLengths},
	{"CONNECTED", isakmp.NotifyConnected},
	{"RESPONDER_LIFETIME", isakmp.NotifyResponderLifetime},
	{"REPLAY_STATUS", isakmp.NotifyReplayStatus},
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
