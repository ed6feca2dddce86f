package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// strongSwan is the charon daemon, releases 4.3 to 6.0.
var strongSwan = &Dialect{
	Name:     "strongswan",
	Basis:    Recorded,
	Spelling: ike.DialectStrongSwan,
	Detect:   detectStrongSwan,
	Templates: [][]Template{swanMessages, swanPhase1, swanAuth, swanCerts, swanLife, swanPhase2,
		swanHost, swanConfig, swanDebug},
	Prefix:   swanPrefix,
	assemble: func() assembler { return new(charon) },
}

// swanPrefix takes charon's own prefix off: "05[IKE] <name|7> ", "05[IKE1] ",
// "[IKE] " as its clients print it, and leaves the text.
func swanPrefix(b []byte, pr *Prefix) []byte {
	n := digits(b)
	if n > 4 || len(b) < n+5 || b[n] != '[' || b[n+1]-'A' > 25 || b[n+2]-'A' > 25 || b[n+3]-'A' > 25 {
		return b
	}
	i := n + 4
	if b[i]-'0' <= 9 {
		pr.Level = int8(b[i] - '0')
		i++
	}
	if i >= len(b) || b[i] != ']' {
		return b
	}
	if n > 0 {
		pr.Thread = int32(atoi(b[:n]))
	}
	pr.Group = b[n+1 : n+4 : n+4]
	if i++; i < len(b) && b[i] == ' ' {
		i++
	}
	b = b[i:]
	if len(b) > 2 && b[0] == '<' {
		b = swanSA(b, pr)
	}
	return b
}

// swanSA reads "<name|7> " or "<7> ". A name may hold > and |.
func swanSA(b []byte, pr *Prefix) []byte {
	bar, from := 0, 1 // the last bar, and where the number begins
	for i := 1; i < len(b) && i < 300; i++ {
		switch c := b[i]; {
		case c-'0' <= 9:
		case c == '|':
			bar, from = i, i+1
		case c == '>' && from > 0 && i > from:
			v, ok := parseUint(b[from:i])
			if !ok {
				return b
			}
			pr.SAID, pr.HasSAID = v, true
			if bar > 0 {
				pr.Connection = b[1:bar:bar]
			}
			if b = b[i+1:]; len(b) > 0 && b[0] == ' ' {
				b = b[1:]
			}
			return b
		default:
			from = 0 // no number, until the next bar
		}
	}
	return b
}

// detectStrongSwan scores what only charon writes.
func detectStrongSwan(line []byte) int {
	var pr Prefix
	rest, foreign := parseHeader(line, &pr)
	if foreign {
		return 0
	}
	rest = bytes.TrimLeft(rest, " \t")
	score := 0
	if innerPrefix(rest) {
		score = 40
		switch string(swanGroup(rest)) {
		case "DMN", "MGR", "IKE", "CHD", "JOB", "CFG", "KNL", "NET", "ASN", "ENC", "LIB", "ESP":
			score = 90
		}
	}
	if bytes.HasPrefix(pr.Program, []byte("charon")) {
		return 95
	}
	return score
}

func swanGroup(b []byte) []byte {
	n := digits(b)
	return b[n+1 : n+4]
}
