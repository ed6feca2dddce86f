package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// softEther is SoftEther VPN Server's log, whose IPsec server answers IKEv1 in
// user space. Its lines say by number which client, ISAKMP SA or SA pair they are
// about, and between whom:
//
//	2026-11-22 13:03:26.407 IPsec Client 1 (198.51.100.17:500 -> 203.0.113.140:500): …
//	2026-11-22 13:03:26.419 IPsec IKE Session (IKE SA) 1 (Client: 1) (198.51.100.17:500 -> 203.0.113.140:500): …
//	2026-11-22 13:03:26.419 IPsec ESP Session (IPsec SA) 1 (Client: 1) (198.51.100.17:500 -> 203.0.113.140:500): …
//
// The server's own address is 0.0.0.0 where it listens on all. What else the
// server logs, of its listeners, hubs and sessions, is not about IPsec.
var softEther = &Dialect{
	Name:      "softether",
	Basis:     Recorded,
	Spelling:  ike.DialectAny,
	Quiet:     true,
	Detect:    func(line []byte) int { return headed(line, scoreSoftEther) },
	score:     scoreSoftEther,
	marks:     [][]string{softEtherAbout, {"SoftEther VPN Server "}},
	Templates: [][]Template{softEtherSeen},
	Recalled:  [][]Template{softEtherRecalled},
	Prefix:    softEtherPrefix,
	begins:    softEtherBegins,
	assemble:  func() assembler { return &byPeer{read: readSoftEther} },
}

var softEtherSeen = []Template{
	{DaemonStarted, "", "SoftEther VPN Server {version:rest}{product=SoftEther VPN Server}", "", ""},
	{DaemonStopped, "", "The SoftEther VPN Server Engine has been successfully shutdown.", "", ""},

	{Plain, "", "A new IPsec client is created.", "", ""},
	{TraversalMissing, "", "The connection cannot be accepted because this VPN client is not compatible with IPsec NAT Traversal (RFC 3947 Negotiation of NAT-Traversal in the IKE or draft-ietf-ipsec-nat-t-ike).", "", ""},
	{PortFloat, "", "The port number information of this client is updated.", "", ""},
	{Plain, "", "This client (Client {:num}) and the other client (Client {:num}) is the same client. So they are merged to the client {value:num}.", "", ""},
	{Plain, "", "This IPsec Client is deleted.", "", ""},
	{Plain, "", "The L2TP Server Module is started.", "", ""},

	{BeingInitiated, "", "A new IKE SA (Main Mode) is created. {:rest}{mode=main}", "", ""},
	{BeingInitiated, "", "A new IKE SA (Aggressive Mode) is created. {:rest}{mode=aggressive}", "", ""},
	{ProposalNotFound, "", "There are no acceptable transform proposals from the client for establishing an IKE SA.", "", ""},
	{SAEstablished, "", "This IKE SA is established between the server and the client.", "", ""},
	{SADeleted, "", "This IKE SA is deleted.", "", ""},

	{ChildInitiating, "", "The client initiates a QuickMode negotiation.", "", ""},
	{ChildInitiating, "", "The server initiates a QuickMode negotiation.", "", ""},
	{ChildProposalNotFound, "", "There are no acceptable transform proposals from the client for establishing an IPsec SA.", "", ""},
	{KernelSA, "", "A new IPsec SA (Direction: Client -> Server) is created. SPI: 0x{spi:hex}, {:rest}{name=in}", "", ""},
	{KernelSA, "", "A new IPsec SA (Direction: Server -> Client) is created. SPI: 0x{spi:hex}, {:rest}{name=out}", "", ""},
	{KernelSA, "", "The SPI which has been pending is now set. New SPI: 0x{spi:hex}{name=out}", "", ""},
	{ChildEstablished, "", "This IPsec SA is established between the server and the client.", "", ""},
	{ChildClosing, "", "This IPsec SA is deleted.", "", ""},

	{Plain, "", "The EtherIP / L2TPv3 Module is started.", "", ""},
	{AuthorizationRefused, "", "Error: No EtherIP / L2TPv3 setting entries for the Client ID \"{name:peer}\" is registered on the VPN Server. Please register {:rest}", "", ""},
	{Plain, "", "The internal pipe was created between the EtherIP / L2TPv3 module to the Virtual Hub {:rest}", "", ""},
	{Plain, "", "The connection from the EtherIP / L2TPv3 module to the Virtual Hub {:rest}", "", ""},
}

