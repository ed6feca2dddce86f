package logparse

import "bytes"

// offset returns where part, a sub-slice of whole, begins; -1 if it is none.
func offset(whole, part []byte) int {
	i := cap(whole) - cap(part)
	if i < 0 || i+len(part) > len(whole) || len(part) > 0 && &whole[i] != &part[0] {
		return bytes.Index(whole, part)
	}
	return i
}

// parseHeader takes the carrier's part off line and returns what is left and
// whether the program is named and is not one of an IKE daemon.
func parseHeader(line []byte, pr *Prefix) (rest []byte, foreign bool) {
	b := unquoted(line)
	timed, pri, own := false, false, false
	for range 8 { // as many layers as anybody nests
		if timed && len(b) > 0 && b[0] == '\t' {
			if rest, ok := kiwi(b, pr); ok {
				pri, b = true, rest
				continue
			}
			if rest, foreign, ok := tabbed(b, pr); ok {
				return rest, foreign
			}
		}
		b = trimLeft(b)
		if t, ok := cutColumn(b); ok {
			b = t
			continue
		}
		if len(b) < 3 {
			return b, false
		}
		switch c := b[0]; {
		case c == '<' && timed && !pri:
			if dated(b) { // the device's own header is whole
				pri, b = true, withoutPriority(b)
				continue
			}
			w, n := cutWord(b)
			if len(w) < 3 || w[len(w)-1] != '>' || !priorityWord(w[1:len(w)-1]) {
				return b, false
			}
			pri, b = true, b[n:]
			continue
		case c == '<' && !pri:
			message := withoutPriority(b)
			if len(message) == len(b) {
				return b, false
			}
			if bytes.HasPrefix(message, []byte("1 ")) {
				if b, foreign = parse5424(message[2:], pr); foreign || pr.Program != nil {
					return b, foreign
				}
				pri, timed = true, pr.Time != nil
				continue
			}
			pri, b = true, message
			continue
		case c == '[':
			// A pod's name, or a time in brackets.
			end := bytes.IndexByte(b, ']')
			if end < 0 {
				return b, false
			}
			var s stamp
			if n := scanStamp(b[1:end], &s); n > 0 && n == end-1 && !timed {
				pr.Time, timed = b[1:end:end], true
				b = b[end+1:]
				continue
			}
			if !timed && !pri && sinceBoot(b[1:end]) {
				pri, b = true, b[end+1:]
				continue
			}
			if bytes.IndexByte(b[:end], '/') > 0 && end+1 < len(b) && b[end+1] == ' ' && !timed {
				b = b[end+1:]
				continue
			}
			return b, false
		}
		if begins, foreign := ownStart(b); begins {
			return b, foreign
		}
		if rest, ok := ciscoStamp(b, pr, timed); ok {
			timed, b = timed || len(pr.Time) > 0, rest
			continue
		}
		var s stamp
		if n := scanStamp(b, &s); n > 0 && n < len(b) && !timed {
			pr.Time, timed = b[:n:n], true
			b = b[n:]
			if rest, ok := ciscoZone(b); ok && (s.frac > 0 || b[0] != ' ') {
				b = rest
			}
			if b[0] == ':' || b[0] == ',' {
				// Microseconds and a colon are pluto's own time: "ERROR:" or
				// "kernel:" behind it is no program's name.
				own = own || b[0] == ':' && s.frac == 6
				b = b[1:]
			}
			continue
		}
		if timed && dated(b) { // what wrote the line had dated it, too
			b = withoutPriority(b)
			if b = b[scanStamp(b, &s):]; b[0] == ':' {
				own = own || s.frac == 6
				b = b[1:]
			}
			continue
		}
		if timed && (bytes.HasPrefix(b, []byte("stdout ")) || bytes.HasPrefix(b, []byte("stderr "))) && len(b) > 9 && b[8] == ' ' {
			b = b[9:]
			continue
		}
		if timed {
			if rest, ok := relayed(b, pr); ok {
				scanStamp(pr.Time, &s)
				timed, b = s.year != 0, rest
				continue
			}
		}
		if rest, ok := prompted(b); ok && !timed {
			b = rest
			continue
		}
		return parseProgram(b, pr, (timed || pri) && !own)
	}
	return b, false
}

