package logparse

import (
	"bytes"

	"github.com/ikediag/ikediag/isakmp"
)

// payloads reads a message's list of payloads: "HASH N(DPD)".
type payloads struct {
	list []byte
	at   int // where the next one begins
}

func (e *Event) payloads() payloads { return payloads{list: trimBlanks(e.Bytes(FieldPayloads))} }

// next returns the next payload, with what stands behind it in parentheses.
func (l *payloads) next() (t isakmp.PayloadType, arg []byte, ok bool) {
	b, i := l.list, l.at
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i >= len(b) {
		return isakmp.PayloadNone, nil, false
	}
	n := i
	for n < len(b) && b[n] != ' ' && b[n] != '(' {
		n++
	}
	name := b[i:n]
	if n < len(b) && b[n] == '(' {
		name, arg, n = explained(b[i:])
		n += i
	}
	l.at = n
	t, _ = payloadByName(name)
	return t, arg, true
}

// has reports whether one of the next payloads is of type t.
func (l *payloads) has(t isakmp.PayloadType) bool {
	for {
		if p, _, ok := l.next(); !ok || p == t {
			return ok
		}
	}
}

// explained takes a payload with parentheses apart, and returns its length.
// There may be blanks and other parentheses in them.
func explained(b []byte) (name, arg []byte, n int) {
	for depth := 0; n < len(b) && (b[n] != ' ' || depth > 0); n++ {
		switch b[n] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	name = b[:n]
	if i := bytes.IndexByte(name, '('); i > 0 {
		name, arg = name[:i], bytes.TrimSuffix(name[i+1:], []byte(")"))
	}
	return name, arg, n
}
