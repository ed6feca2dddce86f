package report

import (
	"strings"
	"unicode"
)

// columns returns how many columns of a terminal a text takes. It is exact
// for what people write names in; a terminal may differ for rare scripts.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// wide lists the blocks whose characters take two columns (Unicode Standard
// Annex 11, East Asian Width), by first and last.
var wide = [...][2]rune{
	{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
	{0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	for _, b := range wide {
		if b[0] <= r && r <= b[1] {
			return 2
		}
	}
	return 1
}

// split cuts a text after at most n columns, at least one character.
func split(s string, n int) (head, tail string) {
	used := 0
	for i, r := range s {
		used += runeColumns(r)
		if used > n && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// splitPath is split for a word that may be a path: it cuts behind a separator
// where that does not leave the line nearly empty.
func splitPath(s string, n int) (head, tail string) {
	head, tail = split(s, n)
	if i := strings.LastIndexByte(head, '/') + 1; tail != "" && i >= len(head)/2 {
		return s[:i], s[i:]
	}
	return head, tail
}

// wrap breaks a text into lines of at most n columns: between words, and
// within one that is longer than a line.
func wrap(s string, n int) (lines []string) {
	line, used := "", 0
	for _, w := range strings.Fields(s) {
		c := columns(w)
		if used > 0 && used+1+c <= n {
			line += " " + w
			used += 1 + c
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for c > n {
			var head string
			head, w = splitPath(w, n)
			lines = append(lines, head)
			c = columns(w)
		}
		line, used = w, c
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// cut shortens a text to n columns and marks that with an ellipsis.
func cut(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	head, _ := split(s, n-1)
	return head + "…"
}

// cutFront shortens a text to n columns at its start, for paths, whose end
// tells them apart.
func cutFront(s string, n int) string {
	for c := columns(s); c > n; {
		s = strings.TrimPrefix(s, "…")
		_, rest := split(s, 1)
		s = "…" + rest
		c = columns(s)
	}
	return s
}

// pad fills a text with spaces up to n columns.
func pad(s string, n int) string {
	if c := columns(s); c < n {
		return s + strings.Repeat(" ", n-c)
	}
	return s
}
