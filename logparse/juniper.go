package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// juniper is kmd of Juniper's SRX and its successor iked, in syslog's lines
// with or without a tag and the card that writes them:
//
//	kmd[1234]: KMD_VPN_DOWN_ALARM_USER: VPN branch from 192.0.2.1 is down. Local-ip: …
//	(FPC Slot 1, PIC Slot 0) kmd[1234]: IKE negotiation failed with error: …
var juniper = &Dialect{
	Name:      "juniper",
	Basis:     PublicSample,
	Spelling:  ike.DialectAny,
	Programs:  []string{"kmd"},
	Detect:    detectJuniper,
	marks:     [][]string{juniperOwn, juniperLikely},
	Templates: [][]Template{juniperSeen},
	Recalled:  [][]Template{juniperRecalled},
	Prefix:    juniperPrefix,
	assemble:  func() assembler { return &byPeer{read: readJuniper} },
}

var juniperSeen = []Template{
	{SessionChanged, "", "VPN {:text} from {remote:host} is down. Local-ip: {local:host}, {:rest}{state=DOWN}", "11.4", ""},
	{SessionChanged, "", "VPN {:text} from {remote:host} is up. Local-ip: {local:host}, {:rest}{state=UP}", "11.4", ""},
	{ChildEstablished, "", "Local gateway: {local:host}, Remote gateway: {remote:host}, Local ID: {:text}, Remote ID: {:text}, Direction: {:text}, SPI: {:rest}", "10.4", ""},
	{RetransmitsExhausted, "", "IKE negotiation failed with error: Timed out. {:rest}", "12.1", ""},
	{SAEstablished, "", "IKE negotiation successfully completed. {:rest}", "12.1", ""},
	{ChildConfigNotFound, "", "IPSec negotiation failed with error: Peer proposed traffic-selectors are not in configured range. {:rest}", "12.1", ""},
	{Plain, "", "Config download: Processed {:rest}", "", ""},
	{Plain, "", "Config download time: {:rest}", "", ""},
}

var juniperRecalled = []Template{
	{NotifySent, "", "IKE negotiation failed with error: No proposal chosen. {:rest}{notify=NO_PROPOSAL_CHOSEN}", "12.1", ""},
	{AuthenticatePeerFailed, "", "IKE negotiation failed with error: Authentication failed. {:rest}", "12.1", ""},
	{ChildConfigNotFound, "", "IKE negotiation failed with error: TS unacceptable. {:rest}", "12.1", ""},
	{EstablishFailed, "", "IKE negotiation failed with error: {:rest}", "12.1", ""},
	{IKEConfigNotFound, "", "IKE Phase-1: (Responder) Policy lookup failed {:rest}", "9", ""},
	{NotifySent, "", "IKE Phase-1 Failure: No proposal chosen {:rest}{notify=NO_PROPOSAL_CHOSEN}", "9", ""},
	{AuthenticatePeerFailed, "", "IKE Phase-1 Failure: Authentication failed {:rest}", "9", ""},
	{EstablishFailed, "", "IKE Phase-1 Failure: {:rest}", "9", ""},
	{ChildProposalNotFound, "", "IKE Phase-2 Failure: Quick mode - no proposal chosen {:rest}", "9", ""},
	{ChildProposalNotFound, "", "IKE Phase-2 Failure: IPSec proposal mismatch {:rest}", "9", ""},
	{ChildFailed, "", "IKE Phase-2 Failure: {:rest}", "9", ""},
	{ChildConfigNotFound, "", "Traffic-selector mismatch, {:rest}", "12.1", ""},
	{ChildConfigNotFound, "", "Traffic-selector mismatch, vpn name: {:text}, Peer Proposed traffic-selector local-ip: ipv4({localts:text}), Peer Proposed traffic-selector remote-ip: ipv4({remotets:text}){:rest}", "12.1", ""},
	{IDMismatch, "", "IKE negotiation failed with error: Peer's IKE-ID validation failed during negotiation. {:rest}", "12.1", ""},
	{ChildProposalNotFound, "", "IPSec negotiation failed with error: No proposal chosen. {:rest}", "12.1", ""},
	{ChildConfigNotFound, "", "IPSec negotiation failed with error: TS unacceptable. {:rest}", "12.1", ""},
	{ChildFailed, "", "IPSec negotiation failed with error: {error:rest}", "12.1", ""},
	{IKEConfigNotFound, "", "Policy lookup for Phase-1 [{:text}] failed for p1_local={:text}) p1_remote={:text}]={remote:text}){:rest}", "10.4", ""},
	{ChildConfigNotFound, "", "Policy lookup for Phase-2 [{:text}] failed for p1_local={:text}]={local:text}) p1_remote={:text}]={remote:text}) p2_local={:text}]={localts:text}) p2_remote={:text}]={remotets:text}){:rest}", "10.4", ""},
	{ChildConfigNotFound, "", "IKE Phase-2: Failed to match the peer proxy IDs [p2_remote_proxy_id={:text}]={remotets:text}), p2_local_proxy_id={:text}]={localts:text})] for local ip: {local:text}, remote peer ip:{remote:rest}", "9", ""},
	{ChildFailed, "", "IKE Phase-2: Negotiations failed. Local gateway: {:text}, Remote gateway: {remote:host}{:rest}", "9", ""},
	{SAEstablished, "", "Phase-1 [{:text}] done for local={:text}]={local:text}) remote={:text}]={remote:text}){:rest}", "9", ""},
	{NotifySent, "", "Phase-1 [{:text}] failed with error(No proposal chosen) for local={:text}) remote={:text}]={remote:text}){:rest}{notify=NO_PROPOSAL_CHOSEN}", "9", ""},
	{EstablishFailed, "", "Phase-1 [{:text}] failed with error({:text}) for local={:text}){:rest}", "9", ""},
	{ChildEstablished, "", "Phase-2 [{:text}] done for p1_local={:text}]={local:text}) p1_remote={:text}]={remote:text}) p2_local={:text}]={localts:text}) p2_remote={:text}]={remotets:text}){:rest}", "9", ""},
	{DPDTimeout, "", "DPD detected peer {remote:host} is dead{:rest}", "9", ""},
}

