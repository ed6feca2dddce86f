package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
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
	kids  int      // children, of all connections
	full  bool     // a limit was reached, and said: nothing more is read
	files int      // files that includes gave
	// crowded: there are more connections than the limit, which was said.
	crowded bool
}

func newSource(c *Config, o Options) *source {
	return &source{c: c, o: o, lim: o.Limits.defaults()}
}

// problem notes what could not be understood.
func (s *source) problem(at Pos, key string, err error) {
	e := &ParseError{File: at.File, Line: at.Line, Key: key, Err: err}
	if cuts(e) && len(s.c.Cut) < maxCut {
		s.c.Cut = append(s.c.Cut, e)
	}
	if len(s.c.Problems) >= s.lim.Problems {
		s.c.Lost++
		return
	}
	s.c.Problems = append(s.c.Problems, e)
}

// maxCut bounds the problems that are kept as such that cut reading short.
const maxCut = 100

// cuts reports whether a problem leaves unread what comes behind it.
func cuts(e *ParseError) bool {
	return e.Key == "include" || errors.Is(e.Err, ErrTooMany) || errors.Is(e.Err, ErrTooDeep)
}

// unit counts a statement; false once there are too many.
func (s *source) unit(at Pos) bool {
	if s.full {
		return false
	}
	if s.c.Units >= s.lim.Statements {
		s.stop(at, s.lim.Statements, "statements")
		return false
	}
	s.c.Units++
	if f := s.file(at.File); f != nil {
		f.Units++
	}
	return true
}

// recognize counts a statement that was understood.
func (s *source) recognize(at Pos) {
	s.c.Recognized++
	if f := s.file(at.File); f != nil {
		f.Recognized++
	}
}

// file returns the included file of a name; nil for any other.
func (s *source) file(name string) *File {
	if i, ok := s.c.fileIndex[name]; ok {
		return &s.c.Files[i]
	}
	return nil
}

// included notes a file that an include gave.
func (s *source) included(name string) {
	if s.file(name) != nil {
		return
	}
	if s.c.fileIndex == nil {
		s.c.fileIndex = map[string]int{}
	}
	s.c.fileIndex[name] = len(s.c.Files)
	s.c.Files = append(s.c.Files, File{Name: name})
}

// understood counts a setting, once however many sections inherit it.
func (s *source) understood(x *setting) {
	if !x.seen {
		x.seen = true
		s.recognize(x.at)
	}
}

// opened counts a section, which is bounded as statements are.
func (s *source) opened(at Pos) bool {
	if s.opens++; s.opens <= s.lim.Statements {
		return true
	}
	s.stop(at, s.lim.Statements, "sections")
	return false
}

// room reports whether there may be one more connection, in formats whose
// connections are spread over the file: reading goes on, without those that are
// too many.
func (s *source) room(at Pos) bool {
	if len(s.c.Connections) < s.lim.Connections {
		return true
	}
	if !s.crowded {
		s.crowded = true
		s.problem(at, "", fmt.Errorf("%w of %d connections", ErrTooMany, s.lim.Connections))
	}
	return false
}

// connection reports whether one more than the n connections that there are
// may be read.
func (s *source) connection(n int, at Pos) bool {
	if n < s.lim.Connections {
		return true
	}
	s.stop(at, s.lim.Connections, "connections")
	return false
}

// child counts a child; false once there are too many, which is said once.
func (s *source) child(at Pos) bool {
	if s.kids++; s.kids == s.lim.Children+1 {
		s.problem(at, "", fmt.Errorf("%w of %d children", ErrTooMany, s.lim.Children))
	}
	return s.kids <= s.lim.Children
}

// stop ends the reading at a limit, which is said once.
func (s *source) stop(at Pos, limit int, of string) {
	if !s.full {
		s.full = true
		s.problem(at, "", fmt.Errorf("%w of %d %s", ErrTooMany, limit, of))
	}
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
	i := len(s.c.Includes)
	if !s.lists(Include{Pattern: pattern, At: at}) || s.o.Include == nil {
		return
	}
	if len(s.stack) >= s.lim.Depth {
		s.problem(at, "include", ErrTooDeep)
		return
	}
	files, err := s.o.Include(pattern, at)
	switch {
	case unread(err):
		s.c.Includes[i].Err = err
		return
	case err != nil:
		s.problem(at, "include", fmt.Errorf("%w: %w", ErrInclude, err))
		return
	}
	s.c.Includes[i].Read, s.c.Includes[i].Files = true, len(files)
	for _, f := range files {
		s.one(f, at, read)
	}
}

// lists notes an include, or one of the files that it names, while there is room
// for more of them.
func (s *source) lists(i Include) bool {
	if len(s.c.Includes) >= s.lim.Files {
		s.tooManyFiles(i.At)
		return false
	}
	s.c.Includes = append(s.c.Includes, i)
	return true
}

// tooManyFiles ends the reading of includes, which is said once.
func (s *source) tooManyFiles(at Pos) {
	if s.files <= s.lim.Files {
		s.files = s.lim.Files + 1
		s.problem(at, "include", fmt.Errorf("%w of %d files", ErrTooMany, s.lim.Files))
	}
}

// unread reports whether an error says that a file is none to be read, which
// is no fault of it.
func unread(err error) bool {
	return errors.Is(err, ErrOutside) || errors.Is(err, ErrSpecial) || errors.Is(err, fs.ErrNotExist)
}

// one reads one of the files that an include names.
func (s *source) one(f Included, at Pos, read func(name string, b []byte)) {
	if f.Reader != nil {
		defer f.Reader.Close()
	}
	switch {
	case s.full || s.files > s.lim.Files:
		return // that was said
	case unread(f.Err):
		s.lists(Include{Pattern: f.Name, At: at, Err: f.Err})
		return
	case f.Err != nil:
		s.problem(at, "include", fmt.Errorf("%w: %s: %w", ErrInclude, f.Name, f.Err))
		return
	case slices.Contains(s.stack, f.Name):
		s.problem(at, "include", fmt.Errorf("%w: file %s", ErrCycle, f.Name))
		return
	}
	if s.files == s.lim.Files {
		s.tooManyFiles(at)
		return
	}
	s.files++
	s.included(f.Name)
	b, err := s.slurp(f.Name, f.Reader)
	if err != nil {
		var pe *ParseError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		s.problem(Pos{File: f.Name}, "include", err)
		return
	}
	s.stack = append(s.stack, f.Name)
	read(f.Name, b)
	s.stack = s.stack[:len(s.stack)-1]
}
