package isakmp

import "errors"

// The reasons why octets do not decode. A ParseError wraps one of them.
var (
	// ErrCut: the capture, not the sender, ended before the message did.
	ErrCut = errors.New("cut by the capture")
	// ErrTruncated: something reaches beyond the end of what holds it.
	ErrTruncated = errors.New("truncated")
	// ErrLength: a length or a count contradicts what it describes.
	ErrLength = errors.New("wrong length")
	// ErrChain: a next-payload octet names what cannot stand there.
	ErrChain = errors.New("broken chain")
	// ErrVersion: a major version other than 1 and 2.
	ErrVersion = errors.New("unknown major version")
	// ErrTooMany: more than the Limits allow.
	ErrTooMany = errors.New("too many")
	// ErrRange: a value does not fit the field that is to hold it. Only
	// AppendBinary returns it.
	ErrRange = errors.New("value does not fit its field")
)

// ParseError is the first fault of framing that a Decode met. Offset, Path and
// Rule tell where and what; it unwraps to one of the package's errors. The
// wording may change over time.
type ParseError struct{ Problem }

// Error returns a description of the fault. It is put together when asked for.
func (e *ParseError) Error() string { return "isakmp: " + e.Problem.String() }

// Unwrap returns the reason: ErrCut, ErrTruncated and so on.
func (e *ParseError) Unwrap() error { return e.Rule.reason() }
