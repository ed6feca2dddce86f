package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// Options shape a reading. The zero value is ready to use.
type Options struct {
	// Limits bound what the reading costs.
	Limits Limits
	// Day is the day of the first packet of a text whose times have no date;
	// zero means 1 January 1970.
	Day time.Time
	// Location is the zone of a text's times; nil means UTC.
	Location *time.Location
}

// Reader reads one recording. It is made by [NewReader].
type Reader struct {
	w      window
	opt    Options
	format Format
	peel   Peeler
	frame  Frame
	cov    Coverage
	notes  []Note
	err    *ParseError
	perr   ParseError // where err points, so that a fault allocates nothing
	done   bool

	pcap pcapState
	ng   ngState
	text textState
	said Said
}

// NewReader begins the reading of a recording. Its format is found from its
// first bytes, which may be gzipped; what is no recording gives a *[ParseError]
// that wraps [ErrFormat]. Nothing beyond the file's own header has been read
// when it returns.
func NewReader(src io.Reader, o Options) (*Reader, error) {
	r := &Reader{opt: o}
	r.opt.Limits = o.Limits.withDefaults()
	r.peel.Limits = r.opt.Limits
	r.w.init(src)
	if head := r.w.upTo(2); bytes.Equal(head, magicGzip) {
		z, err := gzip.NewReader(io.MultiReader(bytes.NewReader(r.w.upTo(r.w.rest())), src))
		if err != nil {
			return nil, &ParseError{What: "gzip header", Err: err}
		}
		r.w.init(z)
	}
	r.format = Detect(r.w.upTo(4))
	// A text that is still being written is not waited for longer than it
	// takes to know it.
	for n := firstDetect; r.format == FormatNone && n <= detectBytes; n *= 2 {
		r.format = Detect(r.w.upTo(n))
	}
	switch r.format {
	case FormatPcap:
		r.startPcap()
	case FormatPcapNG:
	case FormatText:
		r.text.start(r.opt)
	default:
		err := error(ErrFormat)
		if r.w.err != nil && r.w.err != io.EOF {
			err = r.w.err
		}
		return nil, &ParseError{What: "input", Err: err}
	}
	if r.err != nil {
		return nil, r.err
	}
	return r, nil
}

// detectBytes is how far NewReader looks for the first packet of a text.
const detectBytes = 64 << 10

// firstDetect is how much of a text is looked at first.
const firstDetect = 512

// Next reads up to the next datagram and reports whether there was one. It
// overwrites *d, whose Payload is valid until the next call. It returns false
// at the end and at a fault, which Err tells apart.
func (r *Reader) Next(d *exchange.Datagram) bool {
	if r.format == FormatText {
		return r.nextText(d)
	}
	for {
		if r.peel.frags.live > 0 && r.peel.Expired(d) {
			r.cov.Datagrams++
			return true
		}
		if r.done {
			return false
		}
		if !r.nextFrame() {
			r.done = true
			r.peel.Flush()
			continue
		}
		if r.peelFrame(d) {
			return true
		}
	}
}

// nextFrame fills r.frame from a binary format.
func (r *Reader) nextFrame() bool {
	switch r.format {
	case FormatPcap:
		return r.nextPcap()
	case FormatPcapNG:
		return r.nextPcapNG()
	}
	return false
}

// peelFrame counts r.frame and finds its datagram.
func (r *Reader) peelFrame(d *exchange.Datagram) bool {
	r.frame.Number = r.cov.Frames + 1
	result := r.peel.Peel(&r.frame, d)
	r.cov.Count(&r.frame, result)
	return result == Delivered
}

// endOfInput ends the reading where the source gives no more. cut says that it
// did so inside of a record.
func (r *Reader) endOfInput(cut bool) {
	r.done = true
	switch {
	case r.w.err == nil || errors.Is(r.w.err, io.EOF), errors.Is(r.w.err, io.ErrUnexpectedEOF):
		// A compressed file that was cut ends with ErrUnexpectedEOF.
		r.cov.CutEnd = cut || errors.Is(r.w.err, io.ErrUnexpectedEOF)
	default:
		r.fail("input", r.w.err, 0)
	}
}

// fail ends the reading with a fault.
func (r *Reader) fail(what string, err error, value uint64) {
	r.done = true
	r.perr = ParseError{Offset: r.w.off, Frame: r.cov.Frames, What: what, Value: value, Err: err}
	r.err = &r.perr
}

// Err returns nil or the *[ParseError] that ended the reading early. A file
// that ends in the middle of a record is no error, see [Coverage.CutEnd].
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// Format returns the format that was found.
func (r *Reader) Format() Format { return r.format }

// Coverage returns the facts about what has been read so far. Its Interfaces
// are the Reader's and valid until the next call of Next.
func (r *Reader) Coverage() Coverage {
	c := r.cov
	r.peel.CountFragments(&c)
	c.Fragments += r.cov.Fragments // those of a text
	return c
}

// Enclosing returns the IP headers around the datagram that Next delivered
// last, outermost first. The slice is valid until the next call of Next.
func (r *Reader) Enclosing() []Header { return r.peel.Enclosing() }

// All returns the remaining datagrams. The pointer and what it holds are valid
// for one step. A fault is the last pair, with a nil datagram.
func (r *Reader) All() iter.Seq2[*exchange.Datagram, error] {
	return func(yield func(*exchange.Datagram, error) bool) {
		var d exchange.Datagram
		for r.Next(&d) {
			if !yield(&d, nil) {
				return
			}
		}
		if err := r.Err(); err != nil {
			yield(nil, err)
		}
	}
}
