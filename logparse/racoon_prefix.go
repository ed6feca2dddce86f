package logparse

import "bytes"

// racoonStart reports whether b begins with racoon's word for a level, which is
// no program's name: "ERROR: ".
func racoonStart(b []byte) bool {
	word, _ := racoonLevel(b)
	return word > 0
}

// racoonLevel returns the lengths of the word and of "ERROR: ", 0 where b begins
// with something else.
func racoonLevel(b []byte) (word, n int) {
	if len(b) < 5 {
		return 0, 0
	}
	level := ""
	switch b[0] {
	case 'I':
		level = "INFO:"
	case 'E':
		level = "ERROR:"
	case 'W':
		level = "WARNING:"
	case 'N':
		level = "NOTIFY:"
	case 'D':
		if level = "DEBUG:"; len(b) > 5 && b[5] == '2' {
			level = "DEBUG2:"
		}
	default:
		return 0, 0
	}
	if n = len(level); len(b) < n || b[n-1] != ':' || string(b[:n]) != level {
		return 0, 0
	}
	if n < len(b) && b[n] == ' ' {
		return n - 1, n + 1
	}
	return n - 1, n
}

// racoonPrefix takes off what racoon puts before a message:
//
//	INFO:                                 0.3 and newer
//	INFO: isakmp.c:797:isakmp_ph1begin_i():   0.2 and older
//	[192.0.2.1] ERROR:                    0.8 and newer, the peer
//	[192.0.2.1]: [1234] ERROR:            builds for firewalls; a name may stand for the address
//	[1234] INFO:                          macOS, the process
//	<Notice>:                             macOS, of its log
func racoonPrefix(line []byte, pr *Prefix) []byte {
	if racoonInfo(line) {
		pr.Group, pr.Level, pr.own = line[:4:4], 1, 6
		return racoonFunction(line[6:])
	}
	b := trimLeft(line)
	if rest, ok := bytes.CutPrefix(b, []byte("<")); ok {
		if i := bytes.IndexByte(rest[:min(len(rest), 16)], '>'); i > 0 && i+1 < len(rest) && rest[i+1] == ':' {
			b = trimLeft(rest[i+2:])
		}
	}
	var peer []byte
	for range 2 {
		if len(b) < 4 || b[0] != '[' {
			break
		}
		end := bytes.IndexByte(b[:min(len(b), 80)], ']')
		if end < 2 {
			return line
		}
		inside := b[1:end:end]
		if _, ok := parseAddrPort(inside); ok && len(inside) > 6 {
			peer = inside
		}
		b = bytes.TrimPrefix(b[end+1:], []byte(":"))
		b = trimLeft(b)
	}
	word, n := racoonLevel(b)
	if word == 0 {
		if len(b) < len(line) && len(line) > 0 && line[0] == '<' {
			return b
		}
		return line
	}
	pr.Group = b[:word]
	pr.Level = racoonDepth(pr.Group)
	if peer != nil {
		pr.Remote = peer
	}
	return racoonFunction(b[n:])
}

// racoonInfo reports whether a line begins with "INFO: ", as nearly all do.
func racoonInfo(line []byte) bool {
	const info, six = ' '<<40 | ':'<<32 | 'O'<<24 | 'F'<<16 | 'N'<<8 | 'I', 1<<48 - 1
	return len(line) > 8 && first8(line)&six == info
}

// racoonBegins is racoonPrefix for lines that begin with the word for a level.
func racoonBegins(line []byte, pr *Prefix) (text []byte, ok bool) {
	if !racoonInfo(line) && !racoonStart(line) {
		return line, false
	}
	return racoonPrefix(line, pr), true
}

// racoonDepth is the log level of a word: 1 what is always written, 2 with
// -d, 3 with -dd.
func racoonDepth(word []byte) int8 {
	switch string(word) {
	case "DEBUG":
		return 2
	case "DEBUG2":
		return 3
	}
	return 1
}

// racoonFunction takes "isakmp.c:797:isakmp_ph1begin_i(): " off.
func racoonFunction(b []byte) []byte {
	if len(b) >= 8 {
		v := first8(b)
		if first(equal(v, ' ')|equal(v, '-')) < first(equal(v, '.')) { // nearly all lines
			return b
		}
	}
	i := 0
	for i < len(b) && i < 40 && (b[i]|0x20-'a' <= 25 || b[i] == '_' || b[i]-'0' <= 9) {
		i++
	}
	if i == 0 || i+4 > len(b) || string(b[i:i+3]) != ".c:" && string(b[i:i+3]) != ".y:" {
		return b
	}
	i += 3
	n := digits(b[i:])
	if n == 0 || i+n >= len(b) || b[i+n] != ':' {
		return b
	}
	end := bytes.Index(b[i+n:min(len(b), i+n+64)], []byte("():"))
	if end < 0 {
		return b
	}
	return trimLeft(b[i+n+end+3:])
}

