package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// What programs that speak with charon's control interface (vici) keep of its
// list-sas and list-conns as JSON: the sections of a message as objects, its
// lists as arrays, its values as strings, or as numbers by some. The messages
// stand one by one, one on each line, in an array, or as one object; each may be
// wrapped in what says which event it is:
//
//	{"vpn": {"uniqueid": "1", "version": "1", "state": "ESTABLISHED", "local-host": "192.0.2.1",
//	  "child-sas": {"net-1": {"name": "net", "state": "INSTALLED", "spi-in": "c7e6d3ba", "bytes-in": "84"}}}}

// isViciJSON tells which of the two the beginning of a content is.
func isViciJSON(head []byte) Format {
	head = bytes.TrimLeft(head, " \t\r\n\ufeff")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return FormatUnknown
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if !bytes.Contains(head, []byte(`"`+n+`"`)) && !bytes.Contains(head, []byte(`"`+strings.ReplaceAll(n, "-", "_")+`"`)) {
				return false
			}
		}
		return true
	}
	switch {
	case has("uniqueid", "state"), has("local-host", "remote-host", "state"), has("child-sas", "state"):
		return ViciSAs
	case has("local-addrs", "remote-addrs") && has("children"):
		return ViciConnections
	}
	return FormatUnknown
}

// Bounds of a content in JSON.
const (
	maxJSONDepth = 16
	maxJSONItems = 1 << 20
)

var errJSONLarge = errors.New("JSON is too deep or has too many values")

// viciJSON is a reading.
type viciJSON struct {
	p     *parser
	dec   *json.Decoder
	lines *lineReader
	items int
}

func readViciJSON(p *parser) {
	v := viciJSON{p: p, lines: &lineReader{in: io.LimitReader(p.in, maxInput)}}
	v.dec = json.NewDecoder(v.lines)
	v.dec.UseNumber()
	for {
		t, err := v.dec.Token()
		if err == nil {
			_, _, err = v.value(t, "", 0)
		}
		if err != nil {
			if err != io.EOF {
				p.fail(v.line(), ErrSyntax)
			}
			break
		}
	}
	_, _ = io.Copy(io.Discard, v.lines)
	p.st.Lines, p.ended = v.lines.count(), true
}

// line returns the number of the line that was read to.
func (v *viciJSON) line() int { return v.lines.at(v.dec.InputOffset()) }

// value reads a value that begins with a token. What is an IKE SA or a connection
// is kept and returned as nothing.
func (v *viciJSON) value(t json.Token, name string, depth int) (text string, section *viciSection, err error) {
	if v.items++; depth > maxJSONDepth || v.items > maxJSONItems {
		return "", nil, errJSONLarge
	}
	switch t := t.(type) {
	case string:
		return t, nil, nil
	case json.Number:
		return t.String(), nil, nil
	case bool:
		return map[bool]string{true: "yes", false: "no"}[t], nil, nil
	case json.Delim:
		if t == '[' {
			return "", nil, v.list(nil, name, depth)
		}
		section, err = v.object(name, depth)
		return "", section, err
	}
	return "", nil, nil // null
}

// list reads what is left of an array: sections, or the values of a list of a
// section's.
func (v *viciJSON) list(of *viciSection, name string, depth int) error {
	for {
		t, err := v.dec.Token()
		if err != nil {
			return err
		}
		if t == json.Delim(']') {
			return nil
		}
		text, section, err := v.value(t, name, depth+1)
		if err != nil {
			return err
		}
		switch {
		case of == nil:
		case section != nil:
			of.sections = append(of.sections, section)
		default:
			of.lists[name] = append(of.lists[name], text)
		}
	}
}

// object reads what is left of an object.
func (v *viciJSON) object(name string, depth int) (*viciSection, error) {
	s := &viciSection{name: name, line: v.line(), values: map[string]string{}, lists: map[string][]string{}}
	for {
		t, err := v.dec.Token()
		if err != nil {
			return nil, err
		}
		if t == json.Delim('}') {
			return v.keep(s), nil
		}
		key := strings.ReplaceAll(t.(string), "_", "-")
		if t, err = v.dec.Token(); err != nil {
			return nil, err
		}
		if t == json.Delim('[') {
			err = v.list(s, key, depth)
		} else {
			var text string
			var section *viciSection
			text, section, err = v.value(t, key, depth+1)
			if _, isObject := t.(json.Delim); section != nil {
				s.sections = append(s.sections, section)
			} else if _, twice := s.values[key]; !twice && !isObject {
				s.values[key] = text
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// keep takes a section that is an IKE SA or a connection, and returns others.
func (v *viciJSON) keep(s *viciSection) *viciSection {
	_, hosts := s.values["remote-host"]
	switch {
	case hosts && s.values["state"] != "":
		if s.name == "" || s.name == "sa" || s.name == "list-sa" {
			s.name = s.values["name"]
		}
		if sa, ok := rawSA(s, v.p.room); ok && v.p.room() {
			v.p.st.SAs = append(v.p.st.SAs, sa)
		}
		return nil
	case s.lists["remote-addrs"] != nil || s.lists["local-addrs"] != nil:
		if v.p.room() {
			v.p.st.Connections = append(v.p.st.Connections, viciConnection(s))
		}
		return nil
	}
	return s
}

// viciConnection reads the section of a connection.
func viciConnection(s *viciSection) Connection {
	c := Connection{Line: s.line, Name: s.name, Local: strings.Join(s.lists["local-addrs"], ","), Remote: strings.Join(s.lists["remote-addrs"], ","), Versions: s.values["version"], DPD: seconds(s.values["dpd-delay"])}
	for _, x := range s.sections {
		side, _, _ := strings.Cut(x.name, "-")
		switch {
		case side == "local" || side == "remote":
			round := AuthRound{Line: x.line, Text: x.values["id"], Identity: identity(x.values["id"]), Method: x.values["class"], Certificates: x.lists["certs"]}
			if side == "local" {
				c.LocalAuth = append(c.LocalAuth, round)
			} else {
				c.RemoteAuth = append(c.RemoteAuth, round)
			}
		case x.name == "children":
			for _, k := range x.sections {
				child := ConnectionChild{Line: k.line, Name: k.name, LocalText: strings.Join(k.lists["local-ts"], " "), RemoteText: strings.Join(k.lists["remote-ts"], " ")}
				child.Local, child.Remote = selectors(child.LocalText), selectors(child.RemoteText)
				var mode Child
				childMode(&mode, k.values["mode"])
				child.Mode = mode.Mode
				c.Children = append(c.Children, child)
			}
		}
	}
	return c
}

// lineReader counts the lines that pass through it.
type lineReader struct {
	in   io.Reader
	read int64
	// ends are the offsets behind line feeds that no line was asked for yet.
	ends []int64
	past int // lines that end before those
	open bool
}

func (r *lineReader) Read(b []byte) (int, error) {
	n, err := r.in.Read(b)
	for i, c := range b[:n] {
		if r.open = c != '\n'; !r.open {
			r.ends = append(r.ends, r.read+int64(i)+1)
		}
	}
	r.read += int64(n)
	return n, err
}

// at returns the number of the line at an offset; the offsets that it is asked
// for grow.
func (r *lineReader) at(offset int64) int {
	i := 0
	for i < len(r.ends) && r.ends[i] <= offset {
		i++
	}
	r.past += i
	r.ends = r.ends[i:]
	return r.past + 1
}

// count returns the number of lines.
func (r *lineReader) count() int {
	n := r.past + len(r.ends)
	if r.open {
		n++
	}
	return n
}
