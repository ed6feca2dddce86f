package capture

import (
	"errors"
	"strconv"
)

// Sentinels for errors.Is; they come wrapped in a *[ParseError].
var (
	// ErrFormat says that the input is no recording that this package reads.
	ErrFormat = errors.New("not a packet capture")
	// ErrLength says that a length in the file contradicts another one.
	ErrLength = errors.New("contradictory length")
	// ErrTooLarge says that a record claims more than [Limits] allow.
	ErrTooLarge = errors.New("length above the limit")
	// ErrTooMany says that a file has more interfaces than [Limits] allow.
	ErrTooMany = errors.New("too many interfaces")
	// ErrVersion says that the file's major version is unknown.
	ErrVersion = errors.New("unknown version")
	// ErrByteOrder says that a section's byte-order magic is neither order.
	ErrByteOrder = errors.New("unknown byte order")
)

// ParseError is a fault of the file that ends its reading. The text may change
// between releases; what a program needs is in the fields and in Unwrap.
type ParseError struct {
	// Offset is where the faulty record begins, in bytes from the start of
	// the input (after decompression).
	Offset int64
	// Frame is the number of frames that were read before it.
	Frame int
	// What names the record: "pcap file header", "pcapng block", …
	What string
	// Value is the number at fault, where there is one.
	Value uint64
	// Err is a sentinel of this package or what the io.Reader returned.
	Err error
}

// Error renders the fault in one line.
func (e *ParseError) Error() string {
	b := make([]byte, 0, 96)
	b = append(b, "capture: "...)
	b = append(b, e.What...)
	b = append(b, " at offset "...)
	b = strconv.AppendInt(b, e.Offset, 10)
	if e.Frame > 0 {
		b = append(b, " (after frame "...)
		b = strconv.AppendInt(b, int64(e.Frame), 10)
		b = append(b, ')')
	}
	b = append(b, ": "...)
	b = append(b, e.Err.Error()...)
	if e.Value != 0 {
		b = append(b, ": "...)
		b = strconv.AppendUint(b, e.Value, 10)
	}
	return string(b)
}

// Unwrap returns Err.
func (e *ParseError) Unwrap() error { return e.Err }
