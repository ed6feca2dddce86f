package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// paloAlto is PAN-OS: the system log of subtype vpn, comma-separated, and what
// the daemon ikemgr writes itself. No sample of either is at hand.
//
//	1,2026/03/04 10:00:00,0011,SYSTEM,vpn,0,2026/03/04 10:00:00,,ike-nego-p1-fail,gw,0,0,general,informational,"IKE phase-1 …",…
//	2026-03-04 10:00:00.000 +0000  [PNTF]: { 1: }: ====> PHASE-1 NEGOTIATION STARTED AS INITIATOR, MAIN MODE <====
var paloAlto = &Dialect{
	Name:      "palo-alto",
	Basis:     Recalled,
	Spelling:  ike.DialectAny,
	Programs:  []string{"ikemgr"},
	Detect:    detectPaloAlto,
	marks:     [][]string{{ikemgrMark}, paloAltoOwn, paloAltoBegins},
	Templates: [][]Template{paloAltoRecalled},
	Prefix:    paloAltoPrefix,
	assemble:  func() assembler { return &byPeer{read: readPaloAlto, late: true} },
}

var paloAltoRecalled = []Template{
	{Initiating, "", "IKE phase-1 negotiation is started as initiator, {mode:ident} mode. Initiated SA: {:rest}", "5", ""},
	{BeingInitiated, "", "IKE phase-1 negotiation is started as responder, {mode:ident} mode. Initiated SA: {:rest}", "5", ""},
	{SAEstablished, "", "IKE phase-1 negotiation is succeeded as initiator, {mode:ident} mode. Established SA: {:rest}", "5", ""},
	{SAEstablished, "", "IKE phase-1 negotiation is succeeded as responder, {mode:ident} mode. Established SA: {:rest}", "5", ""},
	{HalfOpenDeleted, "", "IKE phase-1 negotiation is failed as initiator, {:ident} mode. Failed SA: {error:rest}", "5", ""},
	{HalfOpenDeleted, "", "IKE phase-1 negotiation is failed as responder, {:ident} mode. Failed SA: {error:rest}", "5", ""},
	{ProposalNotFound, "", "IKE phase-1 negotiation is failed. no suitable proposal found in peer's SA payload.", "5", ""},
	{IKEConfigNotFound, "", "IKE phase-1 negotiation is failed. Couldn't find configuration for IKE phase-1 request for peer IP {remote:addr}.", "5", ""},
	{DecryptionFailed, "", "IKE phase-1 negotiation is failed likely due to pre-shared key mismatch.{:rest}{payload=ID}", "8", ""},
	{IDRejected, "", "IKE phase-1 negotiation is failed. When pre-shared key is used, peer-ID must be type IP address.{error:rest}", "5", ""},
	{Plain, "", "IKE phase-2 negotiation is started as initiator, {value:rest}", "5", ""},
	{Plain, "", "IKE phase-2 negotiation is started as responder, {value:rest}", "5", ""},
	{ChildEstablished, "", "IKE phase-2 negotiation is succeeded as initiator, {:rest}", "5", ""},
	{ChildEstablished, "", "IKE phase-2 negotiation is succeeded as responder, {:rest}", "5", ""},
	{ChildFailed, "", "IKE phase-2 negotiation is failed as initiator, {error:rest}", "5", ""},
	{ChildFailed, "", "IKE phase-2 negotiation is failed as responder, {error:rest}", "5", ""},
	{ChildConfigNotFound, "", "IKE phase-2 negotiation failed when processing proxy ID. {error:rest}", "5", ""},
	{ChildProposalNotFound, "", "IKE phase-2 negotiation failed when processing SA payload. no suitable proposal found in peer's SA payload.", "5", ""},
	{ErrorNotifyReceived, "", "IKE protocol notification message received: {notify:word} {:rest}", "5", ""},
	{ErrorNotifyReceived, "", "IKE protocol notification message received: received notify type {notify:rest}", "5", ""},
	{ErrorNotifyReceived, "", "received unencrypted Notify payload ({notify:text}) from IP {remote:addr} to {:text}, ignored{:rest}", "5", ""},
	{ErrorNotifyReceived, "", "Received unencrypted Notify payload ({notify:text}) from IP {remote:addr} to {:text}, ignored{:rest}", "5", ""},
	{ProposalNotFound, "", "IKE phase-1 negotiation is failed. Unable to process peer's SA payload.", "5", ""},
	{ChildProposalNotFound, "", "IKE phase-2 negotiation failed when processing SA payload. No suitable proposal found in peer's SA payload.", "5", ""},
	{ChildConfigNotFound, "", "IKE phase-2 negotiation failed when processing proxy ID. cannot find matching phase-2 tunnel for received proxy ID. received local id: {localts:text} type {:text} received remote id: {remotets:text} type {:rest}", "5", ""},
	{ChildConfigNotFound, "", "IKE phase-2 negotiation failed when processing Proxy ID. Received local id {localts:text} type {:text} received remote id {remotets:text} type {:rest}", "5", ""},
	{GroupMismatch, "", "pfs group mismatched:my: {expectedalgorithm:num}peer: {algorithm:num}", "5", ""},
	{GroupMismatch, "", "pfs group mismatched: my:{expectedalgorithm:num} peer:{algorithm:num}", "5", ""},
	{ProposalNotFound, "", "no suitable proposal found.", "5", ""},
	{Plain, "", "failed to get valid proposal.", "5", ""},
	{SADeleteSent, "", "IKE protocol phase-1 SA delete message sent to peer.{:rest}", "5", ""},
	{ChildDeleteSent, "", "IKE protocol IPSec SA delete message sent to peer.{:rest}", "5", ""},
	{Plain, "", "IKE daemon configuration load {value:rest}", "5", ""},
	{KernelSA, "", "IPSec key installed. {:rest}", "5", ""},
	{KernelExpire, "", "IPSec key lifetime expired. {:rest}", "5", ""},
	{KernelExpire, "", "IPSec key deleted. {:rest}", "5", ""},
	{Plain, "", "Tunnel {value:text} is up{:rest}", "5", ""},
	{Plain, "", "Tunnel {value:text} is down{:rest}", "5", ""},
	{SADeleted, "", "====> PHASE-1 SA DELETED <===={:rest}", "5", ""},
	{Plain, "", "====> Deleted SA: {value:rest}", "5", ""},
	{NotifySent, "", "IKE protocol notification message sent: {notify:word} {:rest}", "5", ""},
	{SADeleteReceived, "", "IKE protocol phase-1 SA delete message received from peer.{:rest}", "5", ""},
	{ChildDeleteReceived, "", "IKE protocol IPSec SA delete message received from peer.{:rest}", "5", ""},
	{SADeleted, "", "IKE phase-1 SA is deleted SA: {error:rest}", "5", ""},
	{SADeleted, "", "IKE phase-1 SA is expired SA: {error:rest}", "5", ""},
	{DPDTimeout, "", "IKE phase-1 SA is down determined by DPD.{:rest}", "5", ""},
	{Initiating, "", "====> PHASE-1 NEGOTIATION STARTED AS INITIATOR, {:text} MODE <====", "5", ""},
	{BeingInitiated, "", "====> PHASE-1 NEGOTIATION STARTED AS RESPONDER, {:text} MODE <====", "5", ""},
	{SAEstablished, "", "====> PHASE-1 NEGOTIATION SUCCEEDED AS INITIATOR, {:text} MODE <====", "5", ""},
	{SAEstablished, "", "====> PHASE-1 NEGOTIATION SUCCEEDED AS RESPONDER, {:text} MODE <====", "5", ""},
	{HalfOpenDeleted, "", "====> PHASE-1 NEGOTIATION FAILED AS INITIATOR, {:text} MODE <===={:rest}", "5", ""},
	{HalfOpenDeleted, "", "====> PHASE-1 NEGOTIATION FAILED AS RESPONDER, {:text} MODE <===={:rest}", "5", ""},
	{Plain, "", "====> Initiated SA: {value:rest}", "5", ""},
	{Plain, "", "====> Established SA: {value:rest}", "5", ""},
	{Plain, "", "====> Failed SA: {value:rest}", "5", ""},
	{ChildEstablished, "", "====> PHASE-2 NEGOTIATION SUCCEEDED AS {:rest}", "5", ""},
	{ChildFailed, "", "====> PHASE-2 NEGOTIATION FAILED AS {error:rest}", "5", ""},
	{Plain, "", "====> PHASE-2 NEGOTIATION STARTED AS {:rest}", "5", ""},
}

