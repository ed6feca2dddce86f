package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// windows is the audit of Windows' IKEEXT in the Security log, events 4650 to
// 4655, each of them a heading and a list of names and values, as the event
// viewer shows and exports them. No sample of it is at hand.
//
//	An IPsec main mode negotiation failed.
//	Local Endpoint:
//		Network Address:	192.0.2.1
//	…
//		Failure Reason:	Negotiation timed out
var windows = &Dialect{
	Name:      "windows",
	Basis:     Recalled,
	Spelling:  ike.DialectAny,
	Detect:    detectWindows,
	marks:     [][]string{{windowsMark}},
	Templates: [][]Template{windowsRecalled},
	Prefix:    windowsPrefix,
	Continues: true,
	assemble:  func() assembler { return &byPeer{read: readWindows, late: true} },
}

var windowsRecalled = []Template{
	{SAEstablished, "", "An IPsec main mode security association was established.{:rest}", "6.0", ""},
	{SACreated, "", "An IPsec main mode negotiation failed.{:rest}", "6.0", ""},
	{ChildEstablished, "", "An IPsec quick mode security association was established.{:rest}", "6.0", ""},
	{ChildFailed, "", "An IPsec quick mode negotiation failed.{:rest}", "6.0", ""},
	{SADeleted, "", "An IPsec main mode security association ended.{:rest}", "6.0", ""},
	{ChildClosing, "", "An IPsec quick mode security association ended.{:rest}", "6.0", ""},
	// Some editions write the mode with capital letters.
	{SAEstablished, "", "An IPsec Main Mode security association was established.{:rest}", "6.0", ""},
	{SACreated, "", "An IPsec Main Mode negotiation failed.{:rest}", "6.0", ""},
	{ChildEstablished, "", "An IPsec Quick Mode security association was established.{:rest}", "6.0", ""},
	{ChildFailed, "", "An IPsec Quick Mode negotiation failed.{:rest}", "6.0", ""},
	{SADeleted, "", "An IPsec Main Mode security association ended.{:rest}", "6.0", ""},
	{ChildClosing, "", "An IPsec Quick Mode security association ended.{:rest}", "6.0", ""},
	{Plain, "", "Local Endpoint:", "6.0", ""},
	{Plain, "", "Remote Endpoint:", "6.0", ""},
	{Plain, "", "Security Association Information:", "6.0", ""},
	{Plain, "", "Additional Information:", "6.0", ""},
	{Plain, "", "Failure Information:", "6.0", ""},
	{Plain, "", "Local Certificate:", "6.0", ""},
	{Plain, "", "Remote Certificate:", "6.0", ""},
	{Plain, "", "Cryptographic Information:", "6.0", ""},
	{Plain, "", "Network Address:{value:rest}", "6.0", ""},
	{Plain, "", "Principal Name:{value:rest}", "6.0", ""},
	{Plain, "", "Local Principal Name:{value:rest}", "6.0", ""},
	{Plain, "", "Keying Module Port:{value:rest}", "6.0", ""},
	{Plain, "", "Keying Module Name:{value:rest}", "6.0", ""},
	{Plain, "", "Authentication Method:{value:rest}", "6.0", ""},
	{Plain, "", "Role:{value:rest}", "6.0", ""},
	{Plain, "", "Impersonation State:{value:rest}", "6.0", ""},
	{Plain, "", "Main Mode Filter ID:{value:rest}", "6.0", ""},
	{Plain, "", "Failure Point:{value:rest}", "6.0", ""},
	{Plain, "", "State:{value:rest}", "6.0", ""},
	{CookiesSeen, "", "Initiator Cookie:{icookie:rest}", "6.0", ""},
	{CookiesSeen, "", "Responder Cookie:{rcookie:rest}", "6.0", ""},
	{RetransmitsExhausted, "", "Negotiation timed out{:rest}", "6.0", ""},
	{ProposalNotFound, "", "Policy match error{:rest}", "6.0", ""},
	{NotifySent, "", "No policy configured{:rest}{notify=NO_PROPOSAL_CHOSEN}", "6.0", ""},
	{AuthenticatePeerFailed, "", "IKE authentication credentials are unacceptable{:rest}", "6.0", ""},
	{DecryptionFailed, "", "Invalid payload received{:rest}{payload=ID}", "6.0", ""},
	{EstablishFailed, "", "General processing error{:rest}", "6.0", ""},
	{EstablishFailed, "", "New policy invalidated SAs formed with old policy{:rest}", "6.0", ""},
	{EstablishFailed, "", "New policy invalidated SAs formed with the old policy{:rest}", "6.0", ""},
	{RetransmitsExhausted, "", "No response from peer{:rest}", "6.0", ""},
	{ProposalNotFound, "", "IKE security attributes are unacceptable{:rest}", "6.0", ""},
	{IKEConfigNotFound, "", "There is no available Main Mode IKE policy{:rest}", "6.0", ""},
	{HalfOpenDeleted, "", "IKE SA deleted by peer before establishment completed{:rest}{error=by the peer}", "6.0", ""},
	{HalfOpenDeleted, "", "IKE SA deleted before establishment completed{:rest}", "6.0", ""},
	{CertificateMissing, "", "IKE failed to find valid machine certificate{:rest}", "6.0", ""},
	{TrustedKeyNotFound, "", "Peer failed to send valid machine certificate{:rest}", "6.0", ""},
	{PrivateKeyNotFound, "", "IKE negotiation failed because the machine certificate used does not have a private key{:rest}", "6.0", ""},
	{SignatureFailed, "", "Failed to verify signature{:rest}", "6.0", ""},
	{HashMismatch, "", "Error processing Hash payload{:rest}", "6.0", ""},
	{HashMismatch, "", "Hash verification failed{:rest}", "6.0", ""},
	{IDRejected, "", "Error processing ID payload{:rest}{error=payload}", "6.0", ""},
	{EstablishFailed, "", "Error processing SA payload{:rest}", "6.0", ""},
	{EstablishFailed, "", "Error processing KE payload{:rest}", "6.0", ""},
	{EstablishFailed, "", "Certificate Revocation Check failed{:rest}", "6.0", ""},
}

