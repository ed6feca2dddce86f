package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote makes text from outside safe to show: identities, names, log lines.
// Control characters, terminal escapes, bidirectional overrides and bytes
// that are no UTF-8 are written as escapes, and it is cut to 120 characters.
// The result stands in single quotes.
func Quote(s string) string { return "'" + Clean(s, 120) + "'" }

// Clean is Quote without the quotes, cut to at most max characters.
func Clean(s string, max int) string {
	if len(s) <= max && clean(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(s); {
		if n >= max {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			writeHex(&b, `\x`, uint32(s[i]), 2)
		case r == '\t':
			b.WriteByte(' ')
		case r < 0x20 || r == 0x7f:
			writeHex(&b, `\x`, uint32(r), 2)
		case unicode.IsPrint(r) && !unicode.Is(unicode.Bidi_Control, r):
			b.WriteRune(r)
		case r > 0xffff:
			writeHex(&b, `\U`, uint32(r), 8)
		default:
			writeHex(&b, `\u`, uint32(r), 4)
		}
		i += size
		n++
	}
	return b.String()
}

// clean reports whether a text is printable ASCII, as most texts are.
func clean(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func writeHex(b *strings.Builder, prefix string, v uint32, digits int) {
	b.WriteString(prefix)
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte("0123456789abcdef"[v>>(4*i)&15])
	}
}
