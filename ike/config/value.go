package config

import "strconv"

// Pos is a place in a file.
type Pos struct {
	File string // as the caller or the include named it
	Line int    // from 1; 0 where there is none
}

// String returns file:line, or the file alone where no line is known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// IsZero reports whether p names no place.
func (p Pos) IsZero() bool { return p == Pos{} }

// Origin says where a value comes from.
type Origin uint8

// The origins.
const (
	Unset     Origin = iota // nobody states it, neither file nor documentation
	Written                 // it stands in the section itself
	Inherited               // it stands in a section that this one refers to (also=, %default, a reference)
	Default                 // it is what this implementation and version does where nothing is written
	Hidden                  // it stands there, but encrypted or masked
)

var originNames = [...]string{"unset", "written", "inherited", "default", "hidden"}

// String returns unset, written, inherited, default or hidden.
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return "Origin(" + strconv.Itoa(int(o)) + ")"
}

// Value is a setting with its place.
type Value[T any] struct {
	// V is the value; Origin says whence it is.
	V      T
	At     Pos    // of a Default or what is Unset: where it would be written, or zero
	Origin Origin // how much At is worth
	Key    string // the setting's name in that format, also of a default
	// Text is the value in the file's own words, where V does not print as
	// such. It is empty of a secret.
	Text string
}

// Stated reports whether the value stands in a file.
func (v Value[T]) Stated() bool { return v.Origin == Written || v.Origin == Inherited }

// Known reports whether V means anything: stated or a default.
func (v Value[T]) Known() bool { return v.Stated() || v.Origin == Default }

// defaulted returns a default under the setting's name.
func defaulted[T any](key string, v T) Value[T] {
	return Value[T]{V: v, Origin: Default, Key: key}
}

// worded gives a value the file's words.
func worded[T any](v Value[T], text string) Value[T] {
	v.Text = text
	return v
}

// as returns w's value in v's place.
func as[T, U any](v Value[T], w U) Value[U] {
	return Value[U]{V: w, At: v.At, Origin: v.Origin, Key: v.Key}
}

// spelt returns w's value in v's place with v's words, which must not be a
// secret's.
func spelt[U any](v Value[string], w U) Value[U] {
	return worded(as(v, w), v.V)
}

// inherited says of what stands in a section that another refers to it.
func inherited[T any](v Value[T]) Value[T] {
	if v.Origin == Written {
		v.Origin = Inherited
	}
	return v
}