// prompted takes the prompt of a device's terminal off that a line of debugging
// came upon: "gw1/pri/act(config)# Sep 15 03:14:00 [IKEv1]…", "FGT # ike 0:…".
func prompted(b []byte) (rest []byte, ok bool) {
	n := 0
	for n < len(b) && n < 64 && (wordByte(b[n]) || b[n] == '(' || b[n] == ')') {
		n++
	}
	if n == 0 || n+1 >= len(b) {
		return b, false
	}
	rest = trimLeft(b[n:])
	if len(rest) < 2 || rest[0] != '#' && rest[0] != '>' {
		return b, false
	}
	rest = trimLeft(rest[1:])
	if own, _ := ownStart(rest); own || dated(rest) || fortigateStart(rest) {
		return rest, true
	}
	return b, false
}

// relayed takes the host off that stands between a relay's time and the header
// that the line came with: of the two times the one with a year is kept.
func relayed(b []byte, pr *Prefix) (rest []byte, ok bool) {
	host, n := cutWord(b)
	if n == len(b) || !hostWord(host) || !dated(b[n:]) {
		return b, false
	}
	pr.Host = host
	return withoutPriority(b[n:]), true
}

// cutColumn takes a table's first column off: "IPSec | ", "| IPSec |",
// "charon_1  | ".
func cutColumn(b []byte) (rest []byte, ok bool) {
	i := 0
	if b = trimLeft(b); len(b) > 0 && b[0] == '|' {
		i = 1
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		if innerPrefix(b[i:]) {
			return b[i:], true
		}
	}
	from := i
	for i < len(b) && i-from < 64 && wordByte(b[i]) {
		i++
	}
	if i == from {
		return nil, false
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i < len(b) && b[i] == '|' {
		return b[i+1:], true
	}
	return nil, false
}

func wordByte(c byte) bool {
	return c-'0' <= 9 || c|0x20-'a' <= 25 || c == '-' || c == '_' || c == '.' || c == '/' || c == '@' || c == '+'
}

// parseProgram reads "host program[pid]: " or parts of it.
func parseProgram(b []byte, pr *Prefix, framed bool) (rest []byte, foreign bool) {
	if framed {
		if rest, foreign, ok := ciscoHost(b, pr); ok {
			return rest, foreign
		}
	}
	first, n := cutWord(b)
	if framed && priorityWord(first) {
		b = b[n:]
		first, n = cutWord(b)
	}
	// What has neither a host before it nor a number is a program's name only
	// if it is known for one: daemons begin their own lines with "ERROR:".
	if prog, pid, ok := splitProgram(first); ok && (framed && (pid != 0 || n < len(b) && b[n] == '{') || knownProgram(prog)) {
		pr.Program, pr.PID = prog, pid
		return b[n:], !knownProgram(prog) && !innerPrefix(b[n:])
	}
	if !framed {
		return b, false
	}
	second, m := cutWord(b[n:])
	if priorityWord(second) {
		n += m
		second, m = cutWord(b[n:])
	}
	if prog, pid, ok := splitProgram(second); ok && hostWord(first) {
		pr.Host, pr.Program, pr.PID = first, prog, pid
		rest := behindMessageID(b[n+m:])
		return rest, !knownProgram(prog) && !innerPrefix(rest)
	}
	if rest, ok := aslProgram(first, b[n:], pr); ok {
		return rest, false
	}
	// "host 05[IKE] text": the program was cut off.
	if hostWord(first) && innerPrefix(b[n:]) {
		pr.Host = first
		return b[n:], false
	}
	return b, false
}

// cutWord returns the first word of b and where the next one begins.
func cutWord(b []byte) (word []byte, next int) {
	i := bytes.IndexByte(b, ' ')
	if i < 0 {
		return b, len(b)
	}
	next = i
	for next < len(b) && b[next] == ' ' {
		next++
	}
	return b[:i:i], next
}

func hostWord(w []byte) bool {
	for _, c := range w {
		if !wordByte(c) && c != ':' {
			return false
		}
	}
	return len(w) > 0 && len(w) < 256
}

// splitProgram takes "program[pid]:" or "program:" apart.
func splitProgram(w []byte) (prog []byte, pid uint32, ok bool) {
	n := len(w)
	if n < 2 || w[n-1] != ':' {
		return nil, 0, false
	}
	w = w[:n-1]
	if w[len(w)-1] == ']' {
		i := bytes.IndexByte(w, '[')
		if i < 1 {
			return nil, 0, false
		}
		v, ok := parseUint(w[i+1 : len(w)-1])
		if !ok || v > 1<<32-1 {
			return nil, 0, false
		}
		w, pid = w[:i:i], uint32(v)
	}
	for _, c := range w {
		if !wordByte(c) {
			return nil, 0, false
		}
	}
	return w, pid, len(w) < 128
}

// knownProgram reports whether a program's name is that of an IKE daemon or
// of something that passes its lines on.
func knownProgram(p []byte) bool {
	if i := bytes.LastIndexByte(p, '/'); i >= 0 {
		p = p[i+1:]
	}
	for _, s := range [...]string{"charon", "ipsec", "strongswan", "swanctl", "pluto", "racoon", "iked", "isakmpd", "kmd", "starter", "vpn", "VPN", "IPSec", "IPsec", "nm-l2tp", "NetworkManager", "nm-strongswan", "_stroke", "libreswan", "openswan", "ikemgr"} {
		if len(p) >= len(s) && string(p[:len(s)]) == s {
			return true
		}
	}
	return false
}

// parse5424 reads what follows "<PRI>1 ": RFC 5424, section 6.
func parse5424(b []byte, pr *Prefix) (rest []byte, foreign bool) {
	field := func() []byte {
		w, n := cutWord(b)
		b = b[n:]
		if len(w) == 1 && w[0] == '-' {
			return nil
		}
		return w
	}
	var s stamp
	if t := field(); len(t) > 0 && scanStamp(t, &s) == len(t) {
		pr.Time = t
	}
	pr.Host, pr.Program = field(), field()
	if v, ok := parseUint(field()); ok && v < 1<<32 {
		pr.PID = uint32(v)
	}
	field() // MSGID
	for len(b) > 0 && b[0] == '[' {
		b = b[structured(b):]
	}
	b = bytes.TrimPrefix(b, []byte("- "))
	b = bytes.TrimPrefix(bytes.TrimLeft(b, " "), []byte("\xef\xbb\xbf"))
	return b, pr.Program != nil && !knownProgram(pr.Program) && !innerPrefix(b)
}

// structured returns where the element of structured data that b begins with
// ends: RFC 5424, section 6.3.
func structured(b []byte) int {
	quoted := false
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i + 1
		}
	}
	return len(b)
}

