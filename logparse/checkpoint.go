package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// checkPoint is Check Point's log of key installations, as text or as pairs of
// a field and a value. No sample of it is at hand.
//
//	… src: 192.0.2.1; dst: 198.51.100.1; peer gateway: 198.51.100.1; scheme: IKE; IKE: Main Mode completion.
var checkPoint = &Dialect{
	Name:      "checkpoint",
	Basis:     Recalled,
	Spelling:  ike.DialectAny,
	Detect:    detectCheckPoint,
	marks:     [][]string{checkPointOwn, {" Mode completion"}},
	Templates: [][]Template{checkPointRecalled},
	Prefix:    checkPointPrefix,
	assemble:  func() assembler { return &byPeer{} },
}

var checkPointRecalled = []Template{
	{SAEstablished, "", "Main Mode completion{:rest}{mode=main}", "", ""},
	{SAEstablished, "", "Aggressive Mode completion{:rest}{mode=aggressive}", "", ""},
	{ChildEstablished, "", "Quick Mode completion{:rest}", "", ""},
	{ErrorNotifyReceived, "", "Main Mode Received Notification from Peer: no proposal chosen{:rest}{notify=NO_PROPOSAL_CHOSEN}", "", ""},
	{ErrorNotifyReceived, "", "Main Mode Received Notification from Peer: payload malformed{:rest}{notify=PAYLOAD_MALFORMED}", "", ""},
	{ErrorNotifyReceived, "", "Main Mode Received Notification from Peer: authentication failed{:rest}{notify=AUTHENTICATION_FAILED}", "", ""},
	{ErrorNotifyReceived, "", "Main Mode Received Notification from Peer: invalid id information{:rest}{notify=INVALID_ID_INFORMATION}", "", ""},
	{ErrorNotifyReceived, "", "Quick Mode Received Notification from Peer: no proposal chosen{:rest}{notify=NO_PROPOSAL_CHOSEN}{protocol=ESP}", "", ""},
	{ErrorNotifyReceived, "", "Quick Mode Received Notification from Peer: invalid id information{:rest}{notify=INVALID_ID_INFORMATION}{protocol=ESP}", "", ""},
	{NotifySent, "", "Main Mode Sent Notification to Peer: no proposal chosen{:rest}{notify=NO_PROPOSAL_CHOSEN}", "", ""},
	{NotifySent, "", "Main Mode Sent Notification to Peer: payload malformed{:rest}{notify=PAYLOAD_MALFORMED}", "", ""},
	{NotifySent, "", "Main Mode Sent Notification to Peer: authentication failed{:rest}{notify=AUTHENTICATION_FAILED}", "", ""},
	{NotifySent, "", "Main Mode Sent Notification to Peer: invalid id information{:rest}{notify=INVALID_ID_INFORMATION}", "", ""},
	{NotifySent, "", "Quick Mode Sent Notification to Peer: no proposal chosen{:rest}{notify=NO_PROPOSAL_CHOSEN}{protocol=ESP}", "", ""},
	{ErrorNotifyReceived, "", "Informational Exchange Received Notification from Peer: no proposal chosen{:rest}{notify=NO_PROPOSAL_CHOSEN}", "", ""},
	{ErrorNotifyReceived, "", "Informational Exchange Received Notification from Peer: payload malformed{:rest}{notify=PAYLOAD_MALFORMED}", "", ""},
	{ErrorNotifyReceived, "", "Informational Exchange Received Notification from Peer: invalid id information{:rest}{notify=INVALID_ID_INFORMATION}", "", ""},
	{ProposalNotFound, "", "Main Mode Failed to match proposal: {:rest}", "", ""},
	{ChildProposalNotFound, "", "Quick Mode Failed to match proposal: {:rest}", "", ""},
	{ChildConfigNotFound, "", "Quick Mode Sent Notification to Peer: invalid id information{:rest}", "", ""},
	{RetransmitsExhausted, "", "No response from peer{:rest}", "", ""},
	{SADeleteReceived, "", "Informational Exchange Received Delete IKE-SA from Peer{:rest}", "", ""},
	{ChildDeleteReceived, "", "Informational Exchange Received Delete IPSEC-SA from Peer{:rest}", "", ""},
}

// checkPointPrefix takes what stands before the message off, and the peer.
func checkPointPrefix(line []byte, pr *Prefix) []byte {
	for _, name := range [...]string{"peer gateway: ", "peer_gateway: ", "peer_gateway:\""} {
		if v := valueOf(line, name); v != nil {
			pr.Remote = bytes.TrimRight(v, ";\"")
			break
		}
	}
	if i := bytes.Index(line, []byte("IKE: ")); i >= 0 {
		b := line[i+5:]
		return bytes.TrimRight(b[:reachOctet(b, 0, '"')], ";")
	}
	return line
}

// checkPointOwn are words of its own.
var checkPointOwn = []string{" Mode Received Notification from Peer", " Mode Sent Notification to Peer", " Mode Failed to match proposal"}

func detectCheckPoint(line []byte) int {
	if hasOne(line, checkPointOwn) || bytes.Contains(line, []byte("IKE: ")) && bytes.Contains(line, []byte(" Mode completion")) {
		return 90
	}
	return 0
}
