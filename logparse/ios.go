package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// ciscoIOS is Cisco's IOS and IOS-XE, 12.0 to 17: "debug crypto isakmp",
// "debug crypto ipsec" and the syslog messages of the facility CRYPTO. Its
// templates are those of public samples and documents; what is known from
// memory only stands in lists of its own.
var ciscoIOS = &Dialect{
	Name:      "cisco-ios",
	Dangling:  true,
	Basis:     PublicSample,
	Spelling:  ike.DialectCisco,
	Detect:    func(line []byte) int { return headed(line, scoreIOS) },
	score:     scoreIOS,
	Templates: [][]Template{iosPhase1, iosProposal, iosPhase2, iosSyslog, iosPlain},
	Recalled:  [][]Template{iosRecalled, iosSyslogRecalled},
	Prefix:    iosPrefix,
	begins:    iosBegins,
	Continues: true,
	assemble:  func() assembler { return new(ios) },
	sign:      iosSign,
}

// iosPrefix takes off what IOS puts before a message of its own:
//
//	ISAKMP (17):                12.1 and older, the connection
//	ISAKMP (0:17):              12.2 to 12.4, slot and connection
//	ISAKMP:(0:17:SW:1):         12.4T, with the engine
//	ISAKMP:(1001):              12.4 to 15
//	ISAKMP: (1001):             16 and newer, also ISAKMP-PAK and ISAKMP-ERROR
//	ISAKMP:                     no connection
//	IPSEC                       leaving (key_engine): and its like
//	%CRYPTO-6-                  leaving the name of the message
func iosPrefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	if len(b) < 7 {
		return line
	}
	if rest, ok := iosBegins(b, pr); ok {
		return rest
	}
	switch {
	case b[0] == '%':
		return iosTag(line, b, pr)
	case string(b[:5]) == "IPSEC" || string(b[:5]) == "IPSec":
		b = b[5:]
		if rest, ok := bytes.CutPrefix(b, []byte(":(SESSION_ID = ")); ok {
			if i := bytes.IndexByte(rest, ')'); i >= 0 {
				b = trimLeft(rest[i+1:])
			}
		}
		if len(b) == 0 || b[0] != '(' {
			return line
		}
		pr.Group = line[:5:5]
		return b
	case string(b[:6]) != "ISAKMP":
		return line
	}
	rest := b[6:]
	if rest[0] == '-' {
		n := 1
		for n < len(rest) && rest[n]-'A' <= 25 {
			n++
		}
		pr.Group = rest[1:n:n]
		rest = rest[n:]
	}
	rest = trimLeft(rest)
	if len(rest) == 0 || rest[0] != ':' && rest[0] != '(' {
		return line // "ISAKMP error: ..."
	}
	if rest[0] == ':' {
		rest = trimLeft(rest[1:])
	}
	if id, after, ok := iosConnection(rest); ok {
		pr.SAID, pr.HasSAID = id, true
		rest = after
	}
	return rest
}

// iosBegins is iosPrefix for nearly all messages of ISAKMP and IPSEC.
func iosBegins(b []byte, pr *Prefix) (rest []byte, ok bool) {
	const (
		name   = 'I' | 'S'<<8 | 'A'<<16 | 'K'<<24 | 'M'<<32 | 'P'<<40
		oldest = ' ' | '('<<8
		older  = ':' | '('<<8
		newer  = ':' | ' '<<8 | '('<<16
		packet = '-' | 'P'<<8 | 'A'<<16 | 'K'<<24 | newer<<32
	)
	if len(b) < 14 || first8(b)&(1<<48-1) != name {
		if len(b) < 14 || string(b[:6]) != "IPSEC(" && string(b[:6]) != "IPSec(" {
			return b, false
		}
		pr.Group, pr.own = b[:5:5], 5
		return b[5:], true
	}
	i := 0 // where the number is
	switch v := eight(b, 6); {
	case v&(1<<16-1) == older, v&(1<<16-1) == oldest:
		i = 8
	case v&(1<<24-1) == newer:
		i = 9
	case v&(1<<56-1) == packet:
		i, pr.Group = 13, b[7:10:10]
	case byte(v) == ':': // no number
		rest = b[overBlanks(b, 7):]
		return rest, len(rest) > 0 && rest[0] != '('
	}
	if i == 0 {
		return b, false
	}
	v := upTo8(b, i)
	if byte(v)-'0' <= 9 && byte(v>>8) == ':' { // a slot stands before
		i += 2
		v = upTo8(b, i)
	}
	n := numeral(v)
	if i += n + 2; n == 0 || n > 5 || i >= len(b) || v>>(8*uint(n)&63)&(1<<16-1) != ')'|':'<<8 || b[i] == ':' {
		return b, false
	}
	pr.SAID, pr.HasSAID, pr.own = decimal(v, n), true, int32(i)
	return b[i:], true
}

// iosConnection reads (17):, (0:17): and (0:17:SW:1):.
func iosConnection(b []byte) (id uint64, rest []byte, ok bool) {
	if len(b) < 3 || b[0] != '(' {
		return 0, b, false
	}
	end := 1 + digits(b[1:min(len(b), 40)])
	first := b[1:end]
	if end == len(b) || b[end] != ')' {
		if end = bytes.IndexByte(b[:min(len(b), 40)], ')'); end < 0 {
			return 0, b, false
		}
		_, first, _ = bytes.Cut(b[1:end], []byte(":"))
		first, _, _ = bytes.Cut(first, []byte(":"))
	}
	if id, ok = parseUint(first); !ok {
		return 0, b, false
	}
	rest = b[end+1:]
	for len(rest) > 0 && rest[0] == ':' {
		rest = rest[1:]
	}
	return id, rest, true
}

// iosTag takes %FACILITY-SEVERITY- off.
func iosTag(line, b []byte, pr *Prefix) []byte {
	n := tagLength(b)
	if n == 0 {
		return line
	}
	i := bytes.LastIndexByte(b[:n], '-')
	if i < 4 || b[i-2] != '-' || b[i-1]-'0' > 7 {
		return line
	}
	switch facility := b[1 : i-2 : i-2]; {
	case bytes.HasPrefix(facility, []byte("CRYPTO")), bytes.HasPrefix(facility, []byte("IKE")), bytes.HasPrefix(facility, []byte("IPSEC")), string(facility) == "PKI":
		pr.Group = facility
		return b[i+1:]
	}
	return line
}

// scoreIOS scores what only IOS writes.
func scoreIOS(rest []byte, pr Prefix, _ bool) int {
	if len(rest) < 8 {
		return 0
	}
	switch rest[0] {
	case '%':
		if len(iosTag(rest, rest, &pr)) < len(rest) {
			return 95
		}
	case 'I':
		if own, _ := ciscoStart(rest); own {
			return 90
		}
	case 'C', '(':
		if own, _ := ciscoStart(rest); own {
			return 80
		}
	}
	return 0
}
