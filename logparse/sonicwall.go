package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// sonicwall is SonicOS's log: the table that its pages show, tab by tab, and
// syslog's pairs of a key and a value:
//
//	7	11/15/2017 10:33:14.592	Info	VPN IKE	IKE Responder: …	198.51.100.1, 500	192.0.2.1, 500	VPN Policy: …
//	id=firewall sn=… time="2017-11-15 10:33:14" fw=192.0.2.1 pri=6 c=16 m=354 msg="IKE Responder: …" n=1 src=198.51.100.1:500 dst=192.0.2.1:500
var sonicwall = &Dialect{
	Name:      "sonicwall",
	Basis:     PublicSample,
	Spelling:  ike.DialectAny,
	Detect:    detectSonicWall,
	marks:     [][]string{{sonicwallMark}, sonicwallBegins, {sonicwallMessage}},
	Templates: [][]Template{sonicwallSeen},
	Recalled:  [][]Template{sonicwallRecalled},
	Prefix:    sonicwallPrefix,
	assemble:  func() assembler { return &byPeer{read: readSonicWall} },
}

var sonicwallSeen = []Template{
	{BeingInitiated, "", "IKE Responder: Received Aggressive Mode request (Phase 1){mode=aggressive}", "5", ""},
	{SAEstablished, "", "IKE Responder: Aggressive Mode complete (Phase 1){mode=aggressive}", "5", ""},
	{PacketSent, "", "IKE Responder: Remote party timeout - Retransmitting IKE request.", "5", ""},
	// A policy is looked for by the peer's identity, and none has it.
	{PeerConfigNotFound, "", "IKE Responder: Proposed IKE ID mismatch", "", ""},
	{RetransmitsExhausted, "", "IKE Responder: No response - remote party timeout", "", ""},
	{Plain, "", "Received packet retransmission. Drop duplicate packet", "", ""},
	{Plain, "", "Header verification failed", "", ""},
	{Plain, "", "RECEIVED<<< ISAKMP {value:rest}", "", ""},
	{Plain, "", "SENDING>>>> ISAKMP {value:rest}", "", ""},
	{NATDetected, "", "NAT Discovery : Peer IPSec Security Gateway behind a NAT/NAPT Device{side=remote}", "5", ""},
	{NATDetected, "", "NAT Discovery : Local IPSec Security Gateway behind a NAT/NAPT Device{side=local}", "5", ""},
}

