package config

import (
	"bytes"
	"strings"
)

// The layout of a FortiOS configuration: config TABLE, edit NAME, set KEY
// WORD..., next, end. What people paste begins and ends anywhere, and has the
// device's prompt before its commands.

// fortiWord is a word of a command.
type fortiWord struct {
	text   string
	quoted bool
}

// fortiReader cuts a file into records.
type fortiReader struct {
	s    *source
	name string
	b    string
	i    int
	line int

	words []fortiWord // of the command being read
	open  []fortiLevel
	deep  int // levels beyond the limit
	vdom  string

	records []*record // of the tables that the model has
	byName  map[string]*record
	foreign []Statement // the other tables
	version string
}

// fortiLevel is an open table, or an entry of one.
type fortiLevel struct {
	table string
	entry bool
	rec   *record // nil in tables that the model has not
	known bool
	at    Pos
}

func (r *fortiReader) pos() Pos { return Pos{r.name, r.line} }

func (r *fortiReader) read(b []byte) {
	r.b, r.line, r.byName = string(bytes.TrimRight(b, " \t\r\n")), 1, map[string]*record{}
	for r.i < len(r.b) && !r.s.full {
		at := r.pos()
		r.command()
		if len(r.words) > 0 {
			r.do(at)
		}
	}
	if l := r.top(); r.s.full && l != nil && l.entry && l.rec != nil {
		l.rec.section = "" // it was cut apart
	}
	for i := len(r.open) - 1; i >= 0 && !r.s.full; i-- {
		if !r.open[i].entry {
			r.s.problem(r.open[i].at, "config", ErrUnclosed)
			break
		}
	}
}

// command reads the words of one command, which ends with the line unless a
// quotation goes on.
func (r *fortiReader) command() {
	r.words = r.words[:0]
	for r.i < len(r.b) {
		switch c := r.b[r.i]; {
		case c == '\n':
			r.i++
			r.line++
			return
		case c == ' ' || c == '\t' || c == '\r' || c == '\b':
			r.i++
		case c == '#' && len(r.words) == 0:
			r.comment()
		case c == '#' && prompt(r.words):
			r.i++ // what stood before it was the device's prompt
			r.words = r.words[:0]
		default:
			r.word()
		}
	}
}

// prompt reports whether words are what a device shows before a command: its
// name, and where it is in the configuration.
func prompt(words []fortiWord) bool {
	w := words[0]
	return len(words) == 1 && !w.quoted && !fortiCommand(w.text) || len(words) == 2 && strings.HasPrefix(words[1].text, "(") && strings.HasSuffix(words[1].text, ")")
}

// comment passes a line that begins with #; the first tells the release.
func (r *fortiReader) comment() {
	l, _, _ := strings.Cut(r.b[r.i:], "\n")
	r.i += len(l)
	if v, ok := strings.CutPrefix(l, "#config-version="); ok && r.version == "" {
		for f := range strings.SplitSeq(v, "-") {
			if f != "" && f[0] >= '0' && f[0] <= '9' && strings.Count(f, ".") > 0 && strings.Trim(f, "0123456789.") == "" {
				r.version = f
				return
			}
		}
	}
}

// word reads a word, of which parts may stand in quotes.
func (r *fortiReader) word() {
	var b strings.Builder
	w := fortiWord{}
	for first := true; r.i < len(r.b); first = false {
		c := r.b[r.i]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			break
		}
		r.i++
		switch {
		case c == '\\' && r.i < len(r.b) && r.b[r.i] != '\n':
			b.WriteByte(r.b[r.i])
			r.i++
		case c == '"' || c == '\'' && first:
			w.quoted = w.quoted || first
			b.WriteString(r.quotation(c))
		default:
			b.WriteByte(c)
		}
	}
	w.text = b.String()
	if strings.HasPrefix(w.text, "--More--") && len(r.words) == 0 {
		if w.text = w.text[len("--More--"):]; w.text == "" {
			return
		}
	}
	r.words = append(r.words, w)
}

