package state

import (
	"net/netip"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What Junos prints of an IKE SA for show security ike security-associations
// detail:
//
//	IKE peer 192.0.2.9, Index 4, Gateway Name: branch
//	  Role: Initiator, State: UP
//	  Initiator cookie: c4cd953602568b74, Responder cookie: 0d6d194993328b02
//	  Exchange type: Main, Authentication method: Pre-shared-keys
//	  Local: 192.0.2.1:500, Remote: 192.0.2.9:500
//	  Algorithms:
//	   Authentication        : hmac-sha1-96
//	   Encryption            : aes256-cbc
//	   Pseudo random function: hmac-sha1
//	   Diffie-Hellman group  : DH-group-2

// ikePeer reads the first line of a record. The name in it is the gateway's, of
// which several tunnels may be; theirs are other names.
func (j *junos) ikePeer(s string) {
	sa := SA{}
	rest := strings.TrimPrefix(s, "IKE peer ")
	peer, rest, _ := cut2(rest, ", Index ")
	index, _, _ := cut2(rest, ",")
	if a, ok := address(peer); ok {
		sa.Remote.Address = netip.AddrPortFrom(a, 0)
	}
	sa.ID = number(index)
	j.phase2 = false
	if j.add(sa) == nil {
		j.part = FormatUnknown
	}
}

// ikeLine reads another line of a record.
func (j *junos) ikeLine(s string) {
	if key, _, _ := cut2(s, ":"); key == "Negotiation type" {
		j.phase2 = true // a quick mode of the SA's, until the next record
	}
	known, sa := false, j.sa()
	junosPairs(s, func(key, value string) {
		known = known || junosKnownIKE(key)
		if j.phase2 {
			return
		}
		switch key {
		case "Role":
			sa.role(value)
		case "State":
			sa.StateText = value
			sa.junos("")
		case "Initiator cookie":
			sa.Cookies[0], _ = cookie(value)
		case "Responder cookie":
			sa.Cookies[1], _ = cookie(value)
			sa.junos("")
		case "Exchange type":
			sa.junos(value)
		case "Authentication method":
			sa.Auth = value
		case "Local":
			if a, ok := junosEnd(value); ok {
				sa.Local.Address = a
			}
		case "Remote":
			if a, ok := junosEnd(value); ok {
				sa.Remote.Address = a
			}
		case "Peer ike-id":
			sa.Remote.Text, sa.Remote.Identity = value, ike.ParseIdentity(value, ike.DialectAny)
		case "Lifetime":
			sa.Rekey = junosSpan(value)
		case "Authentication", "Encryption", "Pseudo random function", "Diffie-Hellman group":
			sa.algorithm(value, key == "Pseudo random function")
		}
	})
	if !known && !j.phase2 {
		j.p.unknown()
	}
}

// maxAlgorithms bounds the names of algorithms that are kept as they are, in
// octets: an SA has four of some ten.
const maxAlgorithms = 256

// algorithm adds one that an IKE SA was agreed on with.
func (sa *SA) algorithm(name string, prf bool) {
	p := &sa.Proposal
	p.Protocol = ike.ProtocolIKE
	if len(sa.Algorithms)+len(name) < maxAlgorithms {
		if sa.Algorithms != "" {
			sa.Algorithms += "/"
		}
		sa.Algorithms += name
	}
	if v, ok := ike.ParsePRF(name); prf && ok && len(p.PRF) == 0 {
		p.PRF = append(p.PRF, v)
	} else if v, ok := ike.ParseCipher(name); ok && !prf && len(p.Ciphers) == 0 && v.Cipher != ike.CipherNone {
		p.Ciphers = append(p.Ciphers, v)
	} else if v, ok := ike.ParseGroup(name); ok && !prf && len(p.Groups) == 0 {
		p.Groups = append(p.Groups, v)
	} else if v, ok := ike.ParseIntegrity(name); ok && !prf && len(p.Integrity) == 0 {
		p.Integrity = append(p.Integrity, v)
	}
}

// junosKnownIKE reports whether a word is the name of something that a record
// of an IKE SA has.
func junosKnownIKE(key string) bool {
	switch key {
	case "Role", "State", "Initiator cookie", "Responder cookie", "Exchange type", "Authentication method", "Local", "Remote", "Peer ike-id", "Lifetime",
		"Authentication", "Encryption", "Pseudo random function", "Diffie-Hellman group", "Reauth Lifetime", "IKE Fragmentation", "Size", "SSL Termination",
		"Remote Access Client Info", "AAA assigned IP", "Algorithms", "Traffic statistics", "Input bytes", "Output bytes", "Input packets", "Output packets",
		"Input fragmentated packets", "Output fragmentated packets", "Input fragmented packets", "Output fragmented packets", "IPSec security associations", "IPsec security associations",
		"Phase 2 negotiations in progress", "IPSec Tunnel IDs", "IPsec Tunnel IDs", "Negotiation type", "Message ID", "Local identity", "Remote identity", "Flags", "Xauth user-name",
		"Xauth assigned IP", "Routing Instance", "Local gateway interface", "Initiator", "Location", "Quantum Secured", "PPK-profile", "Optional", "IPSEC", "Responder", "Anchorship",
		"IKE SA Index", "Stats", "State Flags", "IKE SA flags", "Distribution-Profile", "Local Gateway Interface":
		return true
	}
	return strings.HasPrefix(key, "Request ") || strings.HasPrefix(key, "Response ") || strings.HasPrefix(key, "FPC ")
}

// junosSpan reads "Expires in 2148 seconds".
func junosSpan(s string) Span {
	_, n, ok := strings.Cut(s, "Expires in ")
	if !ok {
		return Span{}
	}
	n, _, _ = strings.Cut(n, " ")
	if !isNumber(n) || number(n) > 1<<32 {
		return Span{}
	}
	return Span{Known: true, D: time.Duration(number(n)) * time.Second, Unit: time.Second}
}
