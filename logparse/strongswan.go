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
	if len(b) > 16 && b[0]-'0' <= 9 && b[1]-'0' <= 9 { // nearly all lines: "05[IKE] "
		const frame, want = 0xffff_8080_80ff, ' '<<40 | ']'<<32 | '[' // and three capitals
		v := eight(b, 2)
		if v&frame == want && between(v>>8&0x7f7f7f, 'A', 'Z')&0x808080 == 0x808080 {
			pr.Thread = int32(b[0]-'0')*10 + int32(b[1]-'0')
			pr.Group = b[3:6:6]
			if b[8] != '<' {
				pr.own = 8
				return b[8:]
			}
			l := pr.last
			if l == nil {
				return swanSA(b, 8, pr)
			}
			if n := l.sa.end; uint(n) > uint(len(b)) || !l.sa.begins(b[:n]) {
				return l.sa.keep(b, swanSA(b, 8, pr), pr)
			}
			pr.SAID, pr.HasSAID, pr.own = l.sa.said, true, l.sa.own
			if n := l.sa.name; n > 0 {
				pr.Connection = b[9:n:n]
			}
			return b[l.sa.end:]
		}
	}
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
	i := at + 1
	if uint(i) < uint(len(b)) && b[i]-'0' > 9 {
		i = reachOctet(b, i, '|') + 1
	}
	n, v := 0, uint64(0)
	if len(b) >= 8 {
		v = upTo8(b, i)
		n = numeral(v)
	}
	const end = '>' | ' '<<8
	if text := i + n + 2; uint(n-1) < 6 && v>>(8*uint(n)&63)&0xffff == end && text <= len(b) && text < at+300 {
		pr.SAID, pr.HasSAID = decimal(v, n), true
		if i > at+1 {
			pr.Connection = b[at+1 : i-1 : i-1]
		}
		return b[text:]
	}
	return swanSABehind(b, at, pr)
}

// lastSA is the "<name|7> " that stood behind the first eight octets of a line, of
// which nearly all lines have the one of the line before. It tells by itself how it
// is to be read, whatever follows.
type lastSA struct {
	end              int // where the text began, 0 for none
	name             int // where the name ended, 0 where there was none
	head, half, tail uint64
	said             uint64
	own              int32
}

// begins reports whether head, as long as the prefix was, ends with the same.
func (l *lastSA) begins(head []byte) bool {
	n := len(head)
	return n >= 16 && n <= 32 && last8(head, n) == l.tail && eight(head, 8) == l.head && eight(head, min(16, n-8)) == l.half
}

// keep remembers it of a line that rest is left of, if it is not very short or long,
// and returns that.
func (l *lastSA) keep(b, rest []byte, pr *Prefix) []byte {
	n := len(b) - len(rest)
	if l.end = 0; n < 16 || n > 32 || b[n-2] != '>' || b[n-1] != ' ' {
		return rest
	}
	if l.end, l.name, l.said = n, 0, pr.SAID; pr.Connection != nil {
		l.name = 9 + len(pr.Connection)
	}
	l.head, l.half, l.tail = eight(b, 8), eight(b, min(16, n-8)), last8(b, n)
	if l.own = 0; printable(b[:n]) {
		l.own = int32(n)
	}
	pr.own = l.own
	return rest
}

// swanSABehind is swanSA where the name has one of its signs: the number is
// before the first > that has one.
func swanSABehind(b []byte, at int, pr *Prefix) []byte {
	for i := at + 1; ; i++ {
		if i = reachOctet(b, i, '>'); i == len(b) || i >= at+300 {
			return b[at:]
		}
		bar := i - 1
		for b[bar]-'0' <= 9 && bar > i-19 { // the '<' is none
			bar--
		}
		if bar == i-1 || bar > at && b[bar] != '|' {
			continue
		}
		if bar == i-19 {
			return b[at:] // no daemon counts so far
		}
		pr.SAID, pr.HasSAID = parseUint(b[bar+1 : i])
		if bar > at {
			pr.Connection = b[at+1 : bar : bar]
		}
		return swanText(b, i)
	}
}

// swanText returns what follows the prefix whose end is at b[i].
func swanText(b []byte, i int) []byte {
	if i++; i < len(b) && b[i] == ' ' {
		i++
	}
	return b[i:]
}

// scoreStrongSwan scores what only charon writes.
func scoreStrongSwan(rest []byte, pr Prefix, _ bool) int {
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
