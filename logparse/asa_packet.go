package logparse

// asaPacket are the ASA's lines about single messages and payloads.
var asaPacket = []Template{
	{MessageParsed, "", "IKE_DECODE RECEIVED Message (msgid={mid:hex}) with payloads : {payloads:text} total length :{:rest}", "", ""},
	{MessageGenerated, "", "IKE_DECODE SENDING Message (msgid={mid:hex}) with payloads : {payloads:text} total length :{:rest}", "", ""},
	{PacketSent, "", "IKE_DECODE RESENDING Message (msgid={mid:hex}) with payloads : {:rest}", "", ""},
	{MessageParsed, "", "RECEIVED Message (msgid={mid:hex}) with payloads :{payloads:text} total length :{:rest}", "", ""},
	{MessageGenerated, "", "SENDING Message (msgid={mid:hex}) with payloads :{payloads:text} total length :{:rest}", "", ""},
	{PacketSent, "", "RESENDING Message (msgid={mid:hex}) with payloads :{:rest}", "", ""},
	{Plain, "", "constructing {name:text} payload", "", ""},
	{Plain, "", "Constructing {name:text} payload", "", ""},
	{Plain, "", "Constructing ASA spoofing IOS Vendor ID payload {value:rest}", "", ""},
	{Plain, "", "constructing Fragmentation VID + extended capabilities payload", "", ""},
	{Plain, "", "processing {name:text} payload", "", ""},
	{Plain, "", "processing {name:text} Payload", "", ""},
	{VendorIDSent, "", "Send {vendor:text} VID", "", ""},
	{VendorIDReceived, "", "Received {vendor:text} VID", "", ""},
	{Plain, "", "IKE Peer included IKE fragmentation capability flags:{value:rest}", "", ""},
	{FragmentFailed, "", "Dropped received IKE fragment. Reason: {error:rest}", "", ""},
	{Plain, "", "Rcv'd fragment from a new fragmentation set. Deleting any old fragments.", "", ""},
	{FragmentFailed, "", "Error assembling fragments! Fragment numbers are non-continuous.", "", ""},
	{FragmentsComplete, "", "Successfully assembled an encrypted pkt from rcv'd fragments!", "", ""},
	{Plain, "", "NAT-Discovery payloads missing. Aborting NAT-Traversal.", "", ""},
	{Plain, "", "IKE Initiator sending Initial Contact", "", ""},
	{Plain, "", "Pitcher: {value:rest}", "", ""},
	{Plain, "", "IKE Receiver: Packet received on {name:text} from {value:rest}", "", ""},
	{Plain, "", "Received unsupported transaction mode attribute: {value:rest}", "", ""},
	{Plain, "", "Received unknown transaction mode attribute: {value:rest}", "", ""},
	{ParseFailed, "", "Error processing payload: Payload ID: {payload:rest}", "", ""},
	{ParseFailed, "", "Received packet with missing payload, Expected payload: {payload:rest}", "", ""},
	{UnexpectedMessage, "", "IKE Initiator received a packet from its peer without a Responder cookie", "", ""},
	{Plain, "", "Failed to obtain state for message Id {value:rest}", "", ""},
	{Plain, "", "IKE area: failed to find centry for message Id {value:rest}", "", ""},
}

// asaHost are its lines about the device, and about what it wants.
var asaHost = []Template{
	{ReceiveFailed, "", "IKE Receiver: Error reading from socket.", "", ""},
	{RouteChanged, "", "Output interface {interface:text} to peer was not found{error=no route}", "", ""},
	{ResolveFailed, "", "DNS lookup for {name:text} Server [{:text}] failed!", "", ""},
	{InitiateRequested, "", "Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1.{:text}Map Tag = {connection:text}.{:text}Map Sequence Number = {:rest}", "8.4", ""},
	{CommandSucceeded, "", "IKEv1 was successful at setting up a tunnel.{:text}Map Tag = {connection:text}.{:text}Map Sequence Number = {:rest}", "8.4", ""},
	{ResourceExhausted, "", "{remote:text}: Tunnel Rejected: The maximum tunnel count allowed has been reached{name=tunnels}", "", ""},
	{Plain, "", "Reaper overriding refCnt {value:rest}", "", ""},
	{Plain, "", "IKEv2 Doesn't have a proposal specified", "8.4", ""},
}

// vpn3000Host are lines of the concentrator only.
var vpn3000Host = []Template{
	{Plain, "", "SA Payload Decode : {value:rest}", "", ""},
	{Plain, "", "Phase {name:num} SA Attribute Decode for Transform # {:num}:", "", ""},
	{XAuthSucceeded, "", "User ({user:peer}) authenticated.", "", ""},
	{Plain, "", "Authentication successful: handle = {value:rest}", "", ""},
	{XAuthFailed, "", "Authentication rejected: Reason = {:text}, user = {user:peer}, domain = {:rest}", "", ""},
	{SessionChanged, "", "LAN-to-LAN tunnel to headend device {remote:word} connected{state=UP}", "", ""},
	{SessionChanged, "", "LAN-to-LAN tunnel to headend device {remote:word} disconnected{:rest}{state=DOWN}", "", ""},
}
