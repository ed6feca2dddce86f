package config

import "strings"

// A configuration that was copied from a terminal, or that stands among the
// other outputs of a support bundle.

// withoutPrompt takes away what a terminal shows before a command, as in
// "gw(config)#".
func withoutPrompt(s string) string {
	i := strings.IndexByte(s, '#')
	if i < 0 || strings.ContainsAny(s[:i], " \t") || !strings.Contains(s[:i], "(config") {
		return s
	}
	return strings.TrimLeft(s[i+1:], " \t")
}

// withoutPager takes away the mark at which a terminal stopped, which it
// overwrites when it goes on.
func withoutPager(s string) string {
	for _, mark := range [...]string{"<--- More --->", "--More--"} {
		if i := strings.LastIndex(s, mark); i >= 0 && strings.Trim(s[:i], " \b\r-<") == "" {
			s = strings.TrimLeft(s[i+len(mark):], "\b\r")
			if j := strings.LastIndexAny(s, "\b\r"); j >= 0 {
				s = s[j+1:]
			}
		}
	}
	return s
}

// shown says what the lines that follow a command at a terminal are.
type shown uint8

const (
	showsNothing shown = iota // the command prints nothing of its own
	showsConfig
	showsOther
)

// terminal reports whether a line is a command that was typed at a terminal, or
// the heading of an output in a support bundle, and what it shows.
func terminal(text string) (shown, bool) {
	prompt, rest, ok := prompted(text)
	switch {
	case !ok:
		if low := strings.ToLower(text[:min(len(text), 8)]); strings.HasPrefix(low, "show ") || strings.HasPrefix(low, "sh run") {
			return command(text)
		}
		return showsNothing, false
	case rest == "":
		return showsNothing, true
	}
	shows, ok := command(strings.TrimPrefix(rest, "do "))
	if ok && shows == showsNothing && strings.Contains(prompt, "(config") {
		return shows, false // an exit there ends a section
	}
	return shows, ok
}

// prompted takes the prompt, or the dashes of a heading, from what follows.
func prompted(text string) (prompt, rest string, ok bool) {
	if rest, ok = strings.CutPrefix(text, "----"); ok {
		rest = strings.Trim(rest, "- ")
		return "", rest, strings.HasPrefix(rest, "show ")
	}
	i := strings.IndexAny(text, "#>")
	if i < 0 || i > 64 || strings.ContainsAny(text[:i], " \t\"'<") {
		return "", "", false
	}
	return text[:i], strings.TrimSpace(text[i+1:]), true
}

// TerminalCommand reports whether a line shows a command being typed at the
// terminal of a Cisco, as gw# show version does, or heads an output of a
// support bundle, as ------ show version ------. What follows up to the next
// is what the command printed.
func TerminalCommand(line string) bool {
	prompt, rest, ok := prompted(line)
	if !ok || line[0] == '#' || rest == "" || strings.Contains(prompt, "(config") && !strings.HasPrefix(rest, "do ") {
		return false
	}
	_, ok = command(strings.TrimPrefix(rest, "do "))
	return ok
}

// command tells what a command of the terminal shows; ok is false for one of
// the configuration.
func command(s string) (shows shown, ok bool) {
	words := strings.Fields(strings.ToLower(s))
	second := ""
	if len(words) > 1 {
		second = words[1]
	}
	first := words[0]
	switch {
	case len(first) >= 2 && strings.HasPrefix("show", first), first == "more":
		for _, w := range [...]string{"running-config", "startup-config", "configuration"} {
			if len(second) >= 3 && strings.HasPrefix(w, strings.TrimPrefix(second, "system:")) {
				return showsConfig, true
			}
		}
		return showsOther, true
	case len(first) >= 2 && strings.HasPrefix("write", first) && strings.HasPrefix("terminal", second) && second != "":
		return showsConfig, true
	case len(first) >= 4 && strings.HasPrefix("configure", first) && strings.HasPrefix("terminal", second):
		return showsConfig, true // what is typed
	case first == "enable" && second == "", first == "en" && second == "", first == "end", first == "exit" && second == "", first == "quit", strings.HasPrefix(first, "term") && second != "",
		len(first) >= 2 && strings.HasPrefix("write", first):
		return showsNothing, true
	case first == "ping", first == "debug", first == "undebug", first == "dir", first == "packet-tracer", first == "traceroute", first == "clear":
		return showsOther, true
	}
	return showsNothing, false
}
