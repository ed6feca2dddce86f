package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// isakmpd is OpenBSD's daemon, whose lines name the function that writes them.
// No sample of its log is at hand.
var isakmpd = &Dialect{
	Name:      "isakmpd",
	Basis:     Recalled,
	Spelling:  ike.DialectAny,
	Programs:  []string{"isakmpd"},
	Detect:    detectIsakmpd,
	marks:     [][]string{{"isakmpd["}, isakmpdFunctions},
	Templates: [][]Template{isakmpdRecalled},
	Prefix:    func(line []byte, _ *Prefix) []byte { return bytes.TrimPrefix(line, []byte("isakmpd: ")) },
	assemble:  func() assembler { return &byPeer{read: readIsakmpd, late: true} },
}

var isakmpdRecalled = []Template{
	{Plain, "", "dropped message from {value:word} port {:num} due to notification type {:rest}", "3", ""},
	{RetransmitsExhausted, "", "transport_send_messages: giving up on exchange {:text}, no response from peer {remote:addr}", "3.8", ""},
	{RetransmitsExhausted, "", "transport_send_messages: giving up on message {:rest}", "3", "3.7"},
	{DecryptionFailed, "", "message_parse_payloads: reserved field non-zero: {:rest}{payload=ID}", "3", ""},
	{DecryptionFailed, "", "message_parse_payloads: invalid next payload type {:rest}{payload=ID}", "3", ""},
	{SAEstablished, "", "phase 1 done: initiator id {:text}, responder id {:text}, src: {local:host} dst: {remote:host}", "4.0", ""},
	{ChildEstablished, "", "quick mode done: src: {local:host} dst: {remote:host}", "4.0", ""},
	{SADeleted, "", "phase 1 deleted: {:rest}", "4.0", ""},
	{PolicyAttribute, "", "attribute_unacceptable: {transform:word} got {algorithm:text}, expected {expectedalgorithm:rest}", "3", ""},
	{ProposalNotFound, "", "message_negotiate_sa: no compatible proposal found", "3", ""},
	{ChildConfigNotFound, "", "responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: {:rest}", "3", ""},
	{IDMismatch, "", "ike_phase_1_recv_ID: received remote ID other than expected {expected:rest}", "3", ""},
	{TrustedKeyNotFound, "", "rsa_sig_decode_hash: no public key found", "3", ""},
	{SignatureFailed, "", "rsa_sig_decode_hash: RSA_public_decrypt () failed", "3", ""},
	{HashMismatch, "", "dropped message from {remote:host} due to hash mismatch", "3", ""},
	{DPDTimeout, "", "dpd_check_event: peer not responding", "4.0", ""},
}

// isakmpdFunctions are functions of its own, and what they write.
var isakmpdFunctions = []string{"message_parse_payloads: ", "transport_send_messages: giving up on "}

func detectIsakmpd(line []byte) int {
	switch {
	case bytes.Contains(line, []byte("isakmpd[")):
		return 95
	case hasOne(line, isakmpdFunctions):
		return 80
	}
	return 0
}

// readIsakmpd gives the line about a dropped message, which is for everything
// that can be wrong with one, the meaning of its notification.
func readIsakmpd(c *byPeer, _ *byPeerJob, e *Event) {
	if e.Kind != Plain || !bytes.HasPrefix(e.Text, []byte("dropped message from ")) {
		return
	}
	c.out.add(FieldRemote, e.Bytes(FieldValue))
	i := bytes.LastIndexByte(e.Text, ' ')
	c.out.add(FieldNotify, e.Text[i+1:])
	e.Kind = NotifySent
}
