package logparse

// asaRecalled are the ASA's lines about negotiations whose wording no sample
// shows.
var asaRecalled = []Template{
	{DecryptionFailed, "", "ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.{:rest}{payload=ID}", "", ""},
	{DecryptionFailed, "", "Received encrypted Oakley Main Mode packet with invalid payloads, MessID = {:rest}{payload=ID}", "", ""},
	{MalformedIgnored, "", "Error, peer has indicated that something is wrong with our message.{:rest}", "", ""},
	{HalfOpenDeleted, "", "IKE SA {:text} rcv'd Terminate: state {state:word} {:rest}", "", ""},
	{Plain, "", "IKE SA {name:text} terminating:{value:rest}", "", ""},
	{SADeleteSent, "", "sending delete/delete with reason message", "", ""},
	{SelectorsItem, "", "Received remote IP Proxy Subnet data in ID Payload:{ts:rest}{side=remote}", "", ""},
	{SelectorsItem, "", "Received local IP Proxy Subnet data in ID Payload:{ts:rest}{side=local}", "", ""},
	{SelectorsItem, "", "Received remote Proxy Host data in ID Payload:{ts:rest}{side=remote}", "", ""},
	{SelectorsItem, "", "Received local Proxy Host data in ID Payload:{ts:rest}{side=local}", "", ""},
	{DPDTimeout, "", "Session is being torn down. Reason: Lost Service", "", ""},
	{ChildFailed, "", "Session is being torn down. Reason: Phase 2 Mismatch", "", ""},
	{Plain, "", "Connection landed on tunnel_group {name:rest}", "", ""},
	{Plain, "", "Computing hash for ISAKMP", "", ""},
	{Plain, "", "Generating keys for {name:text}...", "", ""},
	{Plain, "", "NP encrypt rule look up for crypto map {value:rest}", "", ""},
	{Plain, "", "oakley constucting quick mode", "", ""},
	{Plain, "", "oakley constructing quick mode", "", ""},
	{Plain, "", "Adding static route for L2L peer {value:rest}", "", ""},
	{Plain, "", "Starting P1 rekey timer: {value:rest}", "", ""},
	{Plain, "", "Starting P2 rekey timer: {value:rest}", "", ""},
	{Plain, "", "Starting phase {name:num} rekey timer: {value:rest}", "", ""},
	{Plain, "", "Keep-alive type for this connection: {value:rest}", "", ""},
	{Plain, "", "IKE Remote Peer configured for crypto map: {value:rest}", "", ""},
	{Plain, "", "QM IsRekeyed old sa not found by addr", "", ""},
	{Plain, "", "loading all IPSEC SAs", "", ""},
}

// asaRecalledHost are such lines about the device and about users.
var asaRecalledHost = []Template{
	{CommandFailed, "", "IKEv1 was unsuccessful at setting up a tunnel.{:text}Map Tag = {connection:text}.{:text}Map Sequence Number = {:rest}", "8.4", ""},
	{CommandFailed, "", "Tunnel Manager failed to dispatch a KEY_ACQUIRE message.{:rest}", "8.4", ""},
	{Plain, "", "Tunnel Manager Removed entry.{value:rest}", "8.4", ""},
	{Plain, "", "Tunnel Manager has failed to establish an L2L SA.{value:rest}", "8.4", ""},
	{XAuthFailed, "", "AAA user authentication Rejected : reason = {:text} : user = {user:rest}", "", ""},
	{Plain, "", "AAA user authentication Successful : {value:rest}", "", ""},
	{Plain, "", "AAA {value:rest}", "", ""},
	{UnprotectedDropped, "", "IPSEC: Received an {:word} packet (SPI= {:text}, sequence number= {:text}) from {remote:host} ({:text}) to {local:text}. The decapsulated inner packet doesn't match the negotiated policy in the SA.{:rest}{error=selectors}", "", ""},
}
