package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/ike"
)

// libreswan is the pluto daemon, Openswan 2.6 to Libreswan 5. Its lines are
// recorded ones of Libreswan 4.10 and those of the samples and of the daemon's
// vocabulary that tell how far a negotiation got. What it says of certificates,
// XAUTH and the kernel is not known yet.
var libreswan = &Dialect{
	Name:      "libreswan",
	Basis:     Recorded,
	Spelling:  ike.DialectLibreswan,
	Programs:  []string{"pluto", "libreswan", "openswan"},
	Detect:    detectLibreswan,
	Templates: [][]Template{plutoPhase1, plutoPhase2, plutoHost},
	Prefix:    plutoPrefix,
	assemble:  func() assembler { return new(pluto) },
}

// plutoPrefix takes off what pluto puts before a message about a connection:
//
//	"name" #7:
//	"name"[2] 192.0.2.1 #7:
//	"name":
//
// and the code that its client whack shows before each of them, as 003.
func plutoPrefix(line []byte, pr *Prefix) []byte {
	b := line
	if len(b) > 5 && digits(b[:4]) == 3 && (b[3] == ' ' || b[3] == '\t') {
		b = trimLeft(b[3:])
	}
	if rest := plutoName(b, pr); len(rest) < len(b) {
		return rest
	}
	return line
}

// plutoName takes off the connection and the state.
func plutoName(b []byte, pr *Prefix) []byte {
	if len(b) < 4 || b[0] != '"' {
		return b
	}
	// A name holds no quote and is of a bounded length.
	end := bytes.IndexByte(b[1:min(len(b), 300)], '"')
	if end < 0 {
		return b
	}
	name, rest := b[1:1+end:1+end], b[end+2:]
	if len(rest) > 2 && rest[0] == '[' {
		n := 1 + digits(rest[1:])
		if n == 1 || n >= len(rest) || rest[n] != ']' {
			return b
		}
		rest = rest[n+1:]
	}
	peer, rest, ok := bytes.Cut(rest[:min(len(rest), 100)], []byte(": "))
	if !ok {
		return b
	}
	text := b[len(b)-lenAfter(b, rest):]
	var number uint64
	numbered := false
	if i := bytes.LastIndexByte(peer, '#'); i >= 0 {
		if number, numbered = parseUint(peer[i+1:]); !numbered {
			return b
		}
		peer = peer[:i]
	}
	if peer = trimBlanks(peer); len(peer) > 0 {
		if _, ok := parseAddrPort(peer); !ok {
			return b
		}
		pr.Remote = peer
	}
	pr.Connection, pr.SAID, pr.HasSAID = name, number, numbered
	return text
}

// lenAfter returns how much of whole there is from where part, a piece of it,
// begins.
func lenAfter(whole, part []byte) int { return len(whole) - offset(whole, part) }

// plutoAnchors are pieces of text that only pluto's lines have.
var plutoAnchors = bytes.Split([]byte("Starting Pluto|pluto_do_crypto|STATE_MAIN_|STATE_QUICK_|STATE_AGGR_|STATE_V2_|"+
	"added IKEv1 connection|ikev1-policy|no connection has been authorized|FIPS HMAC integrity support|Libreswan|Openswan"), []byte("|"))

// detectLibreswan scores what only pluto writes.
func detectLibreswan(line []byte) int {
	var pr Prefix
	rest, foreign := parseHeader(line, &pr)
	if foreign {
		return 0
	}
	if bytes.Equal(pr.Program, []byte("pluto")) {
		return 95
	}
	rest = bytes.TrimLeft(rest, " \t")
	if len(plutoPrefix(rest, &pr)) < len(rest) && pr.HasSAID {
		return 90
	}
	for _, a := range plutoAnchors {
		if bytes.Contains(rest, a) {
			return 80
		}
	}
	if bytes.HasPrefix(rest, []byte("packet from ")) {
		return 60
	}
	return 0
}
