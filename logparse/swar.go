package logparse

import (
	"encoding/binary"
	"math/bits"
)

// Values are short and nothing tells a processor how long the next one is:
// looking at eight octets at once costs less than a branch for each. Numbers of
// two or three digits are the exception.
//
// Where a function below gives a set of octets, it is the highest bit of each
// octet that is in the set, and no other bit.
const (
	each    = 0x0101010101010101
	highest = 0x80 * each
	lower   = 0x7f * each
)

// between gives the octets from lo to hi; v must be without highest bits.
func between(v uint64, lo, hi byte) uint64 {
	return (v + uint64(0x80-lo)*each) &^ (v + uint64(0x7f-hi)*each)
}

// notHex gives the octets that are no hexadecimal digits.
func notHex(v uint64) uint64 {
	l := v & lower
	return (^(between(l, '0', '9') | between(l|0x20*each, 'a', 'f')) | v) & highest
}

// equal gives the octets that are c.
func equal(v uint64, c byte) uint64 {
	v ^= uint64(c) * each
	return ^(v&lower + lower | v) & highest
}

// first returns the place of the first octet of a set, 8 if it is empty.
func first(set uint64) int { return bits.TrailingZeros64(set) / 8 }

// first8 loads the first octets of b. What is said below of others is in each of
// them, not in a function of its own: the compiler leaves an instruction for every
// level of calls that it inlines.
func first8(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// eight loads the octets from b[i] on.
func eight(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i : i+8]) }

// next8 is eight behind a comparison of i with the place of the last eight,
// which spares the compiler most of its own.
func next8(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }

// upTo8 loads the octets from b[i] on, with zeros for those behind b's end; b is
// of eight octets at least.
func upTo8(b []byte, i int) uint64 {
	if i <= len(b)-8 {
		return binary.LittleEndian.Uint64(b[i:])
	}
	return binary.LittleEndian.Uint64(b[len(b)-8:]) >> (8 * uint(i+8-len(b)))
}

// last8 loads the octets before b[end]. Where end was compared with 8 and with
// b's length, the compiler does not compare again.
func last8(b []byte, end int) uint64 { return binary.LittleEndian.Uint64(b[end-8 : end]) }

// reachHex passes over hexadecimal digits.
func reachHex(text []byte, pos int) int {
	for ; pos <= len(text)-8; pos += 8 {
		if set := notHex(next8(text, pos)); set != 0 {
			return pos + first(set)
		}
	}
	for pos < len(text) && unhex(text[pos]) <= 15 {
		pos++
	}
	return pos
}

// reachOctet returns where the next c is, the text's length if there is none.
func reachOctet(text []byte, pos int, c byte) int {
	for ; pos <= len(text)-8; pos += 8 {
		// The lowest bit that this leaves is where the first zero octet is.
		if v := next8(text, pos) ^ uint64(c)*each; (v-each)&^v&highest != 0 {
			return pos + first((v-each)&^v&highest)
		}
	}
	for pos < len(text) && text[pos] != c {
		pos++
	}
	return pos
}

// reachQuote returns where the next quote or backslash is.
func reachQuote(text []byte, pos int) int { return reachEither(text, pos, '"', '\\') }

// reachEither returns where the next c or d is, the text's length if there is none.
func reachEither(text []byte, pos int, c, d byte) int {
	for ; pos <= len(text)-8; pos += 8 {
		v := next8(text, pos)
		if set := equal(v, c) | equal(v, d); set != 0 {
			return pos + first(set)
		}
	}
	for pos < len(text) && text[pos] != c && text[pos] != d {
		pos++
	}
	return pos
}

// special sets the highest bit of octets that are no printable ASCII. The lowest
// one of them is right; behind it others may be set.
func special(v uint64) uint64 { return (v - ' '*each) | (v + each) }

