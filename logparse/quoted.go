package logparse

// What those who show a log to others put before its lines: a mail's ">", the
// file's name and the line's number of grep, the number of cat and nl.

// maxQuoted bounds what stands before a line in octets: a path.
const maxQuoted = 256

// unquoted takes that off a line. Names and numbers are taken off only before a
// date, or what a daemon begins its lines with: elsewhere they may be the line's
// own.
func unquoted(b []byte) []byte {
	b = trimLeft(b)
	for len(b) > 2 && b[0] == '>' && (b[1] == ' ' || b[1] == '>') {
		b = trimLeft(b[1:])
	}
	for i, c := range b[:min(len(b), maxQuoted)] {
		switch {
		case c == ':', c == '-', c == '\t':
			if rest := b[i+1:]; i > 0 && (dated(rest) || c == ':' && ownLine(rest)) {
				return rest
			}
			if c == '\t' {
				return b
			}
		case !wordByte(c):
			return b
		}
	}
	return b
}

// ownLine reports whether b begins with what only a daemon's line does.
func ownLine(b []byte) bool {
	if len(b) < 8 || b[0] == '|' {
		return false
	}
	own, _ := ownStart(b)
	return own || (b[0] == '*' || b[0] == '.') && dated(b[1:])
}

// dated reports whether b begins with a line's date, or the priority of syslog
// and one.
func dated(b []byte) bool {
	if b = withoutPriority(b); len(b) < 15 {
		return false
	}
	var s stamp
	n := scanStamp(b, &s)
	return n > 0 && n < len(b) && s.month > 0 && !s.epoch && (b[n] == ' ' || b[n] == '\t' || b[n] == ':')
}

// withoutPriority takes syslog's priority off: "<30>".
func withoutPriority(b []byte) []byte {
	if len(b) > 0 && b[0] == '<' {
		if n := 1 + digits(b[1:]); n > 1 && n < 5 && n < len(b) && b[n] == '>' {
			return b[n+1:]
		}
	}
	return b
}
