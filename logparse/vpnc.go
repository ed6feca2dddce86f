package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// vpnc is a client for gateways of Cisco's kind: aggressive mode, extended
// authentication and mode config, always as initiator. What it writes to the
// terminal has no prefix but an error's, which names the program; in the
// background it writes to syslog.
//
//	vpnc: no response from target
//	S4.3 AM packet_1
//	 [2026-03-04 10:00:00]
//	   IKE SA selected psk+xauth-aes256-sha1
//
// It names no peer, and the cookies only where it dumps whole messages.
var vpnc = &Dialect{
	Name:      "vpnc",
	Basis:     Recorded,
	Spelling:  ike.DialectAny,
	Programs:  []string{"vpnc", "vpnc-connect"},
	Detect:    func(line []byte) int { return headed(line, scoreVpnc) },
	score:     scoreVpnc,
	marks:     [][]string{{"vpnc"}, vpncAnchors.list},
	Templates: [][]Template{vpncSeen, vpncSteps, vpncDump},
	Recalled:  [][]Template{vpncRecalled},
	Prefix:    vpncPrefix,
	assemble:  newVpncLog,
}

// vpncSeen are the messages of levels 0 to 2.
var vpncSeen = []Template{
	{DaemonStarted, "", "vpnc version {version:rest}", "0.3", ""},
	{MessageParsed, "", "IKE SA selected {selected:rest}{exchange=AGGRESSIVE}{direction=response}{payloads=SA KE No ID HASH}", "0.3", ""},
	{MessageParsed, "", "IPSEC SA selected {selected:rest}{exchange=QUICK_MODE}{direction=response}{payloads=HASH SA No ID ID}", "0.3", ""},
	{NATDetected, "", "NAT status: this end behind NAT? no -- remote end behind NAT? YES{side=remote}", "0.4", ""},
	{NATDetected, "", "NAT status: this end behind NAT? YES -- remote end behind NAT? YES{side=both}", "0.4", ""},
	{PortFloat, "", "NAT-T mode: 2", "0.5", ""},
	{Plain, "", "NAT-T mode, adding non-esp marker", "0.4", ""},
	{AddressInstalled, "", "got address {address:host}", "0.3", ""},
	{ChildEstablished, "", "VPNC started in foreground...", "0.3", ""},
	{ChildEstablished, "", "VPNC started in background (pid: {:num})...", "0.3", ""},
	{HashMismatch, "", "hash comparison failed: {:rest}", "0.3", ""},
	{Plain, "", "check group password!", "0.3", ""},
	{XAuthSelfFailed, "", "authentication unsuccessful", "0.3", ""},
	{MessageParsed, "", "response was invalid [1]:  (ISAKMP_N_INVALID_EXCHANGE_TYPE)(7){exchange=INFORMATIONAL_V1}", "0.3", ""},
	{ErrorNotifyReceived, "", "received notice of type {:peer}({notify:num}), giving up", "0.3", ""},
	{ModeConfigFailed, "", "configuration response rejected:  (ISAKMP_N_ATTRIBUTES_NOT_SUPPORTED)(13){error=no address}", "0.3", ""},
	{ChildFailed, "", "quick mode response rejected: {error:rest}", "0.3", ""},
	{Plain, "", "this means the concentrator did not like what we had to offer.", "0.3", ""},
	{Plain, "", "Possible reasons are:", "0.3", ""},
	{Plain, "", "* concentrator configured to require a firewall", "0.3", ""},
	{Plain, "", "this locks out even Cisco clients on any platform except windows", "0.3", ""},
	{Plain, "", "which is an obvious security improvement. There is no workaround (yet).", "0.3", ""},
	{Plain, "", "* concentrator configured to require IP compression", "0.3", ""},
	{Plain, "", "this is not yet supported by vpnc.", "0.3", ""},
	{Plain, "", "Note: the Cisco Concentrator Documentation recommends against using", "0.3", ""},
	{Plain, "", "compression, except on low-bandwith (read: ISDN) links, because it", "0.3", ""},
	{Plain, "", "uses much CPU-resources on the concentrator", "0.3", ""},
	{Plain, "", "---!!!!!!!!! entering phase2_fatal !!!!!!!!!---", "0.3", ""},
	{EstablishFailed, "", "Peer has selected {:text} as encrytion method.", "0.5", ""},
	{Plain, "", "This algorithm is considered too weak today.", "0.5", ""},
	{Plain, "", "If your vpn concentrator admin still insists on using {value:text},", "0.5", ""},
	{Plain, "", "use the \"--enable-weak-encryption\" option.", "0.5", ""},
	{RetransmitsExhausted, "", "no response from target", "0.3", ""},
	{SendFailed, "", "receiving packet: {error:rest}", "0.3", ""},
	{DPDTimeout, "", "connection terminated by dead peer detection", "0.5", ""},
	{SADeleteReceived, "", "connection terminated by peer", "0.5", ""},
	{SADeleting, "", "terminated by signal: {:num}", "0.5", ""},
	{Plain, "", "select: {value:rest}", "0.5", ""},
	{Plain, "", "Accepting expected ESP packet with seq {:num}", "0.5", ""},
	{Plain, "", "using interface {value:rest}", "0.3", ""},
	{Plain, "", "({value:rest}", "0.4", ""}, // what a vendor ID stands for
	{Plain, "", "got ike lifetime attributes: {value:rest}", "0.5", ""},
	{Plain, "", "got ipsec lifetime attributes: {value:rest}", "0.5", ""},
	{Plain, "", "lifetime status: {value:rest}", "0.5", ""},
	{Plain, "", "peer is {value:rest}", "0.4", ""},
	{Plain, "", "remote -> local spi: {value:rest}", "0.3", ""},
	{Plain, "", "local -> remote spi: {value:rest}", "0.3", ""},
	{Plain, "", "got late ike packet: {:num} bytes", "0.4", ""},
	{Plain, "", "processing as phase2", "0.4", ""},
	{DPDReceived, "", "got r-u-there request sent ack", "0.5", ""},
	{Plain, "", "got r-u-there ack", "0.5", ""},
	{Plain, "", "dead peer detected, terminating", "0.5", ""},
	{SARekeyFailed, "", "can't respond to phase1 aggressive... terminating", "0.4", ""},
	{Plain, "", "got isakmp delete with bogus spi {value:rest}", "0.4", ""},
	{TrustedKeyNotFound, "", "no certificates in the stack", "0.5", ""},
}

