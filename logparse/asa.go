package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// ciscoASA is Cisco's ASA, PIX 7 and FTD: syslog messages and what "debug
// crypto ikev1" writes to a console. Both have the same texts. What is known
// from memory only stands in lists of its own.
var ciscoASA = &Dialect{
	Name:      "cisco-asa",
	Basis:     PublicSample,
	Spelling:  ike.DialectCisco,
	Detect:    func(line []byte) int { return headed(line, scoreASA) },
	score:     scoreASA,
	Templates: [][]Template{asaPhase1, asaPhase2, asaPacket, asaMore, asaHost},
	Recalled:  [][]Template{asaRecalled, asaRecalledHost},
	Prefix:    asaPrefix,
	begins:    asaBegins,
	assemble:  func() assembler { return new(asa) },
	sign:      asaSign,
}

// vpn3000 is the VPN 3000 concentrator, whose texts the ASA inherited.
var vpn3000 = &Dialect{
	Name:      "cisco-vpn3000",
	Basis:     PublicSample,
	Spelling:  ike.DialectCisco,
	Detect:    detectVPN3000,
	marks:     [][]string{{" SEV="}},
	Templates: [][]Template{asaPhase1, asaPhase2, asaPacket, asaMore, asaHost, vpn3000Host},
	Recalled:  [][]Template{asaRecalled, asaRecalledHost},
	Prefix:    vpn3000Prefix,
	assemble:  func() assembler { return new(asa) },
	sign:      asaSign,
}

// asaPrefix takes off the tag of a syslog message or of the console, and whose
// negotiation it is:
//
//	%ASA-5-713119: Group = 192.0.2.1, IP = 192.0.2.1, ...
//	[IKEv1 DEBUG]: Group = g, Username = u, IP = 192.0.2.1, ...
func asaPrefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	if len(b) < 8 {
		return line
	}
	switch b[0] {
	case '%':
		n := tagLength(b)
		if n == 0 || !asaTag(b[:n]) {
			return line
		}
		pr.Group = b[1:4:4]
		b = b[n:]
	case '[':
		if own, _ := ciscoStart(b); !own {
			return line
		}
		end := bytes.IndexByte(b, ']')
		if end < 0 {
			return line
		}
		pr.Group = b[1:end:end]
		if b = b[end+1:]; len(b) > 0 && b[0] == ':' {
			b = b[1:]
		}
	case 'G', 'I':
		return asaPeer(b, pr)
	default:
		return line
	}
	return asaPeer(trimLeft(b), pr)
}