// ownStart reports whether b begins with what only a daemon begins a line of its
// own with, so that no more of a header follows, and whether that line is about
// something else than IPsec.
func ownStart(b []byte) (own, foreign bool) {
	if len(b) == 0 {
		return false, false
	}
	switch b[0] {
	case '"': // pluto's connection
		return true, false
	case '%', '[', '(':
		return ciscoStart(b)
	case 'I':
		if own, _ := ciscoStart(b); own {
			return true, false
		}
		return racoonStart(b), false
	case 'i': // RouterOS's topics, FortiOS's debugging
		return bytes.HasPrefix(b, []byte("ipsec,")) || fortigateStart(b), false
	case 'v': // Alibaba's connection
		_, n := cutWord(b[:min(len(b), 64)])
		return bytes.HasPrefix(b, []byte("vco-")) && bytes.HasPrefix(b[n:], []byte("[PROTO_")), false
	case '|': // pluto's debugging, if it is no table
		_, column := cutColumn(b)
		return !column, false
	}
	if b[0] <= '9' && innerPrefix(b) || racoonStart(b) {
		return true, false
	}
	return ciscoStart(b)
}

// innerPrefix reports whether b begins with charon's own "05[IKE] ": the one
// daemon prefix that is not preceded by anything else.
func innerPrefix(b []byte) bool {
	n := digits(b)
	return n > 0 && n < 5 && len(b) > n+5 && b[n] == '[' && b[n+1]-'A' <= 25 && b[n+2]-'A' <= 25 && b[n+3]-'A' <= 25 &&
		(b[n+4] == ']' || len(b) > n+6 && b[n+4]-'0' <= 9 && b[n+5] == ']')
}
