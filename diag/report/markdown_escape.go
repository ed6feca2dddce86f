package report

import (
	"html"
	"strings"
)

// Text from outside must not become markup of CommonMark or of GitHub's dialect
// of it, nor call anybody: what is punctuation there gets a backslash, and what
// would become a link, a mention, a reference or a formula stands as code.

// mdText writes a text in a paragraph, a heading or a list.
func mdText(s safe) string { return mdWords(s, false) }

// mdCell writes a text in a table.
func mdCell(s safe) string { return mdWords(s, true) }

func mdWords(s safe, cell bool) string {
	var b strings.Builder
	for i, w := range strings.Split(string(s), " ") {
		if i > 0 {
			b.WriteByte(' ')
		}
		if linked(w) {
			end := ""
			if n := len(w) - 1; n > 0 && (w[n] == ',' || w[n] == ':' || w[n] == ';') {
				w, end = w[:n], w[n:] // is the sentence's
			}
			b.WriteString(mdCode(safe(w), cell) + end)
			continue
		}
		if i == 0 && !cell {
			w = mdStart(&b, w)
		}
		for _, r := range w {
			if strings.ContainsRune("\\`*_{}[]<>|~&$", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mdStart takes the force from what begins a block: a list, a heading, a
// quotation, a line of a table.
func mdStart(b *strings.Builder, w string) (rest string) {
	digits := len(w) - len(strings.TrimLeft(w, "0123456789"))
	if digits == len(w) {
		return w
	}
	if c := w[digits]; digits > 0 && digits == len(w)-1 && (c == '.' || c == ')') || digits == 0 && strings.IndexByte("-+#=:", c) >= 0 {
		b.WriteString(w[:digits] + "\\" + w[digits:digits+1])
		return w[digits+1:]
	}
	return w
}

// linked reports whether a word would become a link, a mention or a reference.
func linked(w string) bool {
	l := strings.ToLower(w)
	switch {
	case strings.ContainsAny(w, "@#$"), strings.Contains(l, "://"), strings.Contains(l, "www."), strings.Contains(l, "gh-"), strings.Contains(l, "mailto:"), strings.Contains(l, "xmpp:"):
		return true
	}
	// The name of a commit.
	hex := strings.Trim(w, ",.:;()'\"…")
	return len(hex) >= 7 && len(hex) <= 64 && strings.Trim(hex, "0123456789abcdef") == "" && strings.Trim(hex, "0123456789") != ""
}

// mdCode writes a text as code. A fence longer than any that it holds keeps it
// in (CommonMark, section 6.1); in a table a bar needs a backslash even there.
func mdCode(s safe, cell bool) string {
	text := string(s)
	if text == "" {
		return ""
	}
	if cell {
		text = strings.ReplaceAll(text, "|", "\\|")
	}
	fence := strings.Repeat("`", ticks(text)+1)
	if text[0] == '`' || text[len(text)-1] == '`' {
		text = " " + text + " "
	}
	return fence + text + fence
}

// ticks is the length of the longest row of backticks.
func ticks(s string) (most int) {
	n := 0
	for i := range len(s) {
		if s[i] != '`' {
			n = 0
			continue
		}
		n++
		most = max(most, n)
	}
	return most
}

// mdHTML writes a text within an element of HTML, in a line in which Markdown
// is not looked for.
func mdHTML(s safe) string { return html.EscapeString(string(s)) }
