package logparse

import "testing"

const softEtherRefusal = "IPsec IKE Session (IKE SA) 7 (Client: 3) (198.51.100.17:4500 -> 203.0.113.140:4500): There are no acceptable transform proposals from the client for establishing an IPsec SA."

// TestSoftEtherFound: a line about IPsec tells whose log it is, as do those that a
// server begins with.
func TestSoftEtherFound(t *testing.T) {
	for _, line := range []string{
		"2026-11-22 13:00:22.964 " + softEtherRefusal,
		"2026-11-22 13:00:22.964 SoftEther VPN Server Version 4.43 Build 9799   (English)",
		"2026-11-22 13:00:22.964 The SoftEther VPN Server has been started.",
	} {
		if name, _, score := Detect([]byte(line)); name != "softether" || score < 90 {
			t.Errorf("%s: %q, score %d", line, name, score)
		}
	}
	var p Parser
	var e Event
	p.Parse([]byte("2026-11-22 13:00:22.964 "+softEtherRefusal), &e)
	s := e.Session
	if e.Kind != ChildProposalNotFound || s.Role != Responder || s.SAID != 7 || s.Remote.String() != "198.51.100.17:4500" || s.Local.String() != "203.0.113.140:4500" {
		t.Errorf("%v, %+v", e.Kind, s)
	}
}

// TestSoftEtherQuoted: what a peer has written into a line is not the server's
// word.
func TestSoftEtherQuoted(t *testing.T) {
	p := Parser{Dialects: []*Dialect{softEther}}
	var e Event
	for _, line := range []string{
		`2026-11-22 13:00:22.964 Connection "CID-1" from host "` + softEtherRefusal + `" has been created.`,
		`2026-11-22 13:00:22.964 IPsec Client 3 (198.51.100.17:4500 -> 203.0.113.140:4500): The client ID which this client presented in the establishing phase is "` + softEtherRefusal + `".`,
	} {
		p.Parse([]byte(line), &e)
		if e.Kind == ChildProposalNotFound || e.Session.SAID == 7 {
			t.Errorf("%s: %v, %+v", line, e.Kind, e.Session)
		}
	}
}

// TestSoftEtherIPv6: the last colon parts the port.
func TestSoftEtherIPv6(t *testing.T) {
	p := Parser{Dialects: []*Dialect{softEther}}
	var e Event
	p.Parse([]byte("2026-11-22 13:00:22.964 IPsec IKE Session (IKE SA) 1 (Client: 1) (2001:db8::17:500 -> :::500): This IKE SA is established between the server and the client."), &e)
	if s := e.Session; s.Remote.String() != "[2001:db8::17]:500" || s.Local.IsValid() {
		t.Errorf("%+v", s)
	}
}
