package config

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// XML as appliances export it: elements with text or with further elements.
// Entities are the five that XML has itself; what a file declares besides is
// not looked at, so that nothing expands.

// xmlReader builds the tree of what is wanted.
type xmlReader struct {
	s    *source
	name string
	b    []byte
	d    *xml.Decoder
	line int
	off  int64 // up to which lines were counted
	// wanted says whether an element is to be kept, by its path; what is below
	// one that is kept is too.
	wanted func(path []string) bool
}

// xmlTree reads the elements of a file that are wanted. What stands behind a
// fault is not read, and what the fault is in is left out.
func (s *source) xmlTree(name string, b []byte, wanted func(path []string) bool) *element {
	r := &xmlReader{s: s, name: name, b: b, d: xml.NewDecoder(strings.NewReader(string(b))), line: 1, wanted: wanted}
	r.d.Strict = false // an entity that is not known stays as it is written
	r.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &element{at: Pos{name, 1}}
	open := []*element{root}
	var names []string
	kept, skipped := 0, 0 // elements below a kept one, and below one that is not wanted
	for !s.full {
		tok, err := r.d.RawToken()
		if err != nil {
			if !errors.Is(err, io.EOF) || len(names) > 0 || skipped > 0 {
				s.problem(r.pos(), "", ErrUnclosed)
				r.tear(open)
			}
			return root
		}
		top := open[len(open)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			names = append(names, t.Name.Local)
			if skipped > 0 || len(names) > s.lim.Depth || kept == 0 && !r.wanted(names) {
				if len(names) == s.lim.Depth+1 && kept > 0 {
					s.problem(r.pos(), "", ErrTooDeep)
				}
				skipped++
				continue
			}
			n := &element{name: t.Name.Local, at: r.pos()}
			for _, a := range t.Attr {
				if a.Name.Local == "uuid" || a.Name.Local == "id" {
					n.uuid = strings.Clone(a.Value)
				}
			}
			if kept > 0 || r.leaf(names) {
				kept++
				if !s.opened(n.at) {
					return root
				}
			}
			top.subs = append(top.subs, n)
			open = append(open, n)
		case xml.EndElement:
			if len(names) == 0 || names[len(names)-1] != t.Name.Local {
				s.problem(r.pos(), "", ErrUnopened)
				r.tear(open)
				return root
			}
			names = names[:len(names)-1]
			if skipped > 0 {
				skipped--
				continue
			}
			if kept > 0 {
				kept--
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if skipped > 0 || len(open) == 1 {
				continue
			}
			text := strings.TrimSpace(string(t))
			if text == "" {
				continue
			}
			if top.text == "" {
				top.at = r.pos()
			}
			top.text += text
		}
	}
	r.tear(open)
	return root
}

// leaf reports whether everything below a wanted element is wanted: no other
// path begins with its own.
func (r *xmlReader) leaf(names []string) bool {
	return r.wanted(append(slices.Clone(names), ""))
}

// tear marks what was open when the reading ended.
func (r *xmlReader) tear(open []*element) {
	for _, n := range open[1:] {
		n.torn = true
	}
}

// pos is the place of the token that was read last: the line of its end.
func (r *xmlReader) pos() Pos {
	off := r.d.InputOffset()
	for ; r.off < off && r.off < int64(len(r.b)); r.off++ {
		if r.b[r.off] == '\n' {
			r.line++
		}
	}
	return Pos{r.name, r.line}
}
