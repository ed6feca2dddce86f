package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// fortigate is FortiOS's event log of subtype vpn, pairs of a key and a value:
//
//	date=2024-12-20 time=14:56:10 eventtime=1734724570250926112 logid="0101037124" type="event" subtype="vpn" … reason="…"
//
// What failed stands in reason; where there is none, in msg or logdesc. Which
// of FortiOS's many words a sample shows and which documentation and memory
// alone is told apart.
var fortigate = &Dialect{
	Name:      "fortigate",
	Basis:     PublicSample,
	Detect:    detectFortigate,
	marks:     [][]string{{"logid="}},
	Spelling:  ike.DialectAny,
	Templates: [][]Template{fortigateEvents},
	Recalled:  [][]Template{fortigateRecalled},
	Prefix:    fortigatePrefix,
	assemble:  func() assembler { return &byPeer{read: readFortigate} },
}

var fortigateEvents = []Template{
	{ProposalNotFound, "", "peer SA proposal not match local policy", "5.0", ""},
	// It says where, not why: also where the mode or the identity did not fit.
	{NotifySent, "", "no SA proposal chosen{notify=NO_PROPOSAL_CHOSEN}", "5.0", ""},
	{EstablishFailed, "", "IPsec phase 1 error", "5.0", ""},
	{SessionChanged, "", "IPsec connection status change", "5.0", ""},
	{SessionChanged, "", "IPsec connection status changed", "5.0", ""},
	{ChildEstablished, "", "IPsec phase 2 status change", "5.0", ""},
	{ChildEstablished, "", "IPsec phase 2 status changed", "5.0", ""},
	{Plain, "", "Progress IPsec phase 1", "6.0", ""},
}

var fortigateRecalled = []Template{
	{MessageGenerated, "", "progress IPsec phase 1", "5.0", ""},
	{MessageGenerated, "", "negotiate IPsec phase 1", "5.0", ""},
	{MessageGenerated, "", "Negotiate IPsec phase 1", "5.0", ""},
	{MessageGenerated, "", "progress IPsec phase 2", "5.0", ""},
	{MessageGenerated, "", "Progress IPsec phase 2", "5.0", ""},
	{MessageGenerated, "", "negotiate IPsec phase 2", "5.0", ""},
	{MessageGenerated, "", "Negotiate IPsec phase 2", "5.0", ""},
	{ChildFailed, "", "IPsec phase 2 error", "5.0", ""},
	{IKEConfigNotFound, "", "no matching gateway for new request", "5.0", ""},
	// The peer's identity or its type is another than the phase 1 wants.
	{PeerConfigNotFound, "", "gateway validation failed", "5.0", ""},
	{DecryptionFailed, "", "probable pre-shared key mismatch{payload=ID}", "5.0", ""},
	{DecryptionFailed, "", "probable pre-shared secret mismatch{payload=ID}", "4.0", ""},
	{ChildConfigNotFound, "", "no matching phase2 found", "5.0", ""},
	{RetransmitsExhausted, "", "negotiation timeout", "5.0", ""},
	{ErrorNotifyReceived, "", "peer notification", "5.0", ""},
	{AuthenticatePeerFailed, "", "authentication failure", "5.0", ""},
	{ChildEstablished, "", "install IPsec SA", "5.0", ""},
	{SADeleted, "", "delete IPsec phase 1 SA", "5.0", ""},
	{ChildClosing, "", "delete IPsec phase 2 SA", "5.0", ""},
	{DPDTimeout, "", "IPsec DPD failure", "5.0", ""},
	{DPDTimeout, "", "IPsec DPD failed", "5.0", ""},
	{SPIUnknown, "", "IPsec ESP", "5.0", ""},
	{Plain, "", "IPsec tunnel statistics", "5.0", ""},
	{Plain, "", "No matching IPsec selector{:rest}", "5.0", ""},
}

// fortigatePairs calls f for each pair, until it says that it has enough.
func fortigatePairs(b []byte, f func(key, value []byte) bool) {
	for {
		b = trimLeft(b)
		end := reachOctet(b, 0, '=')
		if end >= len(b) {
			return
		}
		key, rest := b[:end], b[end+1:]
		if i := bytes.LastIndexByte(key, ' '); i >= 0 {
			key = key[i+1:] // words of an unquoted value before it
		}
		var value []byte
		if len(rest) > 0 && rest[0] == '"' {
			i := reachQuote(rest, 1)
			for i < len(rest) && rest[i] == '\\' {
				i = reachQuote(rest, min(i+2, len(rest)))
			}
			value, b = rest[1:min(i, len(rest))], rest[min(i+1, len(rest)):]
		} else {
			i := reachOctet(rest, 0, ' ')
			value, b = rest[:i], rest[i:]
		}
		if !f(key, value) {
			return
		}
	}
}

// fortigateNone reports whether a value says that there is none.
func fortigateNone(v []byte) bool {
	switch string(v) {
	case "", "N/A", "none", "NOT-APPLICABLE", "(null)":
		return true
	}
	return false
}

