package keys

import (
	"bytes"
	"encoding/hex"
	"errors"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// AddTable adds the keys of a table as Wireshark keeps it, a file named
// ikev1_decryption_table: a line for each key, with the initiator's cookie and
// the encryption key in hexadecimal, with quotes or without, separated by a
// comma. Empty lines and those that begin with # are skipped. It returns how
// many keys it added, and the faults of all other lines joined, each a
// *ParseError.
func (r *Ring) AddTable(table []byte) (n int, err error) {
	var faults []error
	for line, at := 1, 0; at < len(table); line++ {
		text, rest, _ := bytes.Cut(table[at:], []byte{'\n'})
		begin := at
		at = len(table) - len(rest)
		text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		cookie, key, ok := tableLine(text)
		fault := error(ErrSyntax)
		if ok {
			fault = r.AddKey(cookie, key)
		}
		if fault == nil {
			n++
		} else if len(faults) < maxFaults {
			faults = append(faults, &ParseError{Line: line, Offset: begin, Err: fault})
		}
	}
	return n, errors.Join(faults...)
}

// IsTable reports whether text is the beginning of a key table: every line is
// empty, a comment, or a cookie and a key, and there is one of these. A last
// line without its end is not looked at where there are others.
func IsTable(text []byte) bool {
	n := 0
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		text = rest
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if !whole && n > 0 {
			break
		}
		// AddKey wants a cookie: one of zeros alone has no key.
		if cookie, key, ok := tableLine(line); !ok || cookie.IsZero() || !tableKeyLen(key.Len()) {
			return false
		}
		n++
	}
	return n > 0
}

// maxFaults bounds the faults of one table that are reported.
const maxFaults = 32

// maxTableKey is the length of the longest key, Blowfish's.
const maxTableKey = 56

func tableLine(text []byte) (cookie isakmp.Cookie, key ike.Secret, ok bool) {
	a, b, found := bytes.Cut(text, []byte{','})
	a, b = unquote(a), unquote(b)
	if !found || len(a) != 2*len(cookie) || len(b) == 0 || len(b) > 2*maxTableKey {
		return cookie, key, false
	}
	if _, err := hex.Decode(cookie[:], a); err != nil {
		return cookie, key, false
	}
	var buf [maxTableKey]byte
	n, err := hex.Decode(buf[:], b)
	if err != nil {
		return cookie, key, false
	}
	return cookie, ike.NewSecret(buf[:n]), true
}

// tableKeyLen reports whether some cipher has keys of n octets.
func tableKeyLen(n int) bool { return n >= 5 && n <= maxTableKey }

func unquote(b []byte) []byte {
	b = bytes.TrimSpace(b)
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = b[1 : len(b)-1]
	}
	return b
}
