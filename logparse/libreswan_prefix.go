package logparse

import "bytes"

// plutoPrefix takes off what pluto puts before a message, and the code that
// its client whack shows before each, as 003:
//
//	"name" #7:
//	"name"[2] 192.0.2.1 #7:
//	"name":
//	packet from 192.0.2.1:500:
//	- [name]                          in the log of routers that run it
//
// and then a word that only says how bad it is. A debug line's bar stays,
// unless the line is part of a hex dump.
func plutoPrefix(line []byte, pr *Prefix) []byte {
	if rest, ok := pr.last.read(line, pr); ok { // nearly all lines
		return plutoSeverity(rest)
	}
	return plutoOther(line, pr)
}

// plutoBegins is plutoPrefix for lines that begin with a connection's name.
func plutoBegins(line []byte, pr *Prefix) (text []byte, ok bool) {
	if len(line) == 0 || line[0] != '"' {
		return line, false
	}
	text = plutoPrefix(line, pr)
	return text, len(text) < len(line)
}

// plutoOther is plutoPrefix for another prefix than the last line's.
func plutoOther(b []byte, pr *Prefix) []byte {
	if len(b) >= 4 && b[0] == '"' {
		return plutoSeverity(plutoName(b, pr))
	}
	if len(b) > 5 && b[0] <= '2' && digits(b[:4]) == 3 && (b[3] == ' ' || b[3] == '\t') {
		if rest := trimLeft(b[3:]); len(rest) > 0 && (rest[0] == '"' || letter(rest[0]) && !octet(rest, 0)) {
			b = rest
		}
	}
	if len(b) > 4 && (b[0] == 'E' || b[0] == 'F' || b[0] == 'W' || b[0] == 'A') {
		b = plutoSeverity(b) // it may stand before the name as well as behind it
	}
	switch {
	case len(b) < 4:
		return b
	case b[0] == '"':
		b = plutoName(b, pr)
	case b[0] == '|' && b[1] == ' ':
		b = plutoDump(b)
	case b[0] == 'p' && bytes.HasPrefix(b, []byte("packet from ")):
		b = plutoSender(b, pr)
	case b[0] == '-' && b[1] == ' ' && b[2] == '[':
		if end := bytes.IndexByte(b[:min(len(b), 200)], ']'); end > 3 {
			pr.Connection, b = b[3:end:end], trimLeft(b[end+1:])
		}
	case b[0] == 't' && bytes.HasPrefix(b, []byte("type=CRYPTO_")):
		plutoAudit(b, pr)
	}
	return plutoSeverity(b)
}

// plutoSender takes off the address of a message that belongs to no state.
func plutoSender(b []byte, pr *Prefix) []byte {
	addr, rest, ok := bytes.Cut(b[len("packet from "):min(len(b), 100)], []byte(": "))
	if !ok {
		return b
	}
	if _, ok := parseAddrPort(addr); !ok {
		return b
	}
	pr.Remote = addr
	return b[len(b)-lenAfter(b, rest):]
}

// plutoSeverities are pluto's words for how bad a line is.
var plutoSeverities = [...]string{"FATAL ERROR: ", "EXPECTATION FAILED: ", "ERROR: ", "Error: ", "ABORT: ", "WARNING: ", "Warning: ", "warning: "}

func plutoSeverity(b []byte) []byte {
	if len(b) < 8 {
		return b
	}
	switch string(b[:4]) {
	case "FATA", "EXPE", "ERRO", "Erro", "ABOR", "WARN", "Warn", "warn":
		for _, s := range plutoSeverities {
			if len(b) > len(s) && string(b[:len(s)]) == s {
				return b[len(s):]
			}
		}
	}
	return b
}

// plutoDump takes off the bar of a line of a hex dump, and of those that say
// which datagram is dumped next.
func plutoDump(b []byte) []byte {
	rest := trimLeft(b[1:])
	switch {
	case len(rest) >= 5 && octet(rest, 0) && rest[2] == ' ' && hexLine(rest):
		return rest
	case bytes.HasPrefix(rest, []byte("*received ")), bytes.HasPrefix(rest, []byte("sending ")) && bytes.Contains(rest[:min(len(rest), 40)], []byte(" bytes for ")):
		return rest
	}
	return b
}

// plutoAudit finds out whose record of Linux audit it is, and its time, which
// stands in its middle.
func plutoAudit(b []byte, pr *Prefix) {
	if t := enclosed(b, "msg=audit(", ":"); len(t) > 9 && pr.Time == nil {
		pr.Time = t
	}
	pr.Connection = enclosed(b, "conn-name=\"", "\"")
	n := enclosed(b, "connstate=", " ")
	if len(n) > 0 && n[len(n)-1] == ',' {
		n = n[:len(n)-1]
	}
	pr.SAID, pr.HasSAID = parseUint(n)
}

// enclosed returns what stands between two pieces of a line, nil if they do not
// both occur.
func enclosed(b []byte, from, to string) []byte {
	i := bytes.Index(b, []byte(from))
	if i < 0 {
		return nil
	}
	i += len(from)
	n := bytes.Index(b[i:], []byte(to))
	if n < 0 {
		return nil
	}
	return b[i : i+n : i+n]
}

// plutoName takes off the connection and the state.
func plutoName(b []byte, pr *Prefix) []byte {
	// A name holds no quote and is of a bounded length.
	end := reachOctet(b, 1, '"')
	if end >= min(len(b), 300) {
		return b
	}
	name := b[1:end:end]
	i := end + 1
	for i+2 < len(b) && b[i] == '[' {
		n := 1 + digits(b[i+1:])
		if n == 1 || i+n >= len(b) || b[i+n] != ']' {
			return b
		}
		i += n + 1
	}
	if i+2 < len(b) && b[i] == ' ' && b[i+1] == '#' { // nearly all lines
		number, n := uint64(0), i+2
		for n < len(b) && b[n]-'0' <= 9 {
			number = number*10 + uint64(b[n]-'0')
			n++
		}
		if n > i+2 && n < i+2+19 && n+1 < len(b) && b[n] == ':' && b[n+1] == ' ' {
			pr.Connection, pr.SAID, pr.HasSAID = name, number, true
			pr.last.keep(b, n+2, span{1, uint32(end)}, span{}, pr)
			return b[n+2:]
		}
	}
	rest := b[i:]
	peer, rest, ok := bytes.Cut(rest[:min(len(rest), 160)], []byte(": "))
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
	// An opportunistic connection's peer has dots before it, and its client
	// behind it.
	peer = bytes.TrimPrefix(trimBlanks(peer), []byte("..."))
	if i := bytes.Index(peer, []byte("===")); i >= 0 {
		peer = peer[:i:i]
	}
	if len(peer) > 0 {
		if _, ok := parseAddrPort(peer); ok {
			pr.Remote = peer
		} else if !numbered {
			return b
		}
	}
	pr.Connection, pr.SAID, pr.HasSAID = name, number, numbered
	return text
}

// lenAfter returns how much of whole there is from where part, a piece of it,
// begins.
func lenAfter(whole, part []byte) int { return len(whole) - offset(whole, part) }