// juniperPrefix takes the card and the tag off.
func juniperPrefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	if i := bytes.Index(b[:min(len(b), 128)], []byte("(FPC Slot ")); i >= 0 {
		if host := trimBlanks(b[:i:i]); hostWord(host) {
			pr.setHost(host)
		}
		if k := bytes.IndexByte(b[i:min(len(b), i+48)], ')'); k > 0 {
			b = trimLeft(b[i+k+1:])
			if i := bytes.Index(b[:min(len(b), 32)], []byte("]: ")); i > 0 {
				b = b[i+3:]
			}
		}
	}
	n := 0
	for n < len(b) && n < 48 && (b[n]-'A' <= 25 || b[n] == '_' || b[n]-'0' <= 9) {
		n++
	}
	if n > 4 && n+1 < len(b) && b[n] == ':' && b[n+1] == ' ' {
		pr.Group = b[:n:n]
		b = b[n+2:]
	}
	return b
}

// juniperOwn is what only the daemon's lines have, juniperLikely what hardly any
// other's have.
var (
	juniperOwn    = []string{" kmd[", "KMD_VPN_", "KMD_PM_", "KMD_DPD_"}
	juniperLikely = []string{"IKE negotiation failed with error: ", "IKE Phase-1: (Responder) Policy lookup failed",
		"IPSec negotiation failed with error: ", "Phase-1 [responder] ", "Phase-1 [initiator] "}
)

func detectJuniper(line []byte) int {
	switch {
	case hasOne(line, juniperOwn):
		return 95
	case hasOne(line, juniperLikely):
		return 80
	}
	return 0
}

// readJuniper adds the names and the ends that stand behind the message:
// "VPN: v Gateway: g, Local: 192.0.2.1/500, Remote: 198.51.100.1/500, …".
func readJuniper(c *byPeer, j *byPeerJob, e *Event) {
	switch {
	case bytes.Contains(e.Text, []byte("esponder] ")), bytes.Contains(e.Text, []byte("Role: Responder")):
		j.role = Responder
	case bytes.Contains(e.Text, []byte("nitiator] ")), bytes.Contains(e.Text, []byte("Role: Initiator")):
		j.role = Initiator
	}
	if e.Kind == IDMismatch {
		c.out.add(FieldActual, valueOf(e.Text, "Remote IKE-ID: "))
	}
	if name := valueOf(e.Text, "vpn name: "); name != nil {
		e.Prefix.Connection = name
	}
	if e.Has(FieldRemote) {
		return
	}
	for _, f := range [...]struct {
		field      Field
		name, also string
	}{{FieldLocal, "Local: ", "src_ip="}, {FieldRemote, "Remote: ", "dst_ip="}} {
		v := valueOf(e.Text, f.name)
		if v == nil {
			v = valueOf(e.Text, f.also)
		}
		if host, port, _ := bytes.Cut(v, []byte("/")); len(host) > 0 {
			c.out.address(f.field, host, port)
		}
	}
}

// valueOf returns what follows a name in a list up to a comma, a blank or a
// bracket; nil where the name is not there.
func valueOf(text []byte, name string) []byte {
	i := bytes.Index(text, []byte(name))
	if i < 0 {
		return nil
	}
	v := text[i+len(name):]
	n := bytes.IndexAny(v, ", ]")
	if n < 0 {
		n = len(v)
	}
	return v[:n:n]
}
