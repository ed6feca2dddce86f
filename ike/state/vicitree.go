package state

import "strings"

// What swanctl prints with --raw is a message of charon's control interface:
// sections in braces, values, and lists in brackets, all on one line:
//
//	list-sa event {vpn {uniqueid=1 state=ESTABLISHED local-id=C=DE, CN=a remote-host=192.0.2.2 child-sas {net-1 {name=net}}}}
//
// With --pretty each stands on a line of its own, as "uniqueid = 1". Values
// are not quoted. Where a value ends, only the names that may come next tell,
// which is why these are known here.

// viciSection is a section: its values, its lists and the sections in it.
type viciSection struct {
	name     string
	line     int
	values   map[string]string
	lists    map[string][]string
	sections []*viciSection
}

// Bounds of one message.
const (
	maxViciDepth = 8
	maxViciItems = 16384
)

// viciReader reads one message.
type viciReader struct {
	stack []*viciSection
	items int
	list  string // the one that is open in the pretty form
}

func (v *viciReader) top() *viciSection { return v.stack[len(v.stack)-1] }

// open begins a section.
func (v *viciReader) open(name string, line int) bool {
	if v.items++; len(v.stack) >= maxViciDepth || v.items > maxViciItems {
		return false
	}
	s := &viciSection{name: strings.TrimSpace(name), line: line, values: map[string]string{}, lists: map[string][]string{}}
	if len(v.stack) > 0 {
		v.top().sections = append(v.top().sections, s)
	}
	v.stack = append(v.stack, s)
	return true
}

// set keeps a value; the first of its name stands.
func (v *viciReader) set(key, value string) bool {
	s := v.top()
	if v.items++; v.items > maxViciItems {
		return false
	}
	if _, twice := s.values[key]; !twice {
		s.values[key] = value
	}
	return true
}

// viciLine reads a message that stands on one line.
func viciLine(text string, line int) (*viciSection, bool) {
	var v viciReader
	for first := true; ; first = false {
		text = strings.TrimLeft(text, " ")
		switch {
		case text == "":
			return nil, false
		case text[0] == '}':
			if len(v.stack) == 1 {
				return v.top(), strings.TrimSpace(text[1:]) == ""
			}
			v.stack = v.stack[:len(v.stack)-1]
			text = text[1:]
			continue
		}
		// What comes first: a value's equals sign or a section's brace.
		at := strings.IndexAny(text, "={")
		if at < 1 || text[at] == '=' && first {
			return nil, false
		}
		name := text[:at]
		if text[at] == '{' {
			if !v.open(name, line) {
				return nil, false
			}
			text = text[at+1:]
			continue
		}
		text = text[at+1:]
		if strings.HasPrefix(text, "[") {
			end := viciListEnd(text)
			if v.items++; end == 0 || v.items > maxViciItems {
				return nil, false
			}
			v.top().lists[name] = strings.Fields(text[1:end])
			text = text[end+1:]
			continue
		}
		end := viciEnd(text)
		if !v.set(name, text[:end]) {
			return nil, false
		}
		text = text[end:]
	}
}

// viciListEnd finds the bracket that closes a list, 0 where none does. A
// selector may hold a pair of them.
func viciListEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}

// viciEnd finds where a value ends: before a closing brace, before a blank and
// the name of another value or list, or before a blank and that of a section.
// An identity that holds such a name is cut short.
func viciEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '}':
			return i
		case ' ':
			rest := s[i+1:]
			n := strings.IndexAny(rest[:min(len(rest), maxViciName)], "={ }")
			switch {
			case n < 1:
			case rest[n] == '=' && viciKnown(rest[:n]), rest[n] == ' ' && strings.HasPrefix(rest[n:], " {"):
				return i
			}
		}
	}
	return len(s)
}

// maxViciName bounds the names of values.
const maxViciName = 64

// viciKnown reports whether a word is the name of a value or list of an IKE SA
// or a child, as charon's interface documents them.
func viciKnown(s string) bool {
	switch s {
	case "uniqueid", "version", "state", "local-host", "local-port", "local-id", "remote-host", "remote-port", "remote-id", "remote-xauth-id", "remote-eap-id",
		"initiator", "initiator-spi", "responder-spi", "nat-local", "nat-remote", "nat-fake", "nat-any", "if-id-in", "if-id-out", "encr-alg", "encr-keysize",
		"integ-alg", "integ-keysize", "prf-alg", "dh-group", "ppk", "established", "rekey-time", "reauth-time", "local-vips", "remote-vips",
		"tasks-queued", "tasks-active", "tasks-passive", "name", "reqid", "mode", "protocol", "encap", "spi-in", "spi-out", "cpi-in", "cpi-out",
		"mark-in", "mark-mask-in", "mark-out", "mark-mask-out", "label", "esn", "bytes-in", "packets-in", "use-in", "bytes-out", "packets-out", "use-out",
		"life-time", "install-time", "local-ts", "remote-ts", "cpu":
		return true
	}
	// Further key exchanges of IKEv2: ke1-alg to ke7-alg.
	return strings.HasPrefix(s, "ke") && strings.HasSuffix(s, "-alg")
}

// pretty reads one line of the form with a line for each. It returns the
// message when it is whole.
func (v *viciReader) pretty(text string, line int) (whole *viciSection, ok bool) {
	text = strings.TrimSpace(text)
	if v.list != "" {
		if text == "]" {
			v.list = ""
			return nil, true
		}
		v.items++
		v.top().lists[v.list] = append(v.top().lists[v.list], text)
		return nil, v.items <= maxViciItems
	}
	if name, isSection := strings.CutSuffix(text, " {"); isSection {
		return nil, v.open(name, line)
	}
	if len(v.stack) == 0 {
		return nil, false
	}
	if text == "}" {
		if len(v.stack) == 1 {
			return v.top(), true
		}
		v.stack = v.stack[:len(v.stack)-1]
		return nil, true
	}
	key, value, isValue := strings.Cut(text, " = ")
	if value == "[" && isValue {
		v.list = key
		return nil, true
	}
	return nil, isValue && v.set(key, value)
}
