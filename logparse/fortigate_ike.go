package logparse

import (
	"bytes"
	"net/netip"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// fortigateIKE is what FortiOS writes with "diagnose debug application ike -1":
//
//	ike 0:to-hq:13: sent IKE msg (ident_i1send): 192.0.2.1:500->198.51.100.1:500, len=292, id=…/…
//	ike V=root:0:a0ee3b66adfc8900/0000000000000000:14: responder: main mode get 1st message...
//
// with the number of the virtual domain, the connection or the cookies, the
// negotiation's number, and in phase 2 that of the quick mode.
var fortigateIKE = &Dialect{
	Name:      "fortigate-ike",
	Basis:     PublicSample,
	Spelling:  ike.DialectAny,
	Detect:    detectFortigateIKE,
	marks:     [][]string{{"ike "}},
	Templates: [][]Template{fortigateIKESeen, fortigateIKETold},
	Recalled:  [][]Template{fortigateIKERecalled, fortigateIKEMore},
	Prefix:    fortigateIKEPrefix,
	assemble:  func() assembler { return &byPeer{read: readFortigateIKE} },
}

// fortigateStart reports whether a line begins as FortiOS's debugging does.
func fortigateStart(b []byte) bool {
	if len(b) < 6 || string(b[:4]) != "ike " {
		return false
	}
	b = b[4:]
	n := digits(b)
	return n > 0 && n < len(b) && b[n] == ':' || bytes.HasPrefix(b, []byte("V=")) || bytes.HasPrefix(b, []byte("Negotiate ")) || bytes.HasPrefix(b, []byte("shrank heap by "))
}

func detectFortigateIKE(line []byte) int {
	var pr Prefix
	rest, _ := parseHeader(line, &pr)
	if fortigateStart(trimLeft(rest)) {
		return 95
	}
	return 0
}

// fortigateIKEPrefix takes "ike 0:to-hq:13:to-hq:15: " off, and before it
// "ike Negotiate ISAKMP SA Error: ".
func fortigateIKEPrefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	if !fortigateStart(b) {
		return line
	}
	b = b[4:]
	if bytes.HasPrefix(b, []byte("Negotiate ")) {
		i := bytes.Index(b[:min(len(b), 64)], []byte(" Error: ike "))
		if i < 0 {
			return b
		}
		b = b[i+len(" Error: ike "):]
	}
	head, text := b, []byte(nil)
	if i := bytes.Index(b, []byte(": ")); i >= 0 {
		head, text = b[:i], b[i+2:]
	} else if b[0] == 's' { // the daemon's own
		return b
	}
	if bytes.HasPrefix(head, []byte("V=")) {
		if i := bytes.IndexByte(head, ':'); i > 0 {
			pr.setHost(head[2:i:i])
			head = head[i+1:]
		}
		if i := bytes.Index(head, []byte(" Negotiate ")); i > 0 { // V=root:to-hq Negotiate SA Error: …
			pr.Connection = head[:i:i]
			return trimLeft(text)
		}
	}
	for k := 0; len(head) > 0; k++ {
		part := head
		if i := bytes.IndexByte(head, ':'); i >= 0 {
			part, head = head[:i:i], head[i+1:]
		} else {
			head = nil
		}
		switch {
		case k == 1 && !fortigateCookies(part):
			pr.Connection = part
		case k == 2:
			if v, ok := parseUint(part); ok {
				pr.SAID, pr.HasSAID = v, true
			}
		}
	}
	return trimLeft(text)
}

// fortigateCookies reports whether a negotiation is named by its cookies.
func fortigateCookies(b []byte) bool { return len(b) == 33 && b[16] == '/' }

