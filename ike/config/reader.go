package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// source is one parse under way: what its files share.
type source struct {
	c     *Config
	o     Options
	lim   Limits
	read  int64    // octets read so far
	stack []string // files being read, to see a cycle
	opens int      // sections opened
	full  bool     // the limit of statements was reached, and said
}

func newSource(c *Config, o Options) *source {
	return &source{c: c, o: o, lim: o.Limits.defaults()}
}

// problem notes what could not be understood.
func (s *source) problem(at Pos, key string, err error) {
	if len(s.c.Problems) >= s.lim.Problems {
		s.c.Lost++
		return
	}
	s.c.Problems = append(s.c.Problems, &ParseError{File: at.File, Line: at.Line, Key: key, Err: err})
}

// unit counts a statement; false once there are too many.
func (s *source) unit(at Pos) bool {
	if s.full {
		return false
	}
	if s.c.Units >= s.lim.Statements {
		s.full = true
		s.problem(at, "", ErrTooMany)
		return false
	}
	s.c.Units++
	return true
}

// understood counts a setting, once however many sections inherit it.
func (s *source) understood(x *setting) {
	if !x.seen {
		x.seen = true
		s.c.Recognized++
	}
}

// opened counts a section, which is bounded as statements are.
func (s *source) opened(at Pos) bool {
	if s.opens++; s.opens <= s.lim.Statements {
		return true
	}
	if !s.full {
		s.full = true
		s.problem(at, "", ErrTooMany)
	}
	return false
}

// slurp reads a whole file within the limit of size. Byte-order marks are
// taken away and UTF-16 is made UTF-8, for files that a Windows editor saved.
func (s *source) slurp(name string, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, s.lim.Size-s.read+1))
	s.read += int64(len(b))
	switch {
	case err != nil:
		return nil, &ParseError{File: name, Err: err}
	case s.read > s.lim.Size:
		return nil, &ParseError{File: name, Err: fmt.Errorf("%w of %d octets", ErrTooLarge, s.lim.Size)}
	}
	b = decodeText(b)
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, &ParseError{File: name, Err: ErrBinary}
	}
	return b, nil
}

// decodeText returns b without byte-order mark and, where that tells UTF-16,
// as UTF-8.
func decodeText(b []byte) []byte {
	if rest, ok := bytes.CutPrefix(b, []byte("\xef\xbb\xbf")); ok {
		return rest
	}
	if len(b) < 2 || b[0]^b[1] != 0x01 || b[0] < 0xfe {
		return b
	}
	hi, lo := 0, 1
	if b[0] == 0xff {
		hi, lo = 1, 0
	}
	var out strings.Builder
	for i := 2; i+1 < len(b); i += 2 {
		out.WriteRune(rune(b[i+hi])<<8 | rune(b[i+lo]))
	}
	return []byte(out.String())
}

// include follows an include statement, giving each file to read. Where the
// caller opens nothing it is only listed.
func (s *source) include(pattern string, at Pos, read func(name string, b []byte)) {
	inc := Include{Pattern: pattern, At: at}
	i := len(s.c.Includes)
	s.c.Includes = append(s.c.Includes, inc)
	if s.o.Include == nil {
		return
	}
	if len(s.stack) >= s.lim.Depth {
		s.problem(at, "include", ErrTooDeep)
		return
	}
	files, err := s.o.Include(pattern, at)
	if err != nil {
		s.problem(at, "include", fmt.Errorf("%w: %w", ErrInclude, err))
		return
	}
	s.c.Includes[i].Read, s.c.Includes[i].Files = true, len(files)
	for _, f := range files {
		s.one(f, at, read)
	}
}

func (s *source) one(f Included, at Pos, read func(name string, b []byte)) {
	defer f.Reader.Close()
	for _, open := range s.stack {
		if open == f.Name {
			s.problem(at, "include", fmt.Errorf("%w: file %s", ErrCycle, f.Name))
			return
		}
	}
	b, err := s.slurp(f.Name, f.Reader)
	if err != nil {
		var pe *ParseError
		if errors.As(err, &pe) && len(s.c.Problems) < s.lim.Problems {
			s.c.Problems = append(s.c.Problems, pe)
		}
		return
	}
	s.stack = append(s.stack, f.Name)
	read(f.Name, b)
	s.stack = s.stack[:len(s.stack)-1]
}
