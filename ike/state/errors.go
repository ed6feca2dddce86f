package state

import (
	"errors"
	"strconv"
)

// What a ParseError wraps.
var (
	// ErrFormat: the format is not known, or known and not read.
	ErrFormat = errors.New("format is not read")
	// ErrSyntax: a record breaks off, or is not what the format has there.
	ErrSyntax = errors.New("unexpected text")
	// ErrTooLong: a line, or the whole, is longer than any dump.
	ErrTooLong = errors.New("too long")
)

// ParseError tells where reading failed. It never holds text of the input.
type ParseError struct {
	// Name is the input's and Line the number of the line, from 1; 0 where it
	// is about the whole.
	Name string
	Line int
	// Format is what the input was taken for.
	Format Format
	Err    error
}

// Error returns name, line, format and cause.
func (e *ParseError) Error() string {
	s := e.Name
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
	}
	if s != "" {
		s += ": "
	}
	return s + e.Format.String() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ParseError) Unwrap() error { return e.Err }
