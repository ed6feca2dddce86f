package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ikediag/ikediag/ike"
)

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// maxText bounds the text of an unknown line.
const maxText = 160

// harmless returns a line for people to look at: bounded, without control
// characters, and without any word that could be a key.
func harmless(s string) string {
	low := strings.ToLower(s)
	for _, w := range []string{"psk", "secret", "password", "passwd", "key"} {
		if strings.Contains(low, w) {
			return "[may hold a secret]"
		}
	}
	if len(s) > maxText {
		s = s[:maxText]
	}
	fields := strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == utf8.RuneError || r == 0x7f })
	for i, f := range fields {
		if looksSecret(f) || isGroup(f) && (i > 0 && (fields[i-1] == hidden || isGroup(fields[i-1])) || i+1 < len(fields) && isGroup(fields[i+1])) {
			fields[i] = hidden
		}
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, strings.Join(fields, " "))
}

// hidden stands for a word that could be a key.
const hidden = "[…]"

// isGroup reports whether a word is four octets in hexadecimal, as keys are
// printed in groups.
func isGroup(s string) bool {
	_, err := strconv.ParseUint(s, 16, 32)
	return err == nil && len(s) == 8
}

// looksSecret reports whether a word could be a key: long, and letters mixed
// with digits.
func looksSecret(s string) bool {
	digits, letters := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	return digits >= 4 && digits+letters >= 20
}

// cut2 splits around the first sep, both parts trimmed.
func cut2(s, sep string) (a, b string, ok bool) {
	a, b, ok = strings.Cut(s, sep)
	return strings.TrimSpace(a), strings.TrimSpace(b), ok
}

// words splits at white space, dropping what C prints for a null pointer.
func words(s string) []string {
	f := strings.Fields(s)
	out := f[:0]
	for _, w := range f {
		if w != null {
			out = append(out, w)
		}
	}
	return out
}

// null is what the C library prints for a value that was not there.
const null = "(null)"

// seconds reads "3958s" or "-15s".
func seconds(s string) Span {
	n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(s), "s"), 10, 64)
	if err != nil || n > maxSeconds || n < -maxSeconds {
		return Span{}
	}
	return Span{Known: true, D: time.Duration(n) * time.Second, Unit: time.Second}
}

// maxSeconds is what fits a Duration.
const maxSeconds = int64(1<<63-1) / int64(time.Second)

// spelled reads "2 hours", "42 minutes" and the like.
func spelled(s string) Span {
	number, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return Span{}
	}
	var u time.Duration
	switch strings.TrimSuffix(unit, "s") {
	case "second":
		u = time.Second
	case "minute":
		u = time.Minute
	case "hour":
		u = time.Hour
	case "day":
		u = 24 * time.Hour
	case "week":
		u = 7 * 24 * time.Hour
	default:
		return Span{}
	}
	if n > int64(1<<63-1)/int64(u) || n < 0 {
		return Span{}
	}
	return Span{Known: true, D: time.Duration(n) * u, Unit: u}
}

// cookie reads sixteen hexadecimal digits.
func cookie(s string) (c [8]byte, ok bool) {
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil || len(s) != 16 {
		return c, false
	}
	for i := range c {
		c[i] = byte(n >> (56 - 8*i))
	}
	return c, true
}

// address reads an address without a port, which may have a zone.
func address(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.WithZone(""), err == nil
}

// selectors reads a list separated by white space. What is no selector is left
// out.
func selectors(s string) (out []ike.Selector) {
	for _, w := range words(s) {
		if sel, err := ike.ParseSelector(w); err == nil {
			out = append(out, sel)
		}
	}
	return out
}

// identity reads an identity as strongSwan prints it.
func identity(s string) ike.Identity { return ike.ParseIdentity(s, ike.DialectStrongSwan) }