// reachSpecial returns where the first octet is that is no printable ASCII.
func reachSpecial(text []byte) int {
	i := 0
	for ; i <= len(text)-8; i += 8 {
		if set := special(next8(text, i)) & highest; set != 0 {
			return i + first(set)
		}
	}
	for i < len(text) && text[i]-' ' < 0x5f {
		i++
	}
	return i
}

// printable reports whether all octets are printable ASCII, as those of nearly
// all lines are.
func printable(text []byte) bool {
	n := len(text)
	if n < 8 {
		return reachSpecial(text) == n
	}
	all := special(last8(text, n))
	for ; len(text) > 32; text = text[32:] {
		v := (*[32]byte)(text)
		all |= special(first8(v[:8])) | special(first8(v[8:16])) | special(first8(v[16:24])) | special(first8(v[24:]))
	}
	for ; len(text) > 8; text = text[8:] {
		all |= special(first8(text))
	}
	return all&highest == 0
}

// reachHost passes over an address, %any and its like. Two dots end it, and one
// at the end of the text: daemons write "A...B" for two ends.
func reachHost(text []byte, pos int) int {
	i := pos
	if i < len(text) && text[i] == '%' {
		for i++; i < len(text) && (text[i]|0x20-'a' <= 25 || text[i]-'0' <= 9); i++ {
		}
		return i
	}
	last := uint64(0) // the dot before, if there is one
	for ; i <= len(text)-8; i += 8 {
		v := next8(text, i)
		l := v & lower
		dots := equal(v, '.')
		set := (^between(l, '0', ':')&^dots | v) & highest
		if dots&(dots<<8|last) != 0 {
			break // the loop below sees where
		}
		if set != 0 {
			n := i + first(set)
			if unhex(text[n]) <= 15 {
				break // a letter, of IPv6
			}
			return n
		}
		last = dots >> 56
	}
	if last != 0 {
		i--
	}
	for ; i < len(text); i++ {
		c := text[i]
		if c == '.' && (i+1 == len(text) || text[i+1] == '.') {
			break
		}
		if unhex(c) > 15 && c != '.' && c != ':' {
			break
		}
	}
	return i
}

// reachAddr passes over an address with or without its port in brackets.
func reachAddr(text []byte, pos int) int {
	i := reachHost(text, pos)
	if i > pos && i < len(text) && text[i] == '[' {
		j := i + 1
		for j < len(text) && text[j]-'0' <= 9 {
			j++
		}
		if j > i+1 && j < len(text) && text[j] == ']' {
			return j + 1
		}
	}
	return i
}

// numeral returns how many of eight octets are decimal digits, up to the first one
// that is none. Where a sum below overflows into the next octet, that one is
// behind it.
func numeral(v uint64) int {
	v ^= '0' * each
	return first((v + 0x76*each | v) & highest)
}

// decimal reads the first n of eight octets, which are digits; n is not 0.
func decimal(v uint64, n int) uint64 {
	v = (v ^ '0'*each) << ((64 - 8*uint(n)) & 63) // zeros before them
	v = v * (1 + 10<<8) >> 8
	v = v & 0x00ff00ff00ff00ff * (1 + 100<<16) >> 16
	return v & 0x0000ffff0000ffff * (1 + 10000<<32) >> 32
}

// hex8 reads eight hexadecimal digits.
func hex8(v uint64) (uint64, bool) {
	if notHex(v) != 0 {
		return 0, false
	}
	v = bits.ReverseBytes64(v&(0x0f*each) + v>>6&each*9) // a letter's value is 9 more than its lower half
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff, true
}

// overBlanks returns where the next octet is that is no blank.
func overBlanks(b []byte, i int) int {
	for ; i <= len(b)-8; i += 8 {
		if v := next8(b, i) ^ ' '*each; v != 0 {
			i += first(v)
			break
		}
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

// same reports whether two texts are equal, of which most are of 8 to 16 octets.
func same(a, b []byte) bool {
	if n := len(a); n == len(b) && uint(n-8) <= 8 {
		return first8(a) == first8(b) && last8(a, n) == last8(b, n)
	}
	return string(a) == string(b)
}
