package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// aws is the log of AWS's Site-to-Site VPN as CloudWatch keeps it: one JSON
// object a line, without any address.
//
//	{"event_timestamp":1714557600,"timestamp":"…","type":"IKEv1","details":"…","dpd_enabled":true,"nat_t_detected":false,"ike_phase1_state":"negotiating","ike_phase2_state":"down"}
//
// Its words are known from the service's documentation, and recalled.
var aws = &Dialect{
	Name:      "aws",
	Basis:     Recalled,
	Spelling:  ike.DialectAny,
	Detect:    detectAWS,
	marks:     [][]string{{awsMark}},
	Templates: [][]Template{awsRecalled},
	Prefix:    awsPrefix,
	assemble:  func() assembler { return &byPeer{read: readAWS} },
}

var awsRecalled = []Template{
	{DecryptionFailed, "", "AWS tunnel payload decryption was unsuccessful due to invalid Pre-shared Key{payload=ID}", "", ""},
	{DecryptionFailed, "", "AWS tunnel detected a pre-shared key mismatch with cgw: {:rest}{payload=ID}", "", ""},
	{ProposalNotFound, "", "No Proposal Match Found by AWS", "", ""},
	{ChildProposalNotFound, "", "No Proposal Match Found. Notifying with \"No proposal chosen\"", "", ""},
	{DPDTimeout, "", "Peer is not responsive - Declaring peer dead", "", ""},
	{DPDTimeout, "", "AWS tunnel DPD timed out after {:num} retransmits", "", ""},
	{ChildDeleteReceived, "", "AWS tunnel received DELETE for Phase 2 SA with SPI: {spi:rest}", "", ""},
	{SADeleteReceived, "", "AWS tunnel received DELETE for IKE_SA from CGW", "", ""},
	{HalfOpenDeleted, "", "AWS tunnel Timeout: deleting unestablished Phase 1 IKE_SA with cgw: {remote:rest}", "", ""},
	{NotifySent, "", "AWS tunnel is sending AUTHENTICATION_FAILED as a response{notify=AUTHENTICATION_FAILED}", "", ""},
	{ErrorNotifyReceived, "", "AWS tunnel Traffic Selector: TS_UNACCEPTABLE: received from responder{notify=INVALID_ID_INFORMATION}", "", ""},
	{Plain, "", "AWS tunnel detected a (CHILD_REKEY) collision as CHILD_DELETE", "", ""},
	{Plain, "", "AWS tunnel (CHILD_SA) redundant SA is being deleted due to detected collision", "", ""},
	{Plain, "", "AWS tunnel processed request{:rest}", "", ""},
	{Plain, "", "AWS tunnel processed response{:rest}", "", ""},
	{Plain, "", "AWS tunnel is sending request{:rest}", "", ""},
	{Plain, "", "AWS tunnel is sending response{:rest}", "", ""},
	{SAEstablished, "", "AWS tunnel Phase 1 is established", "", ""},
	{ChildEstablished, "", "AWS tunnel Phase 2 is established", "", ""},
}

// awsPairs calls f for each value of the object.
func awsPairs(line []byte, f func(key, value []byte)) (ok bool) {
	i := bytes.IndexByte(line, '{')
	if i < 0 {
		return false
	}
	s := jsonScanner{b: line[i:]}
	s.object(0, func(key, value []byte, _ bool) { f(key, value) })
	return !s.bad
}

// awsPrefix takes all but the details off a line.
func awsPrefix(line []byte, pr *Prefix) []byte {
	var text, epoch, stamp []byte
	ours := false
	awsPairs(line, func(key, v []byte) {
		switch string(key) {
		case "event_timestamp":
			epoch = v
		case "timestamp":
			stamp = v
		case "details":
			text = v
		case "ike_phase1_state":
			ours = true
		}
	})
	if !ours || text == nil {
		return line
	}
	if setTime(pr, epoch); pr.Time == nil {
		setTime(pr, stamp)
	}
	return text
}

// awsMark is a name that only these events have.
const awsMark = "\"ike_phase1_state\""

func detectAWS(line []byte) int {
	head := line[:min(len(line), 1024)]
	if bytes.Contains(head, []byte(awsMark)) && bytes.IndexByte(head, '{') >= 0 {
		return 95
	}
	return 0
}

// readAWS takes a change of state for what it is where the details say
// nothing.
func readAWS(_ *byPeer, j *byPeerJob, e *Event) {
	var states [2]bool
	awsPairs(e.Line, func(key, v []byte) {
		switch string(key) {
		case "ike_phase1_state":
			states[0] = string(v) == "established"
		case "ike_phase2_state":
			states[1] = string(v) == "established"
		}
	})
	was := j.up
	j.up = states
	if e.Kind > Plain {
		return
	}
	switch {
	case states[1] && !was[1]:
		e.Kind = ChildEstablished
	case states[0] && !was[0]:
		e.Kind = SAEstablished
	}
}