// asaBegins is asaPrefix for syslog messages about IPsec, and for the console's.
func asaBegins(b []byte, pr *Prefix) (rest []byte, ok bool) {
	if len(b) < 16 {
		return b, false
	}
	i := 14
	switch b[0] {
	case '%':
		if !asaTag(b) || !asaNumber(b) || !asaIPsec(b[7:10]) {
			return b, false
		}
		pr.Group = b[1:4:4]
		if b[14] == ' ' && b[15] > ' ' { // nearly always
			rest = asaPeer(b[15:], pr)
			if int(pr.own) == len(b)-15-len(rest) { // all of the tag's octets are known, too
				pr.own += 15
			}
			return rest, true
		}
	case '[':
		if string(b[:6]) != "[IKEv1" {
			return b, false
		}
		if i = reachOctet(b, 6, ']'); i == len(b) {
			return b, false
		}
		pr.Group = b[1:i:i]
		if i++; i < len(b) && b[i] == ':' {
			i++
		}
	default:
		return b, false
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return asaPeer(b[i:], pr), true
}

// asaNumber reports whether severity, number and colon of a tag are where they
// are in nearly all: %ASA-5-713119:
func asaNumber(b []byte) bool {
	const digits = 1<<56 - 1<<8 // of the number, between a dash and a colon
	d := first8(b[6:]) ^ ('-' | '0'*each&digits | ':'<<56)
	return b[5]-'0' <= 9 && d&^digits == 0 && (d+0x76*each|d)&highest&digits == 0
}

// asaIPsec reports whether messages whose numbers begin so are about IPsec.
func asaIPsec(number []byte) bool {
	switch string(number) {
	case "713", "714", "715", "702", "602", "402", "717", "750", "751", "752", "113":
		return true
	}
	return false
}

// asaTag reports whether a tag is one of these devices.
func asaTag(tag []byte) bool {
	switch string(tag[:5]) {
	case "%ASA-", "%PIX-", "%FTD-", "%FWSM":
		return true
	}
	return false
}

// asaPeer takes "Group = g, Username = u, IP = 192.0.2.1, " off. A user's name
// is the user's own: the last address that stands so is the device's word.
func asaPeer(b []byte, pr *Prefix) []byte {
	last := pr.last
	if last != nil && len(b) > 0 && b[0] == 'G' {
		last = last.other
	}
	if rest, ok := last.read(b, pr); ok {
		return trimLeft(rest)
	}
	return asaOther(b, pr, last)
}

// asaOther is asaPeer for another peer than the last line's.
func asaOther(b []byte, pr *Prefix, last *lastPrefix) []byte {
	const ip = "IP = "
	if len(b) >= len(ip) && string(b[:len(ip)]) == ip {
		rest, remote := asaAddress(b, len(ip), pr)
		if len(rest) < len(b) {
			last.keep(b, len(b)-len(rest), span{}, remote, pr)
		}
		return rest
	}
	const group = "Group = "
	if len(b) < len(group) || string(b[:len(group)]) != group {
		return b
	}
	const end = len(", " + ip)
	i, u := reachOctet(b, len(group), ','), -1
	if i+end > len(b) || string(b[i:i+end]) != ", "+ip { // more than the group stands before the address
		if i = indexFrom(b, len(group), ", "+ip); i < 0 {
			return b
		}
		u = indexFrom(b[:i], len(group), ", Username = ")
	}
	connection := span{uint32(len(group)), uint32(i)}
	if u >= 0 {
		connection.to = uint32(u)
		for k := i + end; k <= len(b); k = reachOctet(b, k, '=') + len("= ") {
			if string(b[k-end:k]) == ", "+ip {
				i = k - end
			}
		}
	}
	rest, remote := asaAddress(b, i+len(", "+ip), pr)
	if len(rest) == len(b) {
		return b
	}
	pr.Connection = b[connection.from:connection.to:connection.to]
	if u < 0 && len(pr.Connection) > 0 {
		last.keep(b, len(b)-len(rest), connection, remote, pr)
	}
	return rest
}

// asaAddress reads the address at b[at:] and returns what follows it, or all of
// b if there is none.
func asaAddress(b []byte, at int, pr *Prefix) (rest []byte, remote span) {
	head := b[:min(len(b), at+60)]
	i := reachHost(head, at)
	// A comma ends it, or a blank where there is no comma. Whether it is an address,
	// the assembler finds out; most lines name the same.
	if i < at+2 || i == len(head) || head[i] != ',' && (head[i] != ' ' || reachOctet(head, i, ',') < len(head)) ||
		reachOctet(head[:i], at, '.') == i && reachOctet(head[:i], at, ':') == i {
		return b, span{}
	}
	pr.Remote = b[at:i:i]
	return trimLeft(b[i+1:]), span{uint32(at), uint32(i)}
}

// vpn3000Prefix takes "31241 06/01/2005 19:05:22.120 SEV=7 IKEDBG/0 RPT=41557
// 192.0.2.1 " off.
func vpn3000Prefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	n := digits(b)
	if n == 0 || n > 10 || n+1 >= len(b) || b[n] != ' ' {
		return line
	}
	b = b[n+1:]
	var s stamp
	n = scanStamp(b, &s)
	if n == 0 || !bytes.HasPrefix(b[n:], []byte(" SEV=")) {
		return line
	}
	time := b[:n:n]
	_, m := cutWord(b[n+1:])
	event, k := cutWord(b[n+1+m:])
	b = b[n+1+m+k:]
	if bytes.HasPrefix(b, []byte("RPT=")) {
		_, m = cutWord(b)
		b = b[m:]
	}
	if w, m := cutWord(b); len(w) > 0 {
		if _, ok := parseAddrPort(w); ok {
			pr.Remote = w
			b = b[m:]
		}
	}
	pr.Time = time
	pr.Group, _, _ = bytes.Cut(event, []byte("/"))
	if rest, ok := bytes.CutPrefix(b, []byte("Group [")); ok {
		if i := bytes.IndexByte(rest, ']'); i >= 0 {
			pr.Connection = rest[:i:i]
			b = trimLeft(rest[i+1:])
		}
	}
	return b
}

// scoreASA scores what only these devices write.
func scoreASA(rest []byte, pr Prefix, _ bool) int {
	if len(rest) < 8 {
		return 0
	}
	if n := tagLength(rest); n > 0 && rest[0] == '%' && asaTag(rest[:n]) {
		return 100
	}
	if own, _ := ciscoStart(rest); own && rest[0] == '[' {
		return 95
	}
	if rest[0] == 'G' || rest[0] == 'I' {
		if asaPeer(rest, &pr); pr.Remote != nil {
			return 90
		}
	}
	return 0
}

func detectVPN3000(line []byte) int {
	var pr Prefix
	if line = trimLeft(line); len(vpn3000Prefix(line, &pr)) < len(line) {
		return 95
	}
	return 0
}
