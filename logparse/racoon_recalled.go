package logparse

// racoonRecalled are lines whose numbers are known from memory only: which
// message of phase 1 a status stands for.
var racoonRecalled = []Template{
	{DecryptionFailed, "", "failed to pre-process ph1 packet (side: {:num}, status {:num}).", "0.8", ""},
}

// mikrotikRecalled are RouterOS's own words.
var mikrotikRecalled = []Template{
	{BeingInitiated, "", "respond new phase 1 ({mode:text}): {:addr}<=>{remote:addr}", "6", ""},
	{Initiating, "", "initiate new phase 1 ({mode:text}): {:addr}<=>{remote:addr}", "6", ""},
	{DecryptionFailed, "", "parsing packet failed, possible cause: wrong password{payload=ID}", "6", ""},
	{Initiating, "", "new ike1 SA (I): {:addr}-{remote:addr} spi:{:hex}:{:hex}", "6.45", ""},
	{BeingInitiated, "", "new ike1 SA (R): {:addr}-{remote:addr} spi:{:hex}:{:hex}", "6.45", ""},
	{SADeleted, "", "killing ike1 SA: {:addr}-{remote:addr} spi:{:hex}:{:hex}", "6.45", ""},
	{Plain, "", "no policy found/generated", "6.45", ""},
	{IKEConfigNotFound, "", "peer not found", "6.45", ""},
	{PeerConfigNotFound, "", "identity not found for peer: {remoteid:rest}", "6.45", ""},
	{PeerConfigNotFound, "", "identity not found for server:{:text} peer: {remoteid:rest}", "6.45", ""},
	{SPIUnknown, "", "SPI {spi:hex} not registered for {remote:addr}", "6.45", ""},
	{ErrorNotifyReceived, "", "got fatal error: {notify:rest}", "6.45", ""},
	{DPDTimeout, "", "dpd: {:addr} is dead", "6", ""},
}

// racoonMac are the words of macOS's racoon for how far an exchange is.
var racoonMac = []Template{
	{InitiateRequested, "", "IPSec connecting to server {name:rest}", "", ""},
	{Plain, "", "Connecting.", "", ""},
	{Plain, "", "Connected.", "", ""},
	{Plain, "", "IPSec disconnecting from server {name:rest}", "", ""},
	{Initiating, "", "IPSec Phase1 started (Initiated by me).", "", ""},
	{BeingInitiated, "", "IPSec Phase1 started (Initiated by peer).", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Initiator, Main-Mode message {:num}).{exchange=ID_PROT}{direction=request}", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Responder, Main-Mode message {:num}).{exchange=ID_PROT}{direction=response}", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Initiator, Aggressive-Mode message {:num}).{exchange=AGGRESSIVE}{direction=request}", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Responder, Aggressive-Mode message {:num}).{exchange=AGGRESSIVE}{direction=response}", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Initiator, Quick-Mode message {:num}).{exchange=QUICK_MODE}{direction=request}", "", ""},
	{MessageGenerated, "", "IKE Packet: transmit success. (Responder, Quick-Mode message {:num}).{exchange=QUICK_MODE}{direction=response}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Initiator, Main-Mode message {:num}).{exchange=ID_PROT}{direction=response}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Responder, Main-Mode message {:num}).{exchange=ID_PROT}{direction=request}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Initiator, Aggressive-Mode message {:num}).{exchange=AGGRESSIVE}{direction=response}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Responder, Aggressive-Mode message {:num}).{exchange=AGGRESSIVE}{direction=request}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Initiator, Quick-Mode message {:num}).{exchange=QUICK_MODE}{direction=response}", "", ""},
	{MessageParsed, "", "IKE Packet: receive success. (Responder, Quick-Mode message {:num}).{exchange=QUICK_MODE}{direction=request}", "", ""},
	{PacketSent, "", "IKE Packet: transmit success. (Phase1 Retransmit).", "", ""},
	{PacketSent, "", "IKE Packet: transmit success. (Phase2 Retransmit).", "", ""},
	{Plain, "", "IKE Packet: transmit success. ({value:text}).", "", ""},
	{Plain, "", "IKE Packet: receive success. ({value:text}).", "", ""},
	{ProcessingFailed, "", "IKE Packet: receive failed. ({:text}).", "", ""},
	{AuthenticatedPeer, "", "IKEv1 Phase1 AUTH: success. ({:text}).", "", ""},
	{AuthenticatePeerFailed, "", "IKEv1 Phase1 AUTH: failed. ({:text}).", "", ""},
	{Plain, "", "IKEv1 Phase1 Initiator: success. ({:text}).", "", ""},
	{Plain, "", "IKEv1 Phase1 Responder: success. ({:text}).", "", ""},
	{Plain, "", "IKEv1 Phase2 Initiator: success. ({:text}).", "", ""},
	{Plain, "", "IKEv1 Phase2 Responder: success. ({:text}).", "", ""},
	{SAEstablished, "", "IPSec Phase1 established (Initiated by me).", "", ""},
	{SAEstablished, "", "IPSec Phase1 established (Initiated by peer).", "", ""},
	{ChildInitiating, "", "IPSec Phase2 started (Initiated by me).", "", ""},
	{Plain, "", "IPSec Phase2 started (Initiated by peer).", "", ""},
	{ChildEstablished, "", "IPSec Phase2 established (Initiated by me).", "", ""},
	{ChildEstablished, "", "IPSec Phase2 established (Initiated by peer).", "", ""},
	{RetransmitsExhausted, "", "IKE Packet: transmit failed. (Phase1 Maximum Retransmits).", "", ""},
	{RetransmitsExhausted, "", "IKE Packet: transmit failed. (Phase2 Maximum Retransmits).", "", ""},
	{XAuthSelfSucceeded, "", "IKEv1 XAUTH: success. (XAUTH Status is OK).", "", ""},
	{XAuthSelfFailed, "", "IKEv1 XAUTH: failed. ({:text}).", "", ""},
	{Plain, "", "IKEv1 Information-Notice: transmit success. ({value:text}).", "", ""},
	{Plain, "", "IKEv1 Dead-Peer-Detection: request transmitted. ({value:text}).", "", ""},
	{Plain, "", "IKEv1 Dead-Peer-Detection: response received. ({value:text}).", "", ""},
	{DPDTimeout, "", "IKEv1 Dead-Peer-Detection: request retransmitted. (Maximum retransmits).", "", ""},
}