var softEtherRecalled = []Template{
	{PeerConfigLookup, "", "The client ID which this client presented in the establishing phase is \"{remoteid:peer}\".", "", ""},
	{Plain, "", "The EtherIP Server Module is started. The Session ID of the EtherIP Session: {value:num}", "", ""},
	{Plain, "", "The EtherIP / L2TPv3 Module is stopped.", "", ""},
	{Plain, "", "Settings of EtherIP / L2TPv3 has been changed. {:rest}", "", ""},
	{Plain, "", "Failed to calculate a Diffie-Hellman algorithm.", "", ""},
}

// What the lines that are about IPsec begin with.
var softEtherAbout = []string{"IPsec Client ", "IPsec IKE Session (IKE SA) ", "IPsec ESP Session (IPsec SA) ", "EtherIP / L2TPv3 Session "}

// Which of them it is.
const (
	softEtherClient = iota
	softEtherIKE
	softEtherESP
	softEtherEtherIP
	softEtherOther
)

// softEtherLine is what stands before a message.
type softEtherLine struct {
	about          int
	number, client uint64    // of the SA, and of the client
	peer, own      [2][]byte // address and port
	text           []byte
}

// read takes a line apart that is about IPsec; any other is left as it is.
func (l *softEtherLine) read(line []byte) {
	*l = softEtherLine{about: softEtherOther, text: line}
	for i, s := range softEtherAbout {
		after, ok := bytes.CutPrefix(line, []byte(s))
		if !ok {
			continue
		}
		n := digits(after)
		number, ok := parseUint(after[:n])
		after = after[n:]
		if !ok {
			return
		}
		client := number
		if i == softEtherIKE || i == softEtherESP {
			if after, ok = bytes.CutPrefix(after, []byte(" (Client: ")); !ok {
				return
			}
			n = digits(after)
			if client, ok = parseUint(after[:n]); !ok {
				return
			}
			after = bytes.TrimPrefix(after[n:], []byte(")"))
		}
		if after, ok = bytes.CutPrefix(after, []byte(" (")); !ok {
			return
		}
		end := bytes.Index(after, []byte("):"))
		if end < 0 {
			return
		}
		from, to, ok := bytes.Cut(after[:end], []byte(" -> "))
		if !ok {
			return
		}
		l.about, l.number, l.client = i, number, client
		if i == softEtherEtherIP { // it begins at the server
			from, to = to, from
		}
		l.peer, l.own = softEtherEnd(from), softEtherEnd(to)
		l.text = trimLeft(after[end+2:])
		return
	}
}

// find is read for a line with a carrier's header.
func (l *softEtherLine) find(line []byte) {
	head := line[:min(len(line), 256)]
	for _, s := range softEtherAbout {
		if i := bytes.Index(head, []byte(s)); i >= 0 {
			if l.read(line[i:]); l.about != softEtherOther {
				return
			}
		}
	}
	*l = softEtherLine{about: softEtherOther, text: line}
}

// softEtherEnd takes an address and its port apart, which the last colon parts
// also where the address has some.
func softEtherEnd(b []byte) (end [2][]byte) {
	if i := bytes.LastIndexByte(b, ':'); i > 0 {
		end[0], end[1] = b[:i:i], b[i+1:]
	}
	return end
}

func softEtherPrefix(line []byte, pr *Prefix) []byte {
	rest, _ := softEtherBegins(line, pr)
	return rest
}

// softEtherBegins is softEtherPrefix, and tells whether the line is about IPsec.
func softEtherBegins(line []byte, pr *Prefix) (rest []byte, ok bool) {
	var l softEtherLine
	if l.read(line); l.about == softEtherIKE {
		pr.SAID, pr.HasSAID = l.number, true
	}
	return l.text, l.about != softEtherOther
}

// scoreSoftEther knows the lines about IPsec, and those that a server begins with.
func scoreSoftEther(rest []byte, _ Prefix, marked bool) int {
	if !marked {
		return 0
	}
	var l softEtherLine
	l.read(rest)
	switch {
	case l.about != softEtherOther:
		return 95
	case bytes.HasPrefix(l.text, []byte("SoftEther VPN Server ")), bytes.HasPrefix(l.text, []byte("The SoftEther VPN Server ")):
		return 90
	}
	return 0
}