// paloAltoPrefix takes the columns, or the daemon's own prefix, off.
func paloAltoPrefix(line []byte, pr *Prefix) []byte {
	if i := bytes.Index(line[:min(len(line), 64)], []byte("]: {")); i >= 0 {
		b := line[i+4:]
		if k := bytes.Index(b[:min(len(b), 32)], []byte("}: ")); k >= 0 {
			return trimLeft(b[k+3:])
		}
	}
	head, text, ok := bytes.Cut(line, []byte(",SYSTEM,vpn,"))
	if !ok {
		return line
	}
	if host, n := cutWord(head); n < len(head) && bytes.IndexByte(host, ',') < 0 && hostWord(host) {
		pr.setHost(host)
	}
	for len(head) > 0 {
		var col []byte
		if col, head = cutByte(head, ','); bytes.IndexByte(col, '/') > 0 {
			setTime(pr, col)
		}
	}
	for col, rest, k := []byte(nil), text, 0; len(rest) > 0 && k < 5; k++ {
		if col, rest = cutByte(rest, ','); k == 4 && len(col) > 0 {
			pr.Connection = col
		}
	}
	if i := bytes.IndexByte(text, '"'); i >= 0 {
		text = text[i+1:]
		if k := bytes.IndexByte(text, '"'); k >= 0 {
			text = text[:k:k]
		}
	}
	return text
}

