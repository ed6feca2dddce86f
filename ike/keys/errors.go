package keys

import (
	"errors"
	"strconv"
)

// The reasons why something does not work out. Errors of this package wrap
// one of them, for errors.Is, and none holds a part of a secret.
var (
	// ErrUnsupported: a cipher, hash, PRF, group or authentication method
	// that nothing here computes.
	ErrUnsupported = errors.New("keys: not supported")
	// ErrIncomplete: an input is missing, because its message was not recorded
	// or because it was sent encrypted.
	ErrIncomplete = errors.New("keys: input missing")
	// ErrKeyLength: a key of a length that the cipher or the group does not
	// have.
	ErrKeyLength = errors.New("keys: wrong key length")
	// ErrPublic: a public value that is none of its group's.
	ErrPublic = errors.New("keys: not a public value of the group")
	// ErrNoKey: no key fits, and none was said to belong to the negotiation.
	ErrNoKey = errors.New("keys: no key")
	// ErrIV: the key is right, but the message that the initialization vector
	// comes from was not recorded.
	ErrIV = errors.New("keys: initialization vector unknown")
	// ErrWrongKey: a key that was said to belong to the negotiation is not
	// the one that the sender used.
	ErrWrongKey = errors.New("keys: wrong key")
	// ErrDamaged: the sender's key is known, and does not make sense of the
	// message: it was changed on its way, or one before it is missing.
	ErrDamaged = errors.New("keys: message damaged")
	// ErrHash: the message makes sense, and its HASH is not that of its
	// contents.
	ErrHash = errors.New("keys: HASH does not verify")
	// ErrSyntax: a line of a key table that is no "cookie,key".
	ErrSyntax = errors.New("keys: not a line of cookie,key in hexadecimal")
	// ErrFull: the Ring's Limits are reached.
	ErrFull = errors.New("keys: too many keys")
)

// ParseError is a fault in a key table. It does not quote the line.
type ParseError struct {
	// Line counts from 1, Offset is where the line begins in the input.
	Line, Offset int
	// Err is ErrSyntax, ErrKeyLength or ErrFull.
	Err error
}

// Error returns the place and the reason.
func (e *ParseError) Error() string { return "line " + strconv.Itoa(e.Line) + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Err }
