package config

import (
	"errors"
	"strings"
)

// Errors that a *ParseError wraps. Test for them with errors.Is. The last two
// are those of Config.SecretFor.
var (
	ErrFormat       = errors.New("format not recognised")
	ErrNotRead      = errors.New("format recognised but not read")
	ErrBinary       = errors.New("not a text file")
	ErrTooLarge     = errors.New("larger than the limit")
	ErrTooDeep      = errors.New("nested too deeply")
	ErrTooMany      = errors.New("more than the limit")
	ErrSyntax       = errors.New("not understood")
	ErrUnterminated = errors.New("quotation without end")
	ErrUnclosed     = errors.New("section without end")
	ErrUnopened     = errors.New("closing brace without section")
	ErrValue        = errors.New("value not understood")
	ErrDuplicate    = errors.New("given twice") // no reader returns it today
	ErrReference    = errors.New("refers to a section that does not exist")
	ErrCycle        = errors.New("refers to itself")
	ErrInclude      = errors.New("include could not be read")
	ErrOutside      = errors.New("outside the folder")
	ErrSpecial      = errors.New("not a regular file")
	ErrNoSecret     = errors.New("no secret matches")
	ErrPeerUnknown  = errors.New("the secret depends on who the peer is")
)

// ParseError says what could not be understood and where. It never holds a
// secret, nor any text that might be one: Key is one of the format's own words
// or empty.
type ParseError struct {
	// File and Line tell the place.
	File string
	Line int    // from 1; 0 where the error is about the whole file
	Key  string // the setting or section concerned, where that may be said
	Err  error  // wraps one of the package's sentinels
}

// Error returns "file:line: key: reason".
func (e *ParseError) Error() string {
	var b strings.Builder
	if p := (Pos{e.File, e.Line}).String(); p != "" {
		b.WriteString(p)
		b.WriteString(": ")
	}
	if e.Key != "" {
		b.WriteString(e.Key)
		b.WriteString(": ")
	}
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Err }