// paloAltoOwn is what only its lines have, paloAltoBegins what its messages alone
// begin with.
var (
	paloAltoOwn    = []string{",SYSTEM,vpn,", "====> PHASE-1 NEGOTIATION ", "====> PHASE-2 NEGOTIATION "}
	paloAltoBegins = []string{"IKE phase-1 negotiation is ", "IKE phase-2 negotiation "}
)

func detectPaloAlto(line []byte) int {
	switch {
	case ikemgr(line), hasOne(line, paloAltoOwn):
		return 95
	case beginsWithOne(line, paloAltoBegins):
		return 80
	}
	return 0
}

// ikemgrMark stands between the level and the numbers.
const ikemgrMark = "]: {"

// ikemgr reports whether a line begins as the daemon's own do: a time, a level
// and the numbers of the gateway and the tunnel, "[PNTF]: {    1:     }: ".
func ikemgr(line []byte) bool {
	i := bytes.Index(line[:min(len(line), 64)], []byte(ikemgrMark))
	if i < 0 {
		return false
	}
	n := i + len(ikemgrMark)
	for n < len(line) && n < i+32 && (line[n] == ' ' || line[n] == ':' || line[n]-'0' <= 9) {
		n++
	}
	return n+2 < len(line) && line[n] == '}' && line[n+1] == ':'
}

// readPaloAlto adds the ends and the cookies: "192.0.2.1[500]-198.51.100.1[500]
// cookie:0102030405060708:090a0b0c0d0e0f10. Due to timeout.", and tells by the
// words which role this end has.
func readPaloAlto(c *byPeer, j *byPeerJob, e *Event) {
	as := " as "
	if e.Text[0] == '=' {
		as = " AS "
	}
	if i := indexFrom(e.Text, 0, as); i >= 0 {
		switch b := e.Text[i+len(as):]; {
		case bytes.HasPrefix(b, []byte("initiator")), bytes.HasPrefix(b, []byte("INITIATOR")):
			j.role = Initiator
		case bytes.HasPrefix(b, []byte("responder")), bytes.HasPrefix(b, []byte("RESPONDER")):
			j.role = Responder
		}
	}
	if e.Kind == HalfOpenDeleted && (bytes.Contains(e.Text, []byte("imeout")) || bytes.Contains(e.Text, []byte("timed out"))) {
		e.Kind = RetransmitsExhausted
	}
	if i := bytes.Index(e.Text, []byte("SA: ")); i >= 0 {
		pair, _ := cutWord(e.Text[i+4:])
		if local, remote, ok := bytes.Cut(pair, []byte("]-")); ok {
			c.out.add(FieldLocal, pair[:len(local)+1])
			c.out.add(FieldRemote, remote)
		}
	}
	if v := valueOf(e.Text, "cookie:"); len(v) >= 33 && v[16] == ':' {
		c.out.add(FieldInitiatorCookie, v[:16])
		c.out.add(FieldResponderCookie, v[17:33])
		if e.Kind == RetransmitsExhausted && j.role == Initiator && string(v[17:33]) == "0000000000000000" {
			state := "STATE_MAIN_I1" // no answer ever came
			if bytes.Contains(e.Text, []byte("aggressive")) {
				state = "STATE_AGGR_I1"
			}
			c.out.text(FieldState, state)
		}
	}
	if e.Kind == ChildEstablished {
		if in, out, ok := bytes.Cut(valueOf(e.Text, "SPI:0x"), []byte("/0x")); ok {
			c.out.add(FieldSPIIn, in)
			c.out.add(FieldSPIOut, bytes.TrimSuffix(out, []byte(".")))
		}
	}
}