// mikrotikPrefix takes RouterOS's topics off, the time where it has not the
// form of others, and the peer:
//
//	ipsec,error 192.0.2.1 failed to pre-process ph1 packet (side: 1, status 1).
//	ipsec,debug,packet ipsec: ...
func mikrotikPrefix(line []byte, pr *Prefix) []byte {
	b := bytes.TrimPrefix(trimLeft(line), []byte("echo: "))
	word, n := cutWord(b)
	dated := false
	for k := 0; !racoonTopics(word); k++ {
		if string(word) == "ipsec" && n < len(b) && (k == 0 || dated) {
			break
		}
		dated = len(word) > 4 && (word[2] == ':' || word[3] == '/' || word[4] == '-')
		// A date such as nov/21, a time of day, a host.
		if k == 3 || n >= len(b) || !hostWord(word) {
			return line
		}
		if len(word) > 0 && unhex(word[0]) > 9 && bytes.IndexByte(word, '/') < 0 {
			pr.setHost(word)
		}
		b = b[n:]
		word, n = cutWord(b)
	}
	word = bytes.TrimSuffix(word, []byte(":"))
	for _, c := range word {
		if c-'a' > 25 && c != ',' && c != '!' {
			return line
		}
	}
	pr.Group = word
	pr.Level = 1
	switch {
	case bytes.Contains(word, []byte("packet")):
		pr.Level = 3
	case bytes.Contains(word, []byte("debug")):
		pr.Level = 2
	}
	b = bytes.TrimPrefix(b[n:], []byte("ipsec: "))
	if w, n := cutWord(b); n < len(b) && len(w) > 6 {
		w = bytes.TrimSuffix(w, []byte(":"))
		if _, ok := parseAddrPort(w); ok {
			rest := b[n:]
			if !bytes.HasPrefix(rest, []byte("give up ")) {
				pr.Remote = w
				b = rest
			}
		}
	}
	return b
}

// racoonTopics reports whether a word is RouterOS's for what a line is about.
func racoonTopics(word []byte) bool {
	return bytes.HasPrefix(word, []byte("ipsec,")) || bytes.HasSuffix(word, []byte(",ipsec")) || bytes.Contains(word, []byte(",ipsec,"))
}

// alibabaPrefix takes the connection, the kind of message and the function off
// the front, and the ends off the back, which the assembler reads from the
// whole line:
//
//	vco-1234 [PROTO_ERR]: ikev1.c:1433:isakmp_ph1resend(): text [{remote id:4}{ph1: a[500] <=> b[500], a <=> b}]
func alibabaPrefix(line []byte, pr *Prefix) []byte {
	b := trimLeft(line)
	word, n := cutWord(b)
	if len(word) > 0 && word[0] != '[' {
		b = b[n:]
	} else {
		word = nil
	}
	if !bytes.HasPrefix(b, []byte("[PROTO_")) {
		return line
	}
	end := bytes.IndexByte(b[:min(len(b), 24)], ']')
	if end < 0 {
		return line
	}
	pr.Group, pr.Level = b[1:end:end], 1
	if string(pr.Group) == "PROTO_DEBUG" {
		pr.Level = 2
	}
	if word != nil {
		pr.Connection = word
	}
	b = racoonFunction(trimLeft(bytes.TrimPrefix(b[end+1:], []byte(":"))))
	if i := lastIndex(b, " [{"); i > 0 && b[len(b)-1] == ']' {
		if p := bytes.Index(b[i:], []byte("{ph1: ")); p > 0 {
			if _, remote, ok := bytes.Cut(b[i+p:], []byte(" <=> ")); ok {
				if k := bytes.IndexAny(remote, ",}"); k > 0 {
					if _, ok := parseAddrPort(remote[:k]); ok {
						pr.Remote = remote[:k:k]
					}
				}
			}
		}
		b = b[:i:i]
	}
	return b
}

// aslProgram reads "host racoon[123] <Notice>" as macOS's log writes it, with a
// level instead of a colon behind the program.
func aslProgram(host, b []byte, pr *Prefix) (rest []byte, ok bool) {
	word, n := cutWord(b)
	if !bytes.HasPrefix(word, []byte("racoon[")) || word[len(word)-1] != ']' || !hostWord(host) {
		return nil, false
	}
	pid, ok := parseUint(word[7 : len(word)-1])
	if !ok || pid > 1<<32-1 || n >= len(b) || b[n] != '<' && b[n] != '(' {
		return nil, false
	}
	pr.Host, pr.Program, pr.PID = host, word[:6:6], uint32(pid)
	return b[n:], true
}
