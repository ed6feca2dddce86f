package logparse

import (
	"unicode/utf16"
	"unicode/utf8"
)

// jsonLine reads lines that are one JSON object: charon's json=yes, the
// journal's -o json, and what container engines and shippers write around a
// line. Only strings and numbers of the outermost object count, and those of
// objects in it under the names that shippers use.
type jsonLine struct {
	buf []byte // unescaped strings of the current line
}

// parse fills pr from the object and returns the message, which aliases the
// line, or j's buffer where it had escapes.
func (j *jsonLine) parse(line []byte, pr *Prefix) (rest []byte, ok bool) {
	j.buf = j.buf[:0]
	if cap(j.buf) < len(line) {
		j.buf = make([]byte, 0, len(line)+256) // so that no append moves it
	}
	s := jsonScanner{b: line, out: j.buf}
	var text []byte
	rank := 0
	s.object(0, func(key, val []byte, str bool) {
		switch string(key) {
		case "time", "ts", "timestamp", "@timestamp":
			setTime(pr, val)
		case "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP":
			if string(key) == "__REALTIME_TIMESTAMP" || pr.Time == nil {
				setTime(pr, val)
			}
		case "thread", "THREAD":
			if v, ok := parseUint(val); ok && v < 1<<31 {
				pr.Thread = int32(v)
			}
		case "group", "GROUP":
			pr.Group = val
		case "level", "LEVEL":
			if v, ok := parseUint(val); ok && v < 100 {
				pr.Level = int8(v)
			}
		case "ikesa-uniqueid", "IKE_SA_UNIQUE_ID":
			if v, ok := parseUint(val); ok {
				pr.SAID, pr.HasSAID = v, true
			}
		case "ikesa-name", "IKE_SA_NAME":
			pr.Connection = val
		case "_HOSTNAME", "host", "hostname":
			if str && pr.Host == nil {
				pr.Host = val
			}
		case "SYSLOG_IDENTIFIER", "program", "ident", "programname", "appname", "app_name", "application_name", "_program":
			pr.Program = val
		case "_COMM":
			if pr.Program == nil {
				pr.Program = val
			}
		case "_PID", "SYSLOG_PID", "pid":
			if v, ok := parseUint(val); ok && v < 1<<32 {
				pr.PID = uint32(v)
			}
		}
		if r := messageKey(key); str && r > rank {
			text, rank = val, r
		}
	})
	j.buf = s.out
	if rank == 0 || s.bad && text == nil {
		*pr = Prefix{Thread: -1, Level: -1}
		return nil, false
	}
	return text, true
}

// messageKey ranks the names that messages go by, 0 for others.
func messageKey(key []byte) int {
	switch string(key) {
	case "msg":
		return 3
	case "MESSAGE", "message", "short_message":
		return 2
	case "log", "line", "text":
		return 1
	}
	return 0
}

func setTime(pr *Prefix, val []byte) {
	var s stamp
	if n := scanStamp(val, &s); n > 0 {
		pr.Time = val[:n:n]
	}
}

// jsonScanner walks over one JSON value.
type jsonScanner struct {
	b   []byte
	i   int
	out []byte
	bad bool
}

const maxJSONDepth = 8

// object reads an object and calls f for each of its strings and scalars.
func (s *jsonScanner) object(depth int, f func(key, val []byte, str bool)) {
	if depth > maxJSONDepth || !s.take('{') {
		s.bad = true
		return
	}
	for first := true; !s.bad; first = false {
		s.blank()
		if s.i < len(s.b) && s.b[s.i] == '}' {
			s.i++
			return
		}
		if !first && !s.take(',') {
			s.bad = true
			return
		}
		s.blank()
		key, ok := s.str()
		if !ok || !s.take(':') {
			s.bad = true
			return
		}
		s.value(depth, key, f)
	}
}