var fortigateIKESeen = []Template{
	{BeingInitiated, "", "responder: {mode:ident} mode get 1st message...", "4", ""},
	{Plain, "", "responder: main mode get 3rd message...", "4", ""},
	{VendorIDReceived, "", "VID {vendor:rest}", "4", ""},
	{Plain, "", "negotiation result", "4", ""},
	{Plain, "", "proposal id = {value:rest}", "4", ""},
	{Plain, "", "protocol id = {value:rest}", "4", ""},
	{ProposalAttribute, "", "trans_id = {value:rest}{transform=transform}", "4", ""},
	{Plain, "", "encapsulation = {value:rest}", "4", ""},
	{ProposalAttribute, "", "type=OAKLEY_ENCRYPT_ALG, val={value:rest}{transform=encryption}", "4", ""},
	{ProposalAttribute, "", "type=OAKLEY_HASH_ALG, val={value:rest}{transform=hash}", "4", ""},
	{ProposalAttribute, "", "type=AUTH_METHOD, val={value:rest}{transform=auth}", "4", ""},
	{ProposalAttribute, "", "type=OAKLEY_GROUP, val={value:rest}{transform=group}", "4", ""},
	{ProposalAttribute, "", "ISAKMP SA lifetime={value:rest}{transform=life}", "4", ""},
	{Plain, "", "SA proposal chosen, matched gateway{:rest}", "4", ""},
	{Plain, "", "found {value:rest}", "4", ""},
	{Plain, "", "DPD negotiated", "4", ""},
	{Plain, "", "peer is {value:rest}", "4", ""},
	{Plain, "", "selected NAT-T version: {value:rest}", "4", ""},
	{ParseFailed, "", "parse error", "4", ""},
	{DecryptionFailed, "", "probable pre-shared secret mismatch{payload=ID}", "4", ""},
	{DecryptionFailed, "", "PSK auth failed: probable pre-shared key mismatch{payload=ID}", "5", ""},
	{PacketSent, "", "sent IKE msg (P1_RETRANSMIT): {local:addr}->{remote:addr}{:rest}", "4", ""},
	{ProposalNotFound, "", "negotiation failure", "4", ""},
	{ProposalNotFound, "", "no SA proposal chosen", "4", ""},
	{ProposalNotFound, "", "no proposal chosen", "4", ""},
	{PacketReceived, "", "comes {remote:addr}->{local:addr},{:rest}", "4", ""},
	{ProposalSelecting, "", "incoming proposal:", "4", ""},
	{ProposalSelecting, "", "my proposal, gw {:rest}", "4", ""},
	{ChildEstablished, "", "added IPsec SA: SPIs={spiin:hex}/{spiout:hex}", "4", ""},
}

var fortigateIKERecalled = []Template{
	{Plain, "", "IKEv1 exchange={value:text} id={:text} len={:num}{:rest}", "4", ""},
	{HexDump, "", "in {text:rest}", "4", ""},
	{HexDump, "", "out {text:rest}", "4", ""},
	{HexDump, "", "enc {text:rest}", "4", ""},
	{HexDump, "", "dec {text:rest}", "4", ""},
	{Initiating, "", "initiator: {mode:ident} mode is sending 1st message...", "4", ""},
	{Plain, "", "initiator: {:ident} mode get {:rest}", "4", ""},
	{Plain, "", "responder: {:ident} mode get 2nd {:rest}", "4", ""},
	{CookiesSeen, "", "cookie {icookie:hex}/{rcookie:hex}", "4", ""},
	{ProposalSelecting, "", "my proposal:", "4", ""},
	{ProposalAttribute, "", "type = AUTH_ALG, val={value:rest}{transform=authenticator}", "4", ""},
	{ProposalAttribute, "", "PFS DH group = {value:rest}{transform=pfs}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_i1send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=request}{payloads=SA}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_r1send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=response}{payloads=SA}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_i2send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=request}{payloads=KE No}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_r2send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=response}{payloads=KE No}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_i3send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=request}{payloads=ID HASH}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (ident_r3send): {local:addr}->{remote:addr}{:rest}{exchange=ID_PROT}{direction=response}{payloads=ID HASH}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (agg_i1send): {local:addr}->{remote:addr}{:rest}{exchange=AGGRESSIVE}{direction=request}{payloads=SA KE No ID}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (agg_r1send): {local:addr}->{remote:addr}{:rest}{exchange=AGGRESSIVE}{direction=response}{payloads=SA KE No ID HASH}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (agg_i2send): {local:addr}->{remote:addr}{:rest}{exchange=AGGRESSIVE}{direction=request}{payloads=HASH}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (quick_i1send): {local:addr}->{remote:addr}{:rest}{exchange=QUICK_MODE}{direction=request}{payloads=HASH SA No ID ID}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (quick_r1send): {local:addr}->{remote:addr}{:rest}{exchange=QUICK_MODE}{direction=response}{payloads=HASH SA No ID ID}", "4", ""},
	{MessageGenerated, "", "sent IKE msg (quick_i2send): {local:addr}->{remote:addr}{:rest}{exchange=QUICK_MODE}{direction=request}{payloads=HASH}", "4", ""},
	{PacketSent, "", "sent IKE msg ({:text}): {local:addr}->{remote:addr}{:rest}", "4", ""},
	{PacketSent, "", "sent IKE msg (retransmit): {local:addr}->{remote:addr}{:rest}", "4", ""},
	{RetransmitsExhausted, "", "negotiation timeout, deleting", "4", ""},
	{Plain, "", "negotiation failure, deleting", "4", ""},
	{HalfOpenDeleted, "", "connection expiring due to phase1 down", "4", ""},
	{Plain, "", "deleting", "4", ""},
	{Plain, "", "deleted", "4", ""},
	{Plain, "", "PSK authentication succeeded", "4", ""},
	{AuthenticatedPeer, "", "authentication OK", "4", ""},
	{SAEstablished, "", "established IKE SA {:rest}", "4", ""},
	{Plain, "", "initiating pending Quick-Mode negotiations", "4", ""},
	{Plain, "", "responder received first quick-mode message", "4", ""},
	{Plain, "", "peer proposal is: {value:rest}", "4", ""},
	{Plain, "", "specified selectors mismatch", "4", ""},
	{ChildConfigNotFound, "", "no matching phase2 found", "4", ""},
	{Plain, "", "failed to get responder proposal", "4", ""},
	{ChildFailed, "", "error processing quick-mode message from {:rest}", "4", ""},
	{Plain, "", "add IPsec SA: SPIs={:rest}", "4", ""},
	{ErrorNotifyReceived, "", "notify msg received: {notify:rest}", "4", ""},
	{ErrorNotifyReceived, "", "received p1 notify type {notify:rest}", "4", ""},
	{IKEConfigNotFound, "", "no matching gateway for new request", "5", ""},
	{NATDetected, "", "NAT detected: ME PEER{side=both}", "4", ""},
	{NATDetected, "", "NAT detected: ME{side=local}", "4", ""},
	{NATDetected, "", "NAT detected: PEER{side=remote}", "4", ""},
	{Plain, "", "NAT not detected", "4", ""},
	{SADeleteReceived, "", "recv ISAKMP SA delete {:rest}", "4", ""},
	{ChildDeleteReceived, "", "recv IPsec SA delete, spi count {:num}", "4", ""},
	{DPDTimeout, "", "dpd failed{:rest}", "4", ""},
}

