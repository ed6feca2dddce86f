package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// jsonTree reads JSON as elements. What stands behind a fault is not read, and
// what the fault is in is left out.
func (s *source) jsonTree(name string, b []byte) *element {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	line, counted := 1, int64(0)
	pos := func() Pos {
		for off := d.InputOffset(); counted < off && counted < int64(len(b)); counted++ {
			if b[counted] == '\n' {
				line++
			}
		}
		return Pos{name, line}
	}
	type level struct {
		at   *element
		list bool
		key  string
		has  bool // a key waits for its value
	}
	root := &element{at: Pos{name, 1}}
	open := []level{{at: root, list: true}}
	deep := 0 // levels that are not kept
	add := func(n *element) *element {
		top := &open[len(open)-1]
		n.name, n.at = top.key, pos()
		top.at.subs = append(top.at.subs, n)
		top.has = false
		return n
	}
	for !s.full {
		tok, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) || len(open) > 1 {
				s.problem(pos(), "", ErrSyntax)
				for _, l := range open[1:] {
					l.at.torn = true
				}
			}
			return root
		}
		top := &open[len(open)-1]
		if t, ok := tok.(json.Delim); ok {
			switch {
			case t == '}' || t == ']':
				if deep > 0 {
					deep--
				} else {
					open = open[:len(open)-1]
				}
			case deep > 0 || len(open) > s.lim.Depth:
				if deep == 0 {
					s.problem(pos(), "", ErrTooDeep)
					top.has = false
				}
				deep++
			case t == '[': // its values have its name
				top.has = false
				open = append(open, level{at: top.at, list: true, key: top.key})
			default:
				if !s.opened(pos()) {
					return root
				}
				open = append(open, level{at: add(&element{})})
			}
			continue
		}
		switch {
		case deep > 0:
		case !top.list && !top.has:
			top.key, _ = tok.(string)
			top.has = true
		default:
			if !s.opened(pos()) {
				return root
			}
			n := add(&element{})
			switch v := tok.(type) {
			case string:
				n.text = v
			case json.Number:
				n.text = v.String()
			case bool:
				n.text = map[bool]string{true: "true", false: "false"}[v]
			}
		}
	}
	for _, l := range open[1:] {
		l.at.torn = true
	}
	return root
}