// fortigatePrefix takes all but the words that tell what happened off a line.
func fortigatePrefix(line []byte, pr *Prefix) []byte {
	i := bytes.Index(line[:min(len(line), 512)], []byte("logid="))
	if i < 0 || !fortigateVPN(line[i:]) {
		return line
	}
	var text []byte
	rank := 0
	say := func(r int, v []byte) {
		if r > rank && !fortigateNone(v) {
			rank, text = r, v
		}
	}
	var date []byte
	fortigatePairs(line, func(key, v []byte) bool {
		switch string(key) {
		case "date":
			date = v
		case "time":
			from, to := offset(line, date), offset(line, v)+len(v)
			if len(date) == 10 && from >= 0 && to > from && (pr.Time == nil || !pr.YearWritten()) {
				setTime(pr, line[from:to:to])
			}
		case "eventtime":
			setTime(pr, v)
		case "devname":
			pr.setHost(v)
		case "remip":
			pr.Remote = v
		case "vpntunnel":
			if !fortigateNone(v) {
				pr.Connection = v
			}
		case "level":
			pr.Group = v
		case "reason":
			say(4, v)
		case "msg":
			say(3, v)
		case "logdesc":
			say(2, v)
		case "action":
			say(1, v)
		}
		return true
	})
	if text == nil {
		return line
	}
	return text
}

// fortigateVPN reports whether a line is about a VPN.
func fortigateVPN(b []byte) bool {
	b = b[:min(len(b), 256)]
	return bytes.Contains(b, []byte("subtype=\"vpn\"")) || bytes.Contains(b, []byte("subtype=vpn "))
}

func detectFortigate(line []byte) int {
	if i := bytes.Index(line[:min(len(line), 512)], []byte("logid=")); i >= 0 && fortigateVPN(line[i:]) {
		return 95
	}
	return 0
}

// readFortigate adds what the other pairs of a line say.
func readFortigate(c *byPeer, _ *byPeerJob, e *Event) {
	var local, remote, lport, rport, mode, dir, stage, role, status, result, action, notify []byte
	second := false
	fortigatePairs(e.Line, func(key, v []byte) bool {
		switch string(key) {
		case "locip":
			local = v
		case "remip":
			remote = v
		case "locport":
			lport = v
		case "remport":
			rport = v
		case "logid":
			second = bytes.HasSuffix(v, []byte("37125")) || bytes.HasSuffix(v, []byte("37129")) || bytes.HasSuffix(v, []byte("37122"))
		case "cookies":
			if i, r, ok := bytes.Cut(v, []byte("/")); ok {
				c.out.add(FieldInitiatorCookie, i)
				c.out.add(FieldResponderCookie, r)
			}
		case "mode":
			mode = v
		case "dir":
			dir = v
		case "stage":
			stage = v
		case "role":
			role = v
		case "status":
			status = v
		case "result":
			result = v
		case "action":
			action = v
		case "peer_notif":
			notify = v
		case "in_spi":
			c.out.add(FieldSPIIn, v)
		case "out_spi":
			c.out.add(FieldSPIOut, v)
		case "spi":
			c.out.add(FieldSPI, v)
		}
		return true
	})
	c.out.address(FieldLocal, local, lport)
	c.out.address(FieldRemote, remote, rport)
	if e.Kind == ErrorNotifyReceived && !fortigateNone(notify) {
		c.out.add(FieldNotify, notify)
	}
	switch e.Kind {
	case ProposalNotFound, NotifySent:
		if second {
			e.Kind = ChildProposalNotFound
		}
	case EstablishFailed:
		if second {
			e.Kind = ChildFailed
		}
	case SessionChanged:
		switch {
		case bytes.HasSuffix(action, []byte("down")):
			e.Kind = SADeleted // of what was up, for a reason that the line does not tell
		case bytes.HasSuffix(action, []byte("up")):
			c.out.text(FieldState, "UP")
		default:
			e.Kind = Plain
		}
	case ChildEstablished:
		if bytes.HasSuffix(action, []byte("down")) {
			e.Kind = ChildClosing
		}
	case MessageGenerated:
		fortigateMessage(c, e, mode, dir, stage, role, status, result)
	}
}

// fortigateMessage gives a line about the progress of a negotiation its
// meaning: which message, or that it is done or failed.
func fortigateMessage(c *byPeer, e *Event, mode, dir, stage, role, status, result []byte) {
	switch {
	case string(result) == "ERROR", bytes.Contains(status, []byte("fail")):
		if e.Kind = HalfOpenDeleted; string(mode) == "quick" {
			e.Kind = ChildFailed
		}
		return
	case string(result) == "DONE" && string(mode) != "quick":
		e.Kind = SAEstablished
		return
	case len(mode) == 0 || len(dir) == 0:
		e.Kind = Plain
		return
	}
	sent := string(dir) == "outbound"
	if !sent {
		e.Kind = MessageParsed
	}
	direction := "response"
	if sent == (string(role) == "initiator") {
		direction = "request"
	}
	c.out.text(FieldDirection, direction)
	switch string(mode) {
	case "main":
		c.out.text(FieldExchange, "ID_PROT")
		switch string(stage) {
		case "1":
			c.out.text(FieldPayloads, "SA")
		case "2":
			c.out.text(FieldPayloads, "KE No")
		case "3":
			c.out.text(FieldPayloads, "ID HASH")
		}
	case "aggressive":
		c.out.text(FieldExchange, "AGGRESSIVE")
		if string(stage) == "1" {
			c.out.text(FieldPayloads, "SA KE No ID")
		} else {
			c.out.text(FieldPayloads, "HASH")
		}
	case "quick":
		c.out.text(FieldExchange, "QUICK_MODE")
		if string(stage) == "1" {
			c.out.text(FieldPayloads, "HASH SA No ID ID")
		} else {
			c.out.text(FieldPayloads, "HASH")
		}
	}
}
