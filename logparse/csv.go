package logparse

import "bytes"

// csvLine reads lines that are one record of comma-separated values (RFC 4180),
// as log servers export what somebody searched for: the time, the host and the
// message in fields of their own, or a whole line of syslog in one of them.
type csvLine struct {
	buf []byte // unescaped fields of the current line
}

// maxColumns bounds the fields of a record that are looked at.
const maxColumns = 32

// isCSV reports whether a line begins with a quoted field and goes on with
// another one. pluto begins lines with a quoted name, and goes on with a blank.
func isCSV(line []byte) bool {
	if len(line) < 4 || line[0] != '"' {
		return false
	}
	i := bytes.IndexByte(line[1:], '"') + 1
	for i > 0 && i+1 < len(line) && line[i+1] == '"' {
		n := bytes.IndexByte(line[i+2:], '"')
		if n < 0 {
			return false
		}
		i += 2 + n
	}
	return i > 0 && i+1 < len(line) && line[i+1] == ','
}

// parse fills pr from the fields and returns the message, which aliases the line,
// or c's buffer where it had escapes.
func (c *csvLine) parse(line []byte, pr *Prefix) (text []byte, ok bool) {
	if !isCSV(line) {
		return nil, false
	}
	c.buf = c.buf[:0]
	if cap(c.buf) < len(line) {
		c.buf = make([]byte, 0, len(line)+256) // so that no append moves it
	}
	best := 0
	for range maxColumns {
		var f []byte
		f, line = c.field(line)
		var s stamp
		if n := scanStamp(f, &s); n > 0 && n == len(f) {
			if pr.Time == nil && s.month > 0 {
				pr.Time = f
			}
		} else if rank := messageRank(f); rank > best || rank > 0 && rank == best && len(f) > len(text) {
			text, best = f, rank
		} else if rank == 0 && hostWord(f) && !severityWord(f) {
			if knownProgram(f) {
				pr.Program = f
			} else if pr.Host == nil && digits(f) < len(f) {
				pr.Host = f
			}
		}
		if line == nil {
			break
		}
	}
	if best == 0 {
		*pr = Prefix{Thread: -1, Level: -1}
		return nil, false
	}
	return text, true
}

// messageRank is 2 for a field that is a daemon's line for sure, 1 for one of
// several words, of which the longest is the message, 0 for others.
func messageRank(f []byte) int {
	if innerPrefix(f) {
		return 2
	}
	var pr Prefix
	if parseHeader(f, &pr); pr.Program != nil && knownProgram(pr.Program) {
		return 2
	}
	if bytes.IndexByte(trimLeft(f), ' ') > 0 {
		return 1
	}
	return 0
}

// field cuts the first field off a record; rest is nil behind the last one.
func (c *csvLine) field(b []byte) (f, rest []byte) {
	if len(b) == 0 || b[0] != '"' {
		if i := bytes.IndexByte(b, ','); i >= 0 {
			return b[:i:i], b[i+1:]
		}
		return b, nil
	}
	b = b[1:]
	from := len(c.buf)
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			c.buf = append(c.buf, b...)
			b = nil
			break
		}
		if i+1 == len(b) || b[i+1] != '"' {
			if len(c.buf) == from { // nothing was escaped
				f = b[:i:i]
			} else {
				c.buf = append(c.buf, b[:i]...)
			}
			b = b[i+1:]
			break
		}
		c.buf = append(c.buf, b[:i+1]...)
		b = b[i+2:]
	}
	if f == nil {
		f = c.buf[from:len(c.buf):len(c.buf)]
	}
	if i := bytes.IndexByte(b, ','); i >= 0 {
		return f, b[i+1:]
	}
	return f, nil
}