// quotation reads up to the closing quote, over lines where need be. One that
// has none ends with its line: what follows would be lost.
func (r *fortiReader) quotation(end byte) string {
	var b strings.Builder
	for i, lines := r.i, 0; ; i++ {
		switch {
		case i >= len(r.b), r.b[i] == '\n' && fortiCommandAt(r.b[i+1:]):
			l, _, _ := strings.Cut(r.b[r.i:], "\n")
			r.s.problem(r.pos(), "", ErrUnterminated)
			r.i += len(l)
			return strings.TrimRight(l, "\r")
		case r.b[i] == end:
			r.i, r.line = i+1, r.line+lines
			return b.String()
		case r.b[i] == '\\' && i+1 < len(r.b):
			i++
		case r.b[i] == '\n':
			lines++
		}
		if r.b[i] == '\n' && i > 0 && r.b[i-1] == '\\' {
			lines++
		}
		b.WriteByte(r.b[i])
	}
}

// fortiCommand reports whether a word begins a command of a configuration.
func fortiCommand(w string) bool {
	switch w {
	case "config", "edit", "set", "unset", "append", "next", "end", "delete", "purge":
		return true
	}
	return false
}

// fortiCommandAt reports whether a line is a command.
func fortiCommandAt(rest string) bool {
	rest = strings.TrimLeft(rest[:min(len(rest), 200)], " \t")
	l, _, _ := strings.Cut(rest, "\n")
	l = strings.TrimRight(l, "\r ")
	w, more, _ := strings.Cut(l, " ")
	switch w {
	case "next", "end":
		return more == ""
	case "set", "unset", "edit", "config":
		return more != ""
	}
	return false
}

func (r *fortiReader) do(at Pos) {
	w := r.words
	if !r.s.unit(at) {
		return
	}
	switch {
	case w[0].quoted:
		r.s.problem(at, "", ErrSyntax)
	case w[0].text == "config" && len(w) > 1:
		r.config(at)
	case w[0].text == "edit" && len(w) == 2:
		r.edit(at)
	case w[0].text == "next":
		r.s.recognize(at)
		r.next()
	case w[0].text == "end":
		r.s.recognize(at)
		r.end()
	case (w[0].text == "set" || w[0].text == "append" || w[0].text == "select") && len(w) > 1:
		r.set(at, w[0].text != "set")
	case w[0].text == "unset" && len(w) == 2:
		r.s.recognize(at)
		if l := r.top(); l != nil && l.rec != nil {
			l.rec.drop(w[1].text)
		}
	case w[0].text == "delete" && len(w) == 2:
		r.s.recognize(at)
		r.remove(w[1].text)
	case w[0].text == "show" || w[0].text == "get" || w[0].text == "purge" || w[0].text == "abort":
		r.s.recognize(at)
	default:
		r.s.problem(at, "", ErrSyntax)
	}
}

func (r *fortiReader) top() *fortiLevel {
	if len(r.open) == 0 {
		return nil
	}
	return &r.open[len(r.open)-1]
}

// fortiTables are the tables of which the model has entries, fortiSingles those
// without entries.
var (
	fortiTables = []string{
		"vpn ipsec phase1-interface", "vpn ipsec phase1", "vpn ipsec phase2-interface", "vpn ipsec phase2", "firewall address", "firewall addrgrp", "firewall policy", "firewall policy6",
		"firewall security-policy", "firewall consolidated policy", "system interface", "system zone", "system sdwan/members", "system virtual-wan-link/members", "vpn ipsec aggregate", "vpn ipsec concentrator",
	}
	fortiSingles = []string{"system global"}
)

// fortiTrees are the first words of the tables of FortiOS 5 to 7.
const fortiTrees = "alertemail antivirus application authentication automation aws azure casb certificate cifs cloud credential-store dlp dnsfilter dpdk emailfilter endpoint-control ethernet-oam extender " +
	"extender-controller extension-controller file-filter firewall ftp-proxy gcp gui icap ips log monitoring mqtt-filter netscan nsx nsxt report router rule sctp-filter spamfilter ssh-filter switch-controller " +
	"system telemetry-controller ts user videofilter virtual-patch voip vpn waf wanopt web-proxy webfilter wireless-controller ztna"