var sonicwallRecalled = []Template{
	{BeingInitiated, "", "IKE Responder: Received Main Mode request (Phase 1){mode=main}", "5", ""},
	{Initiating, "", "IKE Initiator: Start Main Mode negotiation (Phase 1){mode=main}", "5", ""},
	{Initiating, "", "IKE Initiator: Start Aggressive Mode negotiation (Phase 1){mode=aggressive}", "5", ""},
	{SAEstablished, "", "IKE Responder: Main Mode complete (Phase 1){mode=main}", "5", ""},
	{SAEstablished, "", "IKE Initiator: Main Mode complete (Phase 1){mode=main}", "5", ""},
	{SAEstablished, "", "IKE Initiator: Aggressive Mode complete (Phase 1){mode=aggressive}", "5", ""},
	{PacketSent, "", "IKE Initiator: Remote party timeout - Retransmitting IKE request.", "5", ""},
	{RetransmitsExhausted, "", "IKE Initiator: No response - remote party timeout", "5", ""},
	{ProposalNotFound, "", "IKE Responder: IKE proposal does not match (Phase 1)", "5", ""},
	{ProposalNotFound, "", "IKE Responder: Algorithms and/or keys do not match", "5", ""},
	{PeerConfigNotFound, "", "IKE Responder: No matching Phase 1 ID found for proposed remote network", "5", ""},
	{IDMismatch, "", "IKE Initiator: Proposed IKE ID mismatch", "5", ""},
	{HalfOpenDeleted, "", "IKE negotiation aborted due to timeout{error=timeout}", "5", ""},
	{HashMismatch, "", "Computed hash does not match hash received from peer; preshared key mismatch", "5", ""},
	{Plain, "", "Failed payload validation", "5", ""},
	{ChildProposalNotFound, "", "IKE Responder: IPSec proposal not acceptable", "", "5"},
	{ChildProposalNotFound, "", "IKE Responder: ESP encryption algorithm does not match", "5", ""},
	{ChildProposalNotFound, "", "IKE Responder: ESP authentication algorithm does not match", "5", ""},
	{ChildProposalNotFound, "", "IKE Responder: ESP encryption key length does not match", "5", ""},
	{ChildProposalNotFound, "", "IKE Responder: AH authentication algorithm does not match", "5", ""},
	{GroupMismatch, "", "IKE Responder: AH Perfect Forward Secrecy mismatch", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Peer's local network does not match VPN policy's [Destination Network]{:rest}", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Default LAN gateway is set but peer is not proposing to use this SA as a default route", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Proposed local network is 0.0.0.0 but SA has no LAN Default Gateway", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Tunnel terminates outside firewall but proposed local network is not NAT public address", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Tunnel terminates inside firewall but proposed local network is not inside firewall", "5", ""},
	{Plain, "", "IKE Initiator: Using secondary gateway to negotiate", "5", ""},
	{Plain, "", "IKE SA lifetime expired.", "5", ""},
	{Plain, "", "NAT Discovery : No NAT/NAPT device detected between IPSec Security gateways", "5", ""},
	{Plain, "", "NAT Discovery : Peer IPSec Security Gateway doesn't support VPN NAT Traversal", "5", ""},
	{XAuthSucceeded, "", "XAUTH Succeeded with VPN {:rest}", "5", ""},
	{XAuthFailed, "", "XAUTH Failed with VPN {:rest}", "5", ""},
	{Plain, "", "Starting IKE negotiation", "", "5"},
	{Plain, "", "Deleting IPSec SA{:rest}", "", "5"},
	{Plain, "", "IKE Responder: Accepting IPSec proposal", "", "5"},
	{ChildEstablished, "", "IKE negotiation complete. Adding IPSec SA", "", "5"},
	{IKEConfigNotFound, "", "IKE Responder: No matching Phase 1 policy found{:rest}", "5", ""},
	{DecryptionFailed, "", "Failed payload verification after decryption; possible preshared key mismatch{payload=ID}", "5", ""},
	{ChildProposalNotFound, "", "IKE Responder: IPSec proposal does not match (Phase 2)", "5", ""},
	{GroupMismatch, "", "IKE Responder: ESP Perfect Forward Secrecy mismatch", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: No match for proposed remote network address{:rest}", "5", ""},
	{ChildConfigNotFound, "", "IKE Responder: Peer's destination network does not match VPN policy's [Local Network]{:rest}", "5", ""},
	{ErrorNotifyReceived, "", "Received notify. {notify:rest}", "5", ""},
	{ErrorNotifyReceived, "", "IKE Initiator: Received notify. {notify:rest}", "5", ""},
	{ChildInitiating, "", "IKE Initiator: Start Quick Mode (Phase 2).", "5", ""},
	{Plain, "", "IKE Responder: Received Quick Mode Request (Phase 2)", "5", ""},
	{Plain, "", "IKE Initiator: Accepting IPSec proposal (Phase 2)", "5", ""},
	{Plain, "", "IKE Responder: Accepting IPSec proposal (Phase 2)", "5", ""},
	{ChildEstablished, "", "IKE negotiation complete. Adding IPSec SA. (Phase 2)", "5", ""},
	{SADeleteReceived, "", "Received IKE SA delete request", "5", ""},
	{ChildDeleteReceived, "", "Received IPSec SA delete request", "5", ""},
	{DPDTimeout, "", "IPSec (DPD) - peer is dead{:rest}", "5", ""},
}

// sonicwallPrefix takes all but the message off a line.
func sonicwallPrefix(line []byte, pr *Prefix) []byte {
	if head, text, sep := sonicwallTable(line); sep != nil {
		for len(head) > 0 {
			var col []byte
			if col, head, _ = bytes.Cut(head, sep); len(col) > 10 {
				setTime(pr, col)
			}
		}
		text, _, _ = bytes.Cut(text, sep)
		return trimBlanks(text)
	}
	if n := sonicwallBare(line); n > 0 {
		return line[:n:n]
	}
	if i := bytes.Index(line[:min(len(line), 128)], []byte("id=")); i < 0 || !bytes.Contains(line[:min(len(line), 256)], []byte(" sn=")) {
		return line
	}
	text := line
	fortigatePairs(line, func(key, v []byte) bool {
		switch string(key) {
		case "time":
			setTime(pr, v)
		case "sn":
			pr.setHost(v)
		case "msg":
			text = v
		}
		return true
	})
	return text
}

// sonicwallBlanks are what stands between the columns of the table.
var sonicwallBlanks = [...][]byte{[]byte("\t"), []byte("    ")}

// sonicwallTable cuts a row of the table at the column that says what it is
// about. Forums and mails make four blanks of a tab. sep is nil where the line
// is no such row.
func sonicwallTable(line []byte) (head, text, sep []byte) {
	i := bytes.Index(line[:min(len(line), 256)], []byte(sonicwallMark))
	if i < 1 {
		return nil, nil, nil
	}
	after := line[i+len(sonicwallMark):]
	for _, sep := range sonicwallBlanks {
		if bytes.HasSuffix(line[:i], sep) && bytes.HasPrefix(after, sep) {
			return line[:i], after[len(sep):], sep
		}
	}
	return nil, nil, nil
}

// sonicwallBare returns how long the message of a row is of which only the
// message and the ends were passed on, 0 where the line is no such row:
//
//	Header verification failed 192.0.2.1, 500 198.51.100.1, 500
func sonicwallBare(line []byte) int {
	if len(line) == 0 || line[0] < 'A' || line[0] > 'Z' {
		return 0
	}
	b := line[:min(len(line), 512)]
	for i := 1; i < len(b); i++ {
		if b[i-1] != ' ' || b[i] < '0' || b[i] > '9' {
			continue
		}
		if from, rest := sonicwallNext(b[i:]); from != nil {
			if to, _ := sonicwallNext(rest); to != nil {
				return i - 1
			}
		}
	}
	return 0
}

// sonicwallNext takes an end such as "192.0.2.1, 500 (admin)" off the front. It
// is nil where none stands there.
func sonicwallNext(b []byte) (end, rest []byte) {
	n := 0
	for n < len(b) && n < 16 && (b[n] == '.' || b[n] >= '0' && b[n] <= '9') {
		n++
	}
	if n < 7 || !bytes.HasPrefix(b[n:], []byte(", ")) {
		return nil, nil
	}
	if _, ok := parseAddrPort(b[:n:n]); !ok {
		return nil, nil
	}
	d := digits(b[n+2:])
	if d == 0 {
		return nil, nil
	}
	end, rest = b[:n+2+d], trimLeft(b[n+2+d:])
	if len(rest) > 0 && rest[0] == '(' {
		_, rest = cutByte(rest, ')')
		rest = trimLeft(rest)
	}
	return end, rest
}

// What tells its lines: the table's column, what messages alone begin with, and
// the key of one among pairs, which then begins with one of sonicwallTold.
const (
	sonicwallMark    = "VPN IKE"
	sonicwallMessage = " msg=\""
)

var (
	sonicwallBegins = []string{"IKE Responder: ", "IKE Initiator: ", "RECEIVED<<< ISAKMP ", "SENDING>>>> ISAKMP "}
	sonicwallTold   = []string{"IKE ", "NAT Discovery ", "Received notify", "Received IKE SA", "Received IPSec SA", "Failed payload ", "Computed hash ", "XAUTH ", "IPSec (DPD)"}
)

func detectSonicWall(line []byte) int {
	if _, _, sep := sonicwallTable(line); sep != nil {
		return 95
	}
	if n := sonicwallBare(line); n > 0 {
		if beginsWithOne(line, sonicwallBegins) {
			return 95
		}
		return 0
	}
	head := line[:min(len(line), 512)]
	i := bytes.Index(head, []byte(sonicwallMessage))
	if i >= 0 && bytes.Contains(head, []byte(" sn=")) && beginsWithOne(head[i+len(sonicwallMessage):], sonicwallTold) {
		return 95
	}
	return 0
}

// readSonicWall adds the ends, who comes first being who sent what the line is
// about, and tells by the message which role this end has.
func readSonicWall(c *byPeer, j *byPeerJob, e *Event) {
	switch {
	case bytes.HasPrefix(e.Text, []byte("IKE Responder")):
		j.role = Responder
	case bytes.HasPrefix(e.Text, []byte("IKE Initiator")):
		j.role = Initiator
	}
	var from, to []byte
	if _, rest, sep := sonicwallTable(e.Line); sep != nil {
		if v, ok := parseUint(e.Line[:digits(e.Line)]); ok {
			j.reversed, j.number = v < j.number, v // the table may stand either way
		}
		_, rest, _ = bytes.Cut(rest, sep)
		from, rest, _ = bytes.Cut(trimLeft(rest), sep)
		to, rest, _ = bytes.Cut(trimLeft(rest), sep)
		if name, ok := bytes.CutPrefix(rest, []byte("VPN Policy: ")); ok {
			name, _ = cutByte(name, ';')
			e.Prefix.Connection = trimBlanks(name)
		}
	} else if n := sonicwallBare(e.Line); n > 0 {
		var rest []byte
		from, rest = sonicwallNext(e.Line[n+1:])
		to, _ = sonicwallNext(rest)
	} else {
		fortigatePairs(e.Line, func(key, v []byte) bool {
			switch string(key) {
			case "src":
				from = v
			case "dst":
				to = v
			}
			return true
		})
	}
	switch e.Kind {
	case PacketSent:
		from, to = to, from
		if i := c.alive(j.cur); i != 0 {
			c.slots[i].retransmits++
			e.Retransmission = c.slots[i].retransmits
		}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	case Initiating, ChildInitiating:
		from, to = to, from
	}
	for k, end := range [...][]byte{from, to} {
		f := [...]Field{FieldRemote, FieldLocal}[k]
		host, port := sonicwallEnd(end)
		c.out.address(f, host, port)
	}
}

// sonicwallEnd takes "192.0.2.1, 500 (admin)" or "192.0.2.1:500:X1" apart.
func sonicwallEnd(b []byte) (host, port []byte) {
	n := 0
	for n < len(b) && b[n] != ',' && b[n] != ' ' && b[n] != ':' {
		n++
	}
	if n == len(b) {
		return b, nil
	}
	host = b[:n]
	for n < len(b) && b[n]-'0' > 9 {
		n++
	}
	return host, b[n : n+digits(b[n:])]
}

// cutByte cuts b at the first c, or at its end.
func cutByte(b []byte, c byte) (before, after []byte) {
	i := bytes.IndexByte(b, c)
	if i < 0 {
		return b, nil
	}
	return b[:i:i], b[i+1:]
}