func (s *jsonScanner) value(depth int, key []byte, f func(key, val []byte, str bool)) {
	s.blank()
	if s.i >= len(s.b) {
		s.bad = true
		return
	}
	switch c := s.b[s.i]; c {
	case '"':
		v, ok := s.str()
		if !ok {
			s.bad = true
		}
		if len(v) > 0 || ok {
			f(key, v, true)
		}
	case '{':
		switch string(key) {
		case "host", "process", "journald", "syslog", "log", "event", "agent", "labels", "kubernetes":
			// Their names mean other things than ours.
			s.object(depth+1, func(k, v []byte, str bool) {
				switch {
				case string(key) == "host" && (string(k) == "name" || string(k) == "hostname"):
					f([]byte("hostname"), v, str)
				case string(key) == "process" && string(k) == "name":
					f([]byte("program"), v, str)
				case string(key) == "process" && string(k) == "pid":
					f(k, v, str)
				}
			})
		default:
			s.object(depth+1, func(k, v []byte, str bool) {})
		}
	case '[':
		s.array(depth, key, f)
	default:
		from := s.i
		for s.i < len(s.b) && s.b[s.i] != ',' && s.b[s.i] != '}' && s.b[s.i] != ']' && s.b[s.i] > ' ' {
			s.i++
		}
		if s.i == from {
			s.bad = true
			return
		}
		f(key, s.b[from:s.i:s.i], false)
	}
}

// array skips an array, but reads one of octets: the journal writes messages
// so that are not printable.
func (s *jsonScanner) array(depth int, key []byte, f func(key, val []byte, str bool)) {
	if depth > maxJSONDepth {
		s.bad = true
		return
	}
	s.i++
	from, octets := len(s.out), true
	none := func(_, v []byte, str bool) {
		n, ok := parseUint(v)
		if str || !ok || n > 255 {
			octets = false
			return
		}
		if octets {
			s.out = append(s.out, byte(n))
		}
	}
	for first := true; !s.bad; first = false {
		s.blank()
		if s.i < len(s.b) && s.b[s.i] == ']' {
			s.i++
			break
		}
		if !first && !s.take(',') {
			s.bad = true
			return
		}
		s.value(depth+1, nil, none)
	}
	if octets && len(s.out) > from {
		f(key, s.out[from:len(s.out):len(s.out)], true)
	}
}

func (s *jsonScanner) blank() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\t' || s.b[s.i] == '\n' || s.b[s.i] == '\r') {
		s.i++
	}
}

func (s *jsonScanner) take(c byte) bool {
	s.blank()
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

// str reads a string. What has no escapes aliases the line. A string that the
// end of a cut line ends is given as far as it goes.
func (s *jsonScanner) str() (v []byte, ok bool) {
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return nil, false
	}
	s.i++
	from := s.i
	if s.i = reachQuote(s.b, from); s.i >= len(s.b) {
		return s.b[from:], false
	}
	if s.b[s.i] == '"' {
		s.i++
		return s.b[from : s.i-1 : s.i-1], true
	}
	at := len(s.out)
	s.out = append(s.out, s.b[from:s.i]...)
	for s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch c {
		case '"':
			return s.out[at:len(s.out):len(s.out)], true
		case '\\':
			s.escape()
		default:
			s.out = append(s.out, c)
		}
	}
	return s.out[at:len(s.out):len(s.out)], false
}

func (s *jsonScanner) escape() {
	if s.i >= len(s.b) {
		return
	}
	c := s.b[s.i]
	s.i++
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'u':
		r := s.hex4()
		if utf16.IsSurrogate(r) && s.i+1 < len(s.b) && s.b[s.i] == '\\' && s.b[s.i+1] == 'u' {
			s.i += 2
			r = utf16.DecodeRune(r, s.hex4())
		}
		s.out = utf8.AppendRune(s.out, r)
		return
	}
	s.out = append(s.out, c)
}

func (s *jsonScanner) hex4() (r rune) {
	for range 4 {
		if s.i >= len(s.b) || unhex(s.b[s.i]) > 15 {
			return utf8.RuneError
		}
		r = r<<4 | rune(unhex(s.b[s.i]))
		s.i++
	}
	return r
}