// windowsPrefix takes the name off the value that tells why. An event that a
// forwarder has made one line of is what that value says.
func windowsPrefix(line []byte, _ *Prefix) []byte {
	const reason = "Failure Reason:"
	if v, ok := bytes.CutPrefix(trimLeft(line), []byte(reason)); ok {
		return trimLeft(v)
	}
	if i := windowsEvent(line); i >= 0 {
		if k := bytes.Index(line[i:], []byte(reason)); k >= 0 && k < 4096 {
			return trimLeft(line[i+k+len(reason):])
		}
		return line[i:]
	}
	return line
}

// windowsMark begins an event's heading.
const windowsMark = "An IPsec "

// windowsEvent returns where an event's heading begins, -1 where there is none.
func windowsEvent(line []byte) int {
	i := bytes.Index(line[:min(len(line), 512)], []byte(windowsMark))
	if i < 0 {
		return -1
	}
	switch b := line[i+len(windowsMark):]; {
	case bytes.HasPrefix(b, []byte("main mode ")), bytes.HasPrefix(b, []byte("Main Mode ")), bytes.HasPrefix(b, []byte("quick mode ")), bytes.HasPrefix(b, []byte("Quick Mode ")):
		return i
	}
	return -1
}

func detectWindows(line []byte) int {
	if windowsEvent(line) >= 0 {
		return 95
	}
	return 0
}

// readWindows follows the lists: whose address a line tells depends on the
// heading above it.
func readWindows(c *byPeer, j *byPeerJob, e *Event) {
	value := bytes.Trim(e.Bytes(FieldValue), " \t")
	if windowsEvent(e.Line) >= 0 {
		j.cur, j.remote = childOf{}, false // another event
		windowsLine(c, j, e.Line)
	}
	switch {
	case e.Kind != Plain:
	case string(e.Text) == "Local Endpoint:":
		j.remote = false
	case string(e.Text) == "Remote Endpoint:":
		j.remote = true
	case bytes.HasPrefix(e.Text, []byte("Network Address:")):
		e.Kind = SACreated // it tells whose it is
		if j.remote {
			c.out.add(FieldRemote, value)
		} else {
			c.out.add(FieldLocal, value)
		}
	case bytes.HasPrefix(e.Text, []byte("Role:")):
		switch string(value) {
		case "Initiator":
			j.role = Initiator
		case "Responder":
			j.role = Responder
		}
	}
}

// windowsLine reads the ends and the role where all of an event is one line.
func windowsLine(c *byPeer, j *byPeerJob, line []byte) {
	const address = "Network Address:"
	b := line
	for _, f := range [...]Field{FieldLocal, FieldRemote} {
		i := bytes.Index(b, []byte(address))
		if i < 0 {
			return
		}
		b = trimLeft(b[i+len(address):])
		n := 0
		for n < len(b) && b[n] != ' ' && b[n] != '\t' && b[n] != '#' {
			n++
		}
		c.out.add(f, b[:n:n])
	}
	if i := bytes.Index(b, []byte("Role:")); i >= 0 {
		switch b = trimLeft(b[i+len("Role:"):]); {
		case bytes.HasPrefix(b, []byte("Initiator")):
			j.role = Initiator
		case bytes.HasPrefix(b, []byte("Responder")):
			j.role = Responder
		}
	}
}
