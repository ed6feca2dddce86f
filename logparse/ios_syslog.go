package logparse

// iosSyslog are messages of the facilities CRYPTO and IPSEC, without facility
// and severity.
var iosSyslog = []Template{
	{ProcessingFailed, "", "IKMP_MODE_FAILURE: Processing of {exchange:word} mode failed with peer at {remote:host}", "", ""},
	{ProcessingFailed, "", "IKMP_MODE_FAILURE: Processing of {exchange:word} Mode failed with peer at {remote:host}", "", ""},
	{DecryptionFailed, "", "IKMP_BAD_MESSAGE: IKE message from {remote:host} failed its sanity check or is malformed{payload=ID}", "", ""},
	{UnknownPeerSA, "", "IKMP_NO_SA: IKE message from {remote:text} has no SA and is not an {:text}initialization offer", "", ""},
	{UnknownPeerSA, "", "IKMP_NO_SA: IKE message from {remote:text} has no SA and is not an {:text}initialization offer.{:rest}", "", ""},
	{UnprotectedIgnored, "", "IKMP_NOT_ENCRYPTED: IKE packet from {remote:host} was not encrypted and it should've been.", "", ""},
	{HashMismatch, "", "IKMP_AUTH_FAIL: Authentication method 1 failed with host {remote:host}", "", ""},
	{SignatureFailed, "", "IKMP_AUTH_FAIL: Authentication method 3 failed with host {remote:host}", "", ""},
	{AuthenticatePeerFailed, "", "IKMP_AUTH_FAIL: Authentication method {method:text} failed with host {remoteid:rest}", "", ""},
	{ProposalInvalid, "", "IKMP_SA_NOT_OFFERED: Remote peer {:host} responded with attribute {name:text} not offered or changed", "", ""},
	{ChildUnestablished, "", "IKMP_SA_NOT_AUTH: Cannot accept Quick Mode exchange from {:host} if SA is not authenticated!", "", ""},
	{AggressiveModeRefused, "", "IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled", "", ""},
	{CertificateNameMismatch, "", "IKMP_NO_ID_CERT_ADDR_MATCH: ID of {remoteid:word} (type {:num}) and certificate addr with{:rest}", "", ""},
	{SPIUnknown, "", "RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr={local:text}, prot={protocol:num}, spi=0x{spi:hex}({:num}), srcaddr={remote:host}", "", ""},
	{SPIUnknown, "", "RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr={local:text}, prot={protocol:num}, spi=0x{spi:hex}({:num}), srcaddr={remote:host}, input interface={interface:rest}", "", ""},
	{SPIUnknown, "", "RECVD_PKT_INV_SPI: decaps rec'd IPSEC packet has invalid spi for destaddr={local:text}, prot={protocol:num}, spi=0x{spi:hex}({:num}), srcaddr={remote:host}", "", ""},
	{ReplayDropped, "", "PKT_REPLAY_ERR: decrypt: replay check failed{:rest}", "", ""},
	{UnprotectedDropped, "", "RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= {local:text}, src_addr= {remote:text}, prot= {protocol:num}", "", ""},
	{Plain, "", "ISAKMP_ON_OFF: ISAKMP is {value:rest}", "", ""},
	{Plain, "", "GDOI_ON_OFF: GDOI is {value:rest}", "", ""},
	{Plain, "", "EZVPN_CONNECTION_UP: {value:rest}", "", ""},
	{Plain, "", "SELF_TEST_{name:text}: {value:rest}", "", ""},
	{Plain, "", "IKEV2_SESSION_STATUS: {value:rest}", "15", ""},
}

// iosSyslogRecalled are such messages whose wording no sample shows.
var iosSyslogRecalled = []Template{
	{SessionChanged, "", "SESSION_STATUS: Crypto tunnel is {state:text}.  Peer {remote:text}:{:rest}", "", ""},
	{PSKNotFound, "", "IKMP_NO_PRESHARED_KEY: Pre-shared key for remote peer at {remote:host} is missing", "", ""},
	{IDRejected, "", "IKMP_PEER_ID_MISMATCH: {error:rest}", "", ""},
	{ChildConfigNotFound, "", "IKMP_QM_PEER_ID_MISMATCH: {error:rest}", "", ""},
	{MalformedIgnored, "", "IKMP_CRYPT_FAILURE: IKE (connection id {:num}) unable to {:rest}", "", ""},
	{MalformedIgnored, "", "IKMP_UNK_EXCHANGE: IKE peer at {:host} sent a message with unknown exchange {:rest}", "", ""},
	{MalformedIgnored, "", "IKMP_HASH_SIZE_EXCEEDED: {:rest}", "", ""},
	{CertificateInvalid, "", "IKMP_BAD_CERT_USE: Certificate for peer at {:host} prohibits attempted use.{error=key usage}", "", ""},
	{Plain, "", "IKMP_BAD_DOI_NOTIFY: {value:rest}", "", ""},
	{HalfOpenDeleted, "", "IKMP_SETUP_FAILURE: IKE SETUP FAILED for local:{:text} local_id:{:text} remote:{remote:text} remote_id:{:text} fail_reason:{error:text}fail_class_cnt:{:rest}", "", ""},
	{UnprotectedDropped, "", "RECVD_PKT_INV_IDENTITY: identity check failed: dest_addr= {local:text}, src_addr= {remote:text}, prot= {protocol:num}{error=selectors}", "", ""},
	{UnprotectedDropped, "", "RECVD_PKT_INV_IDENTITY_ACL: ipsec check access: identity not allowed by ACL{error=selectors}", "", ""},
	{IntegrityDropped, "", "RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id={:rest}", "", ""},
	{ReplayDropped, "", "REPLAY_ERROR: IPSec SA receives anti-replay error, DP Handle {:text}, src_addr {:text}, dest_addr {:text}, SPI {spi:rest}", "", ""},
	{IntegrityDropped, "", "HMAC_ERROR: IPSec SA receives HMAC error, DP Handle {:text}, src_addr {remote:text}, dest_addr {local:text}, SPI {spi:rest}", "", ""},
}