// fortigateJob is what a debugging is at.
type fortigateJob struct {
	local, remote netip.AddrPort // of the last datagram
	ends          [2][64]byte    // as written
	nEnds         [2]uint8
	fresh         bool // and nobody said of which negotiation it is
	offer         iosOffer
	role          Role // whose proposal follows: the peer's, ours, or the one agreed on
	second        bool // it is one of phase 2
	identified    bool // the peer has told who it is
	dumping       bool
	side          Role
	text, buf     []byte // of a dump, as written and as octets
}

// readFortigateIKE follows the blocks of several lines.
func readFortigateIKE(c *byPeer, o *byPeerJob, e *Event) {
	j := &o.forti
	text := e.Text
	if j.dumping && (e.Kind == Unknown || e.Kind == HexDump) && e.template == nil && j.hex(e, text) {
		return
	}
	j.dumping = false
	switch e.Kind {
	case PacketReceived:
		j.local, _ = e.Address(Local)
		j.remote, _ = e.Address(Remote)
		j.nEnds[0] = uint8(copy(j.ends[0][:], e.Bytes(FieldLocal)))
		j.nEnds[1] = uint8(copy(j.ends[1][:], e.Bytes(FieldRemote)))
		j.fresh = true
		return
	case HexDump:
		word, n := cutWord(text)
		switch string(word) {
		case "in":
			j.side = Remote
		case "out":
			j.side = Local
		default:
			j.side = RoleNone // what was or will be encrypted
		}
		j.text, j.buf, j.dumping = j.text[:0], j.buf[:0], true
		if !j.hex(e, text[n:]) {
			e.Kind, j.dumping = Plain, false
		}
		return
	case PacketSent:
		j.local, _ = e.Address(Local)
		j.remote, _ = e.Address(Remote)
		again := bytes.HasPrefix(text, []byte("sent IKE msg (P1_RETRANSMIT)")) || bytes.HasPrefix(text, []byte("sent IKE msg (retransmit)"))
		if i := c.alive(o.cur); i != 0 && again {
			c.slots[i].retransmits++
			e.Retransmission = c.slots[i].retransmits
		}
	case MessageGenerated:
		if i := c.alive(o.cur); i != 0 {
			c.slots[i].retransmits = 0
		}
	case ProposalNotFound:
		if j.second {
			e.Kind = ChildProposalNotFound
		}
		if string(text) == "negotiation failure" {
			e.Kind = Plain // the line behind it says of what
		}
	case ProposalSelecting:
		j.begin(bytes.HasPrefix(text, []byte("my ")), e)
	case ProposalAttribute:
		c.attribute(j, e)
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	case BeingInitiated, Initiating:
		j.identified = false
	case PeerConfigLookup:
		j.identified = true
	case IKEConfigNotFound:
		if j.identified { // it was its identity that no gateway wants
			e.Kind, j.identified = PeerConfigNotFound, false
		}
	case Plain:
		j.plain(text)
	}
	if j.fresh && e.Prefix.HasSAID && !e.Has(FieldRemote) {
		j.fresh = false
		c.out.add(FieldLocal, j.ends[0][:j.nEnds[0]])
		c.out.add(FieldRemote, j.ends[1][:j.nEnds[1]])
	}
}

