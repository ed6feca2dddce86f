package logparse

import (
	"bytes"
	"unicode/utf8"
)

// maxRedacted bounds a redacted line in octets.
const maxRedacted = 400

// hidden stands for what Redacted took out. It tells no length.
const hidden = "[secret]"

// Redacted appends the line to dst without its secrets, at most 400 octets of
// it, and with every control character, terminal escape, bidirectional
// override and invalid octet shown as an escape sequence. It is the only form
// of a line that may be shown or kept.
//
// Taken out are values of FieldSecret, the octets of every hex dump (what is
// parsed or generated may hold a password), and, in lines that no template
// knows and in pluto's debugging, whatever follows a word like "secret",
// "password" or "psk".
func (e *Event) Redacted(dst []byte) []byte {
	if b, ok := e.Unredacted(); ok {
		return append(dst, b...)
	}
	line, text, at := e.parts()
	n, secret := e.shown(text)
	start := len(dst)
	put := func(b []byte) {
		if room := maxRedacted - (len(dst) - start); room > 0 {
			dst = appendSafe(dst, b, room)
		}
	}
	put(line[:at])
	put(text[:n])
	if secret {
		put([]byte(hidden))
	}
	return dst
}

// Unredacted returns what Redacted gives where that is a piece of the line as it
// stands, as it is of nearly all lines. It is valid until the next call of the
// Parser.
func (e *Event) Unredacted() (b []byte, ok bool) {
	at, ok := pieceOf(e.Line, e.Text)
	if !ok || guarded(e.Kind) {
		return e.looked()
	}
	end, from := at+len(e.Text), int(e.Prefix.clean)
	if from > 0 && from+int(e.Prefix.own) == at {
		from = at + int(e.clean)
	}
	// What is known need not be looked at again.
	if end > maxRedacted || from < end && !printable(e.Line[min(from, max(end-8, 0)):end:end]) {
		return nil, false
	}
	return e.Line[:end:end], true
}

// looked is Unredacted for a line that may have a secret, or is not all there.
func (e *Event) looked() (b []byte, ok bool) {
	line, text, at := e.parts()
	n, secret := e.shown(text)
	if end := at + n; !secret && end <= maxRedacted && printable(line[:end]) {
		return line[:end:end], true
	}
	return nil, false
}

// guarded reports whether lines of a Kind may hold a secret.
func guarded(k Kind) bool {
	switch k {
	case HexDump, SecretDump, ConfigSetting, Unknown, Foreign, ConfigError, ConfigAttribute, Plain:
		return true
	}
	return false
}

// parts returns what is to be shown of a line, and where in it the text is that
// may have secrets.
func (e *Event) parts() (line, text []byte, at int) {
	line, text, at = e.Line, e.Text, -1
	if len(text) > 0 {
		at = within(line, text)
	}
	if at < 0 {
		// The carrier escaped the text, or there is none.
		at, line = 0, text
		if len(text) == 0 {
			line = e.Line
			if e.Dialect == nil && e.Kind == Unknown {
				text = e.Line
			}
		}
	}
	return line, text, at
}

// shown returns how much of text may be shown, and whether what follows it is a
// secret.
func (e *Event) shown(text []byte) (n int, secret bool) {
	n = len(text)
	switch e.Kind {
	case HexDump:
		return 0, true
	case SecretDump:
		if e.Has(FieldSecret) {
			return int(e.span(FieldSecret).from), true
		}
	case ConfigSetting:
		if secretName(e.Bytes(FieldName)) {
			return int(e.span(FieldValue).from), true
		}
	case Unknown, Foreign, ConfigError, ConfigAttribute:
		n = secretFrom(text)
	case Plain:
		if n > 0 && text[0] == '|' {
			// A line of pluto's debugging: a label and the first octets of what is
			// dumped may share it.
			n = min(secretFrom(text), octetsFrom(text))
		}
	}
	return n, n < len(text)
}

// octetsFrom returns where in text three octets or more begin, with blanks
// between them; len(text) if nowhere.
func octetsFrom(text []byte) int {
	for i := range text {
		if i > 0 && text[i-1] != ' ' {
			continue
		}
		k, n := i, 0
		for n < 3 && octet(text, k) && (k+2 == len(text) || text[k+2] == ' ') {
			for k += 2; k < len(text) && text[k] == ' '; {
				k++
			}
			n++
		}
		if n == 3 {
			return i
		}
	}
	return len(text)
}

// span returns where f stands in Text.
func (e *Event) span(f Field) span {
	for i, g := range e.template.fields {
		if g == f {
			return e.spans[i]
		}
	}
	return span{}
}

// within returns where part begins in whole, -1 if it does not.
func within(whole, part []byte) int {
	if i, ok := pieceOf(whole, part); ok {
		return i
	}
	return bytes.Index(whole, part)
}

// pieceOf returns where part begins in whole if it is a piece of the same memory.
func pieceOf(whole, part []byte) (i int, ok bool) {
	i = cap(whole) - cap(part)
	return i, i >= 0 && len(part) > 0 && i+len(part) <= len(whole) && &whole[i] == &part[0]
}

