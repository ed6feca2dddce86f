package isakmp

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The longest renderings of octets that a peer sent.
const (
	maxText = 256  // octets rendered as text
	maxHex  = 64   // octets rendered in hexadecimal
	maxName = 1024 // octets of a rendered name after which no more is added
)

// appendText appends b as text. What is not printable, which includes
// everything that moves a cursor or turns text around, is escaped as in Go, the
// special characters with a backslash; what is too long ends in an ellipsis.
func appendText(dst, b []byte, special string) []byte {
	cut := len(b) > maxText
	if cut {
		b = b[:maxText]
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n <= 1:
			dst = append(dst, `\x`...)
			dst = hex.AppendEncode(dst, b[:1])
			n = 1
		case r == '\\' || strings.ContainsRune(special, r):
			dst = append(dst, '\\', byte(r))
		case strconv.IsPrint(r):
			dst = append(dst, b[:n]...)
		default:
			q := strconv.AppendQuoteRuneToASCII(dst, r)
			dst = append(dst, q[len(dst)+1:len(q)-1]...)
		}
		b = b[n:]
	}
	if cut {
		dst = append(dst, "..."...)
	}
	return dst
}

// appendHex appends b as in 0x1f2e, with an ellipsis if it is too long.
func appendHex(dst, b []byte) []byte {
	dst = append(dst, "0x"...)
	dst = hex.AppendEncode(dst, b[:min(len(b), maxHex)])
	if len(b) > maxHex {
		dst = append(dst, "..."...)
	}
	return dst
}

// printable reports whether b is text in ASCII, and not empty.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(b) > 0
}
