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
}

// windowsPrefix takes the name off the value that tells why.
func windowsPrefix(line []byte, _ *Prefix) []byte {
	if v, ok := bytes.CutPrefix(trimLeft(line), []byte("Failure Reason:")); ok {
		return trimLeft(v)
	}
	return line
}

func detectWindows(line []byte) int {
	if bytes.Contains(line, []byte("An IPsec main mode ")) || bytes.Contains(line, []byte("An IPsec quick mode ")) {
		return 95
	}
	return 0
}

// readWindows follows the lists: whose address a line tells depends on the
// heading above it.
func readWindows(c *byPeer, j *byPeerJob, e *Event) {
	value := bytes.Trim(e.Bytes(FieldValue), " \t")
	switch {
	case bytes.HasPrefix(e.Text, []byte("An IPsec ")):
		j.cur, j.remote = childOf{}, false // another event
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