// appendSafe appends at most room octets of b in a form that does nothing to
// a terminal or a page.
func appendSafe(dst, b []byte, room int) []byte {
	limit := len(dst) + room
	for len(b) > 0 {
		// A whole line of plain ASCII is the common case.
		n := reachSpecial(b[:min(len(b), max(limit-len(dst), 0))])
		dst = append(dst, b[:n]...)
		if b = b[n:]; len(b) == 0 {
			return dst
		}
		if len(dst) >= limit {
			break
		}
		r, size := utf8.DecodeRune(b)
		var esc [10]byte
		out := esc[:0]
		switch {
		case r == '\t':
			out = append(out, ' ')
		case r == utf8.RuneError && size <= 1:
			out = appendHex(append(out, '\\', 'x'), uint32(b[0]), 2)
		case r < ' ' || r == 0x7f:
			out = appendHex(append(out, '\\', 'x'), uint32(r), 2)
		case unsafeRune(r) && r > 0xffff:
			out = appendHex(append(out, '\\', 'U'), uint32(r), 8)
		case unsafeRune(r):
			out = appendHex(append(out, '\\', 'u'), uint32(r), 4)
		default:
			out = append(out, b[:size]...)
		}
		if len(dst)+len(out) > limit {
			break
		}
		dst = append(dst, out...)
		b = b[size:]
	}
	if len(b) > 0 {
		const more = "..."
		for len(dst)+len(more) > limit && len(dst) > limit-room {
			_, size := utf8.DecodeLastRune(dst[limit-room:])
			dst = dst[:len(dst)-size]
		}
		dst = append(dst, more[:min(len(more), limit-len(dst))]...)
	}
	return dst
}

func appendHex(dst []byte, v uint32, n int) []byte {
	for n--; n >= 0; n-- {
		dst = append(dst, "0123456789abcdef"[v>>(4*n)&15])
	}
	return dst
}

// unsafeRune reports whether a rune controls instead of showing: C1 controls,
// bidirectional and other format characters, line separators, tags and what
// no font shows.
func unsafeRune(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff,
		r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r >= 0xfff0 && r <= 0xfffc, r >= 0xe0000 && r <= 0xe0fff, r >= 0xe000 && r <= 0xf8ff:
		return true
	}
	return false
}

// secretWords are what secrets are called.
var secretWords = [...]string{"secret", "password", "passwd", "passphrase", "psk", "pre-shared", "preshared", "private key", "pin", "skeyid", "authkey", "enckey", "keymat", "key"}

// secretFrom returns where in text a value follows a word that says that it
// is secret; len(text) if nowhere.
func secretFrom(text []byte) int {
	for i := range text {
		if (i == 0 || !letter(text[i-1]) && text[i-1]-'0' > 9) && (longHex(text[i:]) || longColonHex(text[i:])) {
			return i
		}
		if i > 0 && letter(text[i-1]) {
			continue
		}
		for _, w := range secretWords {
			n := i + len(w)
			if n > len(text) || !foldEqual(text[i:n], w) {
				continue
			}
			for n < len(text) && (letter(text[n]) || text[n]-'0' <= 9 || text[n] == '_') {
				n++
			}
			if v := valueFrom(text, n); v < len(text) {
				return v
			}
		}
	}
	return len(text)
}

// valueFrom returns where the value of a word that ends at n begins: behind a
// colon, an equals sign or a quote.
func valueFrom(text []byte, n int) int {
	for k := n; k < len(text) && k < n+24; k++ {
		switch text[k] {
		case '=', ':':
			k++
			for k < len(text) && text[k] == ' ' {
				k++
			}
			return k
		case '"':
			return k
		case ' ', '\'':
		default:
			if hexRun(text[k:]) {
				return k
			}
			if k > n+1 && !letter(text[k]) {
				return len(text)
			}
		}
	}
	return len(text)
}

// longHex reports whether b begins with more hexadecimal digits than a cookie
// has: a key, for all anybody knows.
func longHex(b []byte) bool {
	n := 0
	for n < len(b) && n < 24 && unhex(b[n]) <= 15 {
		n++
	}
	return n == 24
}

// longColonHex is longHex for octets with colons between them.
func longColonHex(b []byte) bool {
	for k := range 12 {
		if !octet(b, 3*k) || 3*k+2 >= len(b) || b[3*k+2] != ':' {
			return false
		}
	}
	return true
}

func hexRun(b []byte) bool {
	n := 0
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		b = b[2:]
	}
	for n < len(b) && unhex(b[n]) <= 15 {
		n++
	}
	return n >= 16
}

func secretName(b []byte) bool {
	for _, w := range secretWords {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

func letter(c byte) bool { return c|0x20-'a' <= 25 }

// foldEqual compares with lower-case ASCII letters.
func foldEqual(b []byte, lower string) bool {
	for i, c := range b {
		if c-'A' <= 25 {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
