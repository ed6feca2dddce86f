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
	Programs: []string{"charon", "charon-systemd", "charon-nm", "swanctl"},
	Detect:   func(line []byte) int { return headed(line, scoreStrongSwan) },
	score:    scoreStrongSwan,
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
	if len(b) > i+2 && b[i] == '<' {
		return swanSA(b, i, pr)
	}
	return b[i:]
}

// swanSA reads "<name|7> " or "<7> " at b[at:] and returns what follows. A
// name may hold > and |.
func swanSA(b []byte, at int, pr *Prefix) []byte {
	for i := at + 1; ; i++ {
		if i = reachOctet(b, i, '>'); i == len(b) || i >= at+300 {
			return b[at:]
		}
		id, digits, ok := numBefore(b, i)
		bar := i - digits - 1
		if digits == 0 || bar > at && b[bar] != '|' {
			continue
		}
		if !ok {
			return b[at:]
		}
		pr.SAID, pr.HasSAID = id, true
		if bar > at {
			pr.Connection = b[at+1 : bar : bar]
		}
		if i++; i < len(b) && b[i] == ' ' {
			i++
		}
		return b[i:]
	}
}

// scoreStrongSwan scores what only charon writes.
func scoreStrongSwan(rest []byte, pr Prefix) int {
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