// vpncSteps are what it is about to do, at level 2. A step that follows one that
// waits for a message tells that something came, and not what.
var vpncSteps = []Template{
	{Initiating, "", "S4 do_phase1_am{mode=aggressive}", "0.3", ""},
	{MessageGenerated, "", "S4.3 AM packet_1{exchange=AGGRESSIVE}{direction=request}{payloads=SA KE No ID}", "0.3", ""},
	{MessageGenerated, "", "S4.5 AM_packet3{exchange=AGGRESSIVE}{direction=request}{payloads=HASH}", "0.3", ""},
	{SAEstablished, "", "S5.3 type-is-xauth check", "0.3", ""},
	{MessageParsed, "", "S5.4 xauth type check{exchange=TRANSACTION}{direction=request}{payloads=HASH CPRQ}", "0.3", ""},
	{MessageGenerated, "", "S5.5 do xauth reply{exchange=TRANSACTION}{direction=response}{payloads=HASH CPRP}", "0.3", ""},
	{MessageParsed, "", "S5.6 process xauth set{exchange=TRANSACTION}{direction=request}{payloads=HASH CPS}", "0.3", ""},
	{XAuthSelfSucceeded, "", "S5.8 xauth done", "0.3", ""},
	{MessageGenerated, "", "S6.1 phase2_config send modecfg{exchange=TRANSACTION}{direction=request}{payloads=HASH CPRQ}", "0.3", ""},
	{MessageGenerated, "", "S7.2 QM_packet2 send_receive{exchange=QUICK_MODE}{direction=request}{payloads=HASH SA No ID ID}", "0.3", ""},
	{MessageGenerated, "", "S7.7 QM_packet3 sent{exchange=QUICK_MODE}{direction=request}{payloads=HASH}", "0.3", ""},
	{ChildDeleteSent, "", "S7.10 send ipsec termination message", "0.5", ""},
	{SADeleteSent, "", "S7.11 send isakmp termination message", "0.5", ""},
	{Plain, "", "[{:num}-{:num}-{:num} {value:rest}", "0.3", ""}, // when, behind a carrier's header
	{Plain, "", "S{:num} {value:rest}", "0.3", ""},
	{Plain, "", "S{:num}.{:num} {value:rest}", "0.3", ""},
}

// vpncPrefix takes the program's name off, as an error has it, with or without
// the folder that it lies in.
func vpncPrefix(line []byte, _ *Prefix) []byte {
	b := trimLeft(line)
	n := bytes.IndexByte(b[:min(len(b), 256)], ' ')
	if n < 5 || b[n-1] != ':' {
		return line
	}
	name := b[:n-1]
	name = name[bytes.LastIndexByte(name, '/')+1:]
	if string(name) == "vpnc" || string(name) == "vpnc-connect" {
		return b[n+1:]
	}
	return line
}

// vpncAnchors are pieces of text that only vpnc's lines have.
var vpncAnchors = phrases{list: []string{
	"vpnc version ", "VPNC started in ", "IKE SA selected ", "IPSEC SA selected ", "NAT status: this end behind NAT?", "do_phase1_am",
	"AM packet_1", "AM_packet2", " (ISAKMP_N_", " (ISAKMP_PAYLOAD_", "lifetime status: ", "active debug level is >= 99", "entering phase2_fatal", "check group password!",
}}

func scoreVpnc(rest []byte, pr Prefix, marked bool) int {
	if string(pr.Program) == "vpnc" || string(pr.Program) == "vpnc-connect" {
		return 95
	}
	switch {
	case !marked:
	case len(vpncPrefix(rest, &pr)) < len(rest):
		return 95
	case vpncAnchors.in(rest):
		return 70
	}
	return 0
}