// hex adds a line's octets to a dump, which a terminal may have broken
// anywhere; ok is false where the line has others.
func (j *fortigateJob) hex(e *Event, b []byte) (ok bool) {
	if len(b) == 0 || len(j.text)+len(b) > 2*maxDump {
		return false
	}
	for _, c := range b {
		if unhex(c) > 15 {
			return false
		}
	}
	j.text = append(j.text, b...)
	e.Kind = HexDump
	if len(j.text)%2 != 0 || len(j.text) < 2*isakmp.HeaderLen {
		return true
	}
	for i := 2 * len(j.buf); i < len(j.text); i += 2 {
		j.buf = append(j.buf, unhex(j.text[i])<<4|unhex(j.text[i+1]))
	}
	m := j.buf
	if m[0]|m[1]|m[2]|m[3] == 0 {
		m = m[4:] // the non-ESP marker: RFC 3948, section 2.2
	}
	if j.side != RoleNone && wholeMessage(m) {
		e.showPacket(m, j.side)
		j.dumping = false
	}
	return true
}

// begin follows the head of a list of proposals.
func (j *fortigateJob) begin(mine bool, _ *Event) {
	if j.role = Remote; mine {
		j.role = Local
	}
	j.offer.begin(false, true)
	j.second = false
}

// plain follows lines without a meaning of their own.
func (j *fortigateJob) plain(text []byte) {
	switch {
	case string(text) == "negotiation result":
		j.begin(false, nil)
		j.role = Selected
	case bytes.HasPrefix(text, []byte("protocol id = ")):
		j.second = !bytes.HasPrefix(text, []byte("protocol id = ISAKMP"))
		j.offer.begin(j.second, false)
	}
}

// attribute follows an attribute of a proposal. The one that completes a
// proposal shows all that were listed so far.
func (c *byPeer) attribute(j *fortigateJob, e *Event) {
	value := bytes.TrimRight(e.Bytes(FieldValue), ".:")
	kind := e.Bytes(FieldTransform)
	done := false
	switch string(kind) {
	case "encryption":
		alg, bits, _ := bytes.Cut(value, []byte(", key-len="))
		if j.offer.nCipher > 0 {
			j.offer.begin(false, false)
		}
		j.offer.attribute(kind, alg)
		j.offer.attribute([]byte("key length"), bits)
	case "hash", "auth":
		j.offer.attribute(kind, value)
	case "group":
		j.offer.attribute(kind, fortigateGroup(value))
		done = true
	case "transform":
		alg, bits, _ := bytes.Cut(value, []byte(" (key_len = "))
		if !j.second {
			return
		}
		j.offer.begin(true, false)
		j.offer.attribute([]byte("encryption"), bytes.TrimPrefix(alg, []byte("ESP_")))
		j.offer.attribute([]byte("key length"), bytes.TrimSuffix(bits, []byte(")")))
	case "authenticator":
		j.offer.attribute(kind, value)
		done = true
	}
	if !done {
		return
	}
	list := j.offer.add()
	switch j.role {
	case Remote:
		e.Kind = ProposalsReceived
		c.out.add(FieldOffered, list)
	case Local:
		e.Kind = ProposalsConfigured
		c.out.add(FieldConfigured, list)
	case Selected:
		e.Kind = ProposalSelected
		c.out.add(FieldSelected, list)
	}
}

// fortigateGroup gives the number of a group that is named by its size (RFC
// 2409, section 6; RFC 3526).
func fortigateGroup(b []byte) []byte {
	for i := range modpSizes {
		if string(b) == modpSizes[i].name {
			return modpSizes[i].number
		}
	}
	return b
}

var modpSizes = [...]struct {
	name   string
	number []byte
}{
	{"MODP768", []byte("1")}, {"MODP1024", []byte("2")}, {"MODP1536", []byte("5")}, {"MODP2048", []byte("14")}, {"MODP3072", []byte("15")},
	{"MODP4096", []byte("16")}, {"MODP6144", []byte("17")}, {"MODP8192", []byte("18")},
}
